import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0001_initial'),
        ('members', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('wrapped', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='StoredAnswer',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('fingerprint', models.BinaryField()),
                ('status', models.SmallIntegerField()),
                ('sealed', models.BinaryField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name='appliedmigration',
            constraint=models.UniqueConstraint(fields=('app', 'name'), name='migration_applied_once'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['kind', 'subject', 'at'], name='attempt_subject'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='keycheck',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_key_check'),
        ),
        migrations.AddField(
            model_name='storedanswer',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', False), ('actor_kind', 'staff'), ('client_id', None)), models.Q(('actor__isnull', False), ('actor_kind', 'member')), models.Q(('actor', None), ('actor_kind', 'api_client'), ('client_id__isnull', False)), models.Q(('actor', None), ('actor_kind__in', ['worker', 'shell', 'visitor']), ('client_id', None)), _connector='OR'), name='entry_names_its_actor'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('facts__has_key', 'amount'), _negated=True), ('facts__has_key', 'currency'), _connector='OR'), name='audited_amount_has_currency'),
        ),
    ]
