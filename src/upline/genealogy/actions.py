"""Taking places in the trees. Every placement holds the tree's advisory lock: shared for one
position of its own, exclusive in a matrix, where two may want the same first free one. A move
(moving.py) holds it exclusively, too."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db import IntegrityError

from upline.base import actors, audit, clock, sql
from upline.base.errors import Conflict
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.genealogy import moving, queries
from upline.genealogy.errors import PlacementInvalid, PositionsFull, SideTaken
from upline.genealogy.models import PositionStatus
from upline.genealogy.queries import NamedPosition
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.members.models import User

_ONE_PER_SIDE = "one_position_per_side"
_LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('upline.tree'))"


Taken = TypeVar("Taken")


class _FirstFree(NamedTuple):
    """The position below which there is room, and where."""

    above: int
    free_side: int


def plant(member_id: int) -> None:
    """Make the company's first member the root of both trees."""
    sql.run(
        "SELECT genealogy_plant(%s, %s, %s, %s::base_actor)",
        [member_id, company.current().plan_kind, clock.now(), actors.keys_now().row],
    )


def place(member_id: int, sponsor_id: int, parent_id: int, side: int) -> None:
    """Binary: take one side of a position. Raises SideTaken; of two at once, one gets it."""
    sql.run(_LOCK_SHARED)
    _take(member_id, sponsor_id, parent_id, side)


def place_at_outer_end(member_id: int, sponsor_id: int, top_id: int, side: int) -> None:
    """Binary spill-over: the outer end of a leg of `top_id`, wherever it is by now."""
    sql.run(_LOCK_SHARED)
    parent_id = lock_outer_end(top_id, side)
    _take(member_id, sponsor_id, parent_id, side)


def open_position(owner_id: int, parent_id: int, side: int) -> int:
    """Binary: a further position of a member below another position of their team. Returns its id.
    Raises PlacementInvalid, PositionsFull, SideTaken."""
    held = count_held(owner_id)
    _must_be_in_team(owner_id, parent_id)
    if held >= company.office().positions_max:
        raise PositionsFull(held)
    return _open(owner_id, parent_id, side)


def open_at_outer_end(owner_id: int, top_id: int, side: int) -> int:
    """Binary: a further position of a member at the outer end of a side of `top_id`, one of their
    team: right below it while that is free. Returns its id. How many they hold was judged when it
    was ordered. Raises PlacementInvalid."""
    count_held(owner_id)
    _must_be_in_team(owner_id, top_id)
    return _open(owner_id, lock_outer_end(top_id, side), side)


def hold_side(parent_id: int, side: int) -> None:
    """Binary: nobody takes this side of a position until the transaction ends. Raises SideTaken."""
    sql.run(_LOCK_SHARED)
    if lock_outer_end(parent_id, side) != parent_id:
        raise SideTaken()


def count_held(owner_id: int) -> int:
    """How many positions a member holds, who opens no other one until the transaction ends."""
    sql.run(_LOCK_SHARED)
    # Two positions of one member are opened in turn, so that they are counted.
    sql.run("SELECT FROM genealogy_position WHERE id = %s FOR NO KEY UPDATE", [owner_id])
    return sql.number("SELECT count(*) FROM genealogy_position WHERE member_id = %s", [owner_id])


def _open(owner_id: int, parent_id: int, side: int) -> int:
    kind, asked = company.current().plan_kind, [owner_id, parent_id, side]
    opened = _taking(
        lambda: sql.value(
            int,
            "SELECT genealogy_open(%s, %s, %s::smallint, %s, %s, %s::base_actor)",
            [*asked, kind, clock.now(), actors.keys_now().row],
        )
    )
    if opened is None:
        raise SideTaken()
    return opened


def tell_opened(
    unit: UnitOfWork, position_id: int, order_number: str = "", **facts: object
) -> NamedPosition:
    """Write down that a further position was opened, and mail it to its member. `order_number` is
    the order that paid for it, '' where staff opened it; `facts` are for the audit log."""
    opened = queries.positions_named([position_id])[position_id]
    held = queries.held_by(opened.member_id)
    at = held[opened.number - 1]
    assert at.parent_position_id is not None, "a further position stands below the first one"
    assert at.side is not None, "a binary company's has a side"
    above = queries.positions_named([at.parent_position_id])[at.parent_position_id]
    side = queries.SIDE_LETTERS[at.side]
    event = events.record(
        unit,
        EventKind.POSITION_OPENED,
        f"member:{opened.member_id}",
        {
            "member_id": opened.member_id,
            "position_id": position_id,
            "parent_id": above.id,
            "side": at.side,
            "order_number": order_number,
        },
        position=opened.name,
        below=above.name,
        side=side,
        changes=audit.step("positions", len(held) - 1, len(held)),
        **({"order": order_number} if order_number else {}),
        **facts,
    )
    address = User.objects.values_list("email", flat=True).get(pk=opened.member_id)
    about = {"position": opened.name, "below": above.name, "side": side, "order": order_number}
    mailings.deliver(event, opened.member_id, address, **about)
    return opened


_SET_STATUS = """
WITH changed AS (
    UPDATE genealogy_position SET status = %(status)s
    WHERE id = %(position)s AND status <> %(status)s
    RETURNING id, member_id),
dated AS (
    INSERT INTO genealogy_positionfact (position_id, member_id, status, order_number, since,
                                        by_kind, by_staff_id, by_member_id, by_client_id)
    SELECT id, member_id, %(status)s, %(order)s,
           greatest(%(since)s, (SELECT max(since) FROM genealogy_positionfact
                                WHERE position_id = %(position)s)),
           (%(actor)s::base_actor).*
    FROM changed)
SELECT member_id FROM changed
"""


def set_status(
    unit: UnitOfWork,
    position_id: int,
    status: PositionStatus,
    since: datetime,
    order_number: str = "",
    reason: str = "",
) -> bool:
    """Inside a transaction: close a position, or open it again, from a moment on; that of the last
    change where this one would come before it. `order_number` is the order that causes it, ''
    where staff do. Returns whether it was otherwise before."""
    given = {"position": position_id, "status": status, "order": order_number, "since": since}
    member_id = sql.value(int, _SET_STATUS, {**given, "actor": actors.keys_now().row})
    if member_id is None:
        return False
    is_closed = status == PositionStatus.CLOSED
    before = PositionStatus.OPEN if is_closed else PositionStatus.CLOSED
    events.record(
        unit,
        EventKind.POSITION_CLOSED if is_closed else EventKind.POSITION_REOPENED,
        f"member:{member_id}",
        {"member_id": member_id, "position_id": position_id, "order_number": order_number},
        position=queries.positions_named([position_id])[position_id].name,
        changes=audit.step("status", before, status),
        **({"order": order_number} if order_number else {}),
        **({"reason": reason} if reason else {}),
    )
    return True


def wait(member_id: int, sponsor_id: int, until: datetime) -> None:
    """Binary: a new member waits for a place until a moment."""
    sql.run(
        "SELECT genealogy_wait(%s, %s, %s, %s, %s::base_actor)",
        [member_id, sponsor_id, until, clock.now(), actors.keys_now().row],
    )


def seat(member_id: int, parent_id: int, side: int) -> int:
    """Binary: give a member who waits a place below a position of their sponsor's team. Returns who
    sponsors them. Raises Conflict, PlacementInvalid, SideTaken."""
    sql.run(_LOCK_SHARED)
    sponsor_id = hold_waiting(member_id)
    _seat(member_id, sponsor_id, parent_id, side)
    return sponsor_id


def seat_at_outer_end(member_id: int, side: int) -> None:
    """The same at the outer end of a leg of their sponsor, wherever it is by now."""
    sql.run(_LOCK_SHARED)
    sponsor_id = hold_waiting(member_id)
    _seat(member_id, sponsor_id, lock_outer_end(sponsor_id, side), side)


def hold_waiting(member_id: int) -> int:
    """The sponsor of a member who waits for a place, and does until the transaction ends unless
    it gives them one. Raises Conflict."""
    sponsor_id = sql.value(
        int,
        """SELECT sponsor_id FROM genealogy_position
           WHERE id = %s AND place_by IS NOT NULL FOR NO KEY UPDATE""",
        [member_id],
    )
    if sponsor_id is None:
        raise Conflict(gettext("This member does not wait for a place."))
    return sponsor_id


def _seat(member_id: int, sponsor_id: int, parent_id: int, side: int) -> None:
    _must_be_in_team(sponsor_id, parent_id)
    kind, place = company.current().plan_kind, [member_id, parent_id, side]
    seated = _taking(
        lambda: sql.value(
            bool,
            "SELECT genealogy_seat(%s, %s, %s::smallint, %s, %s, %s::base_actor)",
            [*place, kind, clock.now(), actors.keys_now().row],
        )
    )
    if not seated:
        raise SideTaken()


def place_below(member_id: int, sponsor_id: int, top_id: int) -> None:
    """Matrix: the first free place in the team of `top_id`, level by level, left to right."""
    width = company.current().matrix_width
    moving.lock()
    free = sql.one(
        _FirstFree, "SELECT above, free_side FROM genealogy_first_free(%s, %s)", [top_id, width]
    )
    assert free is not None, "a matrix always has room below"
    _take(member_id, sponsor_id, free.above, free.free_side)
    sql.run("SELECT genealogy_reopen(%s, %s)", [free.above, width])


def place_under_sponsor(member_id: int, sponsor_id: int) -> None:
    """Unilevel: the placement is the sponsor."""
    sql.run(_LOCK_SHARED)
    _take(member_id, sponsor_id, sponsor_id, None)


def sponsor_customer(customer_id: int, sponsor_id: int) -> None:
    """From now on this member sponsors a customer, who has no place in the trees."""
    sql.run(
        """INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since, by_kind, by_staff_id,
                                              by_member_id, by_client_id)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [customer_id, sponsor_id, clock.now(), *actors.keys_now()],
    )


def _take(member_id: int, sponsor_id: int, parent_id: int, side: int | None) -> None:
    _must_be_in_team(sponsor_id, parent_id)
    kind = company.current().plan_kind
    placed = _taking(
        lambda: sql.value(
            bool,
            "SELECT genealogy_place(%s, %s, %s, %s::smallint, %s, %s, %s::base_actor)",
            [member_id, sponsor_id, parent_id, side, kind, clock.now(), actors.keys_now().row],
        )
    )
    if not placed:
        raise SideTaken()


def _taking(take: Callable[[], Taken]) -> Taken:
    """Take a side; of two at once the constraint lets one have it. Raises SideTaken."""
    try:
        return take()
    except IntegrityError as error:
        if sql.violated(error) == _ONE_PER_SIDE:
            raise SideTaken() from error
        raise


def _must_be_in_team(sponsor_id: int, parent_id: int) -> None:
    """Looked at again under the lock: the placement may have moved since. Raises
    PlacementInvalid."""
    if not queries.in_team(sponsor_id, parent_id):
        raise PlacementInvalid()


def lock_outer_end(top_id: int, side: int) -> int:
    """The last position on the outer side of a leg, held until the transaction ends."""
    chain = "left_chain_id" if side == 1 else "right_chain_id"
    return sql.number(
        f"""SELECT tail_id FROM genealogy_chain
                WHERE id = (SELECT {chain} FROM genealogy_position WHERE id = %s)
                FOR UPDATE""",  # noqa: S608 - one of two fixed column names
        [top_id],
    )
