"""Pools: a share of the turnover, split to the last unit."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import LARGEST, Ints, must_fit, total
from upline.plans.bonus import Pool, Share
from upline.plans.counting import Volume
from upline.plans.kernels.sums import sum_groups
from upline.plans.lines import Lines, of_members
from upline.plans.result import PoolFigures
from upline.plans.rounding import scale_of
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated


def pay(bonus: Pool, now: Situation) -> tuple[list[Lines], PoolFigures]:
    """A line for each member who takes part, and the figures that explain them. What a cap cuts
    stays with the company."""
    weights = _shares_of(bonus, now)
    who = np.flatnonzero(weights)
    scale = scale_of(now.plan, bonus.volume.basis)
    turnover = now.turnover(bonus.volume)
    fund = turnover * scale.multiplier * bonus.rate // scale.divisor
    must_fit(fund, f"{bonus.name}: the fund")
    figures = PoolFigures(turnover, fund, total(weights))
    if not len(who) or not fund:
        return [], figures
    amounts = now.shared(split(fund, weights[who]), who)
    if bonus.cap >= 0:
        amounts = np.minimum(amounts, now.stated(bonus.cap, Spot(bonus.name, Stated.CAP), who))
    some = amounts > 0
    return [of_members(bonus.name, who[some], amounts[some], base=weights[who][some])], figures


def _shares_of(bonus: Pool, now: Situation) -> Ints:
    """How much of the pool each member has: none where the needs are not met."""
    return np.where(now.qualified(bonus.needs), _weights(bonus, now), 0)


def _weights(bonus: Pool, now: Situation) -> Ints:
    if bonus.share is Share.RANK:
        return np.array(bonus.shares, np.int64)[now.rank]
    if bonus.share is Share.EQUAL:
        return np.ones(len(now), np.int64)
    points = now.own(now.in_period, Volume(bonus.measured_in))
    if bonus.share is Share.GROUP_POINTS:
        tree = now.plan.ranks.tree
        sum_groups(now.tree(tree), now.broke_away(tree), points)
    return points


def split(fund: int, weights: Ints) -> Ints:
    """The fund by weight, to the last unit: the largest remainders get one more each.

    Equal remainders go by place: the senior member's comes first. Weights are above zero.
    """
    all_weights = total(weights)
    if fund * int(weights.max()) <= LARGEST:
        parts, rests = np.divmod(fund * weights, all_weights)
    else:
        exact = [divmod(fund * weight, all_weights) for weight in weights.tolist()]
        parts = np.array([part for part, _ in exact], np.int64)
        rests = np.array([rest for _, rest in exact], object)
    missing = fund - total(parts)
    parts[np.argsort(-rests, kind="stable")[:missing]] += 1
    return parts
