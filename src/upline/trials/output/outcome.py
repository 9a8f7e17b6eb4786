"""What several runs in turn come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Flags, Ints, Small
from upline.plans.carry import Carry
from upline.plans.plan import Plan
from upline.plans.result import Result


@dataclass(slots=True)
class TrialOutcome:
    """Sums over all runs so far, and how the last one left everybody.

    `paid`: who had a line. `until`: the last day of the last run.
    """

    plan: Plan
    totals: Ints
    purchase: Ints
    paid: Flags
    rank: Small
    title: Small
    carry: Carry
    until: int
    lines: int = 0

    def add(self, result: Result) -> None:
        """Add the next run."""
        self.totals += result.totals
        self.purchase += result.purchase
        for lines in result.lines:
            self.paid[lines.member] = True
        self.rank, self.title, self.carry = result.rank, result.title, result.carry
        self.until = result.period.last_day
        self.lines += result.number_of_lines()

    def listed(self) -> Array:
        """The members with a line."""
        return np.flatnonzero(self.paid)

    def ranked(self) -> Array:
        """The members with a rank now or before."""
        return np.flatnonzero((self.rank > 0) | (self.title > 0))


def nothing_yet(plan: Plan, carry: Carry) -> TrialOutcome:
    """The outcome before the first run."""
    count = len(carry.rank)
    return TrialOutcome(
        plan, np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.bool_),
        carry.rank, carry.title, carry, until=0,
    )  # fmt: skip
