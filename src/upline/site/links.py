"""The pages that mails link to. Opening one changes nothing: mail scanners open links too."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from upline.base.actors import Visitor
from upline.base.amounts import Money
from upline.base.encryption import wrapped_key_of
from upline.base.errors import FieldsWrong, Refusal
from upline.base.passwords import normalised
from upline.base.unit import UnitOfWork
from upline.flows import confirming, passwords, profiles, protecting, staff
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.errors import CurrentPasswordWrong
from upline.members.models import LinkPurpose, ProtectedChange, ProtectedKind, Standing
from upline.members.person import profile
from upline.members.queries import find_link
from upline.orders.models import Order
from upline.site.asking import unit_of
from upline.site.rendering import page

_BLOCKED = lazy(
    "The office has blocked you. Once it lets you in again, ask for a link to set a new one."
)
_UNDONE: dict[str, str] = {
    ProtectedKind.EMAIL: lazy("Your e-mail address was changed back. All devices were signed out."),
    ProtectedKind.BANK: lazy("Your bank account was changed back. All devices were signed out."),
    ProtectedKind.PASSWORD: lazy("Your password no longer works, and all devices were signed out."),
    ProtectedKind.TRANSACTION_PASSWORD: lazy(
        "Your transaction password no longer works, and all devices were signed out."
    ),
}

page_methods = require_http_methods(["GET", "HEAD", "POST"])


class NewPassword(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=lazy("New password"),
        help_text=lazy("At least 8 characters. A few words in a row are easy to remember."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 8}),
        validators=[validate_password],
    )
    again = forms.CharField(
        label=lazy("Repeat the new password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = (normalised(cleaned.get(each, "")) for each in ("password", "again"))
        if first and first != second:
            self.add_error("again", gettext("The two passwords do not match."))
        return cleaned


class NewTransactionPassword(NewPassword):
    """The same, from somebody who knows the login password."""

    login_password = forms.CharField(
        label=lazy("Login password"),
        help_text=lazy("The password you sign in with."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("login_password", "password", "again")


@page_methods
@sensitive_post_parameters()
def login_password(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_password(request, LinkPurpose.LOGIN_PASSWORD, secret, gettext("Set a new password"))


@page_methods
@sensitive_post_parameters()
def transaction_password(request: HttpRequest, secret: str) -> HttpResponse:
    title = gettext("Set a new transaction password")
    form = NewTransactionPassword(request.POST or None, label_suffix="")

    def set_password(unit: UnitOfWork, purpose: LinkPurpose, secret: str, new: str) -> None:
        login = normalised(form.cleaned_data["login_password"])
        passwords.reset_transaction_password(unit, secret, login, new)

    return _set_password(
        request,
        LinkPurpose.TRANSACTION_PASSWORD,
        secret,
        title,
        set_password=set_password,
        then=(gettext("Continue to your money"), reverse("money")),
        form=form,
    )


@page_methods
@sensitive_post_parameters()
def staff_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_staff_password(
        request, LinkPurpose.STAFF_INVITATION, secret, gettext("Choose your password")
    )


@page_methods
@sensitive_post_parameters()
def staff_password(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_staff_password(
        request, LinkPurpose.STAFF_PASSWORD, secret, gettext("Choose a new password")
    )


@page_methods
def confirm_email(request: HttpRequest, secret: str) -> HttpResponse:
    title = gettext("Confirm your e-mail address")
    try:
        if request.method != "POST":
            link = find_link(secret, LinkPurpose.CONFIRM_EMAIL)
            told = gettext(
                "You confirm that mails for {username} can be sent to {email}.",
                username=link.user.username,
                email=link.email,
            )
            return _page(request, title, told=told, button=gettext("Confirm this address"))
        said = profiles.confirm_email(unit_of(request, Visitor()), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said=said)


@page_methods
def undo_change(request: HttpRequest, secret: str) -> HttpResponse:
    title = gettext("Undo a change")
    try:
        change = protecting.find(secret)
        if request.method != "POST":
            return _page(
                request, title, told=_what_undoes(change), button=gettext("Undo the change")
            )
        protecting.undo(unit_of(request, Visitor()), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    said = str(_UNDONE[change.kind])
    if change.kind in protecting.RESETS:
        sent = gettext("We have just mailed you a link to set a new one.")
        said = f"{said} {_BLOCKED if _is_blocked(change) else sent}"
    return _page(request, title, said=said)


@page_methods
def confirm_order(request: HttpRequest, secret: str) -> HttpResponse:
    title = gettext("Confirm your order")
    try:
        if request.method != "POST":
            told = _what_is_ordered(confirming.find(secret))
            return _page(request, title, told=told, button=gettext("Confirm this order"))
        confirming.confirm(unit_of(request, Visitor()), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said=gettext("Your order is confirmed and paid."))


def _what_is_ordered(order: Order) -> str:
    amount = markets.money(Money(order.total_amount, order.currency))
    parts = ("name", "address", "zip_code", "city", "phone")
    where = ", ".join(order.address[part] for part in parts if order.address.get(part))
    return gettext(
        "Order {number} for {amount} is sent to: {where}. It is paid from your shopping balance "
        "and the payments reserved for it.",
        number=order.number,
        amount=amount,
        where=where,
    )


def _what_undoes(change: ProtectedChange) -> str:
    user = change.member.user
    told = [_what_changes_back(change), gettext("All devices are signed out.")]
    if change.kind in protecting.RESETS:
        link = gettext("We send a link to set a new one to {email}.", email=user.email)
        told.append(str(_BLOCKED) if _is_blocked(change) else link)
    return " ".join(told)


def _what_changes_back(change: ProtectedChange) -> str:
    user = change.member.user
    if change.kind == ProtectedKind.EMAIL:
        sentence = gettext(
            "This changes the e-mail address of {username} back to {email}.",
            username=user.username,
            email=user.email,
        )
    elif change.kind == ProtectedKind.PASSWORD:
        sentence = gettext(
            "The current password of {username} stops working.", username=user.username
        )
    elif change.kind == ProtectedKind.TRANSACTION_PASSWORD:
        sentence = gettext(
            "The current transaction password of {username} stops working.", username=user.username
        )
    elif ending := _ending_before(change):
        sentence = gettext(
            "This changes the bank account of {username} back to the previous one, which ends in "
            "{ending}.",
            username=user.username,
            ending=ending,
        )
    else:
        sentence = gettext(
            "This changes the bank account of {username} back to what it was.",
            username=user.username,
        )
    return sentence


def _is_blocked(change: ProtectedChange) -> bool:
    return change.member.standing != Standing.ACTIVE


def _ending_before(change: ProtectedChange) -> str:
    sealed, key = change.before_sealed, wrapped_key_of(change.member_id)
    return profile.ending(profile.open_bank(change.member_id, sealed or None, key))


def _set_password(
    request: HttpRequest,
    purpose: LinkPurpose,
    secret: str,
    title: str,
    set_password: Callable[[UnitOfWork, LinkPurpose, str, str], None] = passwords.reset,
    told: str = lazy("This link is for the member {username}."),
    then: tuple[str, str] | None = None,
    form: NewPassword | None = None,
) -> HttpResponse:
    form = form or NewPassword(request.POST or None, label_suffix="")
    ask: dict[str, Any] = {"form": form, "button": gettext("Set password")}
    try:
        told = told.format(username=find_link(secret, purpose).user.username)
        if not form.is_valid():
            return _page(request, title, told=told, **ask)
        set_password(unit_of(request, Visitor()), purpose, secret, form.cleaned_data["password"])
    except CurrentPasswordWrong:
        form.add_error("login_password", gettext("This is not your login password."))
        return _page(request, title, told=told, **ask)
    except FieldsWrong as refusal:
        form.add_error("password", refusal.fields["password"])
        return _page(request, title, told=told, **ask)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said=gettext("Your password has been changed."), then=then)


def _set_staff_password(
    request: HttpRequest, purpose: LinkPurpose, secret: str, title: str
) -> HttpResponse:
    told = gettext("You are signing in to the office as {username}.")
    then = (gettext("Sign in"), reverse("admin:index"))
    return _set_password(request, purpose, secret, title, staff.choose_password, told, then)


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
    response = page(
        request,
        "site/link.html",
        status,
        title=title,
        told=told,
        form=form,
        button=button,
        said=said,
        then=then,
        outcome="good" if status < 400 else "bad",
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response
