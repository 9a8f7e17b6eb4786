"""Money from outside that its order did not need: it lies on the buyer's shopping balance, and
staff leave it there or send it back."""

from upline.base import audit
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.payments import surpluses
from upline.payments.models import Surplus, SurplusStatus


@needs(Right.REFUND_ORDERS)
def keep(unit: UnitOfWork, surplus_id: int, note: str) -> None:
    """Leave it as the buyer's shopping balance. Raises SurplusSettled."""

    def settle() -> None:
        surplus = surpluses.lock(surplus_id)
        surpluses.keep(surplus, note, unit.actor_id)
        _note(unit, AuditEvent.SURPLUS_KEEP, surplus, note)

    unit.commit(settle)


@needs(Right.REFUND_ORDERS)
def send_back(unit: UnitOfWork, surplus_id: int, note: str) -> None:
    """It was sent back by other means; `note` says how. Raises FieldsWrong without a note,
    SurplusSettled, BalanceTooLow where the buyer has spent it."""
    if not note.strip():
        raise FieldsWrong(gettext("Enter how the money was sent."))

    def settle() -> Money:
        surplus = surpluses.lock(surplus_id)
        unit.refuse_own(surplus.payment.member_id)
        surpluses.send_back(surplus, note, unit.actor_id)
        _note(unit, AuditEvent.SURPLUS_SEND, surplus, note)
        return Money(surplus.amount, surplus.payment.currency)

    step = two_people.Step(
        AuditEvent.SURPLUS_SEND,
        Right.REFUND_ORDERS,
        {"surplus_id": surplus_id, "note": note},
        what=f"{AuditEvent.SURPLUS_SEND} {surplus_id}",
        reason=note,
    )
    two_people.commit_amount(unit, step, settle, lambda sent: [sent])


def _note(unit: UnitOfWork, event: AuditEvent, surplus: Surplus, note: str) -> None:
    audit.record(
        unit,
        event,
        f"payment:{surplus.payment_id}",
        member_id=surplus.payment.member_id,
        amount=surplus.amount,
        currency=surplus.payment.currency,
        reason=note,
        changes=audit.step("status", SurplusStatus.OPEN, surplus.status),
    )
