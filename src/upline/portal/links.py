"""The pages that mails link to. Opening one changes nothing: mail scanners open links too."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from upline.base.addresses import address_of
from upline.base.encryption import wrapped_key_of
from upline.base.errors import FieldsWrong, Refusal
from upline.base.passwords import normalised
from upline.base.unit import Unit
from upline.company import queries as company
from upline.flows import confirming, passwords, profiles, protecting, staff
from upline.members import profile
from upline.members.errors import CurrentPasswordWrong
from upline.members.models import ProtectedChange
from upline.members.queries import find_link
from upline.orders.models import Order

_UNDO = {
    "email": "The e-mail address of {user.username} becomes {user.email} again.",
    "bank": "The bank account of {user.username} becomes the one before. It ends in {ending}.",
    "password": "The password of {user.username} stops working, and a link to set a new one is "
    "sent to {user.email}.",
    "transaction_password": "The transaction password of {user.username} stops working, and a "
    "link to set a new one is sent to {user.email}.",
}
_SIGNED_OUT = " Every device is signed out."
_UNDONE = {
    "email": "The e-mail address is the one before. Every device was signed out.",
    "bank": "The bank account is the one before. Every device was signed out.",
    "password": "The password does not work any more, and every device was signed out. Use the "
    "link that we have just mailed to set a new one.",
    "transaction_password": "The transaction password does not work any more, and every device "
    "was signed out. Use the link that we have just mailed to set a new one.",
}

page_methods = require_http_methods(["GET", "HEAD", "POST"])


class NewPassword(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label="New password",
        help_text="At least 8 characters. A few words in a row are easy to remember.",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 8}),
        validators=[validate_password],
    )
    again = forms.CharField(
        label="The same again",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = (normalised(cleaned.get(each, "")) for each in ("password", "again"))
        if first and first != second:
            self.add_error("again", "This is not the same password.")
        return cleaned


class NewTransactionPassword(NewPassword):
    """The same, from somebody who knows the login password."""

    login_password = forms.CharField(
        label="Login password",
        help_text="The one that you sign in with.",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("login_password", "password", "again")


@page_methods
@sensitive_post_parameters()
def login_password(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_password(request, "login_password", secret, "Set a new password")


@page_methods
@sensitive_post_parameters()
def transaction_password(request: HttpRequest, secret: str) -> HttpResponse:
    title = "Set a new transaction password"
    form = NewTransactionPassword(request.POST or None, label_suffix="")

    def set_password(unit: Unit, purpose: str, secret: str, new: str) -> None:
        login = normalised(form.cleaned_data["login_password"])
        passwords.reset_transaction_password(unit, secret, login, new)

    return _set_password(
        request, "transaction_password", secret, title, set_password=set_password, form=form
    )


@page_methods
@sensitive_post_parameters()
def staff_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_staff_password(request, "staff_invitation", secret, "Choose your password")


@page_methods
@sensitive_post_parameters()
def staff_password(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_staff_password(request, "staff_password", secret, "Choose a new password")


@page_methods
def confirm_email(request: HttpRequest, secret: str) -> HttpResponse:
    title = "Confirm your e-mail address"
    try:
        if request.method != "POST":
            link = find_link(secret, "confirm_email")
            told = f"{link.email} becomes the address that links to set passwords are sent to."
            return _page(request, title, told=told, button="Confirm this address")
        said = profiles.confirm_email(_unit(request), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said=said)


@page_methods
def undo_change(request: HttpRequest, secret: str) -> HttpResponse:
    title = "Undo a change"
    try:
        change = protecting.find(secret)
        if request.method != "POST":
            return _page(request, title, told=_what_undoes(change), button="Undo the change")
        protecting.undo(_unit(request), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said=_UNDONE[change.kind])


@page_methods
def confirm_order(request: HttpRequest, secret: str) -> HttpResponse:
    title = "Confirm your order"
    try:
        if request.method != "POST":
            told = _what_is_ordered(confirming.find(secret))
            return _page(request, title, told=told, button="Confirm this order")
        confirming.confirm(_unit(request), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said="Your order is confirmed and paid.")


def _what_is_ordered(order: Order) -> str:
    amount = company.current().money(order.total_amount)
    parts = ("name", "address", "zip_code", "city", "phone")
    where = ", ".join(order.address[part] for part in parts if order.address.get(part))
    return (
        f"Order {order.number} of {amount} goes to: {where}. It is paid from the shopping balance "
        "and what was paid in."
    )


def _what_undoes(change: ProtectedChange) -> str:
    user, ending = change.member.user, _ending_before(change) if change.kind == "bank" else ""
    if change.kind == "bank" and not ending:
        return f"The bank account of {user.username} becomes what it was before.{_SIGNED_OUT}"
    return _UNDO[change.kind].format(user=user, ending=ending) + _SIGNED_OUT


def _ending_before(change: ProtectedChange) -> str:
    sealed, key = change.before_sealed, wrapped_key_of(change.member_id)
    return profile.ending(profile.open_bank(change.member_id, sealed or None, key))


def _set_password(
    request: HttpRequest,
    purpose: str,
    secret: str,
    title: str,
    set_password: Callable[[Unit, str, str, str], None] = passwords.reset,
    told: str = "It is for the member {}.",
    then: tuple[str, str] | None = None,
    form: NewPassword | None = None,
) -> HttpResponse:
    form = form or NewPassword(request.POST or None, label_suffix="")
    ask: dict[str, Any] = {"form": form, "button": "Set the password"}
    try:
        told = told.format(find_link(secret, purpose).user.username)
        if not form.is_valid():
            return _page(request, title, told=told, **ask)
        set_password(_unit(request), purpose, secret, form.cleaned_data["password"])
    except CurrentPasswordWrong:
        form.add_error("login_password", "This is not your login password.")
        return _page(request, title, told=told, **ask)
    except FieldsWrong as refusal:
        form.add_error("password", refusal.fields["password"])
        return _page(request, title, told=told, **ask)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said="Your new password holds from now on.", then=then)


def _set_staff_password(
    request: HttpRequest, purpose: str, secret: str, title: str
) -> HttpResponse:
    told, then = "You sign in to the office as {}.", ("Sign in", reverse("admin:index"))
    return _set_password(request, purpose, secret, title, staff.choose_password, told, then)


def _unit(request: HttpRequest) -> Unit:
    return Unit(
        address=address_of(request),
        request_id=request.request_id,  # type: ignore[attr-defined]
    )


def _page(
    request: HttpRequest,
    title: str,
    *,
    told: str = "",
    form: NewPassword | None = None,
    button: str = "",
    said: str = "",
    then: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Neither caches nor other sites get to know the address, which holds the secret. Not
    `no-referrer`: with it browsers send `Origin: null`, which the check of forms refuses."""
    context = {
        "title": title,
        "company": company_name(),
        "told": told,
        "form": form,
        "button": button,
        "said": said,
        "then": then,
        "status": status,
    }
    response = render(request, "portal/link.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response


def company_name() -> str:
    try:
        return company.current().name
    except company.NotFounded:
        return ""
