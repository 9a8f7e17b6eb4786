"""Markets: their data, price lists, tax rates, exchange rates; moving a member to another one."""

from collections.abc import Mapping, Sequence
from typing import Any

import pycountry
from django import forms
from django.contrib import admin
from django.http import HttpRequest

from upline.base import countries
from upline.base.unit import UnitOfWork
from upline.catalog.actions import price_now
from upline.catalog.models import Package, Price
from upline.company import current as company
from upline.flows import changing_market, market_rates, selling
from upline.markets import actions
from upline.markets import current as markets
from upline.markets.models import Market, MarketRate, TaxClass, TaxRate
from upline.members.models import Member
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, TableBlock, TextBlock
from upline.office.desk import Desk
from upline.office.fields import (
    LineField,
    LinesField,
    NameField,
    PercentField,
    PointsField,
    UnitsField,
    reason_field,
)
from upline.screens import shown

_RATE_DECIMALS = 6
_RATES_SHOWN = 20


def _tax_classes() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in TaxClass.objects.all()]


def _countries() -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in countries.all_countries().values()]


class _CountriesField(forms.MultipleChoiceField):
    """Countries, as their ids in order."""

    def __init__(self) -> None:
        super().__init__(
            choices=_countries,
            required=False,
            help_text="Each country belongs to one market. New members and customers of these "
            "countries are in this market. Members whose address is in one of them cannot be moved "
            "to another market.",
        )

    def clean(self, value: Any) -> Any:
        return sorted(int(each) for each in super().clean(value))


class _DayField(forms.DateField):
    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], initial=company.today, **more)


class _RateField(UnitsField):
    """A rate, as millionths."""

    def __init__(self, **more: Any) -> None:
        super().__init__(decimals=lambda: _RATE_DECIMALS, most=market_rates.RATE_MAX, **more)


class MarketForm(ButtonForm):
    name = NameField(max_length=100)
    seller = NameField(max_length=100, label="Legal seller")
    seller_address = LinesField(required=False, rows=3, most=500, label="Address of the seller")
    seller_tax_number = LineField(max_length=40, required=False, label="Tax number of the seller")
    language = LineField(max_length=10, initial="en", help_text="A language tag, such as en or ja.")
    countries = _CountriesField()


class NewMarketForm(MarketForm):
    code = LineField(max_length=10, help_text="Your own code for it. Must be unique.")
    currency = LineField(
        max_length=3, help_text="ISO 4217, such as CHF. You cannot change it later."
    )
    exponent = forms.ChoiceField(
        choices=[(str(each), str(each)) for each in (0, 2, 3)], initial="2", label="Decimals",
        help_text="Of an amount in this currency.",
    )  # fmt: skip
    field_order = ("once", "code", "name", "currency", "exponent")

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if pycountry.currencies.get(alpha_3=code) is None:
            raise forms.ValidationError("Enter an ISO 4217 code of three letters, such as CHF.")
        return code


class TaxClassForm(ButtonForm):
    code = LineField(max_length=20, help_text="Your own code for it. Must be unique.")
    name = NameField(max_length=60)


class TaxRateForm(ButtonForm):
    tax_class = forms.ModelChoiceField(TaxClass.objects.all(), empty_label=None)
    rate = PercentField(label="Tax rate in %", help_text="Included in prices.")
    first_day = _DayField(help_text="Today or later. Orders keep the rate they were sold with.")


class RateForm(ButtonForm):
    per_unit = _RateField(label="One unit of the plan currency is worth")
    per_point = _RateField(
        required=False,
        label="One point is worth",
        help_text="Leave this empty to convert what the plan says a point is worth.",
    )
    first_day = _DayField(help_text="A day that no commission run has used.")


class PriceForm(ButtonForm):
    package = forms.ModelChoiceField(Package.objects.order_by("name"), empty_label=None)
    amount = UnitsField(decimals=lambda: 2, label="Price", help_text="Tax included.")
    member_amount = UnitsField(
        decimals=lambda: 2,
        required=False,
        label="Price for members",
        help_text="If members pay less. Leave this empty to let them pay the price.",
    )
    commissionable_value = UnitsField(decimals=lambda: 2)
    tax_class = forms.ChoiceField(
        choices=lambda: [(c.code, c.name) for c in TaxClass.objects.all()]
    )
    own_points = PointsField(
        required=False,
        label="Points (PV)",
        help_text="If they differ from those of the package.",
    )

    def __init__(self, thing: Market, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        for field in self.fields.values():
            if isinstance(field, UnitsField) and not isinstance(field, PointsField):
                field.decimals = lambda: thing.currency.exponent


class WithdrawForm(ButtonForm):
    package = forms.ModelChoiceField(Package.objects.order_by("name"), empty_label=None)


def _fields(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in actions.FIELDS}


def _open(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    selling.open_market(
        unit,
        currency=asked["currency"],
        exponent=int(asked["exponent"]),
        country_ids=asked["countries"],
        code=asked["code"],
        **_fields(asked),
    )
    return f"{asked['name']} was opened. Add its tax rates and prices next."


def _change(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    selling.change_market(unit, market.pk, asked["opened"], asked["countries"], **_fields(asked))
    return f"{asked['name']} was changed."


def _now(market: Market) -> Mapping[str, Any]:
    now: dict[str, Any] = {name: getattr(market, name) for name in actions.FIELDS}
    return now | {"countries": actions.countries_of(market.pk)}


def _add_tax_class(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    selling.add_tax_class(unit, asked["code"], asked["name"])
    return f"{asked['name']} was created. Add its rate in each market next."


def _add_tax_rate(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    tax_class, rate, day = asked["tax_class"], asked["rate"], asked["first_day"]
    market_rates.add_tax_rate(unit, market.pk, tax_class.pk, rate, day)
    return f"{tax_class} is {shown.percent(rate)} from {shown.day(day)}."


def _add_rate(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    day = asked["first_day"]
    market_rates.add_rate(unit, market.pk, asked["per_unit"], asked["per_point"], day)
    return f"The rate holds from {shown.day(day)}."


def _set_price(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    names = ("amount", "member_amount", "commissionable_value", "tax_class", "own_points")
    fields = {name: asked[name] for name in names}
    selling.set_price(unit, asked["package"].pk, market.pk, **fields)
    return f"{asked['package']} costs {_money(market, asked['amount'])} in {market}."


def _withdraw(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    selling.withdraw_price(unit, asked["package"].pk, market.pk)
    return f"{asked['package']} is not offered in {market} any more."


def _money(market: Market, minor: int) -> str:
    return markets.market(market.pk).money(minor)


def _has_rates(market: Market) -> bool:
    return str(market.currency_id) != company.current().currency


@admin.register(Market)
class MarketDesk(Desk):
    plural = "Markets"
    list_display = ("name", "code", "currency", "seller")
    ordering = ("id",)
    list_buttons = (
        Button(
            "new",
            "Open a market",
            selling.open_market,
            _open,
            "Its currency cannot change later. New members join the market of their sponsor; "
            "others are moved to it.",
            NewMarketForm,
        ),
        Button("tax-class", "New tax class", selling.add_tax_class, _add_tax_class,
               form=TaxClassForm),
    )  # fmt: skip
    buttons = (
        Button("edit", "Change market", selling.change_market, _change, form=MarketForm,
               initial=_now),
        Button("tax-rate", "Add tax rate", market_rates.add_tax_rate, _add_tax_rate,
               form=TaxRateForm),
        Button("rate", "Add exchange rate", market_rates.add_rate, _add_rate,
               "Commission runs use the rate of the last day of their period.", RateForm,
               fits=_has_rates),
        Button("withdraw", "Stop selling a package", selling.withdraw_price, _withdraw,
               "Nobody in this market can buy it any more.", WithdrawForm),
        Button("price", "Set a price", selling.set_price, _set_price,
               "Existing orders keep their price.", PriceForm, main=True),
    )  # fmt: skip

    def blocks(self, request: HttpRequest, thing: Market) -> Sequence[Block]:
        listed = ", ".join(map(countries.country_name, actions.countries_of(thing.pk)))
        rows = [
            ("Code", thing.code),
            ("Currency", f"{thing.currency}, {thing.currency.exponent} decimals"),
            ("Legal seller", thing.seller),
            ("Tax number of the seller", thing.seller_tax_number or shown.NOTHING),
            ("Language", thing.language),
            ("Countries", listed or shown.NOTHING),
            ("Members", f"{Member.objects.filter(market_id=thing.pk).count():,}"),
        ]
        return [
            FactsBlock("Market", rows),
            TextBlock("Address of the seller", thing.seller_address or shown.NOTHING),
            _price_list(thing),
            _tax_rates(thing),
            *([_rates(thing)] if _has_rates(thing) else []),
        ]


def _price_list(market: Market) -> TableBlock:
    found = Price.objects.filter(market=market).select_related("package", "tax_class")
    rows = [
        (shown.link("catalog_package", each.package_id, each.package), _money(market, each.amount),
         _money(market, each.amount if each.member_amount is None else each.member_amount),
         _money(market, each.commissionable_value), price_now(each)["tax_class"],
         shown.points(each.package.points if each.own_points is None else each.own_points))
        for each in found.order_by("package__name")
    ]  # fmt: skip
    heads = ("Package", "Price", "For members", "Commissionable value", "Tax class", "Points")
    return TableBlock("Price list", heads, rows)


def _tax_rates(market: Market) -> TableBlock:
    found = TaxRate.objects.filter(market=market).select_related("tax_class", "added_by")
    rows = [
        (each.tax_class.name, shown.percent(each.rate), shown.day(each.first_day),
         each.added_by or shown.NOTHING)
        for each in found[:_RATES_SHOWN]
    ]  # fmt: skip
    return TableBlock("Tax rates", ("Tax class", "Rate", "From", "Added by"), rows)


def _rates(market: Market) -> TableBlock:
    found = MarketRate.objects.filter(market=market).select_related("added_by")
    rows = [
        (_rate(each.per_unit), shown.NOTHING if each.per_point is None else _rate(each.per_point),
         shown.day(each.first_day), each.added_by or shown.NOTHING)
        for each in found[:_RATES_SHOWN]
    ]  # fmt: skip
    heads = (f"1 {company.current().currency} in {market.currency}", "1 point", "From", "Added by")
    return TableBlock("Exchange rates", heads, rows)


def _rate(millionths: int) -> str:
    return shown.rate(millionths)


class _MoveForm(ButtonForm):
    market = forms.ModelChoiceField(Market.objects.all(), empty_label=None)
    reason = reason_field(help_text="Kept for good, together with your name.")


def _move(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    made = changing_market.move(unit, member.pk, asked["market"].pk, asked["reason"])
    return f"{member} belongs to {made.after.name} now."


MOVE = Button(
    "market",
    "Move to another market",
    changing_market.move,
    _move,
    "From now on the member buys, earns and is paid in the currency of that market. Nothing of "
    "theirs may be open, and no money in another currency.",
    _MoveForm,
    fits=lambda _: len(markets.all_markets()) > 1,
)
