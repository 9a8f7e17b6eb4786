"""What the markets are."""

from dataclasses import dataclass
from typing import NamedTuple

from upline.base import sql
from upline.base.amounts import grouped
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
        return f"{grouped(minor, self.exponent, company.office().decimal_mark)} {self.currency}"


class _Row(NamedTuple):
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
        _Row,
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
