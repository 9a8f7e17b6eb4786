"""What people fill in who join with a member's link."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from upline.base import countries, phones
from upline.base.passwords import normalised
from upline.company import current as company
from upline.flows.joining_by_link import Details
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.security.new_passwords import LEAST, MOST
from upline.office.fields import DayField, EmailField, LineField, NameField

PASSWORD = "password"  # noqa: S105 - a field's name
KEPT = ("firstname", "lastname", "email", "mobile", "date_of_birth", "username", "country")
"""What a draft keeps of the details: everything but the password."""
_MOST = 254


class PhoneField(LineField):
    """A phone number, as people write it."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not phones.is_possible(value):
            raise ValidationError(phones.WRONG)


def _text(autocomplete: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **more})


class DetailsForm(forms.Form):
    """Who somebody is. A customer is asked less; the country only where it chooses the market, the
    username only of members of a company that lets them choose. `needs_password` is False where
    their browser keeps the one that they have chosen before."""

    firstname = NameField(
        label=lazy("First name"), max_length=100, widget=_text("given-name", autocapitalize="words")
    )
    lastname = NameField(
        label=lazy("Last name"), max_length=100, widget=_text("family-name", autocapitalize="words")
    )
    email = EmailField(
        label=lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )
    mobile = PhoneField(
        label=lazy("Phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    date_of_birth = DayField(
        label=lazy("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    country = forms.TypedChoiceField(label=lazy("Country"), coerce=int)
    username = LineField(
        label=lazy("Username"),
        required=False,
        max_length=30,
        help_text=lazy("For signing in and for your own link. If it is empty, we make one."),
        widget=_text("username", autocapitalize="none", spellcheck="false"),
    )
    password = forms.CharField(
        label=lazy("Password"),
        max_length=MOST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self,
        typed: Mapping[str, str] | None = None,
        *,
        is_member: bool,
        needs_password: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(typed, label_suffix="", **more)
        self.is_member = is_member
        if not is_member:
            del self.fields["date_of_birth"]
        if not is_member or company.office().dynamic_usernames:
            del self.fields["username"]
        self._offer_countries()
        self._ask_for_password(needs_password)

    def _offer_countries(self) -> None:
        offered = _countries()
        if offered:
            choices = [("", gettext("Choose")), *offered]
            self.fields["country"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["country"]

    def _ask_for_password(self, needs_password: bool) -> None:
        field = self.fields[PASSWORD]
        field.required = needs_password
        field.help_text = (
            gettext("At least {least} characters. A few words in a row are easy to remember.",
                    least=LEAST)
            if needs_password
            else gettext("You have chosen one. Leave this empty to keep it.")
        )  # fmt: skip

    @property
    def password_typed(self) -> str:
        """In the one form in which passwords are judged and kept; '' where none was typed."""
        return normalised(self.cleaned_data.get(PASSWORD, ""))

    def details(self, hashed: str) -> Details:
        """What the form says; of one that is not valid, what can be read of it."""
        found: dict[str, Any] = self.cleaned_data
        born: date | None = found.get("date_of_birth")
        return Details(
            firstname=found.get("firstname", ""),
            lastname=found.get("lastname", ""),
            email=found.get("email", ""),
            mobile=found.get("mobile", ""),
            username=found.get("username", ""),
            hashed=hashed,
            date_of_birth=born,
            country_id=found.get("country"),
        )

    def refuse(self, wrong: Mapping[str, str]) -> None:
        """Show what a flow says of each field; of one that is not asked, above the form."""
        for name, sentence in wrong.items():
            self.add_error(name if name in self.fields else None, sentence)


def typed_of(sent: Mapping[str, str], names: Sequence[str] = KEPT) -> dict[str, str]:
    """What a draft keeps of a form that was sent, right or wrong."""
    return {name: str(sent[name])[:_MOST] for name in names if name in sent}


def _countries() -> list[tuple[str, str]]:
    """Where people can live who join; none where the company has one market."""
    every = markets.all_markets().values()
    if len(every) < 2:
        return []
    known = {each for market in every for each in market.countries}
    takes_all = any(not market.countries for market in every)
    return [
        (str(each.id), each.name)
        for each in countries.spoken().values()
        if takes_all or each.id in known
    ]


class AgreeForm(forms.Form):
    """The last step: how a starter pack is paid, and that one agrees to the terms."""

    way = forms.ChoiceField(label=lazy("How would you like to pay?"), widget=forms.RadioSelect)
    epin_code = LineField(
        label=lazy("E-pin"),
        required=False,
        max_length=40,
        widget=_text("off", autocapitalize="characters", spellcheck="false"),
    )
    agreed = forms.BooleanField(
        label=lazy("Terms"),
        error_messages={"required": lazy("You can join once you agree to the terms.")},
    )
    terms = forms.CharField(max_length=40, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    package = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(max_length=60, widget=forms.HiddenInput, required=False)
    total = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, typed: Mapping[str, str] | None = None, *, ways: Sequence[str], **more: Any
    ) -> None:
        super().__init__(typed, label_suffix="", **more)
        if ways:
            self.fields["way"].choices = [(each, each) for each in ways]  # type: ignore[attr-defined]
        else:
            del self.fields["way"]
        if "epin" not in ways:
            del self.fields["epin_code"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == "epin" and not cleaned.get("epin_code"):
            self.add_error("epin_code", gettext("Enter the code of the e-pin."))
        return cleaned
