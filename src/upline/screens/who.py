"""Who made a row, as the office shows it."""

from typing import Any

from upline.base.actors import ActorKind
from upline.base.models import ByActor
from upline.language import gettext, lazy
from upline.screens import shown

COLUMNS = ("by_staff", "by_member__user", "by_client")
"""What rows are selected with, so that no actor is looked up by itself."""

_NOBODY: dict[str, str] = {
    ActorKind.WORKER: lazy("Upline itself"),
    ActorKind.SHELL: lazy("a command on the server"),
    ActorKind.VISITOR: lazy("someone with a mailed link"),
}


def shell() -> str:
    """What is said where nobody but the server's shell can have acted."""
    return str(_NOBODY[ActorKind.SHELL])


def named(row: ByActor) -> str:
    """The username of a staff user or member, or in words what acted."""
    if row.by_staff:
        return row.by_staff.username
    if row.by_member:
        return row.by_member.user.username
    if row.by_client:
        return gettext("the API key {name}", name=row.by_client.name)
    return str(_NOBODY[row.by_kind])


def linked(row: ByActor) -> Any:
    """The same, with a link where it has a page."""
    if row.by_staff:
        return shown.link("members_user", row.by_staff.pk, row.by_staff.username)
    if row.by_member:
        return shown.link("members_member", row.by_member.pk, row.by_member.user.username)
    if row.by_client:
        return shown.link("company_apiclient", row.by_client.pk, named(row))
    return named(row)
