"""`/money/payout/…`: ask for a payout, see where it is, and cancel it while that is possible."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from upline.base.amounts import Money, NotAnAmount, as_read, as_typed
from upline.base.errors import FieldsWrong, Refusal
from upline.base.passwords import normalised
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import paying_out
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.markets.queries import MarketFacts
from upline.members.queries import find_person
from upline.office.fields import MoneyField, currency_of, own_password_field
from upline.payouts import queries
from upline.payouts.errors import PayoutNotFound
from upline.payouts.models import Payout, PayoutStatus
from upline.portal import refusals
from upline.portal.form_keys import new_key
from upline.portal.money import obstacles, way
from upline.portal.once import done_once
from upline.portal.visiting import Visit, for_members
from upline.screens import payout_readiness, shown
from upline.screens.holds import hold_of
from upline.screens.payout_readiness import PayoutReadiness


class PayoutAmount(forms.Form):
    """How much is to be paid out, in minor units of the member's currency."""

    amount = MoneyField(least=1)

    def __init__(self, ready: PayoutReadiness, typed: Mapping[str, Any] | None) -> None:
        super().__init__(typed, label_suffix="")
        self._ready = ready
        field = self.fields["amount"]
        currency_of(field, ready.market.currency)
        field.label = gettext("Amount in {currency}", currency=ready.market.currency)
        field.help_text = _limits(ready)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        market, available = self._ready.market, self._ready.available
        if wrong := queries.wrong_amount(market, amount):
            raise forms.ValidationError(wrong["amount"])
        if amount > available:
            most = shown.money(available, market.currency)
            raise forms.ValidationError(gettext("You have {available}.", available=most))
        return amount


class PayoutPassword(forms.Form):
    """What a member proves with that it is them who asks."""

    transaction_password = own_password_field(lazy("Transaction password"))


@sensitive_post_parameters("transaction_password")
@for_members
def ask(visit: Visit) -> HttpResponse:
    """`/money/payout/`: how much; `?all=1` for all there is. `?amount=`: what that comes to, and
    the button that asks for it, with the transaction password."""
    password = PayoutPassword(visit.request.POST or None, label_suffix="")
    if visit.request.method == "POST" and password.is_valid():
        typed = normalised(password.cleaned_data["transaction_password"])
        try:
            return done_once(
                visit,
                lambda unit: _request(unit, visit, typed),
                lambda number: reverse("payout", args=[number]),
            )
        except Refusal as refusal:
            refusals.show_in(password, refusal)
    return _asked(visit, password)


def _request(unit: UnitOfWork, visit: Visit, password: str) -> str:
    market = markets.current()
    try:
        typed = visit.request.GET.get("amount", "")
        amount = as_read(typed, market.exponent, company.office().decimal_mark)
    except NotAnAmount as error:
        raise FieldsWrong(fields={"amount": str(error)}) from error
    return paying_out.request(unit, visit.caller, amount, password)


def _asked(visit: Visit, password: PayoutPassword) -> HttpResponse:
    try:
        ready = payout_readiness.readiness_of(visit.caller)
    except FieldsWrong as refusal:
        return _not_now(visit, [obstacles.ObstacleShown(refusal.sentence, "", "", "")])
    if told := obstacles.told(ready):
        return _not_now(visit, told)
    query = visit.request.GET
    if query.get("all"):
        return redirect(f"?{urlencode({'amount': _typed(ready.most, ready.market)})}")
    form = PayoutAmount(ready, query if "amount" in query else None)
    if not form.is_valid():
        return _how_much(visit, ready, form)
    return _preview(visit, ready, form.cleaned_data["amount"], password)


def _typed(minor: int, market: MarketFacts) -> str:
    return as_typed(minor, market.exponent, company.office().decimal_mark)


def _not_now(visit: Visit, told: list[obstacles.ObstacleShown]) -> HttpResponse:
    return visit.page("portal/money/payout_not_now.html", title=gettext("Payout"), obstacles=told)


def _how_much(visit: Visit, ready: PayoutReadiness, form: PayoutAmount) -> HttpResponse:
    currency = ready.market.currency
    return visit.page(
        "portal/money/payout_amount.html",
        title=gettext("Payout"),
        form=form,
        available=markets.parts(Money(ready.available, currency)),
        all=shown.money(ready.most, currency),
        hold=obstacles.hold_sentence(ready),
    )


def _limits(ready: PayoutReadiness) -> str:
    currency = ready.market.currency
    told = []
    if ready.minimum:
        least = shown.money(ready.minimum, currency)
        told.append(gettext("The minimum payout is {amount}.", amount=least))
    if ready.multiple:
        step = shown.money(ready.multiple, currency)
        told.append(gettext("This must be a multiple of {amount}.", amount=step))
    return " ".join(told)


def _preview(
    visit: Visit, ready: PayoutReadiness, amount: int, password: PayoutPassword
) -> HttpResponse:
    currency = ready.market.currency
    person = find_person(visit.caller.username)
    back = urlencode({"next": visit.request.get_full_path()})
    return visit.page(
        "portal/money/payout_confirm.html",
        title=gettext("Payout"),
        amount=shown.money(amount, currency),
        large=markets.parts(Money(amount, currency)),
        remains=shown.money(ready.available - amount, currency),
        ending=ready.ending,
        day=shown.day(ready.earliest_day()),
        hold=obstacles.hold_sentence(ready),
        form=password,
        once=new_key(visit.caller.member_id),
        has_password=bool(person and person.transaction_password),
        password_page=f"{reverse('transaction-password')}?{back}",
    )


@for_members
def show(visit: Visit, number: str) -> HttpResponse:
    """`/money/payout/NUMBER/`: where it is."""
    payout = _find(visit, number)
    has_come_back = payout.status in (
        PayoutStatus.RETURNED, PayoutStatus.FAILED, PayoutStatus.DECLINED
    )  # fmt: skip
    again = urlencode({"amount": _typed(payout.amount, markets.current())})
    return visit.page(
        "portal/money/payout.html",
        title=gettext("Payout"),
        payout=payout,
        amount=markets.parts(Money(payout.amount, payout.currency)),
        headline=way.headline(payout),
        where=way.where(payout),
        steps=way.steps(payout),
        waits=way.waits(payout, hold_of(visit.caller.member_id)),
        reason=payout.reason,
        advice=way.what_to_do(payout),
        history=way.history(payout),
        can_cancel=payout.status == PayoutStatus.REQUESTED,
        checks_bank=payout.status in (PayoutStatus.RETURNED, PayoutStatus.FAILED),
        again=f"{reverse('payout-request')}?{again}" if has_come_back else "",
    )


@for_members
def cancel(visit: Visit, number: str) -> HttpResponse:
    """`/money/payout/NUMBER/cancel/`: the money goes back to the wallet."""
    payout = _find(visit, number)
    form = forms.Form(visit.request.POST if visit.request.method == "POST" else None)
    here = reverse("payout", args=[number])
    if visit.request.method == "POST":
        try:
            return done_once(
                visit, lambda unit: paying_out.cancel(unit, visit.caller, number), lambda _: here
            )
        except Refusal as refusal:
            refusals.show_in(form, refusal)
    return visit.page(
        "portal/money/payout_cancel.html",
        title=gettext("Payout"),
        form=form,
        payout=payout,
        amount=shown.amount(payout),
        can_cancel=payout.status == PayoutStatus.REQUESTED,
        once=new_key(visit.caller.member_id),
    )


def _find(visit: Visit, number: str) -> Payout:
    try:
        return queries.find_own(visit.caller.member_id, number)
    except PayoutNotFound as error:
        raise Http404 from error
