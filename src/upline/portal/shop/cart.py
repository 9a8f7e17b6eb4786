"""The cart: quantities, what has changed since, and what it comes to."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from upline.base.errors import Refusal
from upline.base.totals import totals_of
from upline.cart import actions as cart
from upline.cart import queries as carts
from upline.cart.errors import QuantityWrong
from upline.cart.models import CartLine
from upline.design.products import ProductPicture, product_picture
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.orders import queries as orders
from upline.orders.errors import OrderNotFound
from upline.orders.models import Order
from upline.portal.form_keys import new_key
from upline.portal.once import done_once
from upline.portal.shop import showing
from upline.portal.shop.showing import TotalsShown
from upline.portal.visiting import Visit, for_members
from upline.screens import shown

_LONGEST = 18


class QuantityForm(forms.Form):
    """How much of a product."""

    quantity = forms.RegexField(
        "^[0-9]{1,3}$",
        label=lazy("Quantity"),
        error_messages={"invalid": lazy("The quantity must be from 1 to 999.")},
        widget=forms.NumberInput(attrs={"min": 1, "max": 999, "inputmode": "numeric"}),
    )


class CartLineShown(NamedTuple):
    """A line of the cart as the page shows it. `told` says what has changed since the member put it
    in; `fewer` and `more` are the next quantities, 0 for none."""

    id: int
    name: str
    picture: ProductPicture
    each: str
    sum: str
    told: Sequence[str]
    is_gone: bool
    fewer: int
    more: int
    form: QuantityForm


@for_members
def show(visit: Visit) -> HttpResponse:
    """`/shop/cart/`: looking changes nothing; a press does."""
    if visit.request.method == "POST":
        return _change(visit)
    return _page(visit)


def _change(visit: Visit) -> HttpResponse:
    named = visit.request.POST.get("do", "")
    change = _CHANGES.get(named)
    if change is None:
        raise Http404
    return change(visit)


def _add(visit: Visit) -> HttpResponse:
    package_id, quantity = _number(visit, "product"), _number(visit, "quantity")
    member_id, back = visit.caller.member_id, _back(visit, package_id)
    try:
        return done_once(
            visit,
            lambda unit: unit.commit(lambda: cart.add(member_id, package_id, quantity)),
            lambda _: back,
        )
    except Refusal as refusal:
        return _page(visit, problem=_told(refusal))


def _set(visit: Visit) -> HttpResponse:
    package_id = _number(visit, "product")
    form = QuantityForm(visit.request.POST, label_suffix="", auto_id=f"%s-{package_id}")
    if form.is_valid():
        quantity = int(form.cleaned_data["quantity"])
        try:
            visit.unit().commit(
                lambda: cart.set_quantity(visit.caller.member_id, package_id, quantity)
            )
        except QuantityWrong as refusal:
            form.add_error("quantity", refusal.fields["quantity"])
        except Refusal as refusal:
            return _page(visit, problem=_told(refusal))
        else:
            return redirect("cart")
    return _page(visit, wrong=(package_id, form))


def _remove(visit: Visit) -> HttpResponse:
    package_id = _number(visit, "product")
    visit.unit().commit(lambda: cart.remove(visit.caller.member_id, package_id))
    return redirect("cart")


def _accept(visit: Visit) -> HttpResponse:
    seen = {}
    for each in visit.request.POST.getlist("seen")[: cart.LINES_MAX]:
        if found := re.fullmatch(r"([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})", each, re.ASCII):
            seen[int(found[1])] = int(found[2]), int(found[3])
    visit.unit().commit(lambda: cart.accept(visit.caller.member_id, seen))
    return redirect("cart")


def _again(visit: Visit) -> HttpResponse:
    """Everything of an order that is still for sale, once more. The cart says what is not."""
    order = _order(visit, visit.request.POST.get("order", ""))
    if order is None:
        raise Http404
    lines = [line for line in order.lines.all() if line.package_id]
    member_id = visit.caller.member_id

    def put() -> None:
        for line in lines:
            try:
                cart.add(member_id, line.package_id or 0, line.quantity)
            except Refusal:
                continue

    to = f"{reverse('cart')}?{urlencode({'again': order.number})}"
    return done_once(visit, lambda unit: unit.commit(put), lambda _: to)


_CHANGES: dict[str, Callable[[Visit], HttpResponse]] = {
    "add": _add,
    "set": _set,
    "remove": _remove,
    "accept": _accept,
    "again": _again,
}


def _page(
    visit: Visit, problem: str = "", wrong: tuple[int, QuantityForm] | None = None
) -> HttpResponse:
    lines, currency = carts.lines(visit.caller.member_id), markets.current().currency
    missing = _missing(visit, lines)
    told = [_line(visit, each, currency, wrong) for each in lines]
    seen = [
        f"{line.package_id}:{line.offer.amount}:{line.offer.points}"
        for line in lines
        if line.offer and line.is_outdated
    ]
    kept = [_as_offered(line) for line in lines if line.offer]
    form = wrong[1] if wrong else _with_problem(problem)
    return visit.page(
        "portal/cart.html",
        hides_amounts=False,
        title=gettext("Cart"),
        headline=_headline(lines, seen),
        lines=told,
        seen=seen,
        is_ready=bool(kept) and not seen and len(kept) == len(lines),
        totals=_totals(visit, kept, currency) if kept else None,
        missing=missing,
        form=form,
        status=422 if form.errors else 200,
        once=new_key(visit.caller.member_id),
    )


def _headline(lines: Sequence[CartLine], seen: Sequence[str]) -> str:
    if not lines:
        return gettext("Your cart is empty")
    if any(line.offer is None for line in lines):
        return gettext("Something in your cart is no longer for sale")
    if seen:
        return gettext("Something has changed since you filled your cart")
    return gettext("Your cart is ready to check out")


def _as_offered(line: CartLine) -> CartLine:
    """The line at what is offered now, for the totals; nothing is written."""
    if line.offer:
        line.price, line.points = line.offer.amount, line.offer.points
    return line


def _totals(visit: Visit, lines: Sequence[CartLine], currency: str) -> TotalsShown:
    return showing.totals(visit, totals_of(lines), currency)


def _line(
    visit: Visit, of: CartLine, currency: str, wrong: tuple[int, QuantityForm] | None
) -> CartLineShown:
    price = of.offer.amount if of.offer else of.price
    form = QuantityForm(
        initial={"quantity": of.quantity}, label_suffix="", auto_id=f"%s-{of.package_id}"
    )
    if wrong and wrong[0] == of.package_id:
        form = wrong[1]
    form["quantity"].label = gettext("Quantity of {name}", name=of.package.name)
    return CartLineShown(
        of.package_id,
        of.package.name,
        product_picture(of.package.category, of.offer.picture if of.offer else None),
        shown.money(price, currency),
        shown.money(price * of.quantity, currency),
        _changes(visit, of, currency),
        of.offer is None,
        of.quantity - 1,
        of.quantity + 1 if of.quantity < 999 else 0,
        form,
    )


def _changes(visit: Visit, of: CartLine, currency: str) -> list[str]:
    """What is other than when the member put it in, in words."""
    if of.offer is None:
        return [gettext("No longer for sale. Remove it to check out the rest.")]
    told = []
    if of.price != of.offer.amount:
        told.append(
            gettext(
                "Now {now} each. It was {before} when you put it in.",
                now=shown.money(of.offer.amount, currency),
                before=shown.money(of.price, currency),
            )
        )
    if of.points != of.offer.points and showing.earns_points(visit):
        told.append(
            gettext(
                "Now gives {now}. It was {before}.",
                now=showing.points(of.offer.points),
                before=showing.points(of.points),
            )
        )
    return told


def _missing(visit: Visit, lines: Sequence[CartLine]) -> list[str]:
    """What of an order that was to be bought again is not in the cart."""
    order = _order(visit, visit.request.GET.get("again", ""))
    if order is None:
        return []
    here = {line.package_id for line in lines}
    return [line.name for line in order.lines.all() if line.package_id not in here]


def _order(visit: Visit, number: str) -> Order | None:
    if not number:
        return None
    try:
        return orders.find_own(visit.caller.member_id, number[:20])
    except OrderNotFound:
        return None


def _number(visit: Visit, name: str) -> int:
    """A whole number that a form sent; 0 for anything else, which no product and no quantity is."""
    typed = visit.request.POST.get(name, "").strip()
    return int(typed) if re.fullmatch(rf"[0-9]{{1,{_LONGEST}}}", typed, re.ASCII) else 0


def _back(visit: Visit, package_id: int) -> str:
    """Where the product was: that page of the shop, which says that it is in the cart now."""
    asked = visit.request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    parts = urlsplit(asked if is_ours and asked.startswith(reverse("shop")) else reverse("shop"))
    kept = [each for each in parts.query.split("&") if each and not each.startswith("added=")]
    query = "&".join([*kept, f"added={package_id}"])
    return f"{parts.path}?{query}#added"


def _told(refusal: Refusal) -> str:
    return " ".join(refusal.fields.values()) or refusal.sentence


def _with_problem(problem: str) -> forms.Form:
    form = forms.Form({})
    if problem:
        form.add_error(None, problem)
    return form
