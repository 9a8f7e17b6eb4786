"""Refunds of orders, and noting that their money was sent."""

from collections.abc import Mapping
from hashlib import sha256

from upline.base.amounts import Money
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.orders import actions as orders
from upline.orders import refunds
from upline.orders.models import Refund


@needs(Right.REFUND_ORDERS)
def refund_order(
    unit: UnitOfWork, number: str, quantities: Mapping[int, int], reason: str
) -> Refund:
    """Refund pieces of a complete order: `quantities` by line id. Raises OrderClosed,
    RefundTooMuch."""

    def refund() -> tuple[Refund, Money]:
        order = orders.lock(number)
        unit.refuse_own(order.member_id)
        made = refunds.refund(unit, order, quantities, reason)
        return made, Money(made.amount, order.currency)

    pieces = " ".join(f"{line}:{pieces}" for line, pieces in sorted(quantities.items()))
    step = two_people.Step(
        EventKind.ORDER_REFUNDED,
        Right.REFUND_ORDERS,
        {"number": number, "quantities": dict(quantities), "reason": reason},
        what=f"{EventKind.ORDER_REFUNDED} {number} {sha256(pieces.encode()).hexdigest()}",
        subject=f"order:{number}",
        reason=reason,
    )
    made, _ = two_people.commit_amount(unit, step, refund, lambda found: [found[1]])
    return made


@needs(Right.REFUND_ORDERS)
def mark_refund_sent(unit: UnitOfWork, to_send_id: int, note: str) -> None:
    """The money of a refund was sent by other means; `note` says how. Raises FieldsWrong without
    a note, RefundSentBefore."""
    if not note.strip():
        raise FieldsWrong(gettext("Enter how the money was sent."))
    unit.commit(lambda: refunds.mark_sent(unit, to_send_id, note))
