"""One's own login: password, second factor, and the browsers in which one is signed in."""

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from upline.base.errors import Refusal
from upline.company import current as company
from upline.flows import office_door, own_account, second_factor, staff
from upline.language import gettext, lazy
from upline.language.loading import installed, own_name
from upline.members.models import OfficeSession, User
from upline.members.security import second_factor as factors
from upline.members.security import sessions
from upline.office.asking import unit_of
from upline.office.browsers import name_of
from upline.office.fields import LineField, own_password_field
from upline.office.signing_in import (
    CodeForm,
    ConfirmPage,
    UsedOnce,
    confirmed,
    office_session,
    open_session,
    remember_device,
    said,
)
from upline.screens import shown

View = Callable[..., HttpResponseBase]
_TITLE = lazy("Your account")


class AppCodeForm(CodeForm):
    """The first code of an app that was just given its secret."""

    code = LineField(
        label=lazy("Code from your app"),
        max_length=20,
        widget=UsedOnce(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class OwnPassword(PasswordChangeForm):
    """The current password, and a new one twice."""

    old_password = own_password_field(label=lazy("Current password"), autofocus=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        again = self.fields["new_password2"]
        again.label, again.help_text = gettext("Repeat the new password"), ""

    def clean_old_password(self) -> str:
        """The view looks at it once the rest is right, under the limit on wrong logins."""
        return str(self.cleaned_data["old_password"])


class ChangeOwnPassword(PasswordChangeView):
    """The page where staff change their own password."""

    form_class = OwnPassword
    success_url = reverse_lazy("admin:account")
    title = lazy("Change password")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label_suffix": ""}

    def form_valid(self, form: Any) -> HttpResponse:
        current, new = form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
        try:
            staff.change_own_password(unit_of(self.request), form.user.pk, current, new)
        except Refusal as refusal:
            if "new_password" in refusal.fields:
                form.add_error("new_password1", refusal.fields["new_password"])
            else:
                wrong = refusal.fields.get("current_password", said(refusal))
                form.add_error("old_password", wrong)
            return self.form_invalid(form)
        form.user.refresh_from_db()
        open_session(self.request, form.user)
        messages.success(self.request, gettext("Your password has been changed."))
        return remember_device(redirect(self.get_success_url()), form.user)


def pages(inside: Callable[[Any], Any]) -> list[URLPattern]:
    """The addresses of this page and what it leads to."""
    views: list[tuple[str, str, View]] = [
        ("account/", "account", account),
        ("account/confirm/", "confirm", confirm),
        ("account/second-factor/", "second_factor", set_up),
        ("account/second-factor/begin/", "second_factor_begin", begin),
        ("account/recovery-codes/", "recovery_codes", new_recovery_codes),
        ("account/second-factor/off/", "second_factor_off", turn_off),
        ("account/own-member/", "own_member", own_member),
        ("account/language/", "language", choose_language),
        ("account/sign-out/", "sign_out_of", sign_out_of),
        ("account/sign-out-elsewhere/", "sign_out_elsewhere", sign_out_elsewhere),
    ]
    return [path(address, inside(view), name=name) for address, name, view in views]


def account(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    here = office_session(request)
    return _page(
        request,
        "office/account.html",
        title=_TITLE,
        list_address="",
        email=user.email or shown.NOTHING,
        own_member=user.own_member,
        language=user.language,
        languages=[(tag, own_name(tag)) for tag in installed()],
        is_on=factors.is_on(user.pk),
        is_demanded=company.office().staff_second_factor,
        codes_remaining=factors.recovery_codes_remaining(user.pk),
        sessions=[_told(each, here) for each in sessions.of(user.pk)],
    )


def own_member(request: HttpRequest) -> HttpResponse:
    """The form in which staff name their own member account."""
    if request.method == "POST":
        try:
            own_account.name_own_member(unit_of(request), request.POST.get("username", "").strip())
            messages.success(request, gettext("Your own member account is noted."))
        except Refusal as refusal:
            messages.error(request, said(refusal))
    return redirect("admin:account")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    try:
        own_account.choose_language(unit_of(request), request.POST.get("language", ""))
    except Refusal as refusal:
        messages.error(request, said(refusal))
    return redirect("admin:account")


def confirm(request: HttpRequest) -> HttpResponseBase:
    return ConfirmPage.as_view()(request)


def set_up(request: HttpRequest) -> HttpResponse:
    """What the app is given, and the form that asks for its first code; before that, a button
    that begins."""
    user = _user(request)
    if factors.is_on(user.pk):
        return redirect("admin:account")
    if leads := confirmed(request):
        return leads
    form = AppCodeForm(request.POST or None)
    if form.is_valid() and (done := _confirm_app(request, form)):
        return done
    return _show_secret(request, user, form)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make the secret."""
    if leads := confirmed(request, reverse("admin:second_factor")):
        return leads
    try:
        second_factor.begin(unit_of(request), _user(request).pk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("admin:second_factor")


def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if leads := confirmed(request):
        return leads
    if not factors.is_on(user.pk):
        return redirect("admin:account")
    if request.method != "POST":
        return _ask(
            request,
            gettext("Make new recovery codes"),
            gettext("The codes you have now stop working."),
        )
    return _show_codes(request, second_factor.new_recovery_codes(unit_of(request), user.pk))


def turn_off(request: HttpRequest) -> HttpResponse:
    if leads := confirmed(request):
        return leads
    if request.method != "POST":
        says = gettext("After this, you sign in with your password alone.")
        return _ask(request, gettext("Turn off second factor"), says, grave=True)
    try:
        second_factor.turn_off(unit_of(request), _user(request).pk)
        messages.success(request, gettext("Your second factor is off."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("admin:account")


@require_POST
def sign_out_of(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("session", "")
    if chosen.isdecimal():
        office_door.sign_out_of(unit_of(request), _user(request).pk, int(chosen))
    messages.success(request, gettext("That browser is signed out."))
    return redirect("admin:account")


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    office_door.sign_out_elsewhere(unit_of(request), office_session(request))
    messages.success(request, gettext("Every other browser is signed out."))
    return redirect("admin:account")


def _confirm_app(request: HttpRequest, form: AppCodeForm) -> HttpResponse | None:
    here, code = office_session(request), form.cleaned_data["code"]
    try:
        codes = second_factor.confirm(unit_of(request), _user(request).pk, code, here)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return _show_codes(request, codes, says=gettext("Your second factor is on."))


def _show_secret(request: HttpRequest, user: User, form: AppCodeForm) -> HttpResponse:
    secret = factors.pending_secret(user.pk)
    context: dict[str, Any] = {
        "title": gettext("Set up a second factor"),
        "is_demanded": company.office().staff_second_factor,
        "form": form,
    }
    if secret:
        address = factors.app_address(user.username, secret, company.current().name)
        context |= {"qr": _qr(address), "secret": _in_fours(secret), "address": address}
    return _page(request, "office/second_factor.html", **context)


def _show_codes(request: HttpRequest, codes: list[str], says: str = "") -> HttpResponse:
    return _page(
        request,
        "office/recovery_codes.html",
        title=gettext("Recovery codes"),
        codes=codes,
        says=says,
    )


def _ask(request: HttpRequest, label: str, says: str, *, grave: bool = False) -> HttpResponse:
    """A page with one button."""
    button = {"label": label, "says": says, "grave": grave}
    return _page(
        request, "office/press.html", title=label, button=button, form=forms.Form(),
        home=reverse("admin:account"),
    )  # fmt: skip


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    request.current_app = admin.site.name
    above = {"list_title": _TITLE, "list_address": reverse("admin:account")}
    return TemplateResponse(request, template, admin.site.each_context(request) | above | context)


def _told(session: OfficeSession, here: OfficeSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "browser": name_of(session.browser),
        "address": session.address,
        "signed_in": shown.moment(session.signed_in_at),
        "seen": shown.moment(session.last_seen_at),
        "is_here": session.pk == here.pk,
    }


def _qr(address: str) -> SafeString:
    """A picture of paths only, which our content security policy lets stand in the page."""
    return mark_safe(  # noqa: S308 (drawn here, from no text of anybody's)
        segno.make(address, error="m").svg_inline(
            border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
        )
    )


def _in_fours(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
