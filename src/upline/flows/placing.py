"""Members who wait for a place (the holding tank): their sponsors or staff place them, or time
does."""

import logging
from dataclasses import dataclass
from functools import partial

from upline.base import audit, clock
from upline.base.actors import Worker
from upline.base.errors import FieldsWrong, NotFound
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.flows import joining
from upline.flows.permissions import Right, needs
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.genealogy.models import Position
from upline.language import gettext, lazy
from upline.members.models import Member
from upline.members.queries import Caller, find_person

_NOT_YOURS = lazy("You sponsor no member with this username.")
_SIDES = {"left": 1, "right": 2}
log = logging.getLogger("upline.flows")


@needs(Right.MOVE_MEMBERS)
def place(unit: UnitOfWork, member_id: int, under: str, side: int, reason: str) -> None:
    """Give a member who waits a place below a position of the sponsor's team, named as people write
    it (`anna`, `anna/2`). It counts from now on. Raises Conflict, FieldsWrong, PlacementInvalid,
    SideTaken."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(member_id)
    above = tree.find_position(under)
    if above is None:
        raise PlacementInvalid()

    def make() -> None:
        genealogy.seat(member_id, above.id, side)
        _tell(unit, member_id, reason)

    unit.commit(make)


@dataclass(frozen=True)
class PlaceChoice:
    """Where a sponsor wants a member who waits: below which position (the first one of that person
    where `position_id` is None), and on which side of it, 1 or 2."""

    placement_username: str
    position_id: int | None
    side: int


def place_own(unit: UnitOfWork, caller: Caller, username: str, choice: PlaceChoice) -> int:
    """The sponsor of a member who waits gives them a place in the sponsor's own team. It counts
    from now on. Returns the member's id. Raises NotFound, PlacementInvalid, SideTaken, and Conflict
    for a member who does not wait any more. Needs no right: sponsors place whom they sponsor."""
    person = find_person(username)
    sponsor_id = caller.member_id
    if person is None or not Position.objects.filter(pk=person.id, sponsor_id=sponsor_id).exists():
        raise NotFound(_NOT_YOURS)
    above_id = joining.position_in_team(sponsor_id, choice.placement_username, choice.position_id)

    def make() -> int:
        if genealogy.seat(person.id, above_id, choice.side) != sponsor_id:
            raise NotFound(_NOT_YOURS)
        _tell(unit, person.id, "placed by the sponsor")
        return person.id

    return unit.commit(make)


def place_overdue() -> None:
    """Place everybody whose time to be placed is over, as the settings say. Needs no right: time
    brings it, and the worker does it."""
    overdue = Position.objects.filter(place_by__lte=clock.now()).order_by("place_by", "pk")
    for member_id in list(overdue.values_list("pk", flat=True)):
        unit = UnitOfWork(Worker())
        try:
            unit.commit(partial(_place_at_end, unit, member_id))
        except Exception:
            # One member's trouble must not keep the others waiting: the next minute tries again.
            log.exception("member %s was not placed", member_id)


def _place_at_end(unit: UnitOfWork, member_id: int) -> None:
    sponsor_id = genealogy.hold_waiting(member_id)
    preferred = Member.objects.values_list("preferred_side", flat=True).get(pk=sponsor_id)
    side = _SIDES.get(company.office().holding_leg, preferred)
    genealogy.seat_at_outer_end(member_id, side)
    _tell(unit, member_id, "the time to place this member was over")


def _tell(unit: UnitOfWork, member_id: int, reason: str) -> None:
    place = Position.objects.get(pk=member_id)
    above, side = place.parent_id or 0, place.side or 0
    below = tree.positions_named([above])[above].name
    placed = {"placement": below, "side": tree.SIDE_LETTERS[side]}
    events.record(
        unit,
        EventKind.MEMBER_PLACED,
        f"member:{member_id}",
        {"member_id": member_id, "position_id": member_id, "parent_id": above, "side": side},
        changes=audit.changes({"placement": "", "side": ""}, placed),
        reason=reason,
    )
