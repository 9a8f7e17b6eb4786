"""Moving a member to another sponsor or place, or one of the member's further positions to another
place, with everybody below.

After a move every member still stands in the sponsor's team, and every further position in the
team of its member's first one; so no sponsor and no placement, nor both together, ever lead back
to where they began. Commission runs look at the trees as they were
at a moment: a move counts from a day that no run has frozen, after every move before it, and not
before anybody that it names has joined."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from upline.base import actors, sql
from upline.base.errors import Conflict, FieldsWrong
from upline.company import current as company
from upline.company.models import PlanKind
from upline.genealogy import queries
from upline.genealogy.errors import SideTaken
from upline.language import gettext

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('upline.tree'))"
_SHOWN = 5
_MOVE = "SELECT genealogy_move(%s, %s, %s, %s::smallint, %s, %s, %s, %s::base_actor)"


class _MovedPosition(NamedTuple):
    """Where a position stands; nobody is above the first member."""

    member_id: int
    number: int
    sponsor_id: int | None
    parent_id: int | None
    side: int | None
    waits: bool


_NODE = """
SELECT member_id, number, sponsor_id, parent_id, side, place_by IS NOT NULL AS waits
FROM genealogy_position WHERE id = %s
"""
_TEAM_SIZE = """
WITH RECURSIVE team (id) AS (
    SELECT %s::bigint
    UNION ALL
    SELECT below.id FROM team JOIN genealogy_position below ON below.parent_id = team.id)
SELECT count(DISTINCT member_id) FROM team JOIN genealogy_position USING (id)
"""


class _CutOff(NamedTuple):
    """Somebody who would lose their sponsor, or a further position that would leave the team of
    its member's first one."""

    username: str
    number: int


# Below the position, those that are held by somebody above it who is not above the new place: a
# member by the sponsor, a further position by its member's first one.
_CUT_OFF = """
WITH RECURSIVE team (id, holder_id) AS (
    SELECT id, NULL::bigint FROM genealogy_position WHERE id = %(position)s
    UNION ALL
    SELECT node.id, coalesce(node.sponsor_id, node.member_id)
    FROM team JOIN genealogy_position node ON node.parent_id = team.id),
lost AS (
    SELECT DISTINCT holder_id FROM team
    WHERE holder_id NOT IN (SELECT id FROM team)),
cut AS MATERIALIZED (
    SELECT holder_id FROM lost WHERE NOT genealogy_in_team(holder_id, %(above)s))
SELECT username, number FROM team JOIN cut USING (holder_id)
JOIN genealogy_position node USING (id) JOIN members_user person ON person.id = node.member_id
ORDER BY team.id
"""
_LATEST = """
SELECT max(since) FROM (
    SELECT since FROM genealogy_placementfact WHERE position_id = ANY (%(named)s)
    UNION ALL SELECT since FROM genealogy_sponsorfact WHERE member_id = ANY (%(named)s)
    UNION ALL SELECT since FROM genealogy_placementfact fact WHERE EXISTS (
        SELECT FROM genealogy_placementfact before
        WHERE before.position_id = fact.position_id AND before.id < fact.id)
    UNION ALL SELECT since FROM genealogy_sponsorfact fact WHERE EXISTS (
        SELECT FROM genealogy_sponsorfact before
        WHERE before.member_id = fact.member_id AND before.id < fact.id)) dated
"""


@dataclass(frozen=True)
class MoveRequest:
    """What is asked for; None leaves it as it is. `parent_id` is a position. `day` None is today;
    `side` None in a matrix is the first free one; `position_id` None is the first position."""

    member_id: int
    sponsor_id: int | None = None
    parent_id: int | None = None
    side: int | None = None
    day: date | None = None
    position_id: int | None = None

    @property
    def mover_id(self) -> int:
        """The position that moves."""
        return self.position_id or self.member_id


@dataclass(frozen=True)
class Stand:
    """Where a position stands in both trees; `sponsor_id` None for a further one."""

    sponsor_id: int | None
    parent_id: int
    side: int | None


@dataclass(frozen=True)
class Move:
    """A move that keeps all rules. `members` stand elsewhere by it: the member and all below, or
    nobody where only the sponsor changes. It counts from `since`."""

    member_id: int
    position_id: int
    before: Stand
    after: Stand
    since: datetime
    members: int


def lock() -> None:
    """Inside a transaction: nobody takes a place or moves until it ends."""
    sql.run(_LOCK)


def prepare(wish: MoveRequest, frozen: date | None) -> Move:
    """What the move will be. `frozen` is the last day that belongs to commission runs. Raises
    Conflict, FieldsWrong, SideTaken."""
    node = sql.one(_MovedPosition, _NODE, [wish.mover_id])
    if node is None:
        raise Conflict(gettext("A customer has no place in the tree."))
    if node.waits:
        raise Conflict(gettext("This member waits for a place. Place them instead."))
    if node.parent_id is None:
        raise Conflict(gettext("The first member of the company cannot be moved."))
    if node.number > 1 and wish.sponsor_id:
        raise FieldsWrong(gettext("Only a member's first position has a sponsor."))
    before = Stand(node.sponsor_id, node.parent_id, node.side)
    after = _wanted(wish, before)
    if after == before:
        raise Conflict(gettext("The member is already there."))
    _check_teams(wish.mover_id, after, node)
    is_placed_anew = (after.parent_id, after.side) != (before.parent_id, before.side)
    if is_placed_anew:
        _check_place(wish.mover_id, after)
    members = sql.number(_TEAM_SIZE, [wish.mover_id]) if is_placed_anew else 0
    moment = _moment(wish, after, frozen)
    return Move(node.member_id, wish.mover_id, before, after, moment, members)


def carry_out(move: Move) -> None:
    """Do it, under the lock under which it was prepared."""
    facts, after = company.current(), move.after
    stand_after = [move.position_id, after.sponsor_id, after.parent_id, after.side]
    rule = [facts.plan_kind, facts.matrix_width, move.since, actors.keys_now().row]
    sql.run("SET LOCAL statement_timeout = 0")
    sql.run(_MOVE, [*stand_after, *rule])


def _wanted(wish: MoveRequest, before: Stand) -> Stand:
    kind = company.current().plan_kind
    sponsor_id = wish.sponsor_id or before.sponsor_id
    if kind == PlanKind.UNILEVEL:
        if wish.parent_id or wish.side:
            raise FieldsWrong(
                gettext(
                    "In a unilevel company members are placed below their sponsor. Enter the "
                    "sponsor."
                )
            )
        assert sponsor_id is not None, "here each member has one position, and a sponsor"
        return Stand(sponsor_id, sponsor_id, None)
    if wish.parent_id is None:
        if wish.side is not None:
            raise FieldsWrong(gettext("Also enter the member below whom the position is."))
        return Stand(sponsor_id, before.parent_id, before.side)
    side = wish.side
    if kind == PlanKind.MATRIX and side is None:
        side = _first_free(wish.parent_id)
    if side not in range(1, _width() + 1):
        raise FieldsWrong(gettext("Enter a position that exists in this company's tree."))
    return Stand(sponsor_id, wish.parent_id, side)


def _width() -> int:
    return company.current().matrix_width or 2


def _first_free(parent_id: int) -> int:
    for side in range(1, _width() + 1):
        if queries.is_free(parent_id, side):
            return side
    raise SideTaken()


def _check_teams(position_id: int, after: Stand, node: _MovedPosition) -> None:
    if after.sponsor_id and queries.in_team(position_id, after.sponsor_id):
        raise FieldsWrong(gettext("The new sponsor is in the member's own team."))
    if queries.in_team(position_id, after.parent_id):
        raise FieldsWrong(gettext("The new place is in the member's own team."))
    if after.sponsor_id is None and not queries.in_team(node.member_id, after.parent_id):
        raise FieldsWrong(gettext("A further position must stand below the member's first one."))
    if after.sponsor_id and not queries.in_team(after.sponsor_id, after.parent_id):
        raise FieldsWrong(
            gettext("The sponsor must be above the member. Enter both, or another sponsor.")
        )


def _check_place(position_id: int, after: Stand) -> None:
    if after.side and not queries.is_free(after.parent_id, after.side):
        raise SideTaken()
    asked = {"position": position_id, "above": after.parent_id}
    cut_off = sql.rows(_CutOff, _CUT_OFF, asked)
    people = [row.username for row in cut_off if row.number == 1]
    further = [f"{row.username}/{row.number}" for row in cut_off if row.number > 1]
    if people:
        raise Conflict(
            gettext(
                "At the new place {people} would stand outside their sponsor's team: give "
                "them other sponsors first.",
                people=_some(people),
            )
        )
    if further:
        raise Conflict(
            gettext(
                "At the new place {people} would stand outside the team of the member's "
                "first position: move it first.",
                people=_some(further),
            )
        )


def _some(names: list[str]) -> str:
    shown, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    return gettext("{names} and {count} more", names=shown, count=more) if more > 0 else shown


def _moment(wish: MoveRequest, after: Stand, frozen: date | None) -> datetime:
    """From when the move counts: midnight of its day, or on that day right after what it must
    follow."""
    named = [each for each in (wish.mover_id, after.sponsor_id, after.parent_id) if each]
    latest = sql.value(datetime, _LATEST, {"named": named})
    assert latest is not None, "each of them joined once"
    facts, today = company.current(), company.today()
    day = wish.day or today
    if day > today:
        raise FieldsWrong(gettext("A move cannot be dated later than today."))
    company.refuse_frozen(day, frozen)
    if day < facts.day_of(latest):
        raise FieldsWrong(
            gettext(
                "On {day} somebody named here joined, or a member was moved: name that "
                "day or a later one.",
                day=facts.day_of(latest),
            )
        )
    return max(datetime.combine(day, time(tzinfo=facts.time_zone)), latest)
