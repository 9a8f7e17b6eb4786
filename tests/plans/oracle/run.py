"""One run over one period."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

from plans.oracle.climbing import levels, stairstep
from plans.oracle.company import Answer, Company, Kept, nothing_kept
from plans.oracle.money import value_in_plan
from plans.oracle.pairs import pairs
from plans.oracle.places import board, full_levels
from plans.oracle.settlement import Less, part_of, settle
from plans.oracle.shares import pool, rank_advancement
from plans.oracle.standing import Running, find_active, work_out_ranks
from upline.plans.bonus import (
    Board,
    Bonus,
    FullLevels,
    Levels,
    Pairs,
    Pool,
    RankAdvancement,
    Stairstep,
)
from upline.plans.periods import Period
from upline.plans.plan import Plan

WORKS_OUT: dict[type[Bonus], Callable[[Running, Any], None]] = {
    Levels: levels,
    Stairstep: stairstep,
    Pairs: pairs,
    FullLevels: full_levels,
    Board: board,
    Pool: pool,
    RankAdvancement: rank_advancement,
}


def run(
    plan: Plan,
    company: Company,
    period: Period,
    kept: Kept | None = None,
    reached: Counter[str] | None = None,
    less: dict[int, Less] | None = None,
) -> Answer:
    """Work out a period; `reached` counts the branches of the rules that were taken, `less` is
    what is taken back of earlier runs."""
    running = begin(plan, company, period, kept or nothing_kept(len(company.members)), reached)
    for bonus in plan.bonuses:
        if bonus.every is period.every:
            WORKS_OUT[type(bonus)](running, bonus)
    turnover = sum(value_in_plan(plan, company, order) for _, order in running.orders())
    settle(running, turnover, less)
    totals = [0] * len(company.members)
    for member, back in (less or {}).items():
        totals[member] += back.net
    for line in running.lines:
        totals[line[1]] += line[6]
    share = plan.settlement.purchase_share
    running.reached["a purchase share"] += share > 0 and any(totals)
    return Answer(
        lines=running.lines,
        kept=running.kept,
        active=running.active,
        rank=running.rank,
        title=running.title,
        turnover=turnover,
        totals=totals,
        purchase=[part_of(amount, share) for amount in totals],
        legs=running.legs,
        pair_lines=running.pair_lines,
    )


def begin(
    plan: Plan, company: Company, period: Period, before: Kept, reached: Counter[str] | None
) -> Running:
    present = [member.joined <= period.last_day for member in company.members]
    running = Running(
        plan,
        company,
        period,
        before,
        copy.deepcopy(before),
        present,
        reached=Counter() if reached is None else reached,
    )
    running.active = find_active(running)
    running.rank, running.title = list(before.rank), list(before.title)
    if plan.ranks.steps and plan.ranks.every is period.every:
        work_out_ranks(running)
        running.title = [max(pair) for pair in zip(before.title, running.rank, strict=True)]
        for rank, title in zip(running.rank, running.title, strict=True):
            running.reached[f"rank {rank} is held"] += 1
            running.reached["a rank falls and the title stays"] += rank < title
    running.kept.rank, running.kept.title = list(running.rank), list(running.title)
    return running
