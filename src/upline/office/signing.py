"""The part of a form in which a second person confirms a step with their own password, and with
their code where they have a second factor. Every page with such a step has the same."""

from django.http import HttpRequest

from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import office_door
from upline.flows.second_person import NotConfirmed
from upline.language import gettext, lazy
from upline.members.models import User
from upline.members.security import second_factor as factors
from upline.office.asking import SIGNATURE
from upline.office.fields import LineField, own_password_field
from upline.office.signing_in import ConfirmForm, UsedOnce, office_session, said


class Signature(ConfirmForm):
    """One's own password, and a code where one has a second factor; below what is confirmed."""

    current_password = own_password_field(label=lazy("Your password"))
    code = LineField(
        label=lazy("Code from your app"),
        max_length=20,
        help_text=lazy("If you have lost your app, enter one of your recovery codes instead."),
        widget=UsedOnce(attrs={"autocomplete": "one-time-code"}),
    )


class Signing:
    """The part on one page: `form` where the page has it, and the `problem` that the page begins
    with. What was typed elsewhere on the page stays as it is."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.problem = request, ""
        is_sent = f"{SIGNATURE}-current_password" in request.POST
        self.form: Signature | None = self._made(request.POST) if is_sent else None

    def ask(self, refusal: NotConfirmed | None = None) -> None:
        """Let the page have the part: from the start, or because the flow refused without it."""
        if refusal or self.form is None:
            self.form = self._made(None)
        if refusal:
            self.problem = refusal.sentence

    def is_done(self, unit: UnitOfWork) -> bool:
        """Whether the sender of the page may go on: they proved who they are, or were not asked.
        Wrong passwords and codes count as those of signing in do."""
        if self.form is None:
            return True
        user = self.request.user
        assert isinstance(user, User), "only staff get so far"
        self.problem = gettext("You have not confirmed this yet. Check your password below.")
        if not self.form.is_valid():
            return False
        password = self.form.cleaned_data["current_password"]
        code = self.form.cleaned_data.get("code", "")
        try:
            office_door.confirm(unit, user, password, code, office_session(self.request))
        except Refusal as refusal:
            if refusal.fields:
                self.form.refuse(refusal)
            else:
                self.problem = said(refusal)
            return False
        self.problem = ""
        return True

    def _made(self, typed: object) -> Signature:
        asks_code = factors.is_on(office_session(self.request).user_id)
        return Signature(typed, prefix=SIGNATURE, asks_code=asks_code)
