import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='MarketRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('added_at', models.DateTimeField()),
                ('per_unit', models.BigIntegerField()),
                ('per_point', models.BigIntegerField(null=True)),
            ],
            options={
                'ordering': ['-first_day', '-id'],
                'default_permissions': ('add',),
            },
        ),
        migrations.CreateModel(
            name='TaxClass',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'verbose_name_plural': 'tax classes',
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('added_at', models.DateTimeField()),
                ('rate', models.IntegerField()),
            ],
            options={
                'ordering': ['-first_day', '-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Currency',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False)),
                ('exponent', models.SmallIntegerField()),
            ],
            options={
                'verbose_name_plural': 'currencies',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('exponent__in', [0, 2, 3])), name='currency_exponent_0_2_or_3')],
            },
        ),
        migrations.CreateModel(
            name='Market',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('seller', models.CharField(max_length=100)),
                ('seller_address', models.TextField(blank=True)),
                ('seller_tax_number', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(default='en', max_length=10)),
                ('currency', models.ForeignKey(db_column='currency', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.currency')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='MarketCountry',
            fields=[
                ('country_id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='countries', to='markets.market')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
