"""What a run gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Flags, Ints, Small
from upline.plans.carry import Carry
from upline.plans.lines import Lines
from upline.plans.periods import Period


@dataclass(frozen=True, slots=True)
class Side:
    """What became of one leg's volume in a run: brought over, entered, consumed by pairs, left
    over; the rest was flushed."""

    brought: Ints
    entered: Ints
    consumed: Ints
    left: Ints

    @property
    def flushed(self) -> Ints:
        """What a limit, a cap or a missing qualification took away."""
        return self.brought + self.entered - self.consumed - self.left


@dataclass(frozen=True, slots=True)
class LegSums:
    """Of one binary bonus, for each member: both sides, how many pairs were paid, and whether one
    of them was the member's first ever."""

    left: Side
    right: Side
    pairs: Ints
    first: Flags


@dataclass(frozen=True, slots=True)
class Result:
    """All of one run. `totals`: sum of a member's lines; `purchase`: the part of it that goes to
    the purchase account. `turnover`: value of all orders in the period."""

    period: Period
    lines: list[Lines]
    carry: Carry
    active: Flags
    rank: Small
    title: Small
    turnover: int
    totals: Ints
    purchase: Ints
    legs: dict[str, LegSums] = field(default_factory=dict)

    def number_of_lines(self) -> int:
        """How many lines there are."""
        return sum(len(lines) for lines in self.lines)

    def paid(self) -> int:
        """What all members are paid, in minor units."""
        return int(np.sum(self.totals, dtype=np.int64))
