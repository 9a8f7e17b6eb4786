import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('company', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.SmallIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('side', models.SmallIntegerField(null=True)),
                ('depth', models.IntegerField()),
                ('open_depth', models.IntegerField(null=True)),
                ('place_by', models.DateTimeField(null=True)),
                ('status', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], db_default='open', default='open', max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name='PositionFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('status', models.CharField(max_length=6)),
                ('order_number', models.CharField(blank=True, default='', max_length=20)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SponsorFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlacementFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('side', models.SmallIntegerField(null=True)),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
