"""What came of a simulated company: payout by month, and who earned how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Flags, Ints, total

TENTHS = range(1, 10)


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Month:
    """One month, or all. `members` have joined by its end, `active` were so in a run of it;
    `nothing` and `active_nothing` are those of them who earned nothing in it. `payout`: what the
    bonuses paid, after a ceiling, before charges and taxes."""

    name: str
    members: int
    active: int
    revenue: int
    payout: int
    nothing: int
    active_nothing: int
    by_bonus: tuple[int, ...]

    @property
    def share(self) -> float:
        """Payout as a share of revenue."""
        return share(self.payout, self.revenue)


@dataclass(frozen=True, slots=True)
class Spread:
    """How earnings are spread over some people. `tenths[k]`: what the lowest (k + 1) tenths earn
    at most; `top`: the share of all earnings of the best-paid hundredth."""

    people: int
    earners: int
    total: int
    tenths: tuple[int, ...]
    most: int
    top: float
    gini: float

    @property
    def mean(self) -> int:
        """Earnings per head."""
        return self.total // self.people if self.people else 0

    @property
    def median(self) -> int:
        """What half of them earn at most."""
        return self.tenths[4]


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """All of one company.

    `bonuses`: spreads over those whom a bonus paid. `below_orders`: how many members earned less
    than what they ordered for themselves. `kept`: sums of charges, taxes and what is held, by
    name, below zero. `earned` and `was_active`: by member.
    """

    seed: int
    members: int
    months: tuple[Month, ...]
    whole: Month
    everybody: Spread
    active: Spread
    earners: Spread
    bonuses: dict[str, Spread]
    below_orders: int
    kept: dict[str, int]
    earned: Ints
    was_active: Flags

    @property
    def worst(self) -> Month:
        """The month with the highest share, the earliest of equals."""
        return max(self.months, key=lambda month: month.share)


def spread_of(earned: Ints) -> Spread:
    """The spread of earnings; the tenths are those of the nearest rank."""
    low_first = np.sort(earned)
    people, everything = len(earned), total(earned)
    if not people:
        return Spread(0, 0, 0, (0,) * len(TENTHS), 0, 0.0, 0.0)
    best = low_first[people - -(-people // 100) :]
    return Spread(
        people=people,
        earners=int(np.count_nonzero(earned)),
        total=everything,
        tenths=tuple(int(low_first[-(-people * k // 10) - 1]) for k in TENTHS),
        most=int(low_first[-1]),
        top=share(total(best), everything),
        gini=_gini(low_first, everything),
    )


def _gini(low_first: Ints, everything: int) -> float:
    """0 where everybody earns the same, 1 where one earns all."""
    people = len(low_first)
    if not everything:
        return 0.0
    weighted = float(np.sum(low_first * np.arange(1.0, people + 1.0)))
    return 2.0 * weighted / (people * everything) - (people + 1) / people


@dataclass(frozen=True, slots=True)
class SeedOutcome:
    """What is kept of each seed: payout as a share of revenue, by month and in all."""

    seed: int
    members: int
    shares: tuple[float, ...]
    share: float
    worst_share: float
    worst_month: str


def outcome_of(figures: CompanyFigures) -> SeedOutcome:
    """The little that is compared between seeds."""
    worst = figures.worst
    shares = tuple(month.share for month in figures.months)
    return SeedOutcome(
        figures.seed, figures.members, shares, figures.whole.share, worst.share, worst.name
    )
