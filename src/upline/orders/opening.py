"""The further position that an order opens: asked for when it is placed, opened as it is
completed. It stays in the tree whatever becomes of the order; a refund closes it."""

from typing import NamedTuple

from upline.base import clock, sql
from upline.base.errors import Conflict
from upline.base.unit import UnitOfWork
from upline.genealogy import actions as genealogy
from upline.genealogy.models import PositionStatus
from upline.language import gettext
from upline.members.models import Member, Standing
from upline.orders.models import OrderLine, OrderStatus, PositionOrder
from upline.orders.statements import LockedOrder


class AskedPosition(NamedTuple):
    """Which package of an order opens a position, and the rule for its place: the outer end of
    `side` (1, 2) of the position `under_id`; None are the buyer's first position and their
    preferred side."""

    package_id: int
    under_id: int | None
    side: int | None


def ask(order_id: int, asked: AskedPosition) -> None:
    """Inside a transaction: an order just made opens this position once it is complete."""
    line = OrderLine.objects.get(order_id=order_id, package_id=asked.package_id)
    PositionOrder.objects.create(
        order_id=order_id, line=line, under_id=asked.under_id, side=asked.side
    )


def awaited(member_id: int) -> int:
    """How many positions this member has ordered and not paid yet."""
    return PositionOrder.objects.filter(
        order__member_id=member_id, order__status=OrderStatus.AWAITING_PAYMENT
    ).count()


def is_lost(order: LockedOrder) -> bool:
    """Whether an order was to open a position for somebody whose membership has ended."""
    return (
        PositionOrder.objects.filter(order_id=order.id).exists()
        and Member.objects.filter(pk=order.member_id, standing=Standing.CLOSED).exists()
    )


def open_for(unit: UnitOfWork, order_id: int, number: str, member_id: int) -> None:
    """Inside the transaction that completes an order: open the position that it asks for, if it
    does. Raises Conflict for a membership that has ended."""
    asked = PositionOrder.objects.filter(order_id=order_id).first()
    if asked is None:
        return
    # Held, so that the membership does not end meanwhile.
    buyer = Member.objects.select_for_update(of=["self"], no_key=True).get(pk=member_id)
    if buyer.standing == Standing.CLOSED:
        raise Conflict(
            gettext("This membership has ended, so the order cannot open a position. Cancel it.")
        )
    top_id, side = asked.under_id or member_id, asked.side or buyer.preferred_side
    opened_id = genealogy.open_at_outer_end(member_id, top_id, side)
    sql.run("UPDATE orders_positionorder SET position_id = %s WHERE id = %s", [opened_id, asked.pk])
    genealogy.tell_opened(unit, opened_id, number)


def reopen_first(unit: UnitOfWork, member_id: int, number: str) -> None:
    """Inside the transaction that completes an order of a membership: the first position, closed
    since the membership before was refunded, is open again."""
    genealogy.set_status(unit, member_id, PositionStatus.OPEN, clock.now(), number)


def opened_by(order_id: int) -> PositionOrder | None:
    """What an order opens or has opened; None where it is about no position."""
    found = PositionOrder.objects.select_related("position__member__user", "under__member__user")
    return found.filter(order_id=order_id).first()
