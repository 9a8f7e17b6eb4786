import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pictures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('member_amount', models.BigIntegerField(null=True)),
                ('commissionable_value', models.BigIntegerField()),
                ('own_points', models.BigIntegerField(null=True)),
                ('first_day', models.DateField(db_default=datetime.date(1970, 1, 1), default=datetime.date(1970, 1, 1))),
            ],
            options={
                'ordering': ['market_id', 'first_day'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('membership', 'membership'), ('cart', 'cart')], max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('code', models.CharField(help_text="the office's own code", max_length=40, unique=True)),
                ('points', models.BigIntegerField()),
                ('category', models.CharField(blank=True, max_length=60)),
                ('description', models.TextField(blank=True)),
                ('active', models.BooleanField(default=True)),
                ('order_type', models.CharField(default='standard', max_length=20)),
                ('figures', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('opens_position', models.BooleanField(db_default=False, default=False)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='pictures.picture')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
