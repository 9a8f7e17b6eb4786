import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0002_initial'),
        ('company', '0002_initial'),
        ('genealogy', '0002_initial'),
        ('markets', '0002_initial'),
        ('members', '0001_initial'),
        ('payments', '0001_initial'),
        ('wallet', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FrozenDays',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('last_day', models.DateField()),
            ],
            options={
                'db_table': 'orders_frozen',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_frozen_days')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('checkout', 'from the cart'), ('membership', 'signup'), ('outside', 'reported by a shop'), ('office', 'entered by staff')], max_length=10)),
                ('outside_id', models.CharField(max_length=100, null=True)),
                ('status', models.CharField(choices=[('awaiting_payment', 'awaiting payment'), ('complete', 'complete'), ('cancelled', 'cancelled'), ('refunded', 'refunded')], max_length=16)),
                ('total_amount', models.BigIntegerField()),
                ('total_quantity', models.IntegerField()),
                ('total_points', models.BigIntegerField()),
                ('address', models.JSONField(default=dict)),
                ('address_added_at', models.DateTimeField(null=True)),
                ('to_confirm', models.BooleanField(db_default=False)),
                ('created_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField(null=True)),
                ('pays_by', models.CharField(blank=True, db_default='', max_length=20)),
                ('completed_at', models.DateTimeField(null=True)),
                ('business_date', models.DateField(db_index=True, null=True)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('market', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='members.member')),
                ('position', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position')),
                ('volume_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('quantity', models.IntegerField()),
                ('price', models.BigIntegerField()),
                ('commissionable_value', models.BigIntegerField()),
                ('points', models.BigIntegerField()),
                ('tax', models.BigIntegerField()),
                ('tax_rate', models.IntegerField(default=0)),
                ('buyer', models.CharField(choices=[('member', 'member'), ('retail', 'retail customer'), ('preferred', 'preferred customer')], max_length=9)),
                ('order_type', models.CharField(max_length=20)),
                ('figures', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('refunded_quantity', models.IntegerField(default=0)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.order')),
                ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.package')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='OrderPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('refunded', models.BigIntegerField(default=0)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='orders.order')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payments.payment')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
            ],
        ),
        migrations.CreateModel(
            name='PositionOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.SmallIntegerField(null=True)),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderline')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='position_order', to='orders.order')),
                ('position', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bought_with', to='genealogy.position')),
                ('under', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('business_date', models.DateField(db_index=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.order')),
            ],
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.IntegerField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.orderline')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.refund')),
            ],
        ),
        migrations.CreateModel(
            name='RefundToSend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, help_text='how it was sent', max_length=300)),
                ('refund', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='to_send', to='orders.refund')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'refund to send',
                'verbose_name_plural': 'refunds to send',
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['member', '-id'], name='orders_of_member'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['volume_member', 'business_date'], name='volume_of_member'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('status', 'awaiting_payment')), fields=['lapses_at'], name='order_lapsing'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('client', 'outside_id'), name='one_order_per_outside_id'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('total_amount__gte', 0), ('total_quantity__gte', 0), ('total_points__gte', 0)), name='order_totals_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('business_date__isnull', False), ('status__in', ['complete', 'refunded']), ('volume_member__isnull', False)), models.Q(('business_date', None), ('status__in', ['awaiting_payment', 'cancelled']), ('volume_member', None)), _connector='OR'), name='order_dated_when_complete'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='line_quantity'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_quantity__gte', 0), ('refunded_quantity__lte', models.F('quantity'))), name='line_refunded_at_most_once'),
        ),
        migrations.AddConstraint(
            model_name='orderpayment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('amount'))), name='payment_refunded_at_most_once'),
        ),
        migrations.AddConstraint(
            model_name='positionorder',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', [1, 2]), models.Q(('side', None), ('under', None)), _connector='OR'), name='a_side_below_a_named_position'),
        ),
        migrations.AddConstraint(
            model_name='refundtosend',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_to_send_amount'),
        ),
    ]
