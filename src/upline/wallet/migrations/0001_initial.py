import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('company', '0001_initial'),
        ('members', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('balance', models.BigIntegerField(null=True)),
                ('member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='members.member')),
            ],
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('kind', models.CharField(max_length=30)),
                ('reference', models.CharField(max_length=80)),
                ('business_date', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('run_id', models.BigIntegerField(null=True)),
                ('order_id', models.BigIntegerField(null=True)),
                ('payout_id', models.BigIntegerField(null=True)),
                ('member_id', models.BigIntegerField(null=True)),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('by_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('by_staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('credit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='wallet.account')),
                ('debit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='wallet.account')),
                ('undoes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='wallet.transfer')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rate', models.BigIntegerField()),
                ('bought', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('sold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('member', 'kind', 'currency'), name='one_account_of_a_kind', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('id', 'currency'), name='account_with_its_currency'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('balance', None), ('member', None)), models.Q(('balance__gte', 0), ('member__isnull', False)), _connector='OR'), name='member_balance_not_negative'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('order_id__isnull', False)), fields=['order_id'], name='transfers_of_order'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('undoes__isnull', False)), fields=['undoes'], name='transfers_undoing'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('kind__in', ['office_credit', 'exchange_in'])), fields=['by_staff'], name='credits_by_staff'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('kind', 'reference'), name='one_transfer_a_reference'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='accounts_differ'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='transfer_names_its_actor'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive'),
        ),
    ]
