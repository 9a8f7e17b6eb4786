"""Form fields that the office's pages share."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from upline.base import clock, letters
from upline.base.amounts import (
    POINT_DECIMALS,
    UNITS_MAX,
    NotAnAmount,
    as_read,
    as_typed,
    grouped,
)
from upline.base.errors import Refusal
from upline.company import current as company
from upline.language import gettext, lazy
from upline.markets import current as markets
from upline.members.queries import find_member
from upline.members.security.new_passwords import MOST
from upline.screens.shown import NOTHING

HUNDRED_PERCENT = 10_000


class _Seen:
    """Before a text field: its text as `read` cleans it, or what is wrong with it."""

    read = staticmethod(letters.cleaned)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)  # type: ignore[misc]
        try:
            return self.read(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class LineField(_Seen, forms.CharField):
    """One line of text that a reader sees (base/letters.py)."""


class NameField(LineField):
    """What somebody or something is called: it has a letter or a digit of some script."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not letters.has_letter(value):
            raise ValidationError(letters.NOT_SEEN)


class EmailField(_Seen, forms.EmailField):
    """An e-mail address, as long as the database keeps one."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=254, **more)


class LinesField(_Seen, forms.CharField):
    """Some lines of text that a reader sees."""

    read = staticmethod(letters.cleaned_lines)

    def __init__(self, *, rows: int = 4, most: int = 5000, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=most, **more)


class _PlainDigits:
    """Before a field of digits: only those that every door reads, 0 to 9."""

    error_messages: dict[str, Any]

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and ("_" in value or not value.isascii()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)  # type: ignore[misc]


class WholeField(_PlainDigits, forms.IntegerField):
    """A whole number."""


class UnitsField(forms.CharField):
    """A decimal to whoever types it, as `base.amounts.as_read` takes it; an integer of the
    smallest unit to the code. `decimals` says how many decimals a unit has, `least` and `most`
    count smallest units."""

    def __init__(
        self, *, decimals: Callable[[], int], least: int = 0, most: int = UNITS_MAX, **more: Any
    ) -> None:
        self.decimals, self.least, self.most = decimals, least, most
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self._units(typed) if typed else None

    def _units(self, typed: str) -> int:
        mark = company.office().decimal_mark
        try:
            units = as_read(typed, self.decimals(), mark)
        except NotAnAmount as error:
            raise ValidationError(str(error)) from error
        if units < self.least:
            raise ValidationError(
                gettext("This must be above zero.")
                if self.least
                else gettext("This cannot be negative.")
            )
        if units > self.most:
            most = grouped(self.most, self.decimals(), mark)
            raise ValidationError(gettext("This is too much: at most {most}.", most=most))
        return units

    def prepare_value(self, value: Any) -> Any:
        """What was stored is an integer; what somebody typed is shown as they typed it."""
        is_stored = isinstance(value, int)
        return (
            as_typed(value, self.decimals(), company.office().decimal_mark) if is_stored else value
        )


class MoneyField(UnitsField):
    """An amount as minor units, in the currency of the home market unless another one is named."""

    def __init__(self, **more: Any) -> None:
        super().__init__(decimals=lambda: markets.home().exponent, **more)


def currency_of(amount: forms.Field, currency: str) -> None:
    """An amount's field takes this currency from now on."""
    assert isinstance(amount, MoneyField), "only amounts have a currency"
    amount.decimals = lambda: markets.decimals_of(currency)


def in_currency(amount: forms.Field, currency: str) -> None:
    """The same, and its label says which one where there are several."""
    currency_of(amount, currency)
    if len(markets.currencies()) > 1:
        amount.label = f"{amount.label} ({currency})"


class PointsField(UnitsField):
    """Points, as hundredths."""

    def __init__(self, **more: Any) -> None:
        super().__init__(decimals=lambda: POINT_DECIMALS, **more)


class PercentField(UnitsField):
    """A percentage up to 100, as basis points."""

    def __init__(self, **more: Any) -> None:
        super().__init__(decimals=lambda: 2, most=HUNDRED_PERCENT, **more)


class MemberField(LineField):
    """A member's username; becomes the member's id, or None where nothing was typed."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=150, **more)

    def clean(self, value: Any) -> Any:
        username = super().clean(value)
        if not username:
            return None
        try:
            return find_member(username, "").member_id
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal


class DayField(_PlainDigits, forms.DateField):
    """A day, which a browser offers to choose in a calendar."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **more)


class LastDayField(DayField):
    """A day to come; becomes its end, the midnight after it in the company's time zone."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        end = _end_of(day)
        if end <= clock.now():
            raise ValidationError(gettext("This day is over."))
        return end


def _end_of(day: date) -> datetime:
    zone = company.current().time_zone
    return datetime.combine(day + timedelta(days=1), time(), zone)


def reason_field(**more: Any) -> LineField:
    """Why somebody does this; kept for good."""
    more.setdefault("label", lazy("Reason"))
    return LineField(max_length=300, **more)


def own_password_field(label: str, **attrs: Any) -> forms.CharField:
    """The password that somebody has, as they type it: nothing is dropped."""
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password", **attrs})
    return forms.CharField(label=label, strip=False, max_length=MOST, widget=widget)


def said(field: forms.Field, value: Any) -> str:
    """What a field holds, in words: for sentences and for what a change is from and to."""
    if isinstance(field, forms.FileField):
        return gettext("another file") if value else NOTHING
    if isinstance(field, forms.BooleanField):
        return gettext("on") if value else gettext("off")
    if isinstance(field, forms.ModelMultipleChoiceField):
        chosen = field.queryset.filter(pk__in=value) if field.queryset is not None else ()
        return _listed([field.label_from_instance(each) for each in chosen])
    if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
        labels = {str(word): str(label) for word, label in list(field.choices)}  # type: ignore[arg-type]
        words = value if isinstance(value, (list, tuple)) else [value]
        return _listed([labels.get(str(word), str(word)) for word in words])
    if isinstance(value, (list, tuple)):
        return _listed(list(map(str, value)))
    shown = field.prepare_value(value)
    return NOTHING if shown in (None, "") else str(shown)


def _listed(words: list[str]) -> str:
    return ", ".join(words) or NOTHING
