"""A run: one period of one company under one plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from upline.plans import ranks
from upline.plans.arrays import must_fit, total
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
from upline.plans.bonuses import advancement, binary, boards, matrix, pools, stairstep, walking
from upline.plans.carry import Carry, must_suit, nothing_carried
from upline.plans.company import Members, Orders
from upline.plans.counting import Volume
from upline.plans.exchange import RunRates
from upline.plans.kernels.sums import add_up
from upline.plans.lines import Lines, without_nothing
from upline.plans.periods import Period, ending_within, in_turn
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Result, RunFigures
from upline.plans.settlement import TakenBack, settle
from upline.plans.situation import Situation


def run(
    plan: Plan, members: Members, orders: Orders, period: Period, carry: Carry | None = None,
    taken: TakenBack | None = None, exchange: RunRates | None = None,
) -> Result:  # fmt: skip
    """Work out one period: the bonuses that are due with it, ranks if they are, the settlement.

    `taken` is taken back of what earlier runs paid (clawback.py): it is in the totals, and in none
    of the lines. `exchange` has the rates where members or orders are in several currencies: each
    member's amounts are in the member's own. The same arrays give the same result. Orders before
    the period feed windows only, orders after it nothing. Raises TooLarge where numbers would not
    fit 64 bits, CarryMismatch where the carry is another company's or another plan's.
    """
    _must_fit(orders, period)
    carry = carry or nothing_carried(len(members))
    must_suit(carry, plan, len(members), len(members.in_positions()))
    now = Situation(plan, members, orders, period, carry, exchange)
    figures = RunFigures(active_points=now.active_points)
    if plan.ranks.steps and plan.ranks.every is period.every:
        now.rank, figures.ranks = ranks.reached(now)
        now.title = np.maximum(now.title, now.rank)
    work = _Running(now, figures)
    for bonus in plan.bonuses:
        if bonus.every is period.every:
            work.pay(bonus)
    turnover = now.turnover(Volume())
    gross = np.zeros(len(members), np.int64)
    must_fit(sum(total(lines.amount) for lines in work.lines), "all commissions together")
    for lines in work.lines:
        add_up(lines.member, lines.amount, gross)
    settled = settle(now, gross, turnover, taken)
    work.after.held, work.after.tax, work.after.paid = settled.held, settled.tax, settled.paid
    figures.ceiling = settled.ceiling
    return Result(
        period, [*work.lines, *settled.lines], work.after, now.active, now.rank, now.title,
        turnover, settled.totals, settled.purchase, work.legs, figures,
    )  # fmt: skip


def _must_fit(orders: Orders, period: Period) -> None:
    """Refuse volume whose sums would not fit; every sum of a run is a part of these."""
    until = slice(0, int(np.searchsorted(orders.day, period.last_day, "right")))
    must_fit(total(orders.value[until]), "the value of all orders together")
    must_fit(total(orders.points[until]), "the points of all orders together")
    for name, figure in orders.figures.items():
        must_fit(total(figure[until]), f"the figure {name} of all orders together")


def runs(plan: Plan, first_day: int, last_day: int) -> Iterator[Period]:
    """The runs whose periods end within these days, in turn; of two that end together the
    shorter first."""
    wanted = plan.lengths
    periods = (ending_within(first_day, last_day, every, plan.week_starts) for every in wanted)
    found = [period for some in periods for period in some]
    yield from sorted(found, key=in_turn)


@dataclass(slots=True)
class _Running:
    """The lines so far, and what is handed to the next run."""

    now: Situation
    figures: RunFigures
    lines: list[Lines] = field(default_factory=list)
    legs: dict[str, LegSums] = field(default_factory=dict)
    after: Carry = field(init=False)
    matched: set[str] = field(init=False)

    def __post_init__(self) -> None:
        now, carry = self.now, self.now.carry
        self.after = Carry(
            now.rank, now.title, carry.held,
            dict(carry.legs), dict(carry.full_levels), dict(carry.boards), carry.tax,
        )  # fmt: skip
        levels = (bonus for bonus in now.plan.bonuses if isinstance(bonus, Levels))
        self.matched = {name for bonus in levels for name in bonus.of}

    def pay(self, bonus: Bonus) -> None:
        """Work out one bonus, and sum it for those that match it."""
        lines = self._lines(bonus)
        if self.now.exchange:
            lines = [some for some in map(without_nothing, lines) if len(some)]
        self.lines += lines
        if bonus.name in self.matched:
            self.now.remember(bonus.name, lines)

    def _lines(self, bonus: Bonus) -> list[Lines]:
        now, after, figures = self.now, self.after, self.figures
        match bonus:
            case Levels():
                return walking.pay(bonus, now)
            case Stairstep():
                lines, figures.stairsteps[bonus.name] = stairstep.pay(bonus, now)
                return lines
            case Pairs():
                matched = binary.pay(bonus, now)
                self.legs[bonus.name], after.legs[bonus.name] = matched.sums, matched.carry
                return matched.lines
            case FullLevels():
                lines, after.full_levels[bonus.name] = matrix.pay(bonus, now)
                return lines
            case Board():
                lines, after.boards[bonus.name] = boards.pay(bonus, now)
                return lines
            case Pool():
                lines, figures.pools[bonus.name] = pools.pay(bonus, now)
                return lines
            case RankAdvancement():
                return advancement.pay(bonus, now)
        raise TypeError(f"no mechanism pays {type(bonus).__name__}")
