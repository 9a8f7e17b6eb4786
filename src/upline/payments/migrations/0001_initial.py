import django.db.models.deletion
import django.db.models.expressions
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
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, db_default='', max_length=100)),
                ('currency', models.CharField(max_length=3)),
                ('authorised', models.BigIntegerField()),
                ('captured', models.BigIntegerField(db_default=0)),
                ('voided', models.BigIntegerField(db_default=0)),
                ('refunded', models.BigIntegerField(db_default=0)),
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
                'indexes': [models.Index(condition=models.Q(('remaining__gt', 0)), fields=['member', 'expires_at'], name='payment_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('authorised__gt', 0), ('captured__gte', 0), ('voided__gte', 0), ('authorised__gte', django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('voided')))), name='payment_captured_and_voided'), models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('captured'))), name='payment_refunded'), models.CheckConstraint(condition=models.Q(models.Q(('epin', None), ('provider', 'wallet'), ('wallet__isnull', False)), models.Q(('epin__isnull', False), ('provider', 'epin'), ('wallet', None)), models.Q(models.Q(('provider__in', ['wallet', 'epin']), _negated=True), models.Q(('reference', ''), _negated=True), ('epin', None), ('wallet', None)), _connector='OR'), name='payment_of_one_provider'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('provider', 'reference'), name='one_payment_per_reference')],
            },
        ),
    ]
