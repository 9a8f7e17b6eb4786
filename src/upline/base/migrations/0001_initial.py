from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AppliedMigration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('subject', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('in_flight', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('at', models.DateTimeField(db_index=True)),
                ('address', models.CharField(max_length=45)),
                ('request_id', models.CharField(max_length=64)),
                ('event', models.CharField(db_index=True, max_length=60)),
                ('subject', models.CharField(db_index=True, max_length=120)),
                ('facts', models.JSONField()),
                ('transaction', models.BigIntegerField(db_default=0)),
            ],
            options={
                'verbose_name_plural': 'audit log',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='KeyCheck',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('digest', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
