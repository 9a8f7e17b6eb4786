"""Staff open a further position for a member in the tree of a binary company, and open one again
that a refund has closed."""

from dataclasses import dataclass

from upline.base import clock
from upline.base.errors import Conflict, FieldsWrong
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows.permissions import Right, needs
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.genealogy.errors import PlacementInvalid
from upline.genealogy.models import PositionStatus
from upline.genealogy.queries import NamedPosition
from upline.language import gettext
from upline.members.models import Member, MemberKind, Standing


@dataclass(frozen=True)
class PositionRequest:
    """Where the further position will stand: below which position, as people write it (`anna`,
    `anna/2`), and on which side of it, 1 or 2."""

    member_id: int
    under: str
    side: int


@needs(Right.OPEN_POSITIONS)
def open_position(unit: UnitOfWork, wish: PositionRequest, reason: str) -> NamedPosition:
    """Open a further position below the member's first one. Its legs count from now on. Raises
    Conflict, FieldsWrong, PlacementInvalid, SideTaken."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(wish.member_id)
    if company.current().plan_kind != PlanKind.BINARY:
        raise Conflict(gettext("Only a binary company has members with several positions."))
    above = tree.find_position(wish.under)
    if above is None:
        raise PlacementInvalid()

    def make() -> NamedPosition:
        # Held, so that the membership does not end meanwhile.
        member = Member.objects.select_for_update(of=["self"], no_key=True).get(pk=wish.member_id)
        if member.kind != MemberKind.MEMBER:
            raise Conflict(gettext("A customer has no place in the tree."))
        if member.standing == Standing.CLOSED:
            raise Conflict(gettext("This membership has ended."))
        new_id = genealogy.open_position(wish.member_id, above.id, wish.side)
        return genealogy.tell_opened(unit, new_id, reason=reason)

    return unit.commit(make)


@needs(Right.OPEN_POSITIONS)
def reopen_position(unit: UnitOfWork, member_id: int, position: str, reason: str) -> NamedPosition:
    """A closed position of this member earns again from now on; `position` as people write it
    (`anna/2`). Raises Conflict, FieldsWrong."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(member_id)
    named = tree.find_position(position)
    if named is None or named.member_id != member_id:
        raise FieldsWrong(fields={"closed_position": gettext("The member has no such position.")})

    def change() -> None:
        # Held, so that the membership does not end meanwhile.
        member = Member.objects.select_for_update(of=["self"], no_key=True).get(pk=member_id)
        if member.standing == Standing.CLOSED:
            raise Conflict(gettext("This membership has ended."))
        if not genealogy.set_status(
            unit, named.id, PositionStatus.OPEN, clock.now(), reason=reason
        ):
            raise Conflict(gettext("This position is open."))

    unit.commit(change)
    return named
