import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('epins', '0002_initial'),
        ('members', '0001_initial'),
        ('wallet', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('remaining', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('epin', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='epins.epin')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='members.member')),
                ('transfer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.transfer')),
                ('wallet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.account')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('remaining__gt', 0)), fields=['member', 'expires_at'], name='deposit_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('amount'))), name='deposit_remaining'), models.CheckConstraint(condition=models.Q(models.Q(('epin__isnull', False), ('wallet', None)), models.Q(('epin', None), ('wallet__isnull', False)), _connector='OR'), name='deposit_from_wallet_or_epin')],
            },
        ),
    ]
