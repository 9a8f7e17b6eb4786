"""Making and changing markets, and adding what holds in them from a day on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError

from upline.base import audit, clock, countries, databases, edits, sql
from upline.base.errors import FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company.actions import raise_version
from upline.events import actions as events
from upline.language import gettext
from upline.markets.models import (
    Currency,
    Market,
    MarketCountry,
    MarketRate,
    TaxClass,
    TaxRate,
)

HOME = "HOME"
NO_TAX = "none"
FIELDS = ("name", "seller", "seller_address", "seller_tax_number", "language")
# The tax classes of a new company. Only the last has a rate from the start, of nothing.
_CLASSES = {"standard": "Standard rate", "reduced": "Reduced rate", NO_TAX: "No tax"}
_EVER = date(2000, 1, 1)


def found(*, currency: str, exponent: int, seller: str) -> Market:
    """Make the home market of a new company, and the tax classes."""
    for code, name in _CLASSES.items():
        TaxClass.objects.create(code=code, name=name)
    return _make(currency, exponent, code=HOME, name="Home market", seller=seller)


def create(
    unit: UnitOfWork, *, currency: str, exponent: int, country_ids: Iterable[int], **fields: str
) -> Market:
    """Open a market. `fields` are `code` and FIELDS. Raises FieldsWrong for a code in use, a
    country of another market, or other decimals than the currency has already."""
    market = _make(currency, exponent, **fields)
    _set_countries(market.pk, country_ids)
    facts: dict[str, Any] = {**fields, "currency": currency, "countries": sorted(country_ids)}
    data = {"market_id": market.pk, "currency": currency}
    events.record(unit, EventKind.MARKET_CREATED, _about(market), data, **facts)
    raise_version()
    return market


def change(
    unit: UnitOfWork,
    market_id: int,
    seen: Mapping[str, Any] | None,
    country_ids: Iterable[int],
    **fields: str,
) -> None:
    """Change a market from now on; its code and currency stay. `seen` is what a page showed of it.
    Raises FieldsWrong for a country of another market, ChangedMeanwhile."""
    market = Market.objects.select_for_update(no_key=True).get(pk=market_id)
    now: dict[str, Any] = {name: getattr(market, name) for name in fields}
    now["countries"] = countries_of(market_id)
    changed = edits.to_write(now, {**fields, "countries": sorted(country_ids)}, seen)
    written = [name for name in changed if name != "countries"]
    for name in written:
        setattr(market, name, changed[name])
    market.save(update_fields=written)
    if "countries" in changed:
        _set_countries(market_id, changed["countries"])
    changes = audit.changes(now, changed)
    data = {"market_id": market_id, "fields": sorted(changed)}
    events.record(unit, EventKind.MARKET_CHANGED, _about(market), data, changes=changes)
    raise_version()


def countries_of(market_id: int) -> list[int]:
    """The countries of a market, ISO 3166-1 numeric, in order."""
    found = MarketCountry.objects.filter(market_id=market_id)
    return list(found.order_by("country_id").values_list("country_id", flat=True))


def add_tax_class(unit: UnitOfWork, code: str, name: str) -> None:
    """A further tax class. Raises FieldsWrong for a code in use."""
    with sql.refused_as(
        FieldsWrong(fields={"code": gettext("Another tax class already has this code.")})
    ):
        made = TaxClass.objects.create(code=code, name=name)
    data = {"tax_class_id": made.pk}
    events.record(unit, EventKind.TAX_CLASS_CREATED, f"tax_class:{code}", data, name=name)


def add_tax_rate(
    unit: UnitOfWork, market_id: int, tax_class_id: int, rate: int, first_day: date
) -> None:
    """From a day on prices of a tax class contain this tax in a market, in basis points. Raises
    FieldsWrong where the commissionable value of a price would be more than the price without
    tax."""
    try:
        with databases.atomic():
            TaxRate.objects.create(
                market_id=market_id, tax_class_id=tax_class_id, rate=rate, **_added(unit, first_day)
            )
    except IntegrityError as error:
        if sql.violated(error) != "price_value_within_price":
            raise
        raise FieldsWrong(
            fields={
                "rate": gettext(
                    "At this rate, the price without tax of a package is less than its "
                    "commissionable value. Lower the commissionable value first."
                )
            }
        ) from error
    market = Market.objects.get(pk=market_id)
    tax_class = TaxClass.objects.get(pk=tax_class_id).code
    day = first_day.isoformat()
    events.record(
        unit,
        EventKind.MARKET_TAX_RATE_ADDED,
        _about(market),
        {"market_id": market_id, "tax_class_id": tax_class_id, "rate": rate, "first_day": day},
        tax_class=tax_class,
        tax_rate=rate,
        first_day=day,
    )


def add_rate(
    unit: UnitOfWork, market_id: int, per_unit: int, per_point: int | None, first_day: date
) -> None:
    """From a day on one unit of the plan currency, and one point, are worth so many millionths of
    a unit of a market's currency."""
    MarketRate.objects.create(
        market_id=market_id, per_unit=per_unit, per_point=per_point, **_added(unit, first_day)
    )
    market = Market.objects.get(pk=market_id)
    facts = {"per_unit": per_unit, "per_point": per_point, "first_day": first_day.isoformat()}
    data = {"market_id": market_id, **facts}
    events.record(unit, EventKind.MARKET_RATE_ADDED, _about(market), data, **facts)


def _added(unit: UnitOfWork, first_day: date) -> dict[str, Any]:
    return {"first_day": first_day, "added_at": clock.now(), "added_by_id": unit.actor_id}


def _about(market: Market) -> str:
    return f"market:{market.code}"


def _make(currency: str, exponent: int, **fields: str) -> Market:
    """A market without countries, where what has no tax has none from ever on."""
    known, _ = Currency.objects.get_or_create(code=currency, defaults={"exponent": exponent})
    if known.exponent != exponent:
        sentence = gettext(
            "Amounts in {currency} have {exponent} decimals.",
            currency=currency,
            exponent=known.exponent,
        )
        raise FieldsWrong(fields={"exponent": sentence})
    with sql.refused_as(
        FieldsWrong(fields={"code": gettext("Another market already has this code.")})
    ):
        market = Market.objects.create(currency=known, **fields)
    TaxRate.objects.create(
        market=market,
        tax_class=TaxClass.objects.get(code=NO_TAX),
        rate=0,
        first_day=_EVER,
        added_at=clock.now(),
    )
    return market


def _set_countries(market_id: int, country_ids: Iterable[int]) -> None:
    MarketCountry.objects.filter(market_id=market_id).delete()
    for country_id in sorted(country_ids):
        name = countries.spoken_name(country_id)
        sentence = gettext("{name} belongs to another market.", name=name)
        with sql.refused_as(FieldsWrong(fields={"countries": sentence})):
            MarketCountry.objects.create(country_id=country_id, market_id=market_id)
