import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0001_initial'),
        ('company', '0001_initial'),
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
        migrations.CreateModel(
            name='ToldTime',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
            ],
            options={
                'default_permissions': (),
            },
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
            name='by_client',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='by_member',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='by_staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='through',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient'),
        ),
        migrations.AddConstraint(
            model_name='keycheck',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_key_check'),
        ),
        migrations.AddField(
            model_name='storedanswer',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member'),
        ),
        migrations.AddConstraint(
            model_name='toldtime',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_told_time'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('by_staff__isnull', False)), fields=['by_staff'], name='entries_of_staff'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('by_member__isnull', False)), fields=['by_member'], name='entries_of_member'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='entry_names_its_actor'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(('through', None), ('by_kind', 'member'), _connector='OR'), name='entry_through_a_client_of_a_member'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('facts__has_key', 'amount'), _negated=True), ('facts__has_key', 'currency'), _connector='OR'), name='audited_amount_has_currency'),
        ),
    ]
