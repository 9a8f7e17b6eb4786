"""Members sign in and out of the portal, and ask for a link where they forgot their password."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from upline.base.actors import Visitor
from upline.base.errors import Refusal
from upline.base.passwords import normalised
from upline.flows import passwords, signing_in
from upline.flows.signing_in import LetIn
from upline.language import gettext, lazy
from upline.members.actions import TOKEN_SECONDS
from upline.members.queries import find_owner_of_address
from upline.members.security.devices import DEVICE_SECONDS
from upline.portal.visiting import COOKIE
from upline.site.asking import unit_of
from upline.site.rendering import page

DEVICE_COOKIE = f"{COOKIE}-device"
_CREDENTIALS = {"autocapitalize": "none", "spellcheck": "false"}


class MemberSignIn(forms.Form):
    """Username or e-mail address, and the login password."""

    name = forms.CharField(
        label=lazy("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs=_CREDENTIALS | {"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class Forgot(forms.Form):
    """Who wants a link mailed."""

    name = forms.CharField(
        label=lazy("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs=_CREDENTIALS | {"autocomplete": "username"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """`/sign-in/`, with the page to go on to in `next`."""
    form = MemberSignIn(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            return let_in(_then(request), _checked(request, form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    return _page(request, "portal/sign_in.html", gettext("Sign in"), form, next=_then(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser, which stays a known device."""
    signing_in.sign_out(unit_of(request, Visitor()), request.COOKIES.get(COOKIE, ""))
    response = redirect("sign-in")
    response.delete_cookie(COOKIE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """`/sign-in/forgot/`: has a link mailed, and tells nobody who is a member."""
    form = Forgot(request.POST or None, label_suffix="")
    is_done = request.method == "POST" and form.is_valid()
    if is_done:
        passwords.forget_login_password(unit_of(request, Visitor()), form.cleaned_data["name"])
    title = gettext("Forgot your password?")
    return _page(request, "portal/forgot.html", title, form, is_done=is_done)


def _checked(request: HttpRequest, typed: dict[str, str]) -> LetIn:
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    name, password = _username(typed["name"]), normalised(typed["password"])
    return signing_in.sign_in(unit_of(request, Visitor()), None, name, password, device)


def _username(typed: str) -> str:
    """An address stands for a member whose address it is."""
    found = find_owner_of_address(typed) if "@" in typed else None
    return found.username if found else typed


def let_in(to: str, known: LetIn) -> HttpResponse:
    """Lead to a page as somebody who has just been let in."""
    response = redirect(to)
    kept: dict[str, Any] = {"secure": settings.HTTPS, "httponly": True}
    response.set_cookie(COOKIE, known.access_token, max_age=TOKEN_SECONDS, samesite="Lax", **kept)
    response.set_cookie(
        DEVICE_COOKIE, known.device_token, max_age=DEVICE_SECONDS, samesite="Strict", **kept
    )
    return response


def _then(request: HttpRequest) -> str:
    """Where to go on to: a page of this host, else Home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours and asked.startswith("/") else reverse("home")


def _page(
    request: HttpRequest, template: str, title: str, form: forms.Form, **facts: Any
) -> HttpResponse:
    response = page(request, template, title=title, form=form, **facts)
    response["Cache-Control"] = "no-store"
    return response
