"""The stairstep: each upline member is paid what their percentage exceeds those below."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Indexes, Ints, total
from upline.plans.bonus import Stairstep
from upline.plans.bonuses.currencies import for_kernel, in_currencies
from upline.plans.counting import Volume
from upline.plans.kernels.sums import sum_groups
from upline.plans.kernels.trees import depths, next_higher
from upline.plans.kernels.walks import pay_differences
from upline.plans.lines import Lines
from upline.plans.result import StairstepFigures
from upline.plans.rounding import scale_of
from upline.plans.situation import Situation
from upline.plans.volumes import amounts, indexes_of


def pay(bonus: Stairstep, now: Situation) -> tuple[list[Lines], StairstepFigures]:
    """The lines of a differential bonus, one for each order and step up in percent; and by what.

    The total paid on an order is at most the highest percentage above it. Points choose the
    percentage, and `bonus.volume` is what it is taken of. See docs/plans/stairstep-breakaway.md.
    """
    rate, points = _rates(bonus, now)
    source = indexes_of(now.counting(bonus.volume))
    base = amounts(now.orders, bonus.volume.basis)[source]
    counted, scale = for_kernel(base, scale_of(now.plan, bonus.volume.basis), now)
    now.must_fit(total(counted), int(rate.max(initial=0)), scale, bonus.name)
    origin, parent, cut = (
        now.orders.member[source],
        now.tree(bonus.tree),
        now.broke_away(bonus.tree),
    )
    up, depth = next_higher(parent, rate, cut), depths(parent)

    def walk(size: int, *, fill: bool) -> tuple[int, Lines]:
        item, member = np.empty(size, np.int32), np.empty(size, np.int32)
        level, rates = np.empty(size, np.int32), np.empty(size, np.int32)
        amount = np.empty(size, np.int64)
        count = pay_differences(
            origin, counted, parent, up, rate, cut, depth, bonus.first_level,
            scale.multiplier, scale.divisor, fill, item, member, level, rates, amount,
        )  # fmt: skip
        sources, bases = (source[item], base[item]) if fill else (item, amount)
        return count, Lines(bonus.name, member, sources, level, rates, bases, amount)

    count = walk(0, fill=False)[0]
    lines = [walk(count, fill=True)[1]] if count else []
    return in_currencies(bonus, lines, now), StairstepFigures(rate, points)


def _rates(bonus: Stairstep, now: Situation) -> tuple[Indexes, Ints | None]:
    """Each member's percentage, by class or by the bracket of the group's points: none where the
    needs are not met; and these points."""
    if bonus.rates is not None:
        column, points = np.array([row[0] for row in bonus.rates.table], np.int32), None
        chosen = column[now.classes(bonus.rates.by)]
    else:
        points = _group_points(now, bonus)
        steps = np.array([bracket.points for bracket in bonus.brackets], np.int64)
        rates = np.array([0, *(bracket.rate for bracket in bonus.brackets)], np.int32)
        chosen = rates[np.searchsorted(steps, points, side="right")]
    return np.where(now.qualified(bonus.needs), chosen, 0).astype(np.int32), points


def _group_points(now: Situation, bonus: Stairstep) -> Ints:
    """The period's points of each member and all below, without the legs that broke away."""
    points = now.own(now.in_period, Volume(bonus.measured_in))
    sum_groups(now.tree(bonus.tree), now.broke_away(bonus.tree), points)
    return points
