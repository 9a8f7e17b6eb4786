"""Ranks, from the lowest member up."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.kernels import kernel

ACTIVE, PERSONAL, GROUP, TEAM, LEG_LIMIT, CUSTOMERS, WINDOW, BUYERS, ROW_OF_BUYERS = range(9)
"""The columns of `steps`, one row for each rank."""


@kernel
def _with_limit(
    i: int, window: int, limit: int, broke: int,
    first_child: Indexes, next_child: Indexes, volume: Ints, own: Ints, rank: Small,
) -> int:  # fmt: skip
    """Volume where no leg counts more than the limit; legs whose head has rank `broke` do not."""
    count, child = int(own[window, i]), first_child[i]
    while child >= 0:
        if broke == 0 or rank[child] < broke:
            count += min(volume[window, child], limit)
        child = next_child[child]
    return count


@kernel
def _enough(
    i: int, step: int, have: Ints, first: Indexes, following: Indexes, rank: Small, active: Flags
) -> bool:
    """Whether for each row of `have` (step, count, rank) there are that many in a member's list."""
    for k in range(len(have)):
        if have[k, 0] != step:
            continue
        wanted, at = have[k, 1], first[i]
        while at >= 0 and wanted > 0:
            if rank[at] >= have[k, 2] if have[k, 2] > 0 else active[at]:
                wanted -= 1
            at = following[at]
        if wanted > 0:
            return False
    return True


@kernel
def climb(
    parent: Indexes, sponsor: Indexes, apart: bool, present: Flags, active: Flags, breakaway: int,
    steps: Ints, legs: Ints, directs: Ints, own: Ints, customers: Array, buyers: Array, group: Ints,
    team: Ints,
) -> tuple[Small, Small]:  # fmt: skip
    """The highest rank that each member reaches, children before parents; and the highest of the
    member and all below.

    `own`, `group` and `team` have a row for each window; the last two come in as own volume and
    leave as sums (`team` has no rows where nothing breaks away, and `group` stands for it).
    `buyers` has a row for each way in which steps count customers. `apart`: the ranks' tree is not
    the sponsor tree.
    """
    n = len(parent)
    rank, best = np.zeros(n, np.int8), np.zeros(n, np.int8)
    first_child, next_child = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    first_recruit, next_recruit = first_child, next_child
    if apart:
        first_recruit, next_recruit = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    whole = team if len(team) > 0 else group
    for i in range(n - 1, -1, -1):
        step = len(steps) if present[i] else 0
        while step > 0:
            k, window, limit = step - 1, steps[step - 1, WINDOW], steps[step - 1, LEG_LIMIT]
            # The first six are cheap, the others look at each leg and recruit.
            if (
                steps[k, ACTIVE] <= active[i]
                and steps[k, PERSONAL] <= own[window, i]
                and steps[k, CUSTOMERS] <= customers[window, i]
                and steps[k, BUYERS] <= buyers[steps[k, ROW_OF_BUYERS], i]
                and steps[k, GROUP] <= group[window, i]
                and steps[k, TEAM] <= whole[window, i]
                and (limit < 0 or steps[k, GROUP] <= _with_limit(
                    i, window, limit, breakaway, first_child, next_child, group, own, rank))
                and (limit < 0 or steps[k, TEAM] <= _with_limit(
                    i, window, limit, 0, first_child, next_child, whole, own, rank))
                and _enough(i, step, legs, first_child, next_child, best, active)
                and _enough(i, step, directs, first_recruit, next_recruit, rank, active)
            ):  # fmt: skip
                break
            step -= 1
        rank[i], best[i] = step, max(best[i], step)
        above = parent[i]
        if above >= 0:
            next_child[i] = first_child[above]
            first_child[above] = i
            best[above] = max(best[above], best[i])
            for window in range(len(group)):
                if breakaway == 0 or step < breakaway:
                    group[window, above] += group[window, i]
                if len(team) > 0:
                    team[window, above] += team[window, i]
        if apart and sponsor[i] >= 0:
            next_recruit[i] = first_recruit[sponsor[i]]
            first_recruit[sponsor[i]] = i
    return rank, best
