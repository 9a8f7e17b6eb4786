"""Random tables by market: amounts, charges and taxes that a plan states for some markets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from plans.oracle.company import Company, Market
from upline.plans.bonus import Board, Bonus, FullLevels, Levels, Pairs, Pool, RankAdvancement
from upline.plans.plan import Plan, Settlement
from upline.plans.terms import Charge, MarketTerms, Spot, Stated, Tax


def with_terms(chance: Random, plan: Plan, company: Company) -> Plan:
    """The plan, which states something for most of the markets abroad."""
    abroad = [market for market in company.markets[1:] if chance.random() < 0.7]
    return replace(plan, markets=tuple(random_terms(chance, plan, each) for each in abroad))


def random_terms(chance: Random, plan: Plan, market: Market) -> MarketTerms:
    """Each table whole, and paying where the plan's own does."""
    amounts: dict[Spot, int] = {}
    for bonus in plan.bonuses:
        for table in tables(bonus):
            if chance.random() < 0.6:
                amounts |= {spot: other(chance, amount) for spot, amount in table.items()}
    own = plan.settlement
    if chance.random() < 0.4:
        minimum = chance.choice([0, 400, 2_000])
        amounts[Spot("", Stated.MINIMUM)] = minimum
        amounts[Spot("", Stated.REMAINDER)] = chance.choice([0, minimum // 2, minimum])
    return MarketTerms(
        market.code, market.currency, market.decimals, amounts, charges(chance, own),
        taxes(chance, own),
    )  # fmt: skip


def other(chance: Random, amount: int) -> int:
    """Another amount; none stays none, and no limit stays or becomes one."""
    if amount < 0:
        return chance.choice([amount, 1_500])
    return chance.choice([1, 300, 700, amount, amount * 2]) if amount else 0


def charges(chance: Random, own: Settlement) -> tuple[Charge, ...] | None:
    days = [each.from_day for each in own.charges] or [0]
    return chance.choice([None, (), tuple(Charge(day, chance.choice([0, 75_000])) for day in days)])


def taxes(chance: Random, own: Settlement) -> tuple[Tax, ...] | None:
    days = [each.from_day for each in own.taxes] or [0]
    limits = [0, 900, 5_000]
    found = tuple(Tax(day, chance.choice([30_000, 900_000]), chance.choice(limits)) for day in days)
    return chance.choice([None, (), found])


def tables(bonus: Bonus) -> Iterator[dict[Spot, int]]:
    """The amounts that a bonus states, each with its spot."""
    if isinstance(bonus, Levels | Pairs) and bonus.rates.flat:
        yield {
            Spot(bonus.name, Stated.RATES, row, column): amount
            for row, amounts in enumerate(bonus.rates.table)
            for column, amount in enumerate(amounts)
        }
    if isinstance(bonus, Pairs):
        for number, cap in enumerate(bonus.caps):
            if not cap.in_pairs:
                yield {
                    Spot(bonus.name, Stated.CAP, number, row): limit
                    for row, limit in enumerate(cap.limits)
                }
    if isinstance(bonus, FullLevels | RankAdvancement):
        rows = enumerate(bonus.amounts)
        yield {Spot(bonus.name, Stated.AMOUNT, row): amount for row, amount in rows}
    if isinstance(bonus, Board):
        yield {Spot(bonus.name, Stated.AMOUNT): bonus.pays}
    if isinstance(bonus, Pool) and bonus.cap >= 0:
        yield {Spot(bonus.name, Stated.CAP): bonus.cap}
