"""What staff decide about an order that awaits its payment."""

from upline.base import audit
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.flows import confirming, two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.orders import actions as orders
from upline.orders.actions import PaidFromOutside
from upline.orders.errors import OrderClosed
from upline.orders.models import OrderStatus
from upline.orders.queries import find
from upline.orders.statements import LockedOrder
from upline.payments.actions import OutsidePayment
from upline.payments.queries import waiting_for


@needs(Right.DECIDE_ORDERS)
def approve_order(unit: UnitOfWork, number: str) -> None:
    """Record that all that an order lacks came from outside, without a reference of the bank.
    Raises OrderNotFound, OrderClosed unless it awaits payment, PaymentRecordedBefore."""
    order = find(number)
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise OrderClosed(order.status)
    record_payment(unit, number, order.total_amount - waiting_for(order.pk), f"order:{number}")


@needs(Right.DECIDE_ORDERS)
def record_payment(unit: UnitOfWork, number: str, amount: int, reference: str) -> PaidFromOutside:
    """Record that `amount`, in minor units, came from outside for an order, whatever its status:
    a part waits for the rest, all of the price completes the order, and what the order does not
    need goes to the buyer's shopping balance. `reference` is the bank's name for the payment.
    Raises OrderNotFound, FieldsWrong, PaymentRecordedBefore."""
    reference = reference.strip()
    if not reference:
        raise FieldsWrong(fields={"reference": gettext("Enter the reference of the payment.")})

    currency = find(number).currency

    def receive() -> tuple[PaidFromOutside, Money]:
        order = orders.lock(number)
        unit.refuse_own(order.member_id)
        if amount < min(1, order.total_amount):
            raise FieldsWrong(fields={"amount": gettext("Enter an amount above zero.")})
        received = orders.pay_from_outside(unit, order, amount, OutsidePayment(reference))
        completes = order.status != received.status
        event = AuditEvent.ORDER_APPROVE if completes else AuditEvent.PAYMENT_RECORD
        facts = {"surplus": received.surplus} if received.surplus else {}
        _order_changed(
            unit, event, order, received.status, amount=amount, reference=reference, **facts
        )
        return received, Money(amount, currency)

    step = two_people.Step(
        AuditEvent.ORDER_APPROVE,
        Right.DECIDE_ORDERS,
        {"number": number, "amount": amount, "currency": currency, "reference": reference},
        what=f"{AuditEvent.ORDER_APPROVE} {number} {amount} {reference}",
        subject=f"order:{number}",
    )
    received, _ = two_people.commit_amount(unit, step, receive, lambda made: [made[1]])
    return received


@needs(Right.DECIDE_ORDERS)
def release_order(unit: UnitOfWork, number: str) -> None:
    """Pay an order that waits for its owner to confirm it, from what they have paid in. Raises
    OrderClosed, BalanceTooLow."""

    def release() -> None:
        order = confirming.lock_waiting(number)
        unit.refuse_own(order.member_id)
        orders.pay(unit, order, order.member_id)
        _order_changed(
            unit, AuditEvent.ORDER_RELEASE, order, OrderStatus.COMPLETE, amount=order.total_amount
        )

    unit.commit(release)


@needs(Right.DECIDE_ORDERS)
def cancel_order(unit: UnitOfWork, number: str) -> None:
    """Cancel an order that awaits payment. Raises OrderClosed, OwnAccount."""

    def cancel() -> None:
        order = orders.lock(number)
        unit.refuse_own(order.member_id)
        orders.cancel(order)
        _order_changed(unit, EventKind.ORDER_CANCELLED, order, OrderStatus.CANCELLED)

    unit.commit(cancel)


def _order_changed(
    unit: UnitOfWork,
    event: AuditEvent | EventKind,
    order: LockedOrder,
    status: OrderStatus,
    **facts: object,
) -> None:
    subject, changes = f"order:{order.number}", audit.step("status", order.status, status)
    if "amount" in facts:
        facts["currency"] = order.currency
    audit.record(unit, event, subject, member_id=order.member_id, changes=changes, **facts)
