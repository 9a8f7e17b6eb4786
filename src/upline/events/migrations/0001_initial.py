from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=120)),
                ('data', models.JSONField()),
                ('occurred_at', models.DateTimeField()),
                ('transaction', models.BigIntegerField(db_default=0)),
            ],
            options={
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['transaction', 'id'], name='event_cursor'), models.Index(fields=['kind', 'id'], name='event_kind'), models.Index(fields=['subject'], name='event_subject')],
            },
        ),
    ]
