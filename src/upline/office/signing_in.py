"""The office's door: the password, the code of a second factor, and proving it again inside."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from upline.base import clock
from upline.base.errors import Refusal
from upline.base.network import address_of
from upline.flows import office_door, staff
from upline.language import gettext, lazy
from upline.members.models import OfficeSession, User
from upline.members.security import devices, sessions
from upline.members.security import second_factor as factors
from upline.office.asking import unit_of
from upline.office.fields import LineField, own_password_field

BACKEND = "django.contrib.auth.backends.ModelBackend"
DEVICE_COOKIE = "__Host-office-device" if settings.HTTPS else "office-device"
# Between the password and the code, in the session of somebody who is not inside yet.
_HALF_WAY = "half_way"
_HALF_WAY_SECONDS = 300


class SignIn(AdminAuthenticationForm):
    """Username and password of a staff user."""

    username = LineField(
        label=lazy("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = own_password_field(label=lazy("Password"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        name, password = (self.cleaned_data.get(each, "") for each in ("username", "password"))
        if name and password:
            try:
                unit = unit_of(self.request)
                token = self.request.COOKIES.get(DEVICE_COOKIE, "")
                self.user_cache = office_door.check_password(
                    unit, name, password, device_token=token
                )
            except Refusal as refusal:
                raise ValidationError(said(refusal)) from refusal
        return self.cleaned_data


class PasswordPage(LoginView):
    """Leads inside, or on to the page that asks for a code."""

    form_class = SignIn
    template_name = "admin/login.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        more |= admin.site.each_context(self.request) | {"title": gettext("Sign in")}
        return super().get_context_data(**more)

    def form_valid(self, form: Any) -> HttpResponse:
        return after_password(
            self.request, form.get_user(), self.get_success_url(), self.get_redirect_url()
        )


def after_password(request: HttpRequest, user: User, to: str, then: str = "") -> HttpResponse:
    """Let in somebody who has entered the right password: to the page `to`, or, where they have a
    second factor, to the one that asks for a code and leads on to `then`."""
    if not factors.is_on(user.pk):
        return _let_in(request, user, to)
    request.session[_HALF_WAY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": clock.now().timestamp(),
    }
    return redirect(_with_next(reverse("admin:login_code"), then))


class UsedOnce(forms.TextInput):
    """What was sent is not shown again: the next code is another one."""

    def format_value(self, value: Any) -> str | None:
        return None


class CodeForm(forms.Form):
    """A code from the app, or a recovery code."""

    code = LineField(
        label=lazy("Code from your app"),
        max_length=20,
        help_text=lazy("If you have lost your app, enter one of your recovery codes instead."),
        widget=UsedOnce(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})

    def refuse(self, refusal: Refusal) -> None:
        """Show why, beside the field that it is about."""
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            self.add_error(None, said(refusal))


class ConfirmForm(CodeForm):
    """One's own password, and a code where one has a second factor."""

    current_password = own_password_field(label=lazy("Your password"), autofocus=True)
    field_order = ("current_password", "code")

    def __init__(self, *args: Any, asks_code: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not asks_code:
            del self.fields["code"]


@method_decorator((sensitive_post_parameters(), never_cache), name="dispatch")
class _Asking(RedirectURLMixin, FormView):  # type: ignore[type-arg]
    """A page with one form, which leads to `next` once it is right."""

    template_name = "office/door.html"
    next_page = "admin:index"
    title = ""
    says = ""
    button = ""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        more |= admin.site.each_context(self.request)
        more |= {"title": self.title, "says": self.says, "button": self.button}
        return super().get_context_data(next=self.get_redirect_url(), **more)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.act(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            return self.form_invalid(form)

    def act(self, asked: dict[str, Any]) -> HttpResponse:
        raise NotImplementedError


class CodePage(_Asking):
    """After the right password, for five minutes."""

    form_class = CodeForm
    title = lazy("Enter your code")
    says = lazy("Open the authenticator app on your phone.")
    button = lazy("Sign in")

    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> Any:
        self.user = _half_way(request)
        if self.user is None:
            return redirect(_with_next(reverse("admin:login"), self.get_redirect_url()))
        return super().dispatch(request, *args, **more)

    def act(self, asked: dict[str, Any]) -> HttpResponse:
        assert self.user is not None
        token = self.request.COOKIES.get(DEVICE_COOKIE, "")
        office_door.check_code(unit_of(self.request), self.user, asked["code"], token)
        return _let_in(self.request, self.user, self.get_success_url())


class ForgotForm(forms.Form):
    username = LineField(
        label=lazy("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class ForgotPage(_Asking):
    """Has a link mailed, and tells nobody who is staff."""

    form_class = ForgotForm
    title = lazy("Forgot your password?")
    says = lazy(
        "Enter your username or your e-mail address. You get a mail with a link to "
        "choose a new password."
    )
    button = lazy("Send the link")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label_suffix": ""}

    def act(self, asked: dict[str, Any]) -> HttpResponse:
        staff.forget_password(unit_of(self.request), asked["username"])
        self.says = gettext(
            "If this belongs to a staff user with an e-mail address, the mail is on its way."
        )
        return self.render_to_response(self.get_context_data(form=None, is_done=True))


class ConfirmPage(_Asking):
    """Proving again who one is, before something grave."""

    form_class = ConfirmForm
    title = lazy("Confirm that it is you")
    says = lazy(
        "What you are about to open needs your password once more. You are not asked again for "
        "{minutes} minutes.",
        minutes=sessions.CONFIRMED_MINUTES,
    )
    button = lazy("Confirm")
    template_name = "office/confirm.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        asks_code = factors.is_on(office_session(self.request).user_id)
        return super().get_form_kwargs() | {"asks_code": asks_code}

    def act(self, asked: dict[str, Any]) -> HttpResponse:
        user, here = self.request.user, office_session(self.request)
        assert isinstance(user, User)
        code = asked.get("code", "")
        office_door.confirm(unit_of(self.request), user, asked["current_password"], code, here)
        return redirect(self.get_success_url())


def look_at_session(request: HttpRequest) -> None:
    """Sign a person out whose session has ended, or was idle for too long."""
    if not request.user.is_authenticated:
        return
    key = request.session.session_key or ""
    session = sessions.living(key, request.user.pk)
    if session is None:
        logout(request)
    request.office_session = session  # type: ignore[attr-defined]


def office_session(request: HttpRequest) -> OfficeSession:
    """The session of a person who is signed in."""
    found = request.office_session  # type: ignore[attr-defined]
    assert isinstance(found, OfficeSession)
    return found


def confirmed(request: HttpRequest, then: str = "") -> HttpResponse | None:
    """None where the person proved lately who they are; else what leads to proving it, and
    from there to `then`, or back here."""
    if sessions.is_confirmed(office_session(request)):
        return None
    return redirect(_with_next(reverse("admin:confirm"), then or request.get_full_path()))


def said(refusal: Refusal) -> str:
    """Its sentence, and when it is worth another try."""
    if refusal.retry_after is None:
        return refusal.sentence
    minutes = -(-refusal.retry_after // 60)
    return gettext(
        "{sentence} It is worth a try in {minutes} min.", sentence=refusal.sentence, minutes=minutes
    )


def open_session(request: HttpRequest, user: User) -> None:
    """Sign a person in, in a fresh session, whatever key the browser came with."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    key = request.session.session_key
    assert key
    sessions.begin(key, user.pk, request.headers.get("User-Agent", ""), address_of(request))


def _let_in(request: HttpRequest, user: User, to: str) -> HttpResponse:
    office_door.enter(unit_of(request), user)
    open_session(request, user)
    return remember_device(redirect(to), user)


def remember_device(response: HttpResponse, user: User) -> HttpResponse:
    """From now on this browser is a known device of `user`, who has just shown their password,
    and the code of a second factor where they have one."""
    response.set_cookie(
        DEVICE_COOKIE,
        devices.token_for(user.pk, user.password, factors.on_since(user.pk)),
        max_age=devices.DEVICE_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


def _half_way(request: HttpRequest) -> User | None:
    """The person who entered the right password less than five minutes ago, unless it was changed
    since."""
    found = request.session.get(_HALF_WAY)
    if not found or clock.now().timestamp() - found["at"] > _HALF_WAY_SECONDS:
        return None
    user = User.objects.filter(pk=found["user"], is_staff=True, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), found["hash"]):
        return None
    return user


def _with_next(address: str, to: str) -> str:
    return f"{address}?{urlencode({'next': to})}" if to else address
