from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='EPin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(unique=True)),
                ('sealed', models.BinaryField()),
                ('last_four', models.CharField(max_length=4)),
                ('amount', models.BigIntegerField()),
                ('balance', models.BigIntegerField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('blocked_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'e-pin',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='EPinBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('quantity', models.IntegerField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('issued_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'e-pin batch',
                'verbose_name_plural': 'e-pin batches',
            },
        ),
    ]
