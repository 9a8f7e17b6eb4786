"""What a sentence about a line looks up: the plan, the run that the line is of, and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from upline.plans import pools, stairstep
from upline.plans.arrays import Array, Ints, total
from upline.plans.company import Members, Orders
from upline.plans.money import scale_of
from upline.plans.plan import HUNDRED_PERCENT, Basis, By, Plan, Pool, Stairstep
from upline.plans.result import Result
from upline.plans.settlement import NAMES as SETTLEMENT
from upline.plans.settlement import paid_before
from upline.plans.situation import Situation
from upline.trials.files.csv_table import Texts
from upline.trials.files.orders_file import POINT_DECIMALS
from upline.trials.sentences.figures import amounts, joined, labels
from upline.trials.sentences.names import Names


@dataclass
class Facts:
    """One run, and how its members, orders and money are written."""

    plan: Plan
    members: Members
    orders: Orders
    result: Result
    names: Names
    _stairsteps: dict[str, Array] = field(default_factory=dict)
    _pools: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def money(self, values: Array) -> Texts:
        """Amounts as people write them, such as 1,200.00."""
        return amounts(values, self.plan.decimals, grouped=True)

    def one(self, value: int) -> str:
        """One amount."""
        return str(self.money(np.array([value], np.int64))[0])

    def volume(self, values: Array, basis: Basis) -> Texts:
        """Volume as people write it: money as it is, points as `80.00 points`."""
        if basis is Basis.VALUE:
            return self.money(values)
        return joined(amounts(values, POINT_DECIMALS, grouped=True), " points")

    def a_point(self, basis: Basis) -> str:
        """What is said after a number of points: what each is worth."""
        return "" if basis is Basis.VALUE else f" at {self.one(self.plan.point_value)} each"

    def ranks(self, ranks: Array) -> Texts:
        """The names of ranks."""
        words = ("no rank", *(step.name for step in self.plan.ranks.steps))
        return labels(tuple(self.names.escape(word) for word in words), ranks)

    def packages(self, packages: Array) -> Texts:
        """The names of packages."""
        words = self.plan.packages or ("no package",)
        return labels(tuple(self.names.escape(word) for word in words), packages)

    def class_of(self, by: By, member: Array) -> Texts | str:
        """` as Gold` where the rate was chosen by the receiver's rank, title or package."""
        if by is By.RANK:
            return joined(" as ", self.ranks(self.result.rank[member]))
        if by is By.TITLE:
            return joined(" with the title ", self.ranks(self.result.title[member]))
        if by is By.PACKAGE:
            return joined(" with ", self.packages(self.members.package[member]))
        return ""

    @cached_property
    def situation(self) -> Situation:
        """The run as its bonuses saw it."""
        result = self.result
        now = Situation(self.plan, self.members, self.orders, result.period, result.carry)
        now.rank, now.title, now.active = result.rank, result.title, result.active
        return now

    @cached_property
    def gross(self) -> int:
        """What all bonuses of the run paid before the settlement."""
        return sum(total(some.amount) for some in self.result.lines if some.bonus not in SETTLEMENT)

    def stairstep_rates(self, bonus: Stairstep) -> Array:
        """Each member's percentage."""
        if bonus.name not in self._stairsteps:
            self._stairsteps[bonus.name] = stairstep.rates_of(bonus, self.situation)
        return self._stairsteps[bonus.name]

    def group_points(self, bonus: Stairstep) -> Ints:
        """Each member's group points, by which the bracket was chosen."""
        key = f"{bonus.name}\npoints"
        if key not in self._stairsteps:
            self._stairsteps[key] = stairstep.group_points(self.situation, bonus)
        return self._stairsteps[key]

    def pool(self, bonus: Pool) -> tuple[int, int, int]:
        """A pool's turnover, its fund, and the shares of all who take part."""
        if bonus.name not in self._pools:
            now, scale = self.situation, scale_of(self.plan, bonus.volume.basis)
            turnover = now.turnover(bonus.volume)
            fund = turnover * scale.multiplier * bonus.rate // scale.divisor
            self._pools[bonus.name] = turnover, fund, total(pools.shares_of(bonus, now))
        return self._pools[bonus.name]

    def ceiling(self) -> tuple[int, int]:
        """The ceiling's share of the turnover, and what shorter runs have paid of it."""
        share = self.result.turnover * self.plan.settlement.ceiling // HUNDRED_PERCENT
        return share, paid_before(self.result.carry.paid, self.result.period)
