"""How the ways to pay are put into words, and what a form sends of the one that was chosen."""

from collections.abc import Mapping
from typing import NamedTuple

from django import forms
from django.views.decorators.debug import sensitive_variables

from upline.base.errors import FieldsWrong, Refusal
from upline.base.passwords import normalised
from upline.epins import queries as epins
from upline.epins.errors import EPinInvalid
from upline.flows.paying import Funds
from upline.language import gettext, lazy
from upline.members.queries import find_person
from upline.portal import refusals
from upline.portal.visiting import Visit
from upline.screens import shown
from upline.screens.checkout import EPINS_MOST, PayFrom, TakenFrom, WayToPay

WORDS: Mapping[str, str] = {
    PayFrom.BALANCE: lazy("Shopping balance"),
    PayFrom.WALLET: lazy("Wallet"),
    PayFrom.EPIN: lazy("E-pin"),
    PayFrom.TRANSFER: lazy("Bank transfer"),
}
SECRET = "transaction_password"  # noqa: S105 - the name of a field


class PayingSecret(forms.Form):
    """What proves that somebody may pay from their wallet."""

    transaction_password = forms.CharField(
        label=lazy("Transaction password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ChoiceShown(NamedTuple):
    """One of several to choose from: its value, two lines about it, whether it is chosen, and
    whether it can be."""

    value: str
    first: str
    second: str
    is_chosen: bool
    is_possible: bool = True


def choice(way: WayToPay, currency: str, *, is_chosen: bool) -> ChoiceShown:
    """A way to pay, with what is there and what it pays, or what it lacks."""
    return ChoiceShown(way.code, called(way), _about(way, currency), is_chosen, not way.missing)


def called(way: WayToPay) -> str:
    """`Wallet`, `E-pin ending in 7K2M`."""
    if way.epin:
        return gettext("E-pin ending in {ending}", ending=way.epin.code[-4:])
    return str(WORDS[way.source])


def _about(way: WayToPay, currency: str) -> str:
    if way.source is PayFrom.TRANSFER:
        return gettext("We show you our account and a reference, and send once the money is here.")
    holds = shown.money(way.holds, currency)
    if way.missing:
        return gettext(
            "{holds} there, {missing} missing",
            holds=holds,
            missing=shown.money(way.missing, currency),
        )
    from_balance = [part.amount for part in way.parts if part.source is PayFrom.BALANCE]
    if from_balance and way.source is not PayFrom.BALANCE:
        return gettext(
            "{holds} there. Your shopping balance pays the first {balance}.",
            holds=holds,
            balance=shown.money(from_balance[0], currency),
        )
    return gettext("{holds} there", holds=holds)


def lacks(way: WayToPay, currency: str) -> str:
    """Why this way does not do, and how to go on."""
    return gettext(
        "{way}: {missing} missing. Choose another way to pay.",
        way=called(way),
        missing=shown.money(way.missing, currency),
    )


def part(of: TakenFrom, way: WayToPay, currency: str) -> tuple[str, str]:
    """A line of the receipt: what is taken from where."""
    what = called(way) if of.source is way.source else str(WORDS[of.source])
    return what, shown.money(of.amount, currency)


def secret_form(way: WayToPay, refusal: Refusal | None = None) -> forms.Form:
    """What the form that pays asks for, with what was wrong with it before."""
    form: forms.Form = forms.Form({}) if refusal else forms.Form()
    if way.source is PayFrom.WALLET:
        form = PayingSecret({SECRET: "-"} if refusal else None, label_suffix="")
    if refusal:
        form.is_valid()
        refusals.show_in(form, refusal)
    return form


def has_secret(visit: Visit) -> bool:
    """Whether the member has set a transaction password."""
    person = find_person(visit.caller.username)
    return person is not None and bool(person.transaction_password)


@sensitive_variables("typed")
def funds_of(visit: Visit, code: str) -> Funds:
    """What the form that was sent pays from. Raises EPinInvalid where the e-pin is gone, and
    FieldsWrong where no password can be what was typed: nobody guesses with that."""
    source, _, epin_id = code.partition("-")
    if source == PayFrom.WALLET:
        form = PayingSecret(visit.request.POST)
        if not form.is_valid():
            raise FieldsWrong(fields={name: str(told[0]) for name, told in form.errors.items()})
        typed = normalised(form.cleaned_data[SECRET])
        return Funds(visit.caller.username, typed)
    if source == PayFrom.EPIN:
        found = epins.spendable(visit.caller.member_id, visit.caller.currency, EPINS_MOST)
        pin = next((each for each in found if str(each.id) == epin_id), None)
        if pin is None:
            raise EPinInvalid()
        return Funds(epin_code=pin.code)
    return Funds()
