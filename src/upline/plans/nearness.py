"""How near members are to the rank above theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.plan import Have, Plan, Rank
from upline.plans.result import RankFigures


@dataclass(frozen=True, slots=True)
class Climbers:
    """All members as ranks saw them in a run. `parent`: in the tree of the ranks."""

    parent: Indexes
    sponsor: Indexes
    present: Flags
    active: Flags
    rank: Small
    figures: RankFigures


def nearness(plan: Plan, climbers: Climbers) -> Small:
    """For each member the percentage, 0 to 99, of what is asked by the rank above the one they are
    paid as, where the condition that is furthest away counts. 0 where there is no rank above."""
    percent = np.zeros(len(climbers.rank), np.int8)
    for held, step in enumerate(plan.ranks.steps):
        here = climbers.present & (climbers.rank == held)
        if not here.any():
            continue
        nearest = np.full(np.count_nonzero(here), 99, np.int64)
        for wanted, reached in _asked(step, plan, climbers):
            np.minimum(nearest, reached[here].astype(np.int64) * 100 // wanted, out=nearest)
        percent[here] = np.maximum(nearest, 0)
    return percent


def _asked(step: Rank, plan: Plan, climbers: Climbers) -> Iterator[tuple[int, Array]]:
    """How much of each thing a rank asks for, and how much of it each member has."""
    found = climbers.figures
    row = found.windows.index(step.periods)
    if step.active:
        yield 1, climbers.active
    if step.personal_points:
        yield step.personal_points, found.points[row]
    if step.group_points:
        breakaway = plan.ranks.breakaway
        cut = climbers.rank >= breakaway if breakaway else np.zeros(len(climbers.rank), np.bool_)
        yield step.group_points, _limited(found.group[row], row, step, climbers, cut)
    if step.team_points:
        nobody = np.zeros(len(climbers.rank), np.bool_)
        yield step.team_points, _limited(found.team[row], row, step, climbers, nobody)
    if step.customers:
        yield step.customers, found.customers[row]
    if step.buyers:
        buyers = plan.ranks.buyers().index((step.periods, step.buyers_order))
        yield step.buyers, found.buyers[buyers]
    for have in step.legs:
        yield have.count, _below(climbers.parent, _has(have, found.best, climbers.active))
    for have in step.directs:
        yield have.count, _below(climbers.sponsor, _has(have, climbers.rank, climbers.active))


def _limited(sums: Ints, row: int, step: Rank, climbers: Climbers, cut: Flags) -> Ints:
    """Everybody's points, where no leg counts more than the limit; those that are cut do not."""
    if step.leg_limit < 0:
        return sums
    counted: Ints = climbers.figures.points[row].copy()
    legs = (climbers.parent >= 0) & ~cut
    np.add.at(counted, climbers.parent[legs], np.minimum(sums[legs], step.leg_limit))
    return counted


def _has(have: Have, rank: Small, active: Flags) -> Flags:
    return rank >= have.rank if have.rank else active


def _below(links: Indexes, counted: Flags) -> Ints:
    """How many of those counted stand right below each member."""
    found = np.zeros(len(links), np.int64)
    np.add.at(found, links[counted & (links >= 0)], 1)
    return found
