"""Markets: their data, price lists, tax rates, exchange rates; moving a member to another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from upline.base import countries
from upline.base.unit import UnitOfWork
from upline.catalog.actions import price_now
from upline.catalog.queries import price_list
from upline.company import current as company
from upline.flows import changing_market, market_rates, selling
from upline.language import gettext, lazy, ngettext
from upline.language.writing import whole
from upline.markets import actions
from upline.markets import current as markets
from upline.markets.models import Market, MarketRate, TaxRate
from upline.members.models import Member
from upline.office.buttons import Block, Button, FactsBlock, TableBlock, TextBlock
from upline.office.desk import Desk
from upline.office.market_forms import (
    CancelPriceForm,
    MarketForm,
    MoveForm,
    NewMarketForm,
    PriceForm,
    RateForm,
    TaxClassForm,
    TaxRateForm,
    WithdrawForm,
    coming_prices,
)
from upline.screens import shown

_RATES_SHOWN = 20


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
    return gettext("{name} was opened. Add its tax rates and prices next.", name=asked["name"])


def _change(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    selling.change_market(unit, market.pk, asked["opened"], asked["countries"], **_fields(asked))
    return gettext("{name} was changed.", name=asked["name"])


def _now(market: Market) -> Mapping[str, Any]:
    now: dict[str, Any] = {name: getattr(market, name) for name in actions.FIELDS}
    return now | {"countries": actions.countries_of(market.pk)}


def _add_tax_class(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    selling.add_tax_class(unit, asked["code"], asked["name"])
    return gettext("{name} was created. Add its rate in each market next.", name=asked["name"])


def _add_tax_rate(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    tax_class, rate, day = asked["tax_class"], asked["rate"], asked["first_day"]
    market_rates.add_tax_rate(unit, market.pk, tax_class.pk, rate, day)
    return gettext(
        "{tax_class} is {rate} from {day}.",
        tax_class=tax_class,
        rate=shown.percent(rate),
        day=shown.day(day),
    )


def _add_rate(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    day = asked["first_day"]
    market_rates.add_rate(unit, market.pk, asked["per_unit"], asked["per_point"], day)
    return gettext("The rate applies from {day}.", day=shown.day(day))


def _set_price(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    names = ("amount", "member_amount", "commissionable_value", "tax_class", "own_points")
    fields = {name: asked[name] for name in names}
    day = asked["first_day"]
    selling.set_price(unit, asked["package"].pk, market.pk, first_day=day, **fields)
    told = {
        "package": asked["package"],
        "price": _money(market, asked["amount"]),
        "market": market,
    }
    if day and day > company.today():
        return gettext(
            "{package} costs {price} in {market} from {day}.", day=shown.day(day), **told
        )
    return gettext("{package} costs {price} in {market}.", **told)


def _cancel_price(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    price = asked["price"]
    selling.cancel_price(unit, price.package_id, market.pk, price.first_day)
    return gettext(
        "{package} does not change its price on {day}.",
        package=price.package,
        day=shown.day(price.first_day),
    )


def _withdraw(unit: UnitOfWork, market: Market, asked: dict[str, Any]) -> str:
    selling.withdraw_price(unit, asked["package"].pk, market.pk)
    return gettext(
        "{package} is no longer sold in {market}.", package=asked["package"], market=market
    )


def _money(market: Market, minor: int) -> str:
    return markets.market(market.pk).money(minor)


def _has_rates(market: Market) -> bool:
    return str(market.currency_id) != company.current().plan_currency


@admin.register(Market)
class MarketDesk(Desk):
    plural = lazy("Markets")
    list_display = ("name", "code", "currency", "seller")
    ordering = ("id",)
    list_buttons = (
        Button(
            "new",
            lazy("Open a market"),
            selling.open_market,
            _open,
            lazy("Its currency cannot change later. New members join the market of their sponsor; "
            "others are moved to it."),
            NewMarketForm,
        ),
        Button("tax-class", lazy("New tax class"), selling.add_tax_class, _add_tax_class,
               form=TaxClassForm),
    )  # fmt: skip
    buttons = (
        Button("edit", lazy("Change market"), selling.change_market, _change, form=MarketForm,
               initial=_now),
        Button("tax-rate", lazy("Add tax rate"), market_rates.add_tax_rate, _add_tax_rate,
               form=TaxRateForm),
        Button("rate", lazy("Add exchange rate"), market_rates.add_rate, _add_rate,
               lazy("Commission runs use the rate of the last day of their period."), RateForm,
               fits=_has_rates),
        Button("withdraw", lazy("Stop selling a package"), selling.withdraw_price, _withdraw,
               lazy("Nobody in this market can buy it any more."), WithdrawForm),
        Button("cancel-price", lazy("Cancel a future price"), selling.cancel_price, _cancel_price,
               lazy("The price before it goes on."), CancelPriceForm,
               fits=lambda market: coming_prices(market).exists()),
        Button("price", lazy("Set a price"), selling.set_price, _set_price,
               lazy("Existing orders keep their price."), PriceForm, main=True),
    )  # fmt: skip

    def blocks(self, request: HttpRequest, thing: Market) -> Sequence[Block]:
        listed = ", ".join(map(countries.spoken_name, actions.countries_of(thing.pk)))
        rows = [
            (gettext("Code"), thing.code),
            (
                gettext("Currency"),
                ngettext(
                    "{currency}, {count} decimal",
                    "{currency}, {count} decimals",
                    thing.currency.exponent,
                    currency=thing.currency,
                ),
            ),
            (gettext("Legal seller"), thing.seller),
            (gettext("Tax number of the seller"), thing.seller_tax_number or shown.NOTHING),
            (gettext("Language"), thing.language),
            (gettext("Countries"), listed or shown.NOTHING),
            (gettext("Members"), whole(Member.objects.filter(market_id=thing.pk).count())),
        ]
        return [
            FactsBlock(gettext("Market"), rows),
            TextBlock(gettext("Address of the seller"), thing.seller_address or shown.NOTHING),
            _price_list(thing),
            _tax_rates(thing),
            *([_rates(thing)] if _has_rates(thing) else []),
        ]


def _price_list(market: Market) -> TableBlock:
    found, today = price_list(market_id=market.pk).select_related("package"), company.today()
    rows = [
        (shown.link("catalog_package", each.package_id, each.package), _money(market, each.amount),
         _money(market, each.amount if each.member_amount is None else each.member_amount),
         _money(market, each.commissionable_value), price_now(each)["tax_class"],
         shown.points(each.package.points if each.own_points is None else each.own_points),
         shown.day(each.first_day) if each.first_day > today else gettext("now"))
        for each in found.order_by("package__name", "first_day")
    ]  # fmt: skip
    heads = (
        gettext("Package"),
        gettext("Price"),
        gettext("For members"),
        gettext("Commissionable value"),
        gettext("Tax class"),
        gettext("Points"),
        gettext("From"),
    )
    return TableBlock(gettext("Price list"), heads, rows)


def _tax_rates(market: Market) -> TableBlock:
    found = TaxRate.objects.filter(market=market).select_related("tax_class", "added_by")
    rows = [
        (each.tax_class.name, shown.percent(each.rate), shown.day(each.first_day),
         each.added_by or shown.NOTHING)
        for each in found[:_RATES_SHOWN]
    ]  # fmt: skip
    return TableBlock(
        gettext("Tax rates"),
        (gettext("Tax class"), gettext("Rate"), gettext("From"), gettext("Added by")),
        rows,
    )


def _rates(market: Market) -> TableBlock:
    found = MarketRate.objects.filter(market=market).select_related("added_by")
    rows = [
        (_rate(each.per_unit), shown.NOTHING if each.per_point is None else _rate(each.per_point),
         shown.day(each.first_day), each.added_by or shown.NOTHING)
        for each in found[:_RATES_SHOWN]
    ]  # fmt: skip
    heads = (
        gettext(
            "1 {currency} in {other}",
            currency=company.current().plan_currency,
            other=market.currency,
        ),
        gettext("1 point"),
        gettext("From"),
        gettext("Added by"),
    )
    return TableBlock(gettext("Exchange rates"), heads, rows)


def _rate(millionths: int) -> str:
    return shown.rate(millionths)


def _move(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    made = changing_market.move(unit, member.pk, asked["market"].pk, asked["reason"])
    return gettext("{member} now belongs to {market}.", member=member, market=made.after.name)


MOVE = Button(
    "market",
    lazy("Move to another market"),
    changing_market.move,
    _move,
    lazy(
        "From now on the member buys, earns and is paid in the currency of that market. Nothing of "
        "theirs may be open, and no money in another currency."
    ),
    MoveForm,
    fits=lambda _: len(markets.all_markets()) > 1,
)
