"""Full levels of a matrix: paid once each."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Ints
from upline.plans.bonus import FullLevels
from upline.plans.kernels.trees import count_levels
from upline.plans.lines import Lines, of_members
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated


def pay(bonus: FullLevels, now: Situation) -> tuple[list[Lines], Ints]:
    """A line for each level that is full and was not paid before; and which are paid now.

    What is paid is kept as bits: bit k - 1 for level k.
    """
    n, fit = len(now), now.qualified(bonus.needs)
    paid = now.carry.full_levels.get(bonus.name, np.zeros(n, np.int64)).copy()
    counts = np.zeros((len(bonus.amounts) + 1, n), np.int64)
    counts[0] = now.present
    count_levels(now.tree(bonus.tree), counts)
    lines = []
    for level, amount in enumerate(bonus.amounts, 1):
        bit = 1 << (level - 1)
        full = fit & (counts[level] >= bonus.tree.number**level) & (paid & bit == 0)
        if full.any() and amount:
            who = np.flatnonzero(full)
            each = now.stated(amount, Spot(bonus.name, Stated.AMOUNT, level - 1), who)
            lines.append(of_members(bonus.name, who, each, level=level))
        paid |= np.where(full, bit, 0)
    return lines, paid
