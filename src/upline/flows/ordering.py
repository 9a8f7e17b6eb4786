"""Orders: `place` makes each of them; completing one, and sales of an outside shop. The way there
from the cart is in checkout.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows import confirming, paying, position_orders, reported_points
from upline.flows.paying import MoneySource
from upline.flows.permissions import Right
from upline.flows.position_orders import NO_WISH, PositionWish
from upline.genealogy import queries as tree
from upline.language import gettext
from upline.members.models import MemberKind
from upline.members.queries import Caller
from upline.orders import actions as orders
from upline.orders import opening
from upline.orders.actions import LineToOrder, MadeOrder
from upline.orders.errors import OrderClosed, TotalsDiffer
from upline.orders.models import OrderKind, OrderStatus
from upline.orders.statements import LockedOrder
from upline.payments import actions as payments
from upline.payments.actions import OutsidePayment

OWN_PREFIX = "UP-"


@dataclass(frozen=True)
class Totals:
    """What a client says an order comes to: minor units, pieces, hundredths of a point."""

    amount: int
    quantity: int
    points: int


@dataclass(frozen=True)
class Buyer:
    """Who buys, a member or a customer, the API client that the order comes through, if one, and
    which of the member's positions the order counts at: the first one where that is None."""

    member_id: int
    kind: MemberKind
    client_id: int | None = None
    position_id: int | None = None


def buyer_of(caller: Caller, position_id: int | None = None) -> Buyer:
    """The caller as a buyer, who counts it at this position of theirs."""
    return Buyer(caller.member_id, caller.kind, caller.client_id or None, position_id)


class PayWhen(StrEnum):
    """When an order is paid that is placed now."""

    LATER = "later"
    IF_COVERED = "if_covered"
    NOW = "now"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class PaymentRequest:
    """How an order is to be paid that is placed now.

    LATER leaves it awaiting payment. NOW takes what `source` gives and what `payer_id` has paid in,
    and fails where that is too little; IF_COVERED leaves the order awaiting payment then. OUTSIDE
    says that its money reached the company another way, as `payer_id` tells us. An order that
    awaits payment lapses at `lapses_at`; None: never. `pays_by` is the provider that is to bring
    the money of an order that is paid LATER; '' for what is paid in beforehand."""

    when: PayWhen
    payer_id: int
    source: MoneySource | None = None
    lapses_at: datetime | None = None
    pays_by: str = ""


@dataclass(frozen=True)
class OrderOrigin:
    """Where an order comes from and where it goes. `outside_id` is its number in an outside shop;
    `total_quantity` counts products unless it is given; `address_added_at` is when the buyer added
    the `address`; `position` where the further position is to stand that the order opens."""

    kind: OrderKind
    outside_id: str | None = None
    total_quantity: int | None = None
    address: Mapping[str, str] = field(default_factory=dict)
    address_added_at: datetime | None = None
    position: PositionWish = NO_WISH


def place(
    unit: UnitOfWork,
    lines: Sequence[LineToOrder],
    buyer: Buyer,
    payment: PaymentRequest,
    origin: OrderOrigin,
) -> MadeOrder:
    """Inside a transaction: make an order of these lines, which become lines of the buyer's class,
    and pay it as asked. An order to an address that its owner must confirm first awaits payment.
    Raises BalanceTooLow, ProductNotAvailable for a position that the buyer cannot have, SideTaken,
    PlacementInvalid and what paying raises. Needs no right: it is part of a change that asked
    for its own."""
    position = position_orders.judged(buyer.member_id, buyer.kind, lines, origin.position)
    order = orders.make(
        buyer.member_id,
        origin.kind,
        [replace(line, buyer=buyer.kind) for line in lines],
        client_id=buyer.client_id,
        position_id=buyer.position_id,
        outside_id=origin.outside_id,
        total_quantity=origin.total_quantity,
        address=origin.address,
        address_added_at=origin.address_added_at,
        lapses_at=payment.lapses_at,
        pays_by=payment.pays_by,
    )
    if position:
        opening.ask(order.id, position)
    match payment.when:
        case PayWhen.OUTSIDE:
            orders.pay_whole_from_outside(unit, order, OutsidePayment(""))
        case PayWhen.NOW | PayWhen.IF_COVERED:
            _pay(unit, order, payment, origin)
    return order


def _pay(unit: UnitOfWork, order: MadeOrder, payment: PaymentRequest, origin: OrderOrigin) -> None:
    paying.pay_what_lacks(payment.payer_id, order.total, payment.source)
    # Nothing here depends on whether the money is enough: paying checks that itself.
    if payment.when is PayWhen.NOW and origin.address_added_at is None:
        orders.pay(unit, order, payment.payer_id)
        return
    is_covered = not payments.lacking(payment.payer_id, order.total)
    may_wait = is_covered and origin.address_added_at is not None
    if may_wait and confirming.waits(orders.lock(order.number), payment.source):
        return
    if is_covered or payment.when is PayWhen.NOW:
        orders.pay(unit, order, payment.payer_id)


def own_position(caller: Caller, position_id: int | None) -> int | None:
    """The same id where it is one of the caller's positions. Raises FieldsWrong. Needs no right: it
    only looks."""
    own = {each.id for each in tree.positions_of(caller.member_id)} if position_id else set()
    if position_id is not None and position_id not in own:
        raise FieldsWrong(fields={"position_id": gettext("None of your positions has this id.")})
    return position_id


def complete(
    unit: UnitOfWork,
    caller: Caller,
    order_id: str,
    totals: Totals,
    position_id: int | None = None,
) -> str:
    """Complete an order: the caller's own, paid from what is paid in, or a sale made in an outside
    shop; the api key needs the scope for either. Repeated, nothing changes; nor while its owner has
    to confirm it. `position_id` is the caller's position that a sale counts at, None for the
    first one; an order that exists must count there already.

    Returns our number of the order. Raises OrderNotFound, OrderClosed, TotalsDiffer,
    BalanceTooLow, NotPermitted, FieldsWrong for more points than a shop may report. Needs no right:
    it asks for the one of what is sent."""
    if order_id.startswith(OWN_PREFIX):
        unit.require(Right.PLACE_ORDERS)
        return unit.commit(lambda: _complete_own(unit, caller, order_id, totals, position_id))
    unit.require(Right.REPORT_ORDERS)
    own_position(caller, position_id)
    return unit.commit(lambda: _report(unit, caller, order_id, totals, position_id))


def _complete_own(
    unit: UnitOfWork, caller: Caller, number: str, totals: Totals, position_id: int | None
) -> str:
    order = orders.lock_own(caller.member_id, number)
    if order.status in {OrderStatus.CANCELLED, OrderStatus.REFUNDED}:
        raise OrderClosed(order.status)
    _compare(order, totals, position_id)
    if order.status != OrderStatus.AWAITING_PAYMENT:
        return number
    is_covered = not payments.lacking(caller.member_id, order.total, order.id)
    if not (is_covered and confirming.waits(order)):
        orders.pay(unit, order, caller.member_id)
    return number


def _report(
    unit: UnitOfWork, caller: Caller, outside_id: str, totals: Totals, position_id: int | None
) -> str:
    order = orders.lock_reported(caller.client_id, outside_id)
    if order is None:
        return _record(unit, caller, outside_id, totals, position_id)
    if order.member_id != caller.member_id:
        raise TotalsDiffer(
            fields={"order_id": gettext("This order has already been reported for another member.")}
        )
    _compare(order, totals, position_id)
    return str(order.number)


def _record(
    unit: UnitOfWork, caller: Caller, outside_id: str, totals: Totals, position_id: int | None
) -> str:
    if not totals.quantity:
        raise FieldsWrong(
            fields={"total_quantity": gettext("A sale must have at least one piece.")}
        )
    reported_points.check(caller, totals.amount, totals.points)
    line = LineToOrder(
        name="Sale in an outside shop",
        quantity=1,
        price=totals.amount,
        commissionable_value=totals.amount,
        points=totals.points,
    )
    payment = PaymentRequest(PayWhen.OUTSIDE, caller.member_id)
    origin = OrderOrigin(OrderKind.OUTSIDE, outside_id=outside_id, total_quantity=totals.quantity)
    return place(unit, [line], buyer_of(caller, position_id), payment, origin).number


def _compare(order: LockedOrder, totals: Totals, position_id: int | None) -> None:
    """Raises TotalsDiffer, naming what is not the order's; a position that is None was not
    said."""
    pairs = {
        "total_amount": (totals.amount, order.total_amount),
        "total_quantity": (totals.quantity, order.total_quantity),
        "total_pv": (totals.points, order.total_points),
    }
    wrong = {
        name: gettext("This does not match the order.")
        for name, (said, real) in pairs.items()
        if said != real
    }
    if position_id not in (None, order.position_id or order.member_id):
        wrong["position_id"] = gettext("This order counts at another position.")
    if wrong:
        raise TotalsDiffer(fields=wrong)


def cancel(unit: UnitOfWork, caller: Caller, number: str) -> None:
    """Cancel the caller's own unpaid order. Raises OrderNotFound, OrderClosed. Needs no right: a
    member changes what is their own."""
    unit.commit(lambda: orders.cancel(orders.lock_own(caller.member_id, number)))
