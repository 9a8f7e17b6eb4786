"""The currencies of a run: what the plan says in its own currency, in the currency of each market.

An order's value is in the currency of its seller's market, what a member earns in that of the
member's. What is paid on an order is its value by the seller's rate times the receiver's, rounded
once, down. Volume of several orders, such as a leg's or a pool's turnover, is in plan currency:
each order is rounded down there. Amounts that the plan states are rounded down in each currency,
where the plan does not state what they are for a market.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from upline.plans.arrays import Array, Flags, Ints, Small, must_fit
from upline.plans.bonus import Rates
from upline.plans.company import Orders
from upline.plans.counting import Basis, Counted
from upline.plans.plan import HUNDREDTHS, Plan
from upline.plans.rates import MILLION, RunRate
from upline.plans.rounding import Scale, divided, of_each
from upline.plans.terms import MarketTerms, Spot, Stated


@dataclass(frozen=True)
class RunRates:
    """The rates of a run that meets several currencies. Markets are told by their index here."""

    plan: Plan
    rates: tuple[RunRate, ...]

    @cached_property
    def units(self) -> tuple[Fraction, ...]:
        """By market, how many minor units a minor unit of the plan currency is worth."""
        whole = MILLION * 10**self.plan.decimals
        return tuple(Fraction(each.per_unit * 10**each.decimals, whole) for each in self.rates)

    @cached_property
    def points(self) -> tuple[Fraction, ...]:
        """By market, how many minor units a hundredth of a point is worth."""
        in_plan = Fraction(self.plan.point_value, HUNDREDTHS)
        return tuple(
            in_plan * unit
            if each.per_point is None
            else Fraction(each.per_point * 10**each.decimals, MILLION * HUNDREDTHS)
            for each, unit in zip(self.rates, self.units, strict=True)
        )

    def indexes(self, market_ids: Array) -> Small:
        """Markets by their ids, as indexes of their rates."""
        ids = np.array([each.market for each in self.rates], np.int64)
        return np.searchsorted(ids, market_ids).astype(np.int8)

    def orders(self, orders: Orders, market_ids: Array) -> Orders:
        """Orders with the markets that sold them, and their values in plan currency."""
        market = self.indexes(market_ids)
        return replace(orders, market=market, plan_value=self.in_plan(orders.value, market))

    def scale(self, basis: Counted, market: int) -> Scale:
        """How a rate becomes an amount of a market, of volume in plan currency or of points."""
        return of_each((self.units if basis is Basis.VALUE else self.points)[market])

    @cached_property
    def terms(self) -> tuple[MarketTerms | None, ...]:
        """By market, what the plan states for it."""
        by_code = {each.code: each for each in self.plan.markets}
        return tuple(by_code.get(rate.code) for rate in self.rates)

    def of_plan(self, amount: int) -> Ints:
        """By market, an amount of plan currency; -1, no limit, stays."""
        found = [amount * unit.numerator // unit.denominator for unit in self.units]
        must_fit(max(found), "an amount of the plan in another currency")
        return np.array(found if amount >= 0 else [amount] * len(found), np.int64)

    def stated(self, amount: int, spot: Spot) -> Ints:
        """By market, an amount that stands at a spot of the plan: what it states for the market
        there, else the amount converted."""
        found = self.of_plan(amount)
        for market, terms in enumerate(self.terms):
            if terms is not None and spot in terms.amounts:
                found[market] = terms.amounts[spot]
        return found

    def states(self, spot: Spot) -> Flags:
        """Of each market whether the plan states for it what stands at a spot."""
        return np.array([terms is not None and spot in terms.amounts for terms in self.terms])

    def stated_table(self, bonus: str, rates: Rates) -> Ints:
        """By market, row and column of a table of flat amounts what the plan states there; -1 where
        it states nothing for the market."""
        rows = range(len(rates.table))
        columns = range(len(rates.table[0]))
        found = [
            [
                [
                    terms.amounts.get(Spot(bonus, Stated.RATES, row, column), -1) if terms else -1
                    for column in columns
                ]
                for row in rows
            ]
            for terms in self.terms
        ]
        return np.array(found, np.int64)

    def amounts(
        self, base: Ints, rate: Array, basis: Counted, sold: Small, received: Small
    ) -> Ints:
        """What a rate takes of amounts of one market, or of points, in the currency of another."""
        if basis is Basis.VALUE:
            each = [after / before for before in self.units for after in self.units]
            which = sold.astype(np.intp) * len(self.units) + received
        else:
            each, which = list(self.points), received.astype(np.intp)
        scales = [of_each(worth) for worth in each]
        best = int(rate.max(initial=0)) * max(scale.multiplier for scale in scales)
        must_fit(max(best, *(scale.divisor for scale in scales)), "a rate times an exchange rate")
        multiplier = np.array([scale.multiplier for scale in scales], np.int64)[which]
        divisor = np.array([scale.divisor for scale in scales], np.int64)[which]
        return divided(base, rate * multiplier, divisor, "an amount in another currency")

    def in_plan(self, values: Ints, market: Small) -> Ints:
        """Amounts in plan currency, each rounded down."""
        times = np.array([unit.denominator for unit in self.units], np.int64)
        by = np.array([unit.numerator for unit in self.units], np.int64)
        return divided(values, times[market], by[market], "a value in plan currency")

    def converted(self, amounts: Ints, before: Small, after: Small) -> Ints:
        """What is kept of one market in the currency of another, rounded towards nothing."""
        found = amounts.copy()
        for one, other in set(zip(before.tolist(), after.tolist(), strict=True)):
            if self.rates[one].currency == self.rates[other].currency:
                continue
            some = np.flatnonzero((before == one) & (after == other))
            worth = self.units[other] / self.units[one]
            size = divided(
                np.abs(amounts[some]), worth.numerator, worth.denominator,
                "an amount in another currency",
            )  # fmt: skip
            found[some] = np.sign(amounts[some]) * size
        return found

    def spent(self, amounts: Ints, market: Small) -> int:
        """What all of these come to in plan currency: the sum of each market is rounded up, so
        that a ceiling is never exceeded."""
        return sum(
            -(-amount * unit.denominator // unit.numerator)
            for amount, unit in zip(self.by_market(amounts, market), self.units, strict=True)
        )

    def by_market(self, amounts: Ints, market: Small) -> list[int]:
        """The sum of the amounts of each market."""
        return [int(amounts[market == index].sum()) for index in range(len(self.rates))]
