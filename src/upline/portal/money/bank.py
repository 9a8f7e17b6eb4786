"""`/money/bank/`: the account that payouts go to, masked; another one is looked at, then saved with
the login password."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from upline.base import clock
from upline.base.bank_accounts import IBAN_WRONG, is_mistyped_iban
from upline.base.encryption import wrapped_key_of
from upline.base.errors import Refusal
from upline.base.passwords import normalised
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import profiles
from upline.language import gettext, lazy
from upline.members.models import Member
from upline.members.person import profile
from upline.members.security import protection
from upline.office.fields import LineField, NameField, own_password_field
from upline.payouts.bank.details import pays_by_sepa
from upline.portal import refusals
from upline.portal.form_keys import new_key
from upline.portal.once import done_once
from upline.portal.visiting import Visit, for_members
from upline.screens import shown
from upline.screens.holds import hold_of

_NOT_KEPT = {"autocomplete": "off", "spellcheck": "false"}
_SAVE, _EDIT = "save", "edit"
_OF_AN_ACCOUNT = {"bank_name": "", "branch_name": "", "ifsc": ""}
"""What belongs to an account: nothing of the one before stays with another one."""


class BankAccount(forms.Form):
    """The parts of bank data that are asked for in the member's market."""

    account_holder = NameField(
        label=lazy("Account holder"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account_number = LineField(
        label=lazy("Account number or IBAN"),
        max_length=40,
        widget=forms.TextInput(attrs=_NOT_KEPT | {"autocapitalize": "characters"}),
    )
    bank_name = NameField(label=lazy("Bank"), max_length=100, required=False)
    branch_name = NameField(label=lazy("Branch"), max_length=100, required=False)
    ifsc = LineField(
        label=lazy("Bank code"),
        help_text=lazy("What banks in your country are found by: IFSC, sort code, routing number."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=_NOT_KEPT),
    )
    pan = LineField(
        label=lazy("Tax number (PAN)"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=_NOT_KEPT),
    )

    def __init__(
        self,
        currency: str,
        typed: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(typed, initial=dict(initial or {}), label_suffix="")
        if currency != "INR":
            del self.fields["pan"]
        if pays_by_sepa(currency):
            del self.fields["branch_name"]
            self.fields["account_number"].label = gettext("IBAN")
            self.fields["ifsc"].label = gettext("BIC")
            self.fields["ifsc"].help_text = gettext("Most banks do not need it.")

    def clean_account_number(self) -> str:
        typed: str = self.cleaned_data["account_number"]
        if is_mistyped_iban(typed):
            raise forms.ValidationError(IBAN_WRONG)
        return typed


class LoginPassword(forms.Form):
    """What a member proves with that it is them who changes the account."""

    current_password = own_password_field(lazy("Your login password"))


@sensitive_post_parameters()
@for_members
def show(visit: Visit) -> HttpResponse:
    """`/money/bank/`."""
    if visit.request.method != "POST":
        return _form(visit, BankAccount(visit.caller.currency, initial=_first(visit)))
    form = BankAccount(visit.caller.currency, visit.request.POST)
    step = visit.request.POST.get("step")
    if step == _EDIT or not form.is_valid():
        return _form(visit, form if step != _EDIT else _again(visit))
    password = LoginPassword(visit.request.POST if step == _SAVE else None, label_suffix="")
    if password.is_valid():
        typed = normalised(password.cleaned_data["current_password"])
        try:
            return done_once(visit, _change(visit, form, typed), lambda _: visit.request.path)
        except Refusal as refusal:
            refusals.show_in(password, refusal)
    return _preview(visit, form, password)


def _change(visit: Visit, form: BankAccount, password: str) -> Any:
    def change(unit: UnitOfWork) -> None:
        fields = _OF_AN_ACCOUNT | form.cleaned_data
        profiles.change_bank(unit, visit.caller, current_password=password, **fields)

    return change


def _first(visit: Visit) -> dict[str, str]:
    """What stands in the form at first: what was typed before signing in again, else the holder."""
    member = Member.objects.get(pk=visit.caller.member_id)
    name = f"{member.firstname} {member.lastname}".strip()
    return {"account_holder": name} | visit.typed_before()


def _again(visit: Visit) -> BankAccount:
    return BankAccount(visit.caller.currency, initial=visit.request.POST.dict())


def _known(member_id: int) -> dict[str, str]:
    sealed = Member.objects.values_list("bank_sealed", flat=True).get(pk=member_id)
    return profile.open_bank(member_id, sealed, wrapped_key_of(member_id))


def _form(visit: Visit, form: BankAccount) -> HttpResponse:
    member_id = visit.caller.member_id
    known, hold = _known(member_id), hold_of(member_id)
    return visit.page(
        "portal/money/bank.html",
        title=gettext("Bank account"),
        form=form,
        known=known if known["account_number"] else None,
        ending=profile.ending(known),
        hold=hold.sentence if hold and hold.until else "",
        hours=_hours(),
        once=new_key(member_id),
    )


def _preview(visit: Visit, form: BankAccount, password: LoginPassword) -> HttpResponse:
    labels = [(field.label, field.value()) for field in form if field.value()]
    return visit.page(
        "portal/money/bank_confirm.html",
        title=gettext("Bank account"),
        form=password,
        account=form,
        lines=[(label, _grouped(str(value))) for label, value in labels],
        until=shown.moment(clock.now() + protection.lasts()) if _hours() else "",
        once=new_key(visit.caller.member_id),
    )


def _grouped(value: str) -> str:
    """An IBAN in groups of four, as it is printed on cards; anything else as it was typed."""
    plain = "".join(value.split()).upper()
    if len(plain) >= 15 and plain[:2].isalpha() and plain[2:4].isdigit():
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    return value


def _hours() -> int:
    return company.office().protection_hours
