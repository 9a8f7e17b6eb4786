"""Orders: `place` makes each of them; the ways there from the cart and from an outside shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.cart import queries as carts
from upline.cart.errors import CartEmpty, PriceChanged
from upline.cart.models import CartLine
from upline.catalog.errors import ProductNotAvailable
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.flows import confirming, paying, position_orders, reported_points
from upline.flows.paying import Funds, MoneySource
from upline.flows.permissions import Right
from upline.flows.position_orders import NO_WISH, PositionWish
from upline.genealogy import queries as tree
from upline.kyc import actions as kyc
from upline.language import gettext
from upline.markets.queries import MarketFacts
from upline.members import actions as members
from upline.members.models import MemberKind
from upline.members.queries import Caller, market_of
from upline.orders import actions as orders
from upline.orders import opening
from upline.orders.actions import LineToOrder, MadeOrder
from upline.orders.errors import OrderClosed, TotalsDiffer
from upline.orders.models import OrderKind, OrderStatus
from upline.orders.statements import LockedOrder
from upline.payments import actions as payments
from upline.payments.actions import OutsidePayment
from upline.payments.models import PaymentProvider
from upline.shipping.models import ShippingAddress
from upline.shipping.queries import for_order

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


def _buyer(caller: Caller, position_id: int | None = None) -> Buyer:
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


def check_out(
    unit: UnitOfWork,
    caller: Caller,
    address_id: int | None,
    funds: Funds | None,
    total_amount: int | None = None,
    position_id: int | None = None,
    *,
    opens: PositionWish = NO_WISH,
    by_bank_transfer: bool = False,
) -> MadeOrder:
    """Turn the cart into an order, at the prices and points that the cart showed. What was paid in
    pays it: covered, it is complete at once, unless its owner has to confirm it; else it awaits
    payment. With `funds` it is paid now, or fails as a whole; `by_bank_transfer` it awaits that.
    `total_amount`, in minor units, is what the caller expects it to come to; `position_id` the
    caller's position that it counts at; `opens` where the position is to stand that it opens.

    Raises CartEmpty, NoAddress, AddressNotFound, ProductNotAvailable, PriceChanged, TotalsDiffer,
    FieldsWrong, KycNotVerified and what `place` raises. Needs no right: a member changes what is
    their own."""
    if by_bank_transfer and not company.office().checkout_by_bank_transfer:
        raise FieldsWrong(
            fields={"payment_method": gettext("You cannot pay by bank transfer here.")}
        )
    _look_at_cart(caller.member_id, address_id, total_amount)
    buyer = _buyer(caller, _own_position(caller, position_id))
    kyc.require("checkout", caller.member_id)
    source = None
    if funds:
        source = paying.find_source(unit, caller, caller.member_id, funds, caller.currency)

    pays_by = PaymentProvider.OUTSIDE if by_bank_transfer else ""
    now = PayWhen.NOW if funds else PayWhen.IF_COVERED
    payment = PaymentRequest(
        PayWhen.LATER if by_bank_transfer else now,
        caller.member_id,
        source,
        lapses_at=orders.lapse_time(pays_by),
        pays_by=pays_by,
    )
    return unit.commit(lambda: _order_cart(unit, buyer, address_id, total_amount, payment, opens))


def _own_position(caller: Caller, position_id: int | None) -> int | None:
    own = {each.id for each in tree.positions_of(caller.member_id)} if position_id else set()
    if position_id is not None and position_id not in own:
        raise FieldsWrong(fields={"position_id": gettext("None of your positions has this id.")})
    return position_id


def _look_at_cart(member_id: int, address_id: int | None, total_amount: int | None) -> None:
    """A look before the work; of two checkouts at once, one gets the lines."""
    lines = carts.lines(member_id)
    if not lines:
        raise CartEmpty()
    for_order(member_id, address_id)
    _compare_with_shown(member_id, lines, total_amount)


def _order_cart(
    unit: UnitOfWork,
    buyer: Buyer,
    address_id: int | None,
    total_amount: int | None,
    payment: PaymentRequest,
    opens: PositionWish,
) -> MadeOrder:
    members.hold_market(buyer.member_id)
    lines = cart.take_all(buyer.member_id)
    if not lines:
        raise CartEmpty()
    address = for_order(buyer.member_id, address_id)
    _compare_with_shown(buyer.member_id, lines, total_amount)
    origin = OrderOrigin(
        OrderKind.CHECKOUT,
        address=copy_of(address),
        address_added_at=address.created_at,
        position=opens,
    )
    ordered = [orders.line_of(line.offer, line.quantity) for line in lines if line.offer]
    return place(unit, ordered, buyer, payment, origin)


def _compare_with_shown(member_id: int, lines: list[CartLine], total_amount: int | None) -> None:
    """Nobody buys what is no longer for sale, or at prices and points that the cart did not show.
    Raises ProductNotAvailable, PriceChanged, TotalsDiffer."""
    gone = [line for line in lines if line.offer is None]
    if gone:
        raise ProductNotAvailable(
            " ".join(
                gettext("{product} is no longer for sale.", product=_named(line)) for line in gone
            )
        )
    changed = [line for line in lines if line.is_outdated]
    if changed:
        market = market_of(member_id)
        raise PriceChanged(
            " ".join(_change_of(market, line, line.offer) for line in changed if line.offer)
        )
    total = sum(line.price * line.quantity for line in lines)
    if total_amount not in (None, total):
        sentence = gettext("The cart comes to {amount}.", amount=market_of(member_id).money(total))
        raise TotalsDiffer(sentence, fields={"total_amount": sentence})


def _change_of(market: MarketFacts, line: CartLine, offer: Offer) -> str:
    sentences = []
    if line.price != offer.amount:
        now, shown = (market.money(each) for each in (offer.amount, line.price))
        sentences.append(
            gettext(
                "{product} now costs {now}; the cart showed {shown}.",
                product=_named(line),
                now=now,
                shown=shown,
            )
        )
    if line.points != offer.points:
        now, shown = (company.current().points(each) for each in (offer.points, line.points))
        sentences.append(
            gettext(
                "{product} now gives {now} points; the cart showed {shown}.",
                product=_named(line),
                now=now,
                shown=shown,
            )
        )
    return " ".join(sentences)


def _named(line: CartLine) -> str:
    return f"{line.package.name} (product {line.package_id})"


def copy_of(address: ShippingAddress) -> dict[str, str]:
    """An address as an order keeps it."""
    return {
        "name": address.name,
        "address": address.address,
        "zip_code": address.zip_code,
        "city": address.city,
        "phone": address.phone,
    }


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
    _own_position(caller, position_id)
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
    return place(unit, [line], _buyer(caller, position_id), payment, origin).number


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
