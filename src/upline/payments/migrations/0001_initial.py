import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('epins', '0002_initial'),
        ('members', '0001_initial'),
        ('wallet', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, db_default='', max_length=100)),
                ('order_id', models.BigIntegerField(null=True)),
                ('currency', models.CharField(max_length=3)),
                ('authorised', models.BigIntegerField()),
                ('captured', models.BigIntegerField(db_default=0)),
                ('voided', models.BigIntegerField(db_default=0)),
                ('refunded', models.BigIntegerField(db_default=0)),
                ('returned', models.BigIntegerField(db_default=0)),
                ('remaining', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('authorised'), '-', models.F('captured')), '-', models.F('voided')), output_field=models.BigIntegerField())),
                ('status', models.GeneratedField(choices=[('waiting', 'waiting for an order'), ('partly_captured', 'partly used'), ('captured', 'used'), ('voided', 'given back unused'), ('partly_refunded', 'partly refunded'), ('refunded', 'refunded')], db_persist=True, expression=models.Case(models.When(authorised=django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('voided')), captured__gt=0, refunded=models.F('captured'), then=models.Value('refunded')), models.When(refunded__gt=0, then=models.Value('partly_refunded')), models.When(authorised=models.F('voided'), then=models.Value('voided')), models.When(captured=0, then=models.Value('waiting')), models.When(authorised__gt=django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('voided')), then=models.Value('partly_captured')), default=models.Value('captured')), output_field=models.CharField(max_length=16))),
                ('expires_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('epin', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='epins.epin')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='members.member')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('wallet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.account')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PaymentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('event_id', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('paid', 'money arrived'), ('returned', 'money was taken back')], max_length=8)),
                ('reference', models.CharField(max_length=100)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('order_number', models.CharField(blank=True, max_length=20)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('status', models.CharField(choices=[('received', 'not looked at yet'), ('waiting', 'waits for you'), ('applied', 'applied'), ('superseded', 'known already'), ('set_aside', 'set aside')], default='received', max_length=10)),
                ('note', models.CharField(blank=True, db_default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='payments.payment')),
            ],
            options={
                'verbose_name': 'payment event',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ProviderSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('sealed', models.BinaryField()),
                ('last_four', models.CharField(max_length=4)),
                ('created_at', models.DateTimeField()),
                ('used_from', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['provider'], name='provider_secret_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Surplus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('overpaid', 'more than the order cost'), ('paid_twice', 'the order was already paid'), ('cancelled', 'the order is cancelled'), ('returned', 'the bank took it back')], max_length=10)),
                ('status', models.CharField(choices=[('open', 'to decide'), ('kept', 'kept as shopping balance'), ('sent_back', 'sent back')], db_default='open', default='open', max_length=9)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, db_default='', max_length=300)),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='surplus', to='payments.payment')),
                ('sent', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
            ],
            options={
                'verbose_name': 'surplus payment',
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('remaining__gt', 0)), fields=['member', 'expires_at'], name='payment_waiting'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('order_id__isnull', False), ('remaining__gt', 0)), fields=['order_id'], name='payment_waiting_for_order'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('authorised__gt', 0), ('captured__gte', 0), ('voided__gte', 0), ('authorised__gte', django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('voided')))), name='payment_captured_and_voided'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('captured'))), name='payment_refunded'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('returned__gte', 0), ('returned__lte', models.F('authorised'))), name='payment_returned'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('epin', None), ('provider', 'wallet'), ('wallet__isnull', False)), models.Q(('epin__isnull', False), ('provider', 'epin'), ('wallet', None)), models.Q(models.Q(('provider__in', ['wallet', 'epin']), _negated=True), models.Q(('reference', ''), _negated=True), ('epin', None), ('wallet', None)), _connector='OR'), name='payment_of_one_provider'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('provider', 'reference'), name='one_payment_per_reference'),
        ),
        migrations.AddIndex(
            model_name='paymentevent',
            index=models.Index(condition=models.Q(('status__in', ['received', 'waiting'])), fields=['status'], name='payment_event_open'),
        ),
        migrations.AddConstraint(
            model_name='paymentevent',
            constraint=models.UniqueConstraint(fields=('provider', 'event_id'), name='one_payment_event_per_id'),
        ),
        migrations.AddConstraint(
            model_name='paymentevent',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_event_amount'),
        ),
        migrations.AddConstraint(
            model_name='surplus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent', None), ('settled_at', None), ('status', 'open')), models.Q(('sent', None), ('settled_at__isnull', False), ('status', 'kept')), models.Q(('sent__isnull', False), ('settled_at__isnull', False), ('status', 'sent_back')), _connector='OR'), name='surplus_settled'),
        ),
    ]
