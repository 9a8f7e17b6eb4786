"""What pages and mails tell of the rights of staff users and roles."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from django.contrib.auth.models import Group, Permission
from django.db.models import Manager

from upline.language import lazy
from upline.members.models import User

_KINDS = {
    "Owner": lazy("Owner"),
    "Roles": lazy("Roles"),
    "Permissions": lazy("Permissions"),
    "Name": lazy("Name"),
}
Said = bool | str | Sequence[str]
"""What a mail tells of a right: whether, or which ones."""


class Rights(TypedDict):
    """What a staff user may do; roles and permissions as ids."""

    is_superuser: bool
    groups: list[int]
    permissions: list[int]


class RoleShown(TypedDict):
    """A role's name, and its permissions as ids."""

    name: str
    permissions: list[int]


def rights_of(user: User) -> Rights:
    """What a staff user may do, as ids."""
    return {
        "is_superuser": user.is_superuser,
        "groups": sorted(user.groups.values_list("pk", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("pk", flat=True)),
    }


def role_of(group: Group) -> RoleShown:
    """A role's name, and its permissions as ids."""
    permissions = group.permissions.values_list("pk", flat=True) if group.pk else []
    return {"name": group.name, "permissions": sorted(permissions)}


def rights_told(user: User) -> dict[str, Said]:
    """What a staff user may do, as a mail tells it."""
    return {
        "Owner": user.is_superuser,
        "Roles": sorted(user.groups.values_list("name", flat=True)),
        "Permissions": _names(user.user_permissions),
    }


def role_told(group: Group) -> dict[str, Said]:
    """What a role allows, as a mail tells it."""
    permissions = _names(group.permissions) if group.pk else []
    return {"Name": group.name, "Permissions": permissions}


def _names(permissions: Manager[Permission]) -> list[str]:
    """Permissions by what they are called everywhere (`orders.view_order`)."""
    found = permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in found)


def from_to(before: Mapping[str, Said], after: Mapping[str, Said]) -> list[str]:
    """A sentence for each kind of right that differs."""
    return [
        lazy(
            "{right}: {before} → {after}.",
            right=_KINDS[kind],
            before=_said(before[kind]),
            after=_said(after[kind]),
        )
        for kind in after
        if before[kind] != after[kind]
    ]


def _said(value: Said) -> str:
    if isinstance(value, bool):
        return lazy("yes") if value else lazy("no")
    return (value if isinstance(value, str) else ", ".join(value)) or lazy("none")
