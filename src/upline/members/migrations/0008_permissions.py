from typing import Any

from django.db import migrations

_NEW = [
    ("help_sign_in", "Can send links to set passwords, and unlock sign-in"),
    ("view_bank", "Can see bank data"),
    ("block_member", "Can block and unblock members"),
    ("close_member", "Can end memberships"),
]


def split(apps: Any, schema_editor: Any) -> None:
    """Whoever may "change member" gets each of its parts instead."""
    Permission = apps.get_model("auth", "Permission")
    old = Permission.objects.filter(
        content_type__app_label="members", content_type__model="member", codename="change_member"
    ).first()
    if old is None:  # a fresh database: Django makes all permissions after the migrations
        return
    parts = [
        Permission.objects.get_or_create(
            content_type_id=old.content_type_id, codename=codename, defaults={"name": name}
        )[0]
        for codename, name in _NEW
    ]
    for group in old.group_set.all():
        group.permissions.add(*parts)
        group.permissions.remove(old)
    for user in old.user_set.all():
        user.user_permissions.add(*parts)
        user.user_permissions.remove(old)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_protected_changes"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.AlterModelOptions("member", {"permissions": _NEW}),
        migrations.RunPython(split, migrations.RunPython.noop),
    ]
