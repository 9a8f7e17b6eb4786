"""Staff move a member to another sponsor or place, once they have seen what it does."""

from upline.base import audit
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows.permissions import Right, needs
from upline.genealogy import moving, queries
from upline.genealogy.moving import Move, MoveRequest, Stand
from upline.language import gettext
from upline.orders import actions as orders


def preview(wish: MoveRequest) -> Move:
    """What a move would do now; nothing is changed. Raises what `move` does."""
    return moving.prepare(wish, orders.last_frozen_day())


@needs(Right.MOVE_MEMBERS)
def move(unit: UnitOfWork, wish: MoveRequest, reason: str) -> Move:
    """Move a member with the whole team. Raises FieldsWrong, SideTaken."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": gettext("Enter a reason.")})
    unit.refuse_own(wish.member_id)

    def make() -> Move:
        moving.lock()
        made = moving.prepare(wish, orders.last_frozen_day())
        moving.carry_out(made)
        changes = audit.changes(_named(made.before), _named(made.after))
        further = {"position": made.position_id} if made.position_id != made.member_id else {}
        events.record(
            unit,
            EventKind.MEMBER_MOVED,
            f"member:{made.member_id}",
            {
                "member_id": made.member_id,
                "position_id": made.position_id,
                "sponsor_id": made.after.sponsor_id,
                "parent_id": made.after.parent_id,
                "side": made.after.side,
                "since": made.since.isoformat(),
            },
            since=made.since.isoformat(),
            changes=changes,
            reason=reason,
            members=made.members,
            **further,
        )
        return made

    return unit.commit(make)


def _named(stand: Stand) -> dict[str, str]:
    ids = [each for each in (stand.sponsor_id, stand.parent_id) if each]
    names = queries.positions_named(ids)
    return {
        "sponsor": names[stand.sponsor_id].name if stand.sponsor_id else "",
        "placement": names[stand.parent_id].name,
        "side": str(stand.side or ""),
    }
