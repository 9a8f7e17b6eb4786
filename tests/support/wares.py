"""Packages, put on sale in the home market without the office."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.logged import PACKAGE, TAX, logged


def put_on_sale(code: str, amount: int, **columns: Any) -> Any:
    """A package, and its price in the home market: `commissionable_value`, and `tax_class` by its
    code. What is not named is nothing."""
    from upline.catalog.models import Package

    priced = {name: columns.pop(name) for name in ("commissionable_value", "tax_class")
              if name in columns}  # fmt: skip
    with logged(PACKAGE):
        package = Package.objects.create(code=code, **{"points": 0, **columns})
        _price(package, amount, **priced)
    return package


def _price(
    package: Any, amount: int, commissionable_value: int = 0, tax_class: str = "none"
) -> None:
    from upline.catalog.models import Price
    from upline.markets import current as markets
    from upline.markets.models import TaxClass

    Price.objects.create(
        package=package,
        market_id=markets.home().id,
        amount=amount,
        commissionable_value=commissionable_value,
        tax_class=TaxClass.objects.get(code=tax_class),
    )


def price_of(package_id: int) -> Any:
    """Its row in the home market's price list, as a query; what changes it is `logged`."""
    from upline.catalog.models import Price
    from upline.markets import current as markets

    return Price.objects.filter(package_id=package_id, market_id=markets.home().id)


def offer_of(package_id: int) -> Any:
    """What the home market offers of it."""
    from upline.catalog import queries
    from upline.markets import current as markets

    return queries.find(markets.home().id, package_id)


def set_tax_rate(tax_class: str, rate: int) -> None:
    """In the home market, from long ago on; in basis points."""
    from datetime import date

    from upline.base import clock
    from upline.markets import current as markets
    from upline.markets.models import TaxClass, TaxRate

    with logged(TAX):
        TaxRate.objects.create(
            market_id=markets.home().id,
            tax_class=TaxClass.objects.get(code=tax_class),
            rate=rate,
            first_day=date(2001, 1, 1),
            added_at=clock.now(),
        )


@pytest.fixture
def changed() -> Iterator[Callable[..., None]]:
    """Change a package, or its price, for one test: `changed("tea", amount=550)`."""
    from upline.catalog.models import Package

    kept: list[tuple[Any, dict[str, Any]]] = []

    def change(name: str, **columns: Any) -> None:
        package = Package.objects.filter(name=name.title())
        for found in (package, price_of(package.get().pk)):
            named = {field.name for field in found.model._meta.fields}
            own = {column: value for column, value in columns.items() if column in named}
            if own:
                kept.append((found, found.values(*own).get()))
                with logged(PACKAGE):
                    found.update(**own)

    yield change
    for found, columns in reversed(kept):
        with logged(PACKAGE):
            found.update(**columns)
