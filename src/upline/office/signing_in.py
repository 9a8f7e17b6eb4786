"""The office's door: the API's limits on wrong passwords hold here too."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from upline.base.errors import Refusal
from upline.flows import staff
from upline.office.asking import unit_of


class SignIn(AdminAuthenticationForm):
    """Username and password of a staff user."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        name, password = (self.cleaned_data.get(each, "") for each in ("username", "password"))
        if name and password:
            try:
                self.user_cache = staff.sign_in(unit_of(self.request), name, password)
            except Refusal as refusal:
                raise ValidationError(said(refusal)) from refusal
        return self.cleaned_data


class OwnPassword(PasswordChangeForm):
    """The current password, and a new one twice."""

    def clean_old_password(self) -> str:
        """The view looks at it once the rest is right, under the limit on wrong logins."""
        return str(self.cleaned_data["old_password"])


class ChangeOwnPassword(PasswordChangeView):
    """The page where staff change their own password."""

    form_class = OwnPassword
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"label_suffix": ""}

    def form_valid(self, form: Any) -> HttpResponse:
        current, new = form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
        unit = unit_of(self.request)
        try:
            staff.change_own_password(unit, form.user.get_username(), current, new)
        except Refusal as refusal:
            form.add_error("old_password", refusal.fields.get("current_password", said(refusal)))
            return self.form_invalid(form)
        form.user.refresh_from_db()
        update_session_auth_hash(self.request, form.user)
        return redirect(self.get_success_url())


def said(refusal: Refusal) -> str:
    """Its sentence, and when it is worth another try."""
    if refusal.retry_after is None:
        return refusal.sentence
    minutes = -(-refusal.retry_after // 60)
    return f"{refusal.sentence} It is worth a try in {minutes} min."
