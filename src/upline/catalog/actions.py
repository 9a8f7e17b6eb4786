"""Changing what the company sells. Orders keep what they were made with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from upline.base import audit, edits, sql
from upline.base.amounts import UNITS_MAX
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package, PackageKind, Price, contained_tax
from upline.company import current as company
from upline.company.models import PlanKind
from upline.events import actions as events
from upline.language import gettext
from upline.markets import current as markets
from upline.markets.models import TaxClass
from upline.markets.queries import MarketFacts, highest_tax_rate
from upline.pictures import actions as pictures
from upline.pictures.actions import Drawn

# What the audit log calls amounts that are not of the home market.
_AUDITED = {
    "amount": "price",
    "member_amount": "price_for_members",
    "commissionable_value": "value_for_commissions",
}
PRICE_FIELDS = ("amount", "member_amount", "commissionable_value", "tax_class", "own_points")


def create(unit: UnitOfWork, picture: Drawn | None, **fields: Any) -> Package:
    """Offer a new package in the home market; `fields` are columns of the package and of its price
    there, money in minor units, points in hundredths, `tax_class` a code.

    Raises FieldsWrong for a code in use, a tax class without a rate, or more commissionable value
    than the price without tax."""
    priced, columns = _parted(fields)
    package = Package(**columns)
    price = Price(market_id=markets.home().id)
    _price(price, priced)
    _save(package, picture)
    price.package = package
    price.save()
    about = f"package:{package.code}"
    data = {"package_id": package.pk, "fields": sorted(fields)}
    facts = {"currency": markets.home().currency, "picture": picture is not None, **fields}
    events.record(unit, EventKind.PACKAGE_CREATED, about, data, **facts)
    return package


def change(
    unit: UnitOfWork,
    package_id: int,
    picture: Drawn | None,
    seen: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Change a package and its price in the home market from now on; `picture` None keeps the one
    it has. `seen` is what a page showed of it before: what was left as it was is not written.
    Raises as `create`, and ChangedMeanwhile."""
    package = Package.objects.select_for_update(no_key=True).get(pk=package_id)
    if picture is not None and seen is not None and seen.get("picture") != package.picture_id:
        raise edits.ChangedMeanwhile({"picture": package.picture_id})
    price = _price_of(package_id, markets.home(), company.today())
    package.figures = figures_of(package)
    known = price_now(price) | {name: getattr(package, name) for name in _parted(fields)[1]}
    now = {name: known[name] for name in fields}
    changed = edits.to_write(now, fields, seen)
    priced, columns = _parted(changed)
    for name, value in columns.items():
        setattr(package, name, value)
    if priced:
        _price(price, {**price_now(price), **priced})
        price.save()
    _save(package, picture)
    events.record(
        unit,
        EventKind.PACKAGE_CHANGED,
        f"package:{package.code}",
        {"package_id": package.pk, "fields": sorted(changed)},
        picture=picture is not None,
        changes=audit.changes(now, changed),
    )


def set_price(
    unit: UnitOfWork,
    package_id: int,
    market_id: int,
    seen: Mapping[str, Any] | None = None,
    first_day: date | None = None,
    **fields: Any,
) -> None:
    """Offer a package in a market at this price from now on, or from `first_day`, which is today or
    later. Raises FieldsWrong as `create` and for a day that is over, ChangedMeanwhile."""
    package = Package.objects.select_for_update(no_key=True).get(pk=package_id)
    today = company.today()
    if first_day is not None and first_day < today:
        raise FieldsWrong(fields={"first_day": gettext("Enter today or a later day.")})
    market, begins = markets.market(market_id), first_day if first_day != today else None
    now = price_now(_price_of(package_id, market, begins or today))
    changed = edits.to_write({name: now[name] for name in fields}, fields, seen)
    price = _price_of(package_id, market, begins or today)
    if begins is not None and price.first_day != begins:
        # The one before holds until then.
        price = Price(package_id=package_id, market_id=market_id, first_day=begins)
    _price(price, {**now, **changed})
    price.save()
    _note(unit, package, price.market_id, now, changed, begins)


def withdraw(unit: UnitOfWork, package_id: int, market_id: int) -> None:
    """Stop offering a package in a market, now and from the days of prices to come. Raises Conflict
    where it is not offered there."""
    package = Package.objects.select_for_update(no_key=True).get(pk=package_id)
    prices = Price.objects.filter(package_id=package_id, market_id=market_id)
    if not prices:
        raise Conflict(gettext("The package is not offered in this market."))
    before = price_now(_price_of(package_id, markets.market(market_id), company.today()))
    prices.delete()
    _note(unit, package, market_id, before, dict.fromkeys(before))


def cancel_price(unit: UnitOfWork, package_id: int, market_id: int, first_day: date) -> None:
    """Cancel the price that was to begin on this day; the one before it goes on. Raises Conflict
    where there is none, or its day has come."""
    package = Package.objects.select_for_update(no_key=True).get(pk=package_id)
    price = (
        Price.objects.select_related("tax_class")
        .filter(package_id=package_id, market_id=market_id, first_day=first_day)
        .filter(first_day__gt=company.today())
        .first()
    )
    if price is None:
        raise Conflict(gettext("No price of the package is to begin on this day."))
    cancelled = price_now(price)
    price.delete()
    after = price_now(_price_of(package_id, markets.market(market_id), first_day))
    _note(unit, package, market_id, cancelled, after, first_day)


def price_now(price: Price) -> dict[str, Any]:
    """The fields of a price, its tax class by code; None each where there is no price yet."""
    found = {name: getattr(price, name) for name in PRICE_FIELDS if name != "tax_class"}
    return found | {"tax_class": price.tax_class.code if price.tax_class_id else None}


def _parted(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is of the price, and what is of the package itself."""
    priced = {name: value for name, value in fields.items() if name in PRICE_FIELDS}
    return priced, {name: value for name, value in fields.items() if name not in PRICE_FIELDS}


def _price_of(package_id: int, market: MarketFacts, day: date) -> Price:
    """A package's price in a market on a day; one yet to be saved where it has none then."""
    found = Price.objects.select_related("tax_class").filter(
        package_id=package_id, market_id=market.id, first_day__lte=day
    )
    return found.order_by("-first_day").first() or Price(package_id=package_id, market_id=market.id)


def _price(price: Price, fields: Mapping[str, Any]) -> None:
    """Set a price, unsaved. Raises FieldsWrong."""
    market = markets.market(price.market_id)
    for name, value in fields.items():
        if name != "tax_class":
            setattr(price, name, value)
    tax_class = TaxClass.objects.filter(code=fields.get("tax_class")).first()
    if price.amount is None:
        raise FieldsWrong(
            fields={"amount": gettext("Enter the price in {name}.", name=market.name)}
        )
    if tax_class is None:
        raise FieldsWrong(fields={"tax_class": gettext("Choose a tax class.")})
    price.tax_class = tax_class
    rate = highest_tax_rate(price.market_id, tax_class.pk)
    if rate is None:
        sentence = gettext(
            "{name} has no tax rate in {market} yet: add it there first.",
            name=tax_class.name,
            market=market.name,
        )
        raise FieldsWrong(fields={"tax_class": sentence})
    paid = price.amount if price.member_amount is None else price.member_amount
    if paid > price.amount:
        raise FieldsWrong(
            fields={"member_amount": gettext("Members cannot pay more than the price.")}
        )
    net = paid - contained_tax(paid, rate)
    if price.commissionable_value is None or price.commissionable_value > net:
        sentence = gettext("The price without tax is only {amount}.", amount=market.money(net))
        raise FieldsWrong(fields={"commissionable_value": sentence})


def figures_of(package: Package) -> list[int]:
    """A package's further figures, in hundredths: one for each name that the company has."""
    missing = len(company.office().order_figures) - len(package.figures)
    return [*package.figures, *[0] * missing]


def _check_figures(package: Package) -> None:
    """Raises FieldsWrong for an order type that is not in the company's list, or figures that it
    has no names for."""
    office, wrong = company.office(), {}
    if package.order_type not in office.order_types:
        wrong["order_type"] = gettext(
            "Choose one of these: {types}.", types=", ".join(office.order_types)
        )
    named = len(office.order_figures)
    if len(package.figures) > named:
        wrong["figures"] = gettext("The company has names for {named} figures.", named=named)
    elif any(not 0 <= figure <= UNITS_MAX for figure in package.figures):
        wrong["figures"] = gettext("A figure cannot be negative or that large.")
    if wrong:
        raise FieldsWrong(fields=wrong)


def _check_position(package: Package) -> None:
    """Raises FieldsWrong for a package that cannot open a position."""
    if not package.opens_position:
        return
    sentence = ""
    if package.kind != PackageKind.CART:
        sentence = gettext("Only a cart package can open a position.")
    elif company.current().plan_kind != PlanKind.BINARY:
        sentence = gettext("Only a binary company has members with several positions.")
    if sentence:
        raise FieldsWrong(fields={"opens_position": sentence})


def _save(package: Package, picture: Drawn | None) -> None:
    _check_figures(package)
    _check_position(package)
    before = package.picture
    if picture is not None:
        package.picture = pictures.keep(picture)
    with sql.refused_as(
        FieldsWrong(fields={"code": gettext("Another package already has this code.")})
    ):
        package.save()
    if picture is not None and before is not None:
        before.delete()


def _note(
    unit: UnitOfWork,
    package: Package,
    market_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    first_day: date | None = None,
) -> None:
    """In the audit log, amounts with their currency; `first_day` None is now."""
    market = markets.market(market_id)

    def said(fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            _AUDITED.get(name, name): market.money(value)
            if name in _AUDITED and value is not None
            else value
            for name, value in fields.items()
        }

    fields = sorted(name for name in after if after[name] != before[name])
    day = first_day.isoformat() if first_day else ""
    data = {"package_id": package.pk, "market_id": market_id, "fields": fields, "first_day": day}
    about, kind = f"package:{package.code}", EventKind.PACKAGE_PRICE_CHANGED
    changes = audit.changes(said(before), said(after))
    since = {"since": day} if day else {}
    events.record(unit, kind, about, data, market=market.code, changes=changes, **since)
