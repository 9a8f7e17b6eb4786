import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('company', '0002_initial'),
        ('genealogy', '0001_initial'),
        ('members', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='placementfact',
            name='by_member',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='placementfact',
            name='by_staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='placementfact',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='position',
            name='jump',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='position',
            name='left_chain',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.chain'),
        ),
        migrations.AddField(
            model_name='position',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='members.member'),
        ),
        migrations.AddField(
            model_name='position',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='position',
            name='right_chain',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.chain'),
        ),
        migrations.AddField(
            model_name='position',
            name='sponsor',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sponsored', to='members.member'),
        ),
        migrations.AddField(
            model_name='placementfact',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='placementfact',
            name='position',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='chain',
            name='tail',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='positionfact',
            name='by_client',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient'),
        ),
        migrations.AddField(
            model_name='positionfact',
            name='by_member',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='positionfact',
            name='by_staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='positionfact',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='positionfact',
            name='position',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='genealogy.position'),
        ),
        migrations.AddField(
            model_name='sponsorfact',
            name='by_client',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient'),
        ),
        migrations.AddField(
            model_name='sponsorfact',
            name='by_member',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='sponsorfact',
            name='by_staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sponsorfact',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='sponsorfact',
            name='sponsor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddIndex(
            model_name='position',
            index=models.Index(fields=['sponsor', 'id'], name='sponsored_by'),
        ),
        migrations.AddIndex(
            model_name='position',
            index=models.Index(condition=models.Q(('place_by__isnull', False)), fields=['place_by'], name='waiting_for_a_place'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(fields=('parent', 'side'), include=('id',), name='one_position_per_side'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(fields=('member', 'number'), name='positions_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('id', models.F('member_id')), ('number', 1)), models.Q(('number__gt', 1), ('sponsor', None)), _connector='OR'), name='first_position_has_the_members_id'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('depth', 0), ('number', 1), ('parent', None), ('place_by', None), ('sponsor', None)), models.Q(('depth__gt', 0), ('parent__isnull', False), ('place_by', None), models.Q(('sponsor__isnull', False), ('number__gt', 1), _connector='OR')), models.Q(('depth', 0), ('number', 1), ('parent', None), ('place_by__isnull', False), ('sponsor__isnull', False)), _connector='OR'), name='only_the_root_has_no_upline'),
        ),
        migrations.AddConstraint(
            model_name='placementfact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='placementfact_names_its_actor'),
        ),
        migrations.AddConstraint(
            model_name='positionfact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='positionfact_names_its_actor'),
        ),
        migrations.AddConstraint(
            model_name='sponsorfact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='sponsorfact_names_its_actor'),
        ),
    ]
