"""What a run gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, Small
from upline.plans.carry import Carry
from upline.plans.lines import Lines
from upline.plans.periods import Period


@dataclass(frozen=True, slots=True)
class Side:
    """What became of one leg's volume in a run: brought over, entered, consumed by pairs, carried
    over to the next run; the rest was flushed."""

    brought: Ints
    entered: Ints
    consumed: Ints
    carried: Ints

    @property
    def flushed(self) -> Ints:
        """What a limit, a cap or a missing qualification took away."""
        return self.brought + self.entered - self.consumed - self.carried


@dataclass(frozen=True, slots=True)
class LegSums:
    """Of one binary bonus, for each position: both sides, how many pairs were paid, and whether one
    of them was the first ever there."""

    left: Side
    right: Side
    pairs: Ints
    first: Flags


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """Of one pool: the turnover that counts, the fund, and the shares of all who take part."""

    turnover: int
    fund: int
    shares: int


@dataclass(frozen=True, slots=True)
class StairstepFigures:
    """Of one stairstep, for each member: the percentage, and the group points that chose it (None
    where a class did)."""

    rate: Indexes
    points: Ints | None


@dataclass(frozen=True, slots=True)
class CeilingFigures:
    """The ceiling's share of the turnover, what shorter runs have paid of it, and what all
    bonuses of the run come to."""

    share: int
    paid_before: int
    gross: int

    @property
    def limit(self) -> int:
        """What the run may pay."""
        return max(self.share - self.paid_before, 0)


@dataclass(frozen=True, slots=True)
class RankFigures:
    """What ranks were chosen by, for each member.

    `points`, `customers`, `group` and `team` have a row for each of `windows`, which are numbers of
    periods. `best`: the highest rank of the member and all below. `buyers`: customers with an
    order, a row for each that `Ranks.buyers` names.
    """

    windows: tuple[int, ...]
    points: Ints
    customers: Indexes
    group: Ints
    team: Ints
    best: Small
    buyers: Indexes


@dataclass(slots=True)
class RunFigures:
    """What explains a run beside its lines and legs, by the names of the bonuses. `active_points`:
    the own points that members are active by, where the plan asks for some."""

    pools: dict[str, PoolFigures] = field(default_factory=dict)
    stairsteps: dict[str, StairstepFigures] = field(default_factory=dict)
    ceiling: CeilingFigures | None = None
    ranks: RankFigures | None = None
    active_points: Ints | None = None


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
    figures: RunFigures = field(default_factory=RunFigures)

    def number_of_lines(self) -> int:
        """How many lines there are."""
        return sum(len(lines) for lines in self.lines)

    def paid(self) -> int:
        """What all members are paid, in minor units."""
        return int(np.sum(self.totals, dtype=np.int64))
