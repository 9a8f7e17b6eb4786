"""Currencies: what an amount of one market is in another one, or in the plan's, as fractions.

Written from docs/plans/currencies.md. The plan currency is told by None."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from plans.oracle.company import Company, Order
from upline.plans.counting import Basis, Counted
from upline.plans.plan import Plan
from upline.plans.terms import MarketTerms, Spot


def units(plan: Plan, company: Company, market: int | None) -> Fraction:
    """How much of the market's smallest unit one smallest unit of the plan currency is."""
    if market is None or not company.markets:
        return Fraction(1)
    of = company.markets[market]
    return Fraction(of.per_unit, 10**6) * Fraction(10**of.decimals, 10**plan.decimals)


def point(plan: Plan, company: Company, market: int | None) -> Fraction:
    """What one point is worth, in the market's smallest unit."""
    of = company.markets[market] if company.markets and market is not None else None
    if of is None or of.per_point is None:
        return plan.point_value * units(plan, company, market)
    return Fraction(of.per_point * 10**of.decimals, 10**6)


def worth_of(
    plan: Plan, company: Company, basis: Counted, base: int, rate: int,
    sold: int | None, to: int | None,
) -> int:  # fmt: skip
    """What a rate takes of what was sold in one market, paid in another: rounded down once."""
    part = Fraction(rate, 1_000_000)
    if basis is not Basis.VALUE:
        return floor(Fraction(base, 100) * point(plan, company, to) * part)
    in_plan = Fraction(base) / units(plan, company, sold)
    return floor(in_plan * units(plan, company, to) * part)


def terms_of(plan: Plan, company: Company, member: int) -> MarketTerms | None:
    """What the plan states for the market of a member."""
    market = company.members[member].market
    if market is None or not company.markets:
        return None
    code = company.markets[market].code
    return next((terms for terms in plan.markets if terms.code == code), None)


def stated(plan: Plan, company: Company, amount: int, member: int, spot: Spot | None = None) -> int:
    """An amount of the plan in the currency of a member; -1 is no limit anywhere. `spot`: where the
    plan may state another one for the member's market."""
    terms = terms_of(plan, company, member)
    if terms is not None and spot is not None and spot in terms.amounts:
        return terms.amounts[spot]
    if amount < 0:
        return amount
    return floor(amount * units(plan, company, company.members[member].market))


def in_plan(plan: Plan, company: Company, value: int, market: int | None) -> int:
    """A value in plan currency, rounded down."""
    return floor(value / units(plan, company, market))


def value_in_plan(plan: Plan, company: Company, order: Order) -> int:
    return in_plan(plan, company, order.value, order.market)


def spent(plan: Plan, company: Company, amounts: list[int]) -> int:
    """What the members' amounts come to in plan currency: each market's rounded up."""
    sums: dict[int | None, int] = {}
    for member, amount in zip(company.members, amounts, strict=True):
        sums[member.market] = sums.get(member.market, 0) + amount
    return sum(ceil(amount / units(plan, company, market)) for market, amount in sums.items())
