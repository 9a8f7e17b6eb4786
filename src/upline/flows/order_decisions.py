"""What staff decide about an order that awaits its payment."""

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.flows import confirming, two_people
from upline.flows.permissions import Right, needs
from upline.orders import actions as orders
from upline.orders.errors import OrderClosed
from upline.orders.models import OrderStatus
from upline.orders.statements import LockedOrder


@needs(Right.DECIDE_ORDERS)
def approve_order(unit: UnitOfWork, number: str) -> None:
    """Approve an order as paid outside. Raises OrderClosed unless it awaits payment."""

    def approve() -> int:
        order = orders.lock(number)
        unit.refuse_own(order.member_id)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise OrderClosed(order.status)
        orders.approve_paid_outside(order, unit.actor_id)
        _order_changed(
            unit, AuditEvent.ORDER_APPROVE, order, OrderStatus.COMPLETE, amount=order.total_amount
        )
        return int(order.total_amount)

    step = two_people.Step(
        AuditEvent.ORDER_APPROVE,
        Right.DECIDE_ORDERS,
        {"number": number},
        what=f"{AuditEvent.ORDER_APPROVE} {number}",
        subject=f"order:{number}",
    )
    two_people.commit_amount(unit, step, approve, lambda amount: amount)


@needs(Right.DECIDE_ORDERS)
def release_order(unit: UnitOfWork, number: str) -> None:
    """Pay an order that waits for its owner to confirm it, from what they have paid in. Raises
    OrderClosed, BalanceTooLow."""

    def release() -> None:
        order = confirming.lock_waiting(number)
        unit.refuse_own(order.member_id)
        orders.pay(order, order.member_id)
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
    audit.record(unit, event, subject, member_id=order.member_id, changes=changes, **facts)
