import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pictures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('membership', 'membership'), ('cart', 'cart')], max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('code', models.CharField(help_text="the office's own code", max_length=40, unique=True)),
                ('amount', models.BigIntegerField()),
                ('commissionable_value', models.BigIntegerField()),
                ('points', models.BigIntegerField()),
                ('tax_rate', models.IntegerField(default=0)),
                ('category', models.CharField(blank=True, max_length=60)),
                ('description', models.TextField(blank=True)),
                ('active', models.BooleanField(default=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='pictures.picture')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__range', (0, 1000000000000))), name='package_amount'), models.CheckConstraint(condition=models.Q(('commissionable_value__range', (0, 1000000000000))), name='package_commissionable_value'), models.CheckConstraint(condition=models.Q(('commissionable_value__lte', django.db.models.expressions.CombinedExpression(models.F('amount'), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('amount'), '*', models.F('tax_rate')), '/', django.db.models.expressions.CombinedExpression(models.F('tax_rate'), '+', models.Value(10000)))))), name='package_value_within_price'), models.CheckConstraint(condition=models.Q(('points__range', (0, 1000000000000))), name='package_points'), models.CheckConstraint(condition=models.Q(('tax_rate__range', (0, 10000))), name='package_tax_rate')],
            },
        ),
    ]
