"""Ranks: what each member reaches in a run, and the title kept for life."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Ints, Small
from upline.plans.counting import LeastOrder
from upline.plans.kernels.ladder import climb
from upline.plans.plan import Have, Rank
from upline.plans.result import RankFigures
from upline.plans.situation import Situation


def reached(now: Situation) -> tuple[Small, RankFigures]:
    """The rank that each member is paid as, where the run is one that works ranks out; and by what.

    Rule by rule in docs/plans/ranks.md.
    """
    ranks = now.plan.ranks
    windows = sorted({step.periods for step in ranks.steps})
    own = np.stack(
        [now.window_points(ranks.every, periods, ranks.measured_in) for periods in windows]
    )
    parent, sponsor = now.tree(ranks.tree), now.members.sponsor
    customers = np.zeros((len(windows), len(now)), np.int32)
    if any(step.customers for step in ranks.steps):
        for row, periods in enumerate(windows):
            customers[row] = now.customers(now.window_orders(ranks.every, periods))
    asked = ranks.buyers()
    # Steps that ask for no customers look at the first row, which is never below zero.
    buyers = np.zeros((max(len(asked), 1), len(now)), np.int32)
    for row, (periods, order) in enumerate(asked):
        buyers[row] = now.buyers(now.window_orders(ranks.every, periods), order)
    group, team = own.copy(), own.copy() if ranks.breakaway else own[:0].copy()
    rank, best = climb(
        parent, sponsor, parent is not sponsor, now.present, now.active, ranks.breakaway,
        np.array([_row(step, windows, asked) for step in ranks.steps], np.int64),
        _haves([step.legs for step in ranks.steps]),
        _haves([step.directs for step in ranks.steps]),
        own, customers, buyers, group, team,
    )  # fmt: skip
    whole = team if ranks.breakaway else group
    return rank, RankFigures(
        tuple(windows), own, customers, group, whole, best, buyers[: len(asked)]
    )


def _row(step: Rank, windows: list[int], asked: list[tuple[int, LeastOrder]]) -> list[int]:
    """A rank as the kernel reads it: the columns named in `kernels.ladder`."""
    return [
        step.active, step.personal_points, step.group_points, step.team_points, step.leg_limit,
        step.customers, windows.index(step.periods), step.buyers,
        asked.index((step.periods, step.buyers_order)) if step.buyers else 0,
    ]  # fmt: skip


def _haves(wanted: list[tuple[Have, ...]]) -> Ints:
    rows = [(step, have.count, have.rank) for step, haves in enumerate(wanted, 1) for have in haves]
    return np.array(rows, np.int64).reshape(len(rows), 3)
