"""The demo company's second market: Switzerland and Liechtenstein, in francs, sold by a company of
their own."""

from typing import Any

from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.company.queries import load_company
from upline.company.settings import IN_CURRENCY
from upline.demo import catalogue
from upline.demo.people import COUNTRIES, SWITZERLAND
from upline.flows import configuring, market_rates, selling
from upline.markets import current as markets
from upline.markets.models import Market, TaxClass

CODE, CURRENCY = "CH", "CHF"
# It shares the francs and the tax of Switzerland.
_LIECHTENSTEIN = 438
# Value added tax since 2024, in basis points.
_TAX_RATES = {"standard": 810, "reduced": 260}
_PAYOUT_MINIMUM = 2000


def settle_home(staff: UnitOfWork) -> None:
    """The home market has all countries of the demo's people but Switzerland."""
    countries = [each.id for each in COUNTRIES if each.id != SWITZERLAND]
    selling.change_market(staff, markets.home().id, None, countries)


def open_market(staff: UnitOfWork) -> dict[str, Offer]:
    """Open it: tax rates from today on, a price for each package, amounts in settings. Its
    exchange rate is added apart. Returns the packages as it offers them, by their codes."""
    market_id = selling.open_market(
        staff,
        currency=CURRENCY,
        exponent=2,
        country_ids=[SWITZERLAND, _LIECHTENSTEIN],
        code=CODE,
        name="Switzerland",
        seller="Tillwater Home (Schweiz) GmbH",
        seller_address="Sennhüttenweg 4, 8005 Zürich",
        seller_tax_number="CHE-999.999.996 MWST",
        language="de",
    )
    # The building sees the company as it was bound: without this market.
    company.bind(load_company())
    for tax_class in TaxClass.objects.filter(code__in=_TAX_RATES).order_by("pk"):
        market_rates.add_tax_rate(
            staff, market_id, tax_class.pk, _TAX_RATES[tax_class.code], company.today()
        )
    _set_prices(staff, market_id)
    amounts: dict[str, Any] = {
        f"signup_fee{IN_CURRENCY}{CURRENCY}": catalogue.SIGNUP_FEE,
        f"payout_minimum{IN_CURRENCY}{CURRENCY}": _PAYOUT_MINIMUM,
    }
    configuring.change_settings(staff, **amounts)
    company.bind(load_company())
    return catalogue.offers_in(market_id)


def _set_prices(staff: UnitOfWork, market_id: int) -> None:
    for package in Package.objects.filter(code__in=catalogue.IN_FRANCS).order_by("pk"):
        amount = catalogue.IN_FRANCS[package.code]
        selling.set_price(
            staff,
            package.pk,
            market_id,
            amount=amount,
            member_amount=None,
            commissionable_value=catalogue.without_tax(amount, _TAX_RATES[catalogue.TAX_CLASS]),
            tax_class=catalogue.TAX_CLASS,
            own_points=None,
        )


def add_rate(staff: UnitOfWork, per_unit: int) -> None:
    """From today on a euro is worth so many millionths of a franc."""
    market = Market.objects.get(code=CODE)
    market_rates.add_rate(staff, market.pk, per_unit, None, company.today())
