"""Random markets: currencies of other decimals, rates that change, points that are worth more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from plans.companies import as_members, as_orders
from plans.oracle.company import Company, Market
from upline.plans import company as arrays
from upline.plans.exchange import RunRates
from upline.plans.plan import Plan
from upline.plans.rates import RunRate

CURRENCIES = [
    ("CHF", 2, 940_000), ("JPY", 0, 163_250_000), ("KWD", 3, 331_700), ("EUR", 2, 1_000_000),
]  # fmt: skip
"""Code, decimals, and about what one unit of the plan currency is worth, in millionths."""


def with_markets(chance: Random, company: Company) -> Company:
    """Members and orders in one to three markets beside the home market; most orders are sold by
    their member's."""
    markets = [Market(10**6)]
    for currency, decimals, about in chance.sample(CURRENCIES, chance.randint(1, 3)):
        per_unit = about if currency == "EUR" else about + chance.randint(-about // 9, about // 9)
        per_point = chance.choice([None, None, about + chance.randint(0, about // 3)])
        code = f"M{len(markets)}"
        markets.append(Market(per_unit, per_point, decimals, currency, code))
    members = [replace(member, market=chance.randrange(len(markets))) for member in company.members]
    orders = [
        replace(
            order,
            market=members[order.member].market
            if chance.random() < 0.9
            else chance.randrange(len(markets)),
        )
        for order in company.orders
    ]
    return replace(company, members=members, orders=orders, markets=markets)


def at_other_rates(chance: Random, company: Company) -> Company:
    """The rates of another day."""
    markets = [
        market
        if market.currency == "EUR"
        else replace(market, per_unit=market.per_unit * chance.randint(900, 1_100) // 1_000)
        for market in company.markets
    ]
    return replace(company, markets=markets)


def exchange_of(plan: Plan, company: Company) -> RunRates | None:
    """The rates as the core takes them."""
    if not company.markets:
        return None
    rates = [
        RunRate(
            index, market.currency, market.decimals, market.per_unit, market.per_point, market.code
        )
        for index, market in enumerate(company.markets)
    ]
    return RunRates(plan, tuple(rates))


def as_arrays(
    plan: Plan, company: Company
) -> tuple[arrays.Members, arrays.Orders, RunRates | None]:
    """Members and orders as the core takes them, with the rates."""
    members, orders, exchange = as_members(company), as_orders(company), exchange_of(plan, company)
    if exchange is None:
        return members, orders, None
    market = np.array([member.market for member in company.members], np.int8)
    sold_in = np.array([order.market for order in company.orders], np.int64)
    return replace(members, market=market), exchange.orders(orders, sold_in), exchange
