"""Form fields that the office's pages share."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from upline.base import clock
from upline.base.amounts import POINT_DECIMALS, UNITS_MAX, as_text
from upline.base.errors import Refusal
from upline.company import queries as company
from upline.members.queries import find_member


class UnitsField(forms.DecimalField):
    """A decimal to whoever types it, an integer of the smallest unit to the code. `places`
    says how many decimals a unit has."""

    def __init__(self, *, places: Callable[[], int], least: int = 0, **more: Any) -> None:
        self.places, self.least = places, least
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else self._units(found)

    def _units(self, found: Decimal) -> int:
        units = found.scaleb(self.places())
        if units != units.to_integral_value():
            raise ValidationError(f"This may have at most {self.places()} decimal places.")
        if not self.least <= units <= UNITS_MAX:
            low = "This must be above zero." if self.least else "This cannot be negative."
            raise ValidationError(low if units < self.least else "This is too much.")
        return int(units)

    def prepare_value(self, value: Any) -> Any:
        """What was stored is an integer; what somebody typed is shown as they typed it."""
        return as_text(value, self.places()) if isinstance(value, int) else value


class MoneyField(UnitsField):
    """An amount in the company's currency, as minor units."""

    def __init__(self, **more: Any) -> None:
        super().__init__(places=lambda: company.current().exponent, **more)


class PointsField(UnitsField):
    """Points, as hundredths."""

    def __init__(self, **more: Any) -> None:
        super().__init__(places=lambda: POINT_DECIMALS, **more)


class PercentField(UnitsField):
    """A percentage up to 100, as basis points."""

    def __init__(self, **more: Any) -> None:
        super().__init__(places=lambda: 2, max_value=100, **more)


class MemberField(forms.CharField):
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


class LastDayField(forms.DateField):
    """A day to come; becomes its end, the midnight after it in the company's time zone."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **more)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        end = _end_of(day)
        if end <= clock.now():
            raise ValidationError("This day is over.")
        return end


def _end_of(day: date) -> datetime:
    zone = company.current().time_zone
    return datetime.combine(day + timedelta(days=1), time(), zone)


def reason_field(**more: Any) -> forms.CharField:
    """Why somebody does this; kept for good."""
    more.setdefault("label", "Reason")
    return forms.CharField(max_length=300, **more)


def new_password_field(**more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(max_length=128, strip=False, widget=widget, **more)
