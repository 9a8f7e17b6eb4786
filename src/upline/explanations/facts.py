"""What a sentence about a line looks up: the plan, the run that the line is of, and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.base.amounts import POINT_DECIMALS
from upline.explanations.currencies import IN_PLAN, Currencies
from upline.explanations.names import Names
from upline.explanations.texts import Texts, amounts, chosen, labels, told
from upline.language import gettext
from upline.plans.arrays import Array, Ints
from upline.plans.bonus import By, Pool, Stairstep
from upline.plans.company import Members, Orders
from upline.plans.counting import Basis, Counted, figure_of
from upline.plans.exchange import RunRates
from upline.plans.lines import Lines
from upline.plans.plan import Plan
from upline.plans.result import CeilingFigures, PoolFigures, Result, StairstepFigures


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run, and how its members, orders and money are written. `position_numbers`: by which
    number each position is told, 0 where it is its member's only one; None where all are.
    `exchange`: the rates where the run met several currencies. `currency`: that of the plan, in
    three letters, for figures."""

    plan: Plan
    members: Members
    orders: Orders
    result: Result
    names: Names
    position_numbers: Ints | None = None
    exchange: RunRates | None = None
    currency: str = ""

    @property
    def currencies(self) -> Currencies:
        """How amounts of other currencies are written."""
        return Currencies(self.plan, self.members, self.orders, self.exchange, self.currency)

    def money(self, values: Array) -> Texts:
        """Amounts of plan currency as people write them, such as 1,200.00."""
        return self.currencies.money(values)

    def earned(self, values: Array, lines: Lines) -> Texts:
        """Amounts in the currency of whom the lines pay."""
        return self.currencies.earned(values, lines)

    def at_rates(self, sentence: Texts, lines: Lines, before: Array | int = IN_PLAN) -> Texts:
        """A sentence with the rates by which amounts of `before` became what the lines pay."""
        return self.currencies.at_rates(sentence, lines, before)

    def one(self, value: int) -> str:
        """One amount of plan currency."""
        return str(self.money(np.array([value], np.int64))[0])

    def volume(self, values: Array, basis: Counted, market: Array | int = IN_PLAN) -> Texts:
        """Volume as people write it: money of these markets as it is, points as `80.00 points`."""
        if basis is Basis.VALUE:
            return self.currencies.money(values, market)
        points, figure = amounts(values, POINT_DECIMALS, grouped=True), self.figure(basis)
        if figure:
            return told("{points} {figure}", points=points, figure=figure)
        return told("{points} points", points=points)

    def figure(self, counted: Counted) -> str:
        """The name of a further figure; '' for points."""
        return self.names.escape(figure_of(counted))

    def worth(self, lines: Lines, basis: Counted, before: Array | int = IN_PLAN) -> Texts:
        """What the rates of lines are taken of, in the currencies of `before`; of points also what
        each is worth: `80.00 points at 0.10 each`."""
        each = self.currencies.a_point(lines)
        return self._worth(lines.base, basis, each, before)

    def _worth(
        self, values: Array, basis: Counted, each: Texts | str, market: Array | int
    ) -> Texts:
        if basis is Basis.VALUE:
            return self.currencies.money(values, market)
        points, figure = amounts(values, POINT_DECIMALS, grouped=True), self.figure(basis)
        if figure:
            return told(
                "{points} {figure} at {worth} each", points=points, figure=figure, worth=each
            )
        return told("{points} points at {worth} each", points=points, worth=each)

    def one_worth(self, value: int, basis: Counted) -> str:
        """One volume of plan currency; of points also what each is worth."""
        each = self.one(self.plan.point_value)
        return str(self._worth(np.array([value], np.int64), basis, each, IN_PLAN)[0])

    def ranks(self, ranks: Array) -> Texts:
        """The names of ranks."""
        words = (gettext("no rank"), *(step.name for step in self.plan.ranks.steps))
        return labels(tuple(self.names.escape(word) for word in words), ranks)

    def packages(self, packages: Array) -> Texts:
        """The names of packages."""
        words = self.plan.packages or (gettext("no package"),)
        return labels(tuple(self.names.escape(word) for word in words), packages)

    def numbers_of(self, lines: Lines) -> Ints:
        """By which number the position of each line is told, 0 for none."""
        if self.position_numbers is None or lines.position is None:
            return np.zeros(len(lines), np.int64)
        return np.append(self.position_numbers, 0)[lines.position]

    def at_position(self, what: str, lines: Lines) -> Texts:
        """`Binary at position 2` where a member has several, else `Binary`."""
        numbers = self.numbers_of(lines)
        alone = labels((what,), np.zeros(len(lines), np.int32))
        if not numbers.any():
            return alone
        at = told("{what} at position {number}", what=what, number=amounts(numbers, 0))
        return chosen(numbers > 0, at, alone)

    def by_class(self, what: Texts | str, by: By, member: Array) -> Texts | str:
        """`Level 2 as Gold` where the rate was chosen by the receiver's rank, title or package;
        else `Level 2`."""
        if by is By.RANK:
            return told("{what} as {rank}", what=what, rank=self.ranks(self.result.rank[member]))
        if by is By.TITLE:
            title = self.ranks(self.result.title[member])
            return told("{what} with the title {title}", what=what, title=title)
        if by is By.PACKAGE:
            package = self.packages(self.members.package[member])
            return told("{what} with {package}", what=what, package=package)
        return what

    def classes(self, by: By, member: Array) -> Array:
        """The rows of these members in a table of rates; all the same where nothing chooses."""
        if by in (By.RANK, By.TITLE):
            held = self.result.rank if by is By.RANK else self.result.title
            return held[member]
        return self.members.package[member] * (by is not By.NOTHING)

    def stairstep(self, bonus: Stairstep) -> StairstepFigures:
        """Each member's percentage, and the group points that chose it."""
        return self.result.figures.stairsteps[bonus.name]

    def pool(self, bonus: Pool) -> PoolFigures:
        """A pool's turnover, its fund, and the shares of all who take part."""
        return self.result.figures.pools[bonus.name]

    @property
    def ceiling(self) -> CeilingFigures:
        """The ceiling, where the run has one."""
        found = self.result.figures.ceiling
        assert found is not None, "a line of the ceiling is of a run that has one"
        return found
