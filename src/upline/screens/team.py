"""Branches of a member's own team."""

from upline.base.errors import NotFound
from upline.genealogy import queries as tree
from upline.genealogy.queries import TeamNode
from upline.language import gettext
from upline.members.queries import Caller, find_person

NODES_MAX = 2000


def branch(
    caller: Caller, username: str, depth: int, position_id: int | None = None
) -> tuple[list[TeamNode], bool]:
    """The team of `username` (the caller's own where it is '') down to `depth` levels below,
    and whether that is all of it; or of one position, which is that person's where both are named.
    Raises NotFound outside the caller's team."""
    top_id = _find(caller, username) if username else caller.member_id
    if position_id is not None:
        top_id = _position(caller, position_id, top_id if username else None)
    nodes = tree.branch(top_id, depth, NODES_MAX + 1)
    return nodes[:NODES_MAX], len(nodes) <= NODES_MAX


def is_own(caller: Caller, position_id: int) -> bool:
    """Whether a member may look at a position: it is theirs or stands below."""
    return tree.in_team(caller.member_id, position_id)


def _find(caller: Caller, username: str) -> int:
    person = find_person(username)
    if person is None or not is_own(caller, person.id):
        raise NotFound(gettext("No member of your team has this username."))
    return person.id


def _position(caller: Caller, position_id: int, member_id: int | None) -> int:
    found = tree.positions_named([position_id]).get(position_id)
    is_theirs = found is not None and member_id in (None, found.member_id)
    if not (is_theirs and is_own(caller, position_id)):
        raise NotFound(gettext("No position of your team has this id."))
    return position_id
