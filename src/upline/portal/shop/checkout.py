"""Checkout: where it goes and what pays it, then everything once more, and a press that pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.base.totals import LineTotals, totals_of
from upline.cart import queries as carts
from upline.cart.errors import CartEmpty, PriceChanged
from upline.cart.models import CartLine
from upline.design.products import ProductPicture, product_picture
from upline.flows import checkout
from upline.flows.checkout import Expected
from upline.kyc import actions as kyc
from upline.kyc.errors import KycNotVerified
from upline.language import gettext
from upline.markets import current as markets
from upline.portal.form_keys import new_key
from upline.portal.once import done_once
from upline.portal.shop import showing, ways
from upline.portal.shop.ways import ChoiceShown
from upline.portal.visiting import Visit, for_members
from upline.screens import shown
from upline.screens.checkout import PayFrom, WayToPay, ways_to_pay
from upline.shipping import queries as addresses
from upline.shipping.models import ShippingAddress


class BoughtLine(NamedTuple):
    """A line as it is bought."""

    name: str
    picture: ProductPicture
    pieces: str
    sum: str


@dataclass(frozen=True)
class Basket:
    """What is about to be bought, and where it can go: the cart's lines, all of them for sale at
    what the cart showed, and the buyer's addresses."""

    lines: Sequence[CartLine]
    totals: LineTotals
    currency: str
    kept: Sequence[ShippingAddress]

    @property
    def price(self) -> Money:
        """All of it."""
        return Money(self.totals.amount, self.currency)

    def address(self, named: str) -> ShippingAddress | None:
        """The address of this id; None where it is none of theirs."""
        return next((each for each in self.kept if str(each.pk) == named), None)


class Chosen(NamedTuple):
    """What was chosen so far, as the address of the page says it."""

    address: str
    pay: str


@sensitive_post_parameters(ways.SECRET)
@for_members
def show(visit: Visit) -> HttpResponse:
    """`/shop/checkout/`: a choice, then (with `?address=&pay=`) the receipt, and the press."""
    if visit.request.method == "POST":
        return _press(visit)
    return _page(visit, _chosen(visit.request.GET))


def _chosen(sent: "dict[str, str]") -> Chosen:
    return Chosen(sent.get("address", "")[:20], sent.get("pay", "")[:30])


def _page(visit: Visit, chosen: Chosen, refusal: Refusal | None = None) -> HttpResponse:
    """What comes next for what is chosen so far: the cart or the address form where one of them
    has to be seen to first."""
    basket = _basket(visit)
    if basket is None:
        return redirect("cart")
    if not basket.kept:
        return redirect("checkout-address")
    found = ways_to_pay(visit.caller, basket.price)
    address = basket.address(chosen.address)
    way = next((each for each in found if each.code == chosen.pay), None)
    if address and way and not way.missing:
        return _review(visit, basket, address, way, refusal)
    return _choose(visit, basket, found, address, way, refusal)


def _basket(visit: Visit) -> Basket | None:
    """None where the cart has something to say first."""
    lines = carts.lines(visit.caller.member_id)
    if not lines or any(line.offer is None or line.is_outdated for line in lines):
        return None
    kept = addresses.of_member(visit.caller.member_id)
    return Basket(lines, totals_of(lines), markets.current().currency, kept)


def _choose(
    visit: Visit,
    basket: Basket,
    found: Sequence[WayToPay],
    address: ShippingAddress | None,
    way: WayToPay | None,
    refusal: Refusal | None,
) -> HttpResponse:
    here = address or next((each for each in basket.kept if each.is_default), basket.kept[0])
    chosen = next((each for each in (way, *found) if each and not each.missing), None)
    form = forms.Form({} if refusal or way else None)
    if way and way.missing:
        form.add_error(None, ways.lacks(way, basket.currency))
    elif refusal:
        form.add_error(None, refusal.sentence)
    return visit.page(
        "portal/checkout.html",
        title=gettext("Checkout"),
        headline=gettext("Where should it go, and how do you want to pay?"),
        form=form,
        blocked=_blocked(visit),
        addresses=[_where(each, is_chosen=each == here) for each in basket.kept],
        ways=[ways.choice(each, basket.currency, is_chosen=each is chosen) for each in found],
        is_possible=chosen is not None,
        totals=showing.totals(visit, basket.totals, basket.currency),
        status=refusal.status if refusal else 200,
    )


def _where(of: ShippingAddress, *, is_chosen: bool) -> ChoiceShown:
    name, *rest = showing.address_lines(vars(of))
    return ChoiceShown(str(of.pk), name, ", ".join(rest), is_chosen)


def _blocked(visit: Visit) -> str:
    """Why nothing can be ordered at all; '' where it can."""
    try:
        kyc.require("checkout", visit.caller.member_id)
    except KycNotVerified as refusal:
        return refusal.sentence
    return ""


def _review(
    visit: Visit,
    basket: Basket,
    address: ShippingAddress,
    way: WayToPay,
    refusal: Refusal | None,
) -> HttpResponse:
    """Everything once more, and the button that pays."""
    amount = shown.money(basket.price.minor, basket.currency)
    by_transfer, asks = way.source is PayFrom.TRANSFER, way.source is PayFrom.WALLET
    promise = gettext("You pay {amount} now", amount=amount)
    button = gettext("Pay {amount}", amount=amount)
    if by_transfer:
        promise = gettext("You order now and transfer {amount} yourself", amount=amount)
        button = gettext("Order for {amount}", amount=amount)
    return visit.page(
        "portal/checkout_review.html",
        title=gettext("Check and pay"),
        headline=promise,
        button=button,
        address=showing.address_lines(vars(address)),
        lines=[_bought(each, basket.currency) for each in basket.lines],
        opens_position=any(each.offer and each.offer.opens_position for each in basket.lines),
        totals=showing.totals(visit, basket.totals, basket.currency),
        parts=[ways.part(each, way, basket.currency) for each in way.parts],
        form=ways.secret_form(way, refusal),
        needs_secret=asks and not ways.has_secret(visit),
        chosen=Chosen(str(address.pk), way.code),
        back=f"{reverse('checkout')}?{urlencode({'address': address.pk})}",
        seen=carts.contents(basket.lines),
        once=new_key(visit.caller.member_id),
        blocked=_blocked(visit),
        status=refusal.status if refusal else 200,
    )


def _bought(of: CartLine, currency: str) -> BoughtLine:
    return BoughtLine(
        of.package.name,
        product_picture(of.package.category, of.offer.picture if of.offer else None),
        showing.times(of.quantity, of.price, currency),
        shown.money(of.price * of.quantity, currency),
    )


def _press(visit: Visit) -> HttpResponse:
    chosen = _chosen(visit.request.POST)
    seen = visit.request.POST.get("seen", "")[:64]
    try:
        return done_once(
            visit,
            lambda unit: checkout.check_out(
                unit,
                visit.caller,
                int(chosen.address) if _is_id(chosen.address) else 0,
                None if chosen.pay == PayFrom.TRANSFER else ways.funds_of(visit, chosen.pay),
                Expected(contents=seen or "none"),
                by_bank_transfer=chosen.pay == PayFrom.TRANSFER,
            ),
            lambda made: reverse("order", args=[made.number]),
        )
    except (CartEmpty, PriceChanged):
        return redirect("cart")
    except Refusal as refusal:
        return _page(visit, chosen, refusal)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
