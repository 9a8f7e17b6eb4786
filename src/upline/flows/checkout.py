"""From the cart to an order, at the prices and points that the buyer was shown."""

from dataclasses import dataclass

from upline.base.errors import FieldsWrong
from upline.base.totals import totals_of
from upline.base.unit import UnitOfWork
from upline.cart import actions as cart
from upline.cart import queries as carts
from upline.cart.errors import CartChanged, CartEmpty, PriceChanged
from upline.cart.models import CartLine
from upline.catalog.errors import ProductNotAvailable
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.flows import confirming, ordering, paying
from upline.flows.ordering import (
    Buyer,
    OrderOrigin,
    PaymentRequest,
    PayWhen,
    buyer_of,
    own_position,
)
from upline.flows.paying import Funds
from upline.flows.position_orders import NO_WISH, PositionWish
from upline.kyc import actions as kyc
from upline.language import gettext
from upline.markets.queries import MarketFacts
from upline.members import actions as members
from upline.members.queries import Caller, market_of
from upline.orders import actions as orders
from upline.orders.actions import MadeOrder
from upline.orders.errors import OrderClosed, TotalsDiffer
from upline.orders.models import OrderKind, OrderStatus
from upline.payments import actions as payments
from upline.payments.models import PaymentProvider
from upline.shipping.models import ShippingAddress
from upline.shipping.queries import for_order


@dataclass(frozen=True)
class Expected:
    """What the buyer was shown: the total in minor units, and the cart's `contents` as
    `cart.queries` has them. None and '' where they do not say."""

    total_amount: int | None = None
    contents: str = ""


UNSAID = Expected()


def check_out(
    unit: UnitOfWork,
    caller: Caller,
    address_id: int | None,
    funds: Funds | None,
    expected: Expected = UNSAID,
    position_id: int | None = None,
    *,
    opens: PositionWish = NO_WISH,
    by_bank_transfer: bool = False,
) -> MadeOrder:
    """Turn the cart into an order, at the prices and points that the cart showed. What was paid in
    pays it: covered, it is complete at once, unless its owner has to confirm it; else it awaits
    payment. With `funds` it is paid now, or fails as a whole; `by_bank_transfer` it awaits that.
    `position_id` is the caller's position that it counts at; `opens` where the position is to stand
    that it opens.

    Raises CartEmpty, NoAddress, AddressNotFound, ProductNotAvailable, PriceChanged, TotalsDiffer,
    CartChanged, FieldsWrong, KycNotVerified and what `place` raises. Needs no right: a member
    changes what is their own."""
    if by_bank_transfer and not company.office().checkout_by_bank_transfer:
        raise FieldsWrong(
            fields={"payment_method": gettext("You cannot pay by bank transfer here.")}
        )
    _look_at_cart(caller.member_id, address_id, expected)
    buyer = buyer_of(caller, own_position(caller, position_id))
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
    return unit.commit(lambda: _order_cart(unit, buyer, address_id, expected, payment, opens))


def _look_at_cart(member_id: int, address_id: int | None, expected: Expected) -> None:
    """A look before the work; of two checkouts at once, one gets the lines."""
    lines = carts.lines(member_id)
    if not lines:
        raise CartEmpty()
    for_order(member_id, address_id)
    _compare_with_shown(member_id, lines, expected)


def _order_cart(
    unit: UnitOfWork,
    buyer: Buyer,
    address_id: int | None,
    expected: Expected,
    payment: PaymentRequest,
    opens: PositionWish,
) -> MadeOrder:
    members.hold_market(buyer.member_id)
    lines = cart.take_all(buyer.member_id)
    if not lines:
        raise CartEmpty()
    address = for_order(buyer.member_id, address_id)
    _compare_with_shown(buyer.member_id, lines, expected)
    origin = OrderOrigin(
        OrderKind.CHECKOUT,
        address=copy_of(address),
        address_added_at=address.created_at,
        position=opens,
    )
    ordered = [orders.line_of(line.offer, line.quantity) for line in lines if line.offer]
    return ordering.place(unit, ordered, buyer, payment, origin)


def _compare_with_shown(member_id: int, lines: list[CartLine], expected: Expected) -> None:
    """Nobody buys what is no longer for sale, or at prices and points that the cart did not show,
    or anything but what they were shown. Raises ProductNotAvailable, PriceChanged, TotalsDiffer,
    CartChanged."""
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
    total = totals_of(lines).amount
    if expected.total_amount not in (None, total):
        sentence = gettext("The cart comes to {amount}.", amount=market_of(member_id).money(total))
        raise TotalsDiffer(sentence, fields={"total_amount": sentence})
    if expected.contents not in ("", carts.contents(lines)):
        raise CartChanged()


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


def pay_waiting(unit: UnitOfWork, caller: Caller, number: str, funds: Funds) -> MadeOrder:
    """Pay the caller's own order that awaits its payment, now: from what they have paid in, and
    from `funds` what that lacks. Its owner may have to confirm it first, as at checkout. Raises
    OrderNotFound, OrderClosed, KycNotVerified, BalanceTooLow and what `funds` raise. Needs no
    right: a member changes what is their own."""
    kyc.require("checkout", caller.member_id)
    source = paying.find_source(unit, caller, caller.member_id, funds, caller.currency)

    def pay() -> MadeOrder:
        order = orders.lock_own(caller.member_id, number)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise OrderClosed(order.status)
        paying.pay_what_lacks(caller.member_id, order.total, source, order.id)
        is_covered = not payments.lacking(caller.member_id, order.total, order.id)
        if not (is_covered and confirming.waits(order, source)):
            orders.pay(unit, order, caller.member_id)
        return MadeOrder(order.id, order.number, order.member_id, order.total)

    return unit.commit(pay)
