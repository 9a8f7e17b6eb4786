"""What the markets are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from upline.base import sql
from upline.base.amounts import Money, written
from upline.company import current as company


@dataclass(frozen=True)
class MarketFacts:
    """A market with its currency. `exponent` is the currency's decimals; `seller` the legal
    seller; `countries` are ISO 3166-1 numeric."""

    id: int
    code: str
    name: str
    currency: str
    exponent: int
    seller: str
    language: str
    countries: tuple[int, ...]

    def money(self, minor: int) -> str:
        """An amount for people: `123450` is `1,234.50 EUR` where a unit has two decimals,
        or `1.234,50 EUR`."""
        money = Money(minor, self.currency)
        return written(money, self.exponent, company.office().decimal_mark)


class _MarketRow(NamedTuple):
    """A market with its currency's decimals, and its countries."""

    id: int
    code: str
    name: str
    currency: str
    exponent: int
    seller: str
    language: str
    countries: list[int]


def load_markets() -> dict[int, MarketFacts]:
    """All markets by id from the database, the home market first."""
    found = sql.rows(
        _MarketRow,
        """SELECT market.id, market.code, market.name, market.currency, currency.exponent,
                  market.seller, market.language,
                  ARRAY(SELECT country_id FROM markets_marketcountry
                        WHERE market_id = market.id ORDER BY country_id) AS countries
           FROM markets_market market
           JOIN markets_currency currency ON currency.code = market.currency
           ORDER BY market.id""",
    )
    return {
        row.id: MarketFacts(**{**row._asdict(), "countries": tuple(row.countries)}) for row in found
    }


def tax_rate_on(market_id: int, tax_class_id: int, day: date) -> int | None:
    """The tax contained in prices of a tax class in a market on a day, in basis points; None
    before its first rate."""
    statement = "SELECT markets_tax_rate(%s::smallint, %s::smallint, %s)"
    return sql.value(int, statement, [market_id, tax_class_id, day])


def highest_tax_rate(market_id: int, tax_class_id: int) -> int | None:
    """What prices of a tax class must bear in a market: its rate of today, in basis points, or a
    higher one of a later day that is known. None before its first rate."""
    statement = "SELECT markets_highest_tax_rate(%s::smallint, %s::smallint)"
    return sql.value(int, statement, [market_id, tax_class_id])


class PlanRate(NamedTuple):
    """What one unit of the plan currency, and one point, are worth in a market from a day on, in
    millionths of a unit of its currency. `per_point` None: what the plan says, times `per_unit`."""

    first_day: date
    per_unit: int
    per_point: int | None


def rate_on(market_id: int, day: date, *, but_by: Sequence[int] = ()) -> PlanRate | None:
    """The rate that holds in a market on a day; None before its first one. Rates that the staff
    users `but_by` have added are passed over."""
    return sql.one(
        PlanRate,
        """SELECT first_day, per_unit, per_point FROM markets_marketrate
           WHERE market_id = %s AND first_day <= %s
             AND (added_by_id IS NULL OR added_by_id <> ALL (%s::bigint[]))
           ORDER BY first_day DESC, id DESC LIMIT 1""",
        [market_id, day, list(but_by)],
    )


class RateOfDay(NamedTuple):
    """A market with its currency and the rate that holds on a day; None before its first one."""

    market_id: int
    code: str
    currency: str
    exponent: int
    per_unit: int | None
    per_point: int | None


def rates_on(day: date) -> list[RateOfDay]:
    """All markets by id with the rates that hold on a day."""
    return sql.rows(
        RateOfDay,
        """SELECT market.id AS market_id, market.code, market.currency, currency.exponent,
                  rate.per_unit, rate.per_point
           FROM markets_market market JOIN markets_currency currency
                ON currency.code = market.currency
           LEFT JOIN LATERAL (
               SELECT per_unit, per_point FROM markets_marketrate
               WHERE market_id = market.id AND first_day <= %s
               ORDER BY first_day DESC, id DESC LIMIT 1) rate ON true
           ORDER BY market.id""",
        [day],
    )
