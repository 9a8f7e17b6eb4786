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
from upline.base.errors import FieldsWrong, Refusal
from upline.base.passwords import normalised
from upline.base.unit import Unit
from upline.company import queries as company
from upline.flows import passwords, profiles, staff
from upline.members.queries import find_link

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


@page_methods
@sensitive_post_parameters()
def login_password(request: HttpRequest, secret: str) -> HttpResponse:
    return _set_password(request, "login_password", secret, "Set a new password")


@page_methods
@sensitive_post_parameters()
def transaction_password(request: HttpRequest, secret: str) -> HttpResponse:
    title = "Set a new transaction password"
    return _set_password(request, "transaction_password", secret, title)


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
        profiles.confirm_email(_unit(request), secret)
    except Refusal as refusal:
        return _page(request, title, said=refusal.sentence, status=refusal.status)
    return _page(request, title, said="Your e-mail address is confirmed.")


def _set_password(
    request: HttpRequest,
    purpose: str,
    secret: str,
    title: str,
    set_password: Callable[[Unit, str, str, str], None] = passwords.reset,
    told: str = "It is for the member {}.",
    then: tuple[str, str] | None = None,
) -> HttpResponse:
    form = NewPassword(request.POST or None, label_suffix="")
    try:
        told = told.format(find_link(secret, purpose).user.username)
        if not form.is_valid():
            return _page(request, title, told=told, form=form, button="Set the password")
        set_password(_unit(request), purpose, secret, form.cleaned_data["password"])
    except FieldsWrong as refusal:
        form.add_error("password", refusal.fields["password"])
        return _page(request, title, told=told, form=form, button="Set the password")
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
