import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_initial'),
        ('wallet', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=35, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('quantity', models.IntegerField()),
                ('amount', models.BigIntegerField()),
                ('created_at', models.DateTimeField()),
                ('execution_date', models.DateField()),
                ('debtor_name', models.CharField(blank=True, max_length=100)),
                ('debtor_iban', models.CharField(blank=True, max_length=34)),
                ('debtor_bic', models.CharField(blank=True, max_length=11)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'batches',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('status', models.CharField(choices=[('requested', 'requested'), ('approved', 'approved'), ('in_batch', 'in batch'), ('paid', 'paid'), ('returned', 'returned by the bank'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('declined', 'declined')], default='requested', max_length=9)),
                ('bank_sealed', models.BinaryField()),
                ('last_four', models.CharField(max_length=4)),
                ('requested_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('kept_out', models.CharField(blank=True, max_length=300)),
                ('closed_at', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payouts.batch')),
                ('came_back', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='members.member')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('approve_payout', 'Can approve payouts')],
                'indexes': [models.Index(fields=['member', '-id'], name='payouts_of_member'), models.Index(condition=models.Q(('status__in', ('requested', 'approved', 'in_batch'))), fields=['status'], name='payouts_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_amount'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('settlement', None), ('status__in', ('requested', 'approved', 'in_batch'))), models.Q(models.Q(('status__in', ('requested', 'approved', 'in_batch')), _negated=True), ('closed_at__isnull', False), ('settlement__isnull', False)), _connector='OR'), name='payout_settled_when_closed'), models.CheckConstraint(condition=models.Q(models.Q(('batch__isnull', False), ('status__in', ('in_batch', 'paid', 'failed', 'returned'))), models.Q(models.Q(('status__in', ('in_batch', 'paid', 'failed', 'returned')), _negated=True), ('batch', None)), _connector='OR'), name='payout_in_its_batch'), models.CheckConstraint(condition=models.Q(models.Q(('came_back__isnull', False), ('returned_at__isnull', False), ('status', 'returned')), models.Q(models.Q(('status', 'returned'), _negated=True), ('came_back', None), ('returned_at', None), ('returned_by', None)), _connector='OR'), name='payout_came_back_when_returned'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('member_id')), _negated=True), _connector='OR'), name='payout_approved_by_another')],
            },
        ),
    ]
