"""Which orders a leg's pairs came from: a queue of orders."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.oracle.company import Answer, Company
from plans.oracle.pairs import leg_of
from plans.oracle.standing import counted_volume, together
from upline.plans.bonus import Pairs
from upline.plans.periods import Period
from upline.plans.plan import Plan

Parts = dict[int, int]
"""So much of each order."""


@dataclass
class Traced:
    """What a run took from each order for pairs, what it flushed, and what it carried over."""

    consumed: Parts = field(default_factory=dict)
    flushed: Parts = field(default_factory=dict)
    carried: Parts = field(default_factory=dict)


def trace(
    plan: Plan,
    bonus: Pairs,
    company: Company,
    runs: list[tuple[Period, Answer]],
    position: int,
    side: int,
) -> list[Traced]:
    """One leg of a position through all runs: what pairs consume is the oldest, what is flushed
    the newest."""
    queue: list[list[int]] = []
    traced = []
    for period, answer in runs:
        left, right, _ = answer.legs[bonus.name][position]
        sums = right if side else left
        for number, order in enumerate(company.orders):
            if period.first_day <= order.day <= period.last_day:
                base = counted_volume(company, bonus.volume, order) or 0
                base = together(plan, company, bonus.volume, order, base)
                if base and leg_of(company, position, company.position_of(order)) == side:
                    queue.append([number, base])
        run = Traced()
        take(queue, -1, sums.flushed, run.flushed)
        take(queue, 0, sums.consumed, run.consumed)
        run.carried = {entry[0]: entry[1] for entry in queue}
        traced.append(run)
    return traced


def take(queue: list[list[int]], end: int, amount: int, parts: Parts) -> None:
    while amount > 0:
        entry = queue[end]
        part = min(amount, entry[1])
        parts[entry[0]] = parts.get(entry[0], 0) + part
        amount -= part
        entry[1] -= part
        if entry[1] == 0:
            queue.pop(end)
