"""Growing a company: who joins when, by whom, and where they stand.

A recruit's sponsor is found by copying (Kleinberg et al. 1999): anybody of those before, or whom
that one was sponsored by. The more somebody has recruited, the more they recruit, and the numbers
of recruits follow a power law with the exponent 1 + 1 / copying.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plan_documents.placement import TWO_LEGS
from upline.plans.arrays import Array, Flags, Indexes, Small
from upline.plans.bonus import Tree, TreeKind
from upline.plans.company import NOBODY, Members, Positions, people_above
from upline.plans.kernels import kernel
from upline.plans.periods import Every, Period, period_of
from upline.plans.trees import derived
from upline.simulation.shape import CompanyShape

TRIES = 20
"""So often somebody is drawn who has not left; then whoever above the last one has not."""
NEVER = 2**31 - 1
HELD = 3
"""So many positions whoever holds several has."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A company's members, its months, and from which month on each member has left.

    `month_recruiting`: in which month each member's first recruit joined, NEVER where nobody did.
    """

    members: Members
    months: list[Period]
    month_joined: Indexes
    month_gone: Indexes
    month_recruiting: Indexes


def grow(shape: CompanyShape, random: np.random.Generator) -> Grown:
    """Grow a company; the same generator state gives the same company."""
    months = _months(shape)
    month_joined = np.repeat(np.arange(shape.months, dtype=np.int32), _joining(shape))
    month_gone = _leaving(shape, month_joined, random)
    sponsor = _choose_sponsors(random, shape.copying, month_joined, month_gone)
    positions = _positions(shape, sponsor, random) if shape.holders else None
    if positions is None:
        placement, side = _place(shape, sponsor, random)
    else:
        placement, side = people_above(positions), positions.side[positions.first]
    members = Members(
        sponsor=sponsor,
        placement=placement,
        side=side,
        joined=_days_joined(months, month_joined, random),
        package=_packages(shape, random),
        positions=positions,
    )
    recruiting = _recruiting(sponsor, month_joined)
    return Grown(members, months, month_joined, month_gone, recruiting)


def _months(shape: CompanyShape) -> list[Period]:
    months = [period_of(shape.first_day, Every.MONTH)]
    while len(months) < shape.months:
        months.append(period_of(months[-1].last_day + 1, Every.MONTH))
    return months


def _joining(shape: CompanyShape) -> Array:
    """How many join in each month: each time so much more; the founder in the first."""
    weights = (1.0 + shape.growth) ** np.arange(shape.months)
    until = np.floor(np.cumsum(weights) / weights.sum() * (shape.members - 1)).astype(np.int64)
    until[-1] = shape.members - 1
    return np.diff(until + 1, prepend=0)


def _leaving(shape: CompanyShape, month_joined: Indexes, random: np.random.Generator) -> Indexes:
    """The month from which on each member is gone; the founder stays."""
    gone = np.full(shape.members, NEVER, np.int32)
    if shape.churn > 0:
        stays = random.geometric(shape.churn, shape.members)
        gone[:] = np.minimum(month_joined + stays, NEVER)
    gone[0] = NEVER
    return gone


@kernel
def _choose_sponsors(
    random: np.random.Generator, copying: float, month_joined: Indexes, month_gone: Indexes
) -> Indexes:
    """By copying, among those who have not left; sponsors come before their recruits."""
    sponsor = np.empty(len(month_joined), np.int32)
    sponsor[0] = NOBODY
    for i in range(1, len(sponsor)):
        found = 0
        for _ in range(TRIES):
            found = int(random.random() * i)
            if random.random() < copying and found > 0:
                found = sponsor[found]
            if month_gone[found] > month_joined[i]:
                break
        while month_gone[found] <= month_joined[i]:
            found = sponsor[found]
        sponsor[i] = found
    return sponsor


def _recruiting(sponsor: Indexes, month_joined: Indexes) -> Indexes:
    """The month of each member's first recruit: of equal places the last one written stays."""
    first = np.full(len(sponsor), NEVER, np.int32)
    first[sponsor[:0:-1]] = month_joined[:0:-1]
    return first


def _place(
    shape: CompanyShape, sponsor: Indexes, random: np.random.Generator
) -> tuple[Indexes, Small]:
    """Where each member stands: in one of two legs, in a matrix, or below the sponsor."""
    if shape.width == TWO_LEGS:
        given = np.full(shape.members, NOBODY, np.int8)
        return _in_legs(shape, sponsor, given, random)
    no_side = np.zeros(shape.members, np.int8)
    if shape.width:
        return derived(
            Tree(TreeKind.MATRIX, shape.width), sponsor, np.ones(len(sponsor), np.bool_)
        ), no_side
    return sponsor, no_side


def _positions(shape: CompanyShape, sponsor: Indexes, random: np.random.Generator) -> Positions:
    """Where each member stands in one of two legs. Some hold three positions from when they join:
    the second and third stand left and right below the first."""
    held = np.where(random.random(shape.members) < shape.holders, HELD, 1).astype(np.int32)
    member = np.repeat(np.arange(shape.members, dtype=np.int32), held)
    first = (np.cumsum(held) - held).astype(np.int32)
    number = np.arange(len(member), dtype=np.int32) - first[member]
    above = first[np.where(number > 0, member, np.maximum(sponsor[member], 0))]
    given = np.where(number > 0, number - 1, NOBODY).astype(np.int8)
    placement, side = _in_legs(shape, above, given, random)
    return Positions(member, placement, side, first)


def _in_legs(
    shape: CompanyShape, above: Indexes, given: Small, random: np.random.Generator
) -> tuple[Indexes, Small]:
    favoured = random.integers(0, 2, len(above), dtype=np.int8)
    return _place_in_legs(
        random, above, given, favoured, shape.spill_over, shape.outer_end, shape.power_leg
    )


@kernel
def _place_in_legs(
    random: np.random.Generator, sponsor: Indexes, given: Small, favoured: Small,
    spill_over: float, outer_end: float, power_leg: float,
) -> tuple[Indexes, Small]:  # fmt: skip
    """A place in the team of `sponsor`, a position, for everybody, two below each at most: right
    below on the `given` side, where that is not -1.

    Each open position is the end of exactly one chain of lefts or of rights. `head` names the
    member in whom a member's chain begins, and `end` the last one of a head's chain, so that the
    outer end of any leg is one look-up.
    """
    n = len(sponsor)
    placement, side = np.full(n, NOBODY, np.int32), np.zeros(n, np.int8)
    child = np.full((2, n), NOBODY, np.int32)
    head, end = np.zeros((2, n), np.int32), np.zeros((2, n), np.int32)
    for i in range(1, n):
        above = sponsor[i]
        leg = int(given[i])
        if leg < 0:
            leg = favoured[above] if random.random() < power_leg else 1 - favoured[above]
        if given[i] >= 0:
            pass
        elif random.random() >= spill_over and child[leg, above] >= 0 and child[1 - leg, above] < 0:
            leg = 1 - leg
        elif child[leg, above] >= 0 and random.random() < outer_end:
            above = end[leg, head[leg, above]]
        while child[leg, above] >= 0:
            above = child[leg, above]
            leg = int(random.random() * 2)
        placement[i], side[i], child[leg, above] = above, leg, i
        head[leg, i], end[leg, head[leg, above]] = head[leg, above], i
        head[1 - leg, i], end[1 - leg, i] = i, i
    return placement, side


def _days_joined(
    months: list[Period], month_joined: Indexes, random: np.random.Generator
) -> Indexes:
    """A day in the month of joining, evenly; the founder's is the first."""
    days = _any_day(months, month_joined, random)
    days[0] = months[0].first_day
    return np.sort(days)


def _any_day(months: list[Period], month: Indexes, random: np.random.Generator) -> Indexes:
    first = np.array([each.first_day for each in months], np.int32)
    length = np.array([each.last_day - each.first_day + 1 for each in months], np.int32)
    within = (random.random(len(month)) * length[month]).astype(np.int32)
    return first[month] + within


def _packages(shape: CompanyShape, random: np.random.Generator) -> Small:
    upper = np.cumsum(shape.package_shares) / sum(shape.package_shares)
    drawn = np.searchsorted(upper, random.random(shape.members), side="right")
    return np.minimum(drawn, len(upper) - 1).astype(np.int8)


def still_there(grown: Grown, month: int) -> Flags:
    """Who has joined by the end of a month (by number) and not left before it."""
    return (grown.month_joined <= month) & (grown.month_gone > month)
