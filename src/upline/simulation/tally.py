"""Adding up the runs of one company, month by month."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Array, Flags, Ints, total
from upline.plans.company import Members, Orders
from upline.plans.counting import Customer
from upline.plans.kernels.sums import add_up
from upline.plans.periods import Period, name_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.settlement import CEILING
from upline.simulation.figures import CompanyFigures, Month, spread_of


@dataclass(slots=True)
class Tally:
    """What the runs so far have paid, by member; `month_…` is the running month's."""

    plan: Plan
    members: Members
    orders: Orders
    months: list[Month] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    by_bonus: dict[str, Ints] = field(init=False)
    earned: Ints = field(init=False)
    was_active: Flags = field(init=False)
    month_earned: Ints = field(init=False)
    month_active: Flags = field(init=False)
    month_by_bonus: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.by_bonus = {each.name: self._zeros() for each in self.plan.bonuses}
        self.earned = self._zeros()
        self.was_active = self._nobody()
        self._new_month()

    def add(self, result: Result) -> None:
        """Count a run in the running month; it may know only the first of the members."""
        self.month_active[: len(result.active)] |= result.active
        for lines in result.lines:
            if lines.bonus in self.by_bonus:
                add_up(lines.member, lines.amount, self.by_bonus[lines.bonus])
                self.month_by_bonus[lines.bonus] += total(lines.amount)
            if lines.bonus in self.by_bonus or lines.bonus == CEILING:
                add_up(lines.member, lines.amount, self.month_earned)
            else:
                sum_so_far = self.kept.get(lines.bonus, 0)
                self.kept[lines.bonus] = sum_so_far + int(lines.amount.sum())

    def close(self, month: Period) -> None:
        """Let the running month be this one, and begin the next."""
        which = self.orders.between(month.first_day, month.last_day)
        self.months.append(
            Month(
                name=name_of(month),
                revenue=total(self.orders.value[which]),
                by_bonus=tuple(self.month_by_bonus.values()),
                **self._heads(month.last_day, self.month_earned, self.month_active),
            )
        )
        self.earned += self.month_earned
        self.was_active |= self.month_active
        self._new_month()

    def figures(self, seed: int) -> CompanyFigures:
        """All of the company, after its last month."""
        by_bonus = self.by_bonus.items()
        return CompanyFigures(
            seed=seed,
            members=len(self.members),
            months=tuple(self.months),
            whole=self._whole(),
            everybody=spread_of(self.earned),
            active=spread_of(self.earned[self.was_active]),
            earners=spread_of(self.earned[self.earned > 0]),
            bonuses={name: spread_of(paid[paid > 0]) for name, paid in by_bonus},
            below_orders=int(np.count_nonzero(self.earned < self._own_spending())),
            kept=self.kept,
            earned=self.earned,
            was_active=self.was_active,
        )

    def _whole(self) -> Month:
        by_month = zip(*(month.by_bonus for month in self.months), strict=True)
        return Month(
            name="all",
            revenue=total(self.orders.value),
            by_bonus=tuple(sum(each) for each in by_month),
            **self._heads(self.members.joined[-1], self.earned, self.was_active),
        )

    def _heads(self, last_day: int, earned: Ints, active: Flags) -> dict[str, int]:
        nothing = earned[: self._joined_by(last_day)] == 0
        return {
            "members": len(nothing),
            "active": int(np.count_nonzero(active)),
            "payout": total(earned),
            "nothing": int(np.count_nonzero(nothing)),
            "active_nothing": int(np.count_nonzero(active & (earned == 0))),
        }

    def _joined_by(self, day: int) -> int:
        return int(np.searchsorted(self.members.joined, day, "right"))

    def _own_spending(self) -> Ints:
        sums = self._zeros()
        own: Array = np.flatnonzero(self.orders.customer == Customer.MEMBER)
        add_up(self.orders.member[own], self.orders.value[own], sums)
        return sums

    def _new_month(self) -> None:
        self.month_earned = self._zeros()
        self.month_active = self._nobody()
        self.month_by_bonus = dict.fromkeys(self.by_bonus, 0)

    def _zeros(self) -> Ints:
        return np.zeros(len(self.members), np.int64)

    def _nobody(self) -> Flags:
        return np.zeros(len(self.members), np.bool_)
