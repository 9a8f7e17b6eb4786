from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('digest', models.BinaryField(unique=True)),
                ('last_four', models.CharField(max_length=4)),
                ('scopes', models.JSONField(default=list, help_text='a list, e.g. ["orders:report"]')),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'api key',
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('plan_currency', models.CharField(max_length=3)),
                ('plan_exponent', models.SmallIntegerField()),
                ('time_zone', models.CharField(max_length=50)),
                ('first_weekday', models.SmallIntegerField(help_text='1 is Monday, 7 is Sunday')),
                ('plan_kind', models.CharField(choices=[('binary', 'binary'), ('unilevel', 'unilevel'), ('matrix', 'matrix')], max_length=10)),
                ('matrix_width', models.SmallIntegerField(null=True)),
                ('name', models.CharField(max_length=100)),
                ('settings', models.JSONField(default=dict)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'company',
            },
        ),
    ]
