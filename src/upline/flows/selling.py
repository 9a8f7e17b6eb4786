"""Where the company sells: its markets, and what a package costs in each."""

from collections.abc import Iterable, Mapping
from datetime import date

from upline.base.unit import UnitOfWork
from upline.catalog import actions as catalog
from upline.flows.permissions import Right, needs
from upline.markets import actions as markets


@needs(Right.CREATE_MARKETS)
def open_market(
    unit: UnitOfWork,
    /,
    *,
    currency: str,
    exponent: int,
    country_ids: Iterable[int],
    **fields: str,
) -> int:
    """Open a market; `fields` are its code, name, seller, seller_address, seller_tax_number and
    language. Returns its id. Raises FieldsWrong."""
    return unit.commit(
        lambda: (
            markets.create(
                unit, currency=currency, exponent=exponent, country_ids=list(country_ids), **fields
            ).pk
        )
    )


@needs(Right.CHANGE_MARKETS)
def change_market(
    unit: UnitOfWork,
    /,
    market_id: int,
    seen: Mapping[str, object] | None,
    country_ids: Iterable[int],
    **fields: str,
) -> None:
    """Change a market; its code and currency stay. Raises FieldsWrong, ChangedMeanwhile."""
    unit.commit(lambda: markets.change(unit, market_id, seen, list(country_ids), **fields))


@needs(Right.CHANGE_MARKETS)
def add_tax_class(unit: UnitOfWork, code: str, name: str) -> None:
    """A further tax class. Raises FieldsWrong for a code in use."""
    unit.commit(lambda: markets.add_tax_class(unit, code, name))


@needs(Right.CHANGE_PACKAGES)
def set_price(
    unit: UnitOfWork,
    /,
    package_id: int,
    market_id: int,
    seen: Mapping[str, object] | None = None,
    first_day: date | None = None,
    **fields: object,
) -> None:
    """Offer a package in a market at this price: amount, member_amount, commissionable_value,
    tax_class (a code), own_points. It holds from now on, or from `first_day` on. Raises
    FieldsWrong, ChangedMeanwhile."""
    unit.commit(lambda: catalog.set_price(unit, package_id, market_id, seen, first_day, **fields))


@needs(Right.CHANGE_PACKAGES)
def cancel_price(unit: UnitOfWork, package_id: int, market_id: int, first_day: date) -> None:
    """Drop a price that was to begin on a later day. Raises Conflict."""
    unit.commit(lambda: catalog.cancel_price(unit, package_id, market_id, first_day))


@needs(Right.CHANGE_PACKAGES)
def withdraw_price(unit: UnitOfWork, package_id: int, market_id: int) -> None:
    """Offer a package in a market no more. Raises Conflict where it is not offered there."""
    unit.commit(lambda: catalog.withdraw(unit, package_id, market_id))
