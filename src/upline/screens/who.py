"""Who made a row, as the office shows it."""

from typing import Any

from upline.base.actors import ActorKind
from upline.base.models import ByActor
from upline.screens import shown

COLUMNS = ("by_staff", "by_member__user", "by_client")
"""What rows are selected with, so that no actor is looked up by itself."""

_NOBODY: dict[str, str] = {
    ActorKind.WORKER: "Upline itself",
    ActorKind.SHELL: "a command on the server",
    ActorKind.VISITOR: "someone with a mailed link",
}


def named(row: ByActor) -> str:
    """The username of a staff user or member, or in words what acted."""
    if row.by_staff:
        return row.by_staff.username
    if row.by_member:
        return row.by_member.user.username
    return f"the API key {row.by_client.name}" if row.by_client else _NOBODY[row.by_kind]


def linked(row: ByActor) -> Any:
    """The same, with a link where it has a page."""
    if row.by_staff:
        return shown.link("members_user", row.by_staff.pk, row.by_staff.username)
    if row.by_member:
        return shown.link("members_member", row.by_member.pk, row.by_member.user.username)
    if row.by_client:
        return shown.link("company_apiclient", row.by_client.pk, named(row))
    return named(row)
