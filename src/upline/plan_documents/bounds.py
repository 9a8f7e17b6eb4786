"""What a plan pays at most, as far as it says so itself.

Some bonuses cannot pay more than a share of what is sold, whoever ordered what: each level of an
order is paid once. Others can (in a binary an order counts in the leg of everybody above it), and
only a ceiling bounds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from upline.plans.bonus import Bonus, By, Count, Items, Levels, Pool, RankAdvancement, Stairstep
from upline.plans.counting import Basis, FurtherFigure, Volume
from upline.plans.periods import Every
from upline.plans.plan import HUNDRED_PERCENT, Plan


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many millionths of the value sold, so many of the points' worth, and so many of
    the worth of further figures."""

    value: int = 0
    points: int = 0
    figures: int = 0

    def plus(self, other: Bound) -> Bound:
        """Both together."""
        return Bound(
            self.value + other.value, self.points + other.points, self.figures + other.figures
        )

    def times(self, rate: int) -> Bound:
        """A share of this one, rounded up."""
        parts = (self.value, self.points, self.figures)
        return Bound(*(-(-part * rate // HUNDRED_PERCENT) for part in parts))


def bounds(plan: Plan) -> dict[str, Bound | None]:
    """The bound of each bonus by itself; None where it has none."""
    found: dict[str, Bound | None] = {}
    for bonus in plan.bonuses:
        found[bonus.name] = _bound(bonus, plan, found)
    return found


def whole(plan: Plan) -> Bound | None:
    """The bound of all bonuses together, the ceiling included; None where there is none.

    The ceiling holds for days, weeks and months together. Bonuses for the first days and for the
    time after them never pay on the same order. Awards for ranks, which come once, are left out
    where no ceiling bounds them.
    """
    found = bounds(plan)
    volumes = [getattr(bonus, "volume", Volume()) for bonus in plan.bonuses]
    days = {day for each in volumes for day in (each.after_days, each.within_days) if day}
    totals = [_at_age(age, plan, found) for age in {0, *days}]
    sure = [total for total in totals if total is not None]
    if len(sure) < len(totals):
        return None
    return Bound(
        max(each.value for each in sure),
        max(each.points for each in sure),
        max(each.figures for each in sure),
    )


def _at_age(age: int, plan: Plan, found: dict[str, Bound | None]) -> Bound | None:
    """What an order can pay whose member joined so many days before."""
    here = [bonus for bonus in plan.bonuses if _counts(bonus, age)]
    if plan.settlement.ceiling < 0:
        here = [bonus for bonus in here if not isinstance(bonus, RankAdvancement)]
    return _under(plan.settlement.ceiling, _sum(found[bonus.name] for bonus in here))


def runs_of(plan: Plan) -> list[Every]:
    """Which runs there are: days, weeks, months."""
    return [every for every in Every if any(bonus.every == every for bonus in plan.bonuses)]


def _counts(bonus: Bonus, age: int) -> bool:
    volume = getattr(bonus, "volume", Volume())
    return (volume.after_days or 0) <= age and (
        volume.within_days is None or age < volume.within_days
    )


def _sum(parts: Iterable[Bound | None]) -> Bound | None:
    total = Bound()
    for part in parts:
        if part is None:
            return None
        total = total.plus(part)
    return total


def _under(ceiling: int, bound: Bound | None) -> Bound | None:
    if ceiling >= 0 and (bound is None or bound.points or bound.figures or bound.value > ceiling):
        return Bound(value=ceiling)
    return bound


def _bound(bonus: Bonus, plan: Plan, before: dict[str, Bound | None]) -> Bound | None:
    if isinstance(bonus, Stairstep):
        highest = [bracket.rate for bracket in bonus.brackets]
        if bonus.rates is not None:
            highest = [max(row) for row in bonus.rates.table]
        return _of(bonus.volume, max(highest, default=0))
    if isinstance(bonus, Pool):
        return _of(bonus.volume, bonus.rate)
    if not isinstance(bonus, Levels) or bonus.rates.flat:
        return None
    rate = highest_sum(bonus, len(plan.ranks.steps))
    if bonus.items is not Items.EARNINGS:
        return _of(bonus.volume, rate)
    matched = _sum(before[name] for name in bonus.of)
    return None if matched is None else matched.times(rate)


def _of(volume: Volume, rate: int) -> Bound:
    if isinstance(volume.basis, FurtherFigure):
        return Bound(figures=rate)
    return Bound(points=rate) if volume.basis is Basis.POINTS else Bound(value=rate)


def highest_sum(bonus: Levels, ranks: int) -> int:
    """The most that one item pays to all, in millionths.

    Each level is paid once, to a member of any class. A generation is counted anew for each rank,
    so it can be paid once for each; where `heads` are set, it is counted for all alike.
    """
    table = bonus.rates.table
    best = _best(table)
    if bonus.count is Count.LEVELS:
        return best
    by_rank = bonus.rates.by is By.RANK
    if bonus.heads:
        return _best(table[bonus.heads :]) if by_rank else best
    return sum(map(sum, table[1:])) if by_rank else best * ranks


def _best(table: tuple[tuple[int, ...], ...]) -> int:
    """The sum of the highest rate of each step."""
    highest: list[int] = [max(column) for column in zip(*table, strict=True)]
    return sum(highest)
