"""Staff move a member to another sponsor or place, once they have seen what it does."""

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.genealogy import moving
from upline.genealogy.moving import Move, MoveRequest, Stand
from upline.members.models import User
from upline.orders import actions as orders


def preview(wish: MoveRequest) -> Move:
    """What a move would do now; nothing is changed. Raises what `move` does."""
    return moving.prepare(wish, orders.last_frozen_day())


@needs(Right.MOVE_MEMBERS)
def move(unit: UnitOfWork, wish: MoveRequest, reason: str) -> Move:
    """Move a member with the whole team. Raises FieldsWrong, SideTaken."""
    if not reason.strip():
        raise FieldsWrong(fields={"reason": "Enter a reason."})
    unit.refuse_own(wish.member_id)

    def make() -> Move:
        moving.lock()
        made = moving.prepare(wish, orders.last_frozen_day())
        moving.carry_out(made, unit.actor_id)
        changes = audit.changes(_named(made.before), _named(made.after))
        audit.record(
            unit,
            AuditEvent.MEMBER_MOVE,
            f"user:{made.member_id}",
            since=made.since.isoformat(),
            changes=changes,
            reason=reason,
            members=made.members,
        )
        return made

    return unit.commit(make)


def _named(stand: Stand) -> dict[str, str]:
    names = dict(
        User.objects.filter(pk__in=[stand.sponsor_id, stand.parent_id]).values_list(
            "pk", "username"
        )
    )
    return {
        "sponsor": names[stand.sponsor_id],
        "placement": names[stand.parent_id],
        "side": str(stand.side or ""),
    }
