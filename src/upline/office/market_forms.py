"""What the buttons of markets ask for."""

from typing import Any

import pycountry
from django import forms
from django.db.models import QuerySet

from upline.base import countries
from upline.catalog.models import Package, Price
from upline.catalog.queries import price_list
from upline.company import current as company
from upline.flows import market_rates
from upline.language import gettext, lazy
from upline.language.writing import day
from upline.markets.models import Market, TaxClass
from upline.office.buttons import ButtonForm
from upline.office.fields import (
    DayField,
    LineField,
    LinesField,
    NameField,
    PercentField,
    PointsField,
    UnitsField,
    reason_field,
)

_RATE_DECIMALS = 6


def _tax_classes() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in TaxClass.objects.all()]


def _countries() -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in countries.spoken().values()]


class _CountriesField(forms.MultipleChoiceField):
    """Countries, as their ids in order."""

    def __init__(self) -> None:
        super().__init__(
            choices=_countries,
            required=False,
            label=lazy("Countries"),
            help_text=lazy(
                "Each country belongs to one market. New members and customers of these countries "
                "are in this market. Members whose address is in one of them cannot be moved to "
                "another market."
            ),
        )

    def clean(self, value: Any) -> Any:
        return sorted(int(each) for each in super().clean(value))


class _RateField(UnitsField):
    """A rate, as millionths."""

    def __init__(self, **more: Any) -> None:
        super().__init__(decimals=lambda: _RATE_DECIMALS, most=market_rates.RATE_MAX, **more)


def _package_field() -> forms.Field:
    return forms.ModelChoiceField(
        Package.objects.order_by("name"), empty_label=None, label=lazy("Package")
    )


class MarketForm(ButtonForm):
    name = NameField(max_length=100, label=lazy("Name"))
    seller = NameField(max_length=100, label=lazy("Legal seller"))
    seller_address = LinesField(
        required=False, rows=3, most=500, label=lazy("Address of the seller")
    )
    seller_tax_number = LineField(
        max_length=40, required=False, label=lazy("Tax number of the seller")
    )
    language = LineField(
        max_length=10,
        initial="en",
        label=lazy("Language"),
        help_text=lazy("A language tag, such as en or ja."),
    )
    countries = _CountriesField()


class NewMarketForm(MarketForm):
    code = LineField(
        max_length=10,
        label=lazy("Code"),
        help_text=lazy("Your own code for it. Must be unique."),
    )
    currency = LineField(
        max_length=3,
        label=lazy("Currency"),
        help_text=lazy("ISO 4217, such as CHF. You cannot change it later."),
    )
    exponent = forms.ChoiceField(
        choices=[(str(each), str(each)) for each in (0, 2, 3)], initial="2", label=lazy("Decimals"),
        help_text=lazy("Of an amount in this currency."),
    )  # fmt: skip
    field_order = ("once", "code", "name", "currency", "exponent")

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if pycountry.currencies.get(alpha_3=code) is None:
            raise forms.ValidationError(
                gettext("Enter an ISO 4217 code of three letters, such as CHF.")
            )
        return code


class TaxClassForm(ButtonForm):
    code = LineField(
        max_length=20,
        label=lazy("Code"),
        help_text=lazy("Your own code for it. Must be unique."),
    )
    name = NameField(max_length=60, label=lazy("Name"))


class TaxRateForm(ButtonForm):
    tax_class = forms.ModelChoiceField(
        TaxClass.objects.all(), empty_label=None, label=lazy("Tax class")
    )
    rate = PercentField(label=lazy("Tax rate in %"), help_text=lazy("Included in prices."))
    first_day = DayField(
        initial=company.today,
        label=lazy("First day"),
        help_text=lazy("Today or later. Orders keep the rate they were sold with."),
    )


class RateForm(ButtonForm):
    per_unit = _RateField(label=lazy("One unit of the plan currency is worth"))
    per_point = _RateField(
        required=False,
        label=lazy("One point is worth"),
        help_text=lazy("Leave this empty to convert what the plan says a point is worth."),
    )
    first_day = DayField(
        initial=company.today,
        label=lazy("First day"),
        help_text=lazy("A day that no commission run has used."),
    )


class PriceForm(ButtonForm):
    package = _package_field()
    amount = UnitsField(decimals=lambda: 2, label=lazy("Price"), help_text=lazy("Tax included."))
    member_amount = UnitsField(
        decimals=lambda: 2,
        required=False,
        label=lazy("Price for members"),
        help_text=lazy("If members pay less. Leave this empty to let them pay the price."),
    )
    commissionable_value = UnitsField(decimals=lambda: 2, label=lazy("Commissionable value"))
    tax_class = forms.ChoiceField(choices=_tax_classes, label=lazy("Tax class"))
    own_points = PointsField(
        required=False,
        label=lazy("Points (PV)"),
        help_text=lazy("If they differ from those of the package."),
    )

    first_day = DayField(
        required=False,
        initial=company.today,
        label=lazy("From"),
        help_text=lazy("Today, or the day on which the price begins."),
    )

    def __init__(self, thing: Market, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        for field in self.fields.values():
            if isinstance(field, UnitsField) and not isinstance(field, PointsField):
                field.decimals = lambda: thing.currency.exponent


def coming_prices(market: Market) -> QuerySet[Price]:
    """The prices of a market that have not begun yet."""
    found = price_list(market_id=market.pk).filter(first_day__gt=company.today())
    return found.select_related("package")


class CancelPriceForm(ButtonForm):
    price = forms.ModelChoiceField(
        Price.objects.none(), empty_label=None, label=lazy("Future price")
    )

    def __init__(self, thing: Market, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        chosen: Any = self.fields["price"]
        chosen.queryset = coming_prices(thing)
        chosen.label_from_instance = lambda price: gettext(
            "{price} from {day}", price=price.package, day=day(price.first_day)
        )


class WithdrawForm(ButtonForm):
    package = _package_field()


class MoveForm(ButtonForm):
    market = forms.ModelChoiceField(Market.objects.all(), empty_label=None, label=lazy("Market"))
    reason = reason_field(help_text=lazy("Kept for good, together with your name."))
