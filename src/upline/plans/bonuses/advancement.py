"""Rank advancement: paid once for each title."""

from __future__ import annotations

import numpy as np

from upline.plans.bonus import RankAdvancement
from upline.plans.lines import Lines, of_members
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated


def pay(bonus: RankAdvancement, now: Situation) -> list[Lines]:
    """A line for each title that rose in this run; for each rank passed, where the plan says so."""
    fit, lines = now.qualified(bonus.needs), []
    for rank, amount in enumerate(bonus.amounts):
        rises = (now.carry.title < rank) & (now.title >= rank)
        if not bonus.all_passed:
            rises &= now.title == rank
        member = np.flatnonzero(rises & fit)
        if rank and amount and len(member):
            paid = now.stated(amount, Spot(bonus.name, Stated.AMOUNT, rank), member)
            lines.append(of_members(bonus.name, member, paid, level=rank))
    return lines
