"""Orders: the list, and each one with what was bought, what paid it and how far it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.base.totals import totals_of
from upline.design import moments
from upline.design.products import ProductPicture, product_picture
from upline.flows import checkout, ordering
from upline.language import gettext, lazy, ngettext
from upline.markets import current as markets
from upline.markets.current import PayIn
from upline.orders.errors import OrderNotFound
from upline.orders.models import OrderStatus
from upline.payments.models import PaymentProvider
from upline.portal.form_keys import new_key
from upline.portal.once import done_once
from upline.portal.shop import showing, ways
from upline.portal.shop.checkout import BoughtLine
from upline.portal.visiting import Visit, for_members
from upline.screens import own_orders, shown
from upline.screens.checkout import PayFrom, ways_to_pay
from upline.screens.own_orders import OrderInFull, OwnLine, OwnOrder
from upline.wallet.models import AccountKind

ORDERS_MOST = 20
_SOURCES: Mapping[str, str] = {
    "": lazy("Shopping balance"),
    PaymentProvider.WALLET: lazy("Wallet"),
    PaymentProvider.EPIN: lazy("E-pin"),
    PaymentProvider.OUTSIDE: lazy("Bank transfer or cash"),
}
_BACK_TO: Mapping[str, str] = {
    AccountKind.WALLET: lazy("{amount} went back to the wallet that paid."),
    AccountKind.PURCHASE: lazy("{amount} went to your shopping balance."),
    AccountKind.EPINS: lazy("{amount} went back onto your e-pin."),
}


class OrderState(NamedTuple):
    """How far an order is, in a word and as the colour of its dot: good, warn, info, or ''."""

    word: str
    kind: str


class OrderRow(NamedTuple):
    """An order as a line of the list."""

    number: str
    what: str
    when: datetime
    total: str
    state: OrderState
    picture: ProductPicture


@for_members
def overview(visit: Visit) -> HttpResponse:
    """`/orders/`: the newest first; `?before=` an order those before it."""
    before = visit.request.GET.get("before", "")[:20]
    found = own_orders.newest(visit.caller.member_id, before, ORDERS_MOST + 1)
    listed = found[:ORDERS_MOST]
    return visit.page(
        "portal/orders.html",
        title=gettext("Orders"),
        headline=_headline_of(listed) if not before else gettext("Earlier orders"),
        orders=[_row(each) for each in listed],
        older=listed[-1].number if len(found) > ORDERS_MOST else "",
    )


@for_members
def order(visit: Visit, number: str) -> HttpResponse:
    """`/orders/<number>/`; a press cancels it while it is not paid."""
    if visit.request.method != "POST":
        return _page(visit, number)
    if visit.request.POST.get("do") != "cancel":
        raise Http404
    try:
        ordering.cancel(visit.unit(), visit.caller, number)
    except OrderNotFound as error:
        raise Http404 from error
    except Refusal:
        pass  # Paid or cancelled meanwhile: the page says which.
    return redirect("order", number=number)


@sensitive_post_parameters(ways.SECRET)
@for_members
def pay(visit: Visit, number: str) -> HttpResponse:
    """`/orders/<number>/pay/`: for an order that awaits its payment."""
    chosen = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    code = chosen.get("pay", "")[:30]
    if visit.request.method != "POST":
        return _pay_page(visit, number, code)
    try:
        return done_once(
            visit,
            lambda unit: checkout.pay_waiting(
                unit, visit.caller, number, ways.funds_of(visit, code)
            ),
            lambda made: reverse("order", args=[made.number]),
        )
    except OrderNotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        return _pay_page(visit, number, code, refusal)


def _find(visit: Visit, number: str) -> OrderInFull:
    try:
        return own_orders.in_full(visit.caller.member_id, number)
    except OrderNotFound as error:
        raise Http404 from error


def _pay_page(visit: Visit, number: str, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The ways to pay as a choice, and below it the one that is chosen with its receipt."""
    found = _find(visit, number)
    of = found.order
    if not of.is_open:
        return redirect("order", number=of.number)
    possible = ways_to_pay(visit.caller, Money(of.total_amount, of.currency), of.id)
    first = next((each for each in possible if not each.missing), None)
    way = next((each for each in possible if each.code == code and not each.missing), first)
    form = ways.secret_form(way, refusal) if way else None
    amount = shown.money(of.total_amount, of.currency)
    return visit.page(
        "portal/order_pay.html",
        title=gettext("Pay an order"),
        headline=gettext("Order {number} waits for {amount}", number=of.number, amount=amount),
        number=of.number,
        ways=[ways.choice(each, of.currency, is_chosen=each is way) for each in possible],
        chosen=way.code if way else "",
        parts=[ways.part(each, way, of.currency) for each in way.parts] if way else [],
        total=markets.parts(Money(of.total_amount, of.currency)),
        form=form,
        needs_secret=bool(way and way.source is PayFrom.WALLET) and not ways.has_secret(visit),
        button=gettext("Pay {amount}", amount=amount),
        once=new_key(visit.caller.member_id),
        status=refusal.status if refusal else 200,
    )


def _headline_of(listed: Sequence[OwnOrder]) -> str:
    if not listed:
        return gettext("You have not ordered anything yet")
    waiting = sum(each.is_open for each in listed)
    if waiting:
        return ngettext(
            "{count} order waits for its payment", "{count} orders wait for their payment", waiting
        )
    return gettext("All your orders are settled")


def _row(of: OwnOrder) -> OrderRow:
    more = of.lines - 1
    what = of.first_name or of.number
    if more > 0:
        what = ngettext("{first} and {count} more", "{first} and {count} more", more, first=what)
    return OrderRow(
        of.number,
        what,
        of.created_at,
        shown.money(of.total_amount, of.currency),
        state_of(of),
        product_picture(of.first_category or "", of.first_picture),
    )


def state_of(of: OwnOrder) -> OrderState:
    """The state of an order in a word."""
    if of.is_open:
        if of.to_confirm:
            return OrderState(gettext("Waits for you to confirm"), "warn")
        return OrderState(gettext("Waits for payment"), "warn")
    if of.status == OrderStatus.COMPLETE:
        if of.refunded:
            return OrderState(gettext("Partly refunded"), "info")
        return OrderState(gettext("Paid"), "good")
    if of.status == OrderStatus.REFUNDED:
        return OrderState(gettext("Refunded"), "info")
    return OrderState(gettext("Cancelled"), "")


def _page(visit: Visit, number: str) -> HttpResponse:
    found = _find(visit, number)
    of, currency = found.order, found.order.currency
    state = state_of(of)
    return visit.page(
        "portal/order.html",
        title=gettext("Your order"),
        headline=_says(found),
        number=of.number,
        placed=of.created_at,
        state=state,
        steps=_steps(of),
        lines=[_line(each, currency) for each in found.lines],
        totals=showing.totals(visit, totals_of(found.lines), currency),
        paid=[
            (str(_SOURCES.get(each.provider, each.provider)), shown.money(each.amount, currency))
            for each in found.paid
        ],
        refunded=shown.money(of.refunded, currency) if of.refunded else "",
        went=_went(found),
        bank=None if of.to_confirm else _pays_in(of),
        waits_for=shown.money(of.total_amount - found.money.waiting, currency),
        is_open=of.is_open,
        to_confirm=of.is_open and of.to_confirm,
        can_pay=of.is_open and not of.to_confirm,
        address=showing.address_lines(of.parcel),
        can_repeat=any(each.package_id for each in found.lines),
        once=new_key(visit.caller.member_id),
    )


def _says(found: OrderInFull) -> str:
    """The one sentence about an order."""
    of = found.order
    amount = shown.money(of.total_amount - found.money.waiting, of.currency)
    until = moments.said(timezone.localtime(of.lapses_at)) if of.lapses_at else ""
    if of.is_open and of.to_confirm:
        return gettext("Confirm this order with the link that we mailed you")
    if of.is_open and of.pays_by and until:
        return gettext("Please transfer {amount} by {until}", amount=amount, until=until)
    if of.is_open and until:
        return gettext("This order waits for {amount} until {until}", amount=amount, until=until)
    if of.is_open:
        return gettext("This order waits for {amount}", amount=amount)
    if of.status == OrderStatus.CANCELLED:
        return gettext("This order is cancelled, and you owe nothing for it")
    if of.status == OrderStatus.REFUNDED:
        return gettext("This order was refunded in full")
    if of.refunded:
        refunded = shown.money(of.refunded, of.currency)
        return gettext("Paid, and {amount} of it was refunded", amount=refunded)
    return gettext("Your order is paid")


def _steps(of: OwnOrder) -> list[tuple[str, str]]:
    """How far it has come; none where it ended before."""
    if of.status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED):
        return []
    ordered, paid = gettext("Ordered"), gettext("Paid")
    return [(ordered, "now"), (paid, "")] if of.is_open else [(ordered, "reached"), (paid, "now")]


def _line(of: OwnLine, currency: str) -> BoughtLine:
    told = showing.times(of.quantity, of.price, currency)
    if of.refunded_quantity:
        told = gettext(
            "{pieces}, {count} of them refunded", pieces=told, count=of.refunded_quantity
        )
    return BoughtLine(
        of.name,
        product_picture(of.category, of.picture),
        told,
        shown.money(of.price * of.quantity, currency),
    )


def _went(found: OrderInFull) -> list[str]:
    """Where money went that the order gave back, or did not need."""
    currency, money = found.order.currency, found.money
    told = [
        str(_BACK_TO[each.account]).format(amount=shown.money(each.amount, currency))
        for each in found.went_back
        if each.account in _BACK_TO
    ]
    outside = sum(each.amount for each in found.went_back if each.account not in _BACK_TO)
    if outside - money.to_send > 0:
        sent = shown.money(outside - money.to_send, currency)
        told.append(gettext("{amount} was sent back to where it came from.", amount=sent))
    if money.to_send:
        waits = shown.money(money.to_send, currency)
        told.append(gettext("{amount} will be sent back to where it came from.", amount=waits))
    if money.surplus:
        more = shown.money(money.surplus, currency)
        told.append(
            gettext("{amount} was not needed and is on your shopping balance.", amount=more)
        )
    return told


def _pays_in(of: OwnOrder) -> PayIn | None:
    """Where to transfer what an order waits for; None where no transfer would be in time."""
    has_time = bool(of.pays_by) or of.lapses_at is None
    return markets.pay_in(markets.market(of.market_id)) if of.is_open and has_time else None
