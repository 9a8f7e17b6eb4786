"""Amounts and rates in sentences of a run that met several currencies; where all is in plan
currency, amounts say no currency, and no rate is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from upline.base.amounts import grouped
from upline.explanations.texts import Texts, amounts, chosen, joined, labels, told
from upline.language import gettext, writing
from upline.plans.arrays import Array, Flags, Ints
from upline.plans.company import Members, Orders
from upline.plans.exchange import RunRates
from upline.plans.lines import Lines
from upline.plans.plan import Plan
from upline.plans.terms import MarketTerms, Spot

IN_PLAN = -1
"""Stands for the plan currency where a market's index is asked for."""
RATE_DECIMALS = 6
BOTH = 2


@dataclass(frozen=True, slots=True)
class Currencies:
    """How the amounts of a run are written. `exchange` is None where all are in plan currency;
    `home` is that currency in three letters."""

    plan: Plan
    members: Members
    orders: Orders
    exchange: RunRates | None
    home: str = ""

    def money(self, values: Array, market: Array | int = IN_PLAN) -> Texts:
        """Amounts of these markets as people write them: 1,200.00, or 1,200.00 CHF where the run
        met several currencies."""
        if self.exchange is None:
            return amounts(values, self.plan.decimals, grouped=True)
        rates = self.exchange.rates
        # The home market is in plan currency.
        found = self._written(values, rates[0].currency, self.plan.decimals)
        for index, rate in enumerate(rates):
            theirs = self._written(values, rate.currency, rate.decimals)
            found = chosen(np.broadcast_to(market == index, len(values)), theirs, found)
        return found

    def _written(self, values: Array, currency: str, decimals: int) -> Texts:
        return joined(amounts(values, decimals, grouped=True), f" {currency}")

    def of(self, market: int) -> tuple[str, int]:
        """The currency of a market, in three letters, with its decimals."""
        if self.exchange is None or market == IN_PLAN:
            return self.home, self.plan.decimals
        rate = self.exchange.rates[market]
        return rate.currency, rate.decimals

    def earned(self, values: Array, lines: Lines) -> Texts:
        """Amounts in the currency of whom the lines pay."""
        return self.money(values, self.received_in(lines))

    def received_in(self, lines: Lines) -> Array | int:
        """The market in which each line's member is paid."""
        markets = self.members.market
        return IN_PLAN if markets is None else markets[lines.member]

    def stated(self, amount: int, spot: Spot, lines: Lines) -> Ints:
        """An amount that stands at a spot of the plan, in the currency of whom the lines pay."""
        if self.exchange is None:
            return np.full(len(lines), amount, np.int64)
        return self.exchange.stated(amount, spot)[self.received_in(lines)]

    def states(self, spot: Spot, lines: Lines) -> Flags:
        """Whether the plan states what stands at a spot for the market of whom the lines pay."""
        if self.exchange is None:
            return np.zeros(len(lines), np.bool_)
        return np.broadcast_to(self.exchange.states(spot)[self.received_in(lines)], len(lines))

    def at_stated(
        self, sentence: Texts, lines: Lines, of_plan: Array | int, theirs: Array, spot: Spot
    ) -> Texts:
        """A sentence about `theirs`, amounts that the lines pay: with the rates by which they came
        of what the plan states, `of_plan`; or with both where it states them for a market."""
        converted = self.at_rates(sentence, lines)
        return self._chosen(converted, sentence, lines, of_plan, theirs, spot)

    def in_place(
        self, sentence: Texts, lines: Lines, of_plan: Array | int, theirs: Array, spot: Spot
    ) -> Texts:
        """`…; CH states 40.00 CHF in place of 40.00 EUR converted`, where the plan does so."""
        return self._chosen(sentence, sentence, lines, of_plan, theirs, spot)

    def _chosen(
        self, converted: Texts, sentence: Texts, lines: Lines, of_plan: Array | int,
        theirs: Array, spot: Spot,
    ) -> Texts:  # fmt: skip
        is_stated = self.states(spot, lines)
        if self.exchange is None or not is_stated.any():
            return converted
        codes = tuple(rate.code for rate in self.exchange.rates)
        received = np.broadcast_to(self.received_in(lines), len(lines))
        in_plan = np.broadcast_to(np.asarray(of_plan, np.int64), len(lines))
        stated = told(
            "{sentence}; {market} states {amount} in place of {of_plan} converted",
            sentence=sentence, market=labels(codes, received),
            amount=self.earned(theirs, lines), of_plan=self.money(in_plan),
        )  # fmt: skip
        return chosen(is_stated, stated, converted)

    def of_market(
        self, sentence: Texts, lines: Lines, has_own: Callable[[MarketTerms], bool]
    ) -> Texts:
        """`…, as stated for CH`, where the plan has something of its own for the market."""
        exchange = self.exchange
        own = [terms is not None and has_own(terms) for terms in exchange.terms] if exchange else []
        if exchange is None or not any(own):
            return sentence
        received = np.broadcast_to(self.received_in(lines), len(lines))
        codes = labels(tuple(rate.code for rate in exchange.rates), received)
        stated = told("{sentence}, as stated for {market}", sentence=sentence, market=codes)
        return chosen(np.array(own)[received], stated, sentence)

    def sold_in(self, lines: Lines) -> Array | int:
        """The market that sold the order of each line."""
        markets = self.orders.market
        return IN_PLAN if markets is None else markets[lines.source]

    def earned_in(self, lines: Lines) -> Array | int:
        """The market in which the member whose earnings each line matches is paid."""
        markets = self.members.market
        return IN_PLAN if markets is None else markets[lines.source]

    def a_point(self, lines: Lines) -> Texts | str:
        """What a point is worth to whom the lines pay, to a millionth of a unit."""
        worth = str(self.money(np.array([self.plan.point_value], np.int64))[0])
        if self.exchange is None:
            return worth
        words = tuple(
            worth if rate.per_point is None else f"{_rate(rate.per_point)} {rate.currency}"
            for rate in self.exchange.rates
        )
        return labels(words, np.broadcast_to(self.received_in(lines), len(lines)))

    def at_rates(self, sentence: Texts, lines: Lines, before: Array | int = IN_PLAN) -> Texts:
        """`…; 1 EUR = 0.9412 CHF`: a sentence with the rates by which amounts of `before` became
        what the lines pay."""
        if self.exchange is None:
            return sentence
        size = len(self.exchange.rates) + 1
        words = [self._between(one, other) for one in range(size) for other in range(size)]
        # The plan's index stands for the last row and column.
        pairs = np.asarray(before) % size * size + np.asarray(self.received_in(lines)) % size
        pairs = np.broadcast_to(pairs, len(lines))
        with_rates = told(
            "{sentence}; {rates}", sentence=sentence, rates=labels(tuple(words), pairs)
        )
        return chosen(np.array([word != "" for word in words])[pairs], with_rates, sentence)

    def _between(self, before: int, after: int) -> str:
        exchange = self.exchange
        if exchange is None or before == after:
            return ""
        home = exchange.rates[0].currency
        met = [exchange.rates[index] for index in (before, after) if index < len(exchange.rates)]
        rates = [
            f"1 {home} = {_rate(rate.per_unit)} {rate.currency}"
            for rate in met
            if rate.currency != home
        ]
        if len(rates) == BOTH:
            return gettext("{one} and {other}", one=rates[0], other=rates[1])
        return rates[0] if rates else ""


def _rate(millionths: int) -> str:
    """`0.9412`, with as few decimals as it needs."""
    written = grouped(millionths, RATE_DECIMALS)
    marks = writing.marks()
    return written.rstrip("0").rstrip(marks.decimal)
