"""Which orders a pair, and each point carried over, came from.

A leg is a queue: first in, first out, and a flush drops the newest. So what became of each order
follows from how much entered, was consumed and was carried over in each run; nothing is stored
per pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints
from upline.plans.bonus import Pairs
from upline.plans.company import LEFT, Members, Orders, Positions
from upline.plans.kernels.trees import preorder
from upline.plans.periods import Period
from upline.plans.result import Result, Side
from upline.plans.volumes import counting, in_plan, indexes_of

BEFORE = -1
"""Stands for the orders before the first run that is looked at."""


@dataclass(frozen=True, slots=True)
class Parts:
    """So much of each order, the oldest first."""

    order: Indexes
    amount: Ints

    def cut(self, at: int) -> tuple[Parts, Parts]:
        """The oldest parts up to an amount, and the rest; an order may be in both."""
        until = np.cumsum(self.amount)
        taken = np.clip(at - (until - self.amount), 0, self.amount)
        front, back = taken > 0, taken < self.amount
        rest = self.amount - taken
        return Parts(self.order[front], taken[front]), Parts(self.order[back], rest[back])

    def became(self, leg: Side, position: int) -> tuple[Parts, Parts, Parts]:
        """What of a leg the position's pairs consumed, what was flushed, what is carried over."""
        consumed, rest = self.cut(int(leg.consumed[position]))
        carried, flushed = rest.cut(int(leg.carried[position]))
        return consumed, flushed, carried

    def followed_by(self, other: Parts) -> Parts:
        """These and then the others."""
        return Parts(
            np.concatenate((self.order, other.order)), np.concatenate((self.amount, other.amount))
        )


@dataclass(frozen=True, slots=True)
class Traced:
    """A leg's volume in a run: which orders fed its pairs, were flushed, are carried over."""

    period: Period
    consumed: Parts
    flushed: Parts
    carried: Parts


class Leg:
    """One leg of a position, as a queue of the orders that entered it.

    The runs are told to it in turn. What the first of them brought over is of BEFORE.
    """

    def __init__(
        self, bonus: Pairs, members: Members, orders: Orders, position: int, side: int
    ) -> None:
        self.bonus, self.members, self.orders = bonus, members, orders
        self.position, self.side = position, side
        self._within = within_leg(members.in_positions(), position, side)
        self._queue: Parts | None = None

    def after(self, result: Result) -> Traced:
        """What became of the leg in this run, which must be one that worked the bonus out."""
        sums = result.legs[self.bonus.name]
        leg = sums.left if self.side == LEFT else sums.right
        queue = self._queue
        if queue is None:
            brought = leg.brought[[self.position]]
            queue = Parts(np.full(1, BEFORE, np.int32), brought).cut(int(brought[0]))[0]
        fresh = entered(self.bonus, self.members, self.orders, result.period, self._within)
        became = queue.followed_by(fresh).became(leg, self.position)
        traced = Traced(result.period, *became)
        self._queue = traced.carried
        return traced


def trace(
    bonus: Pairs,
    members: Members,
    orders: Orders,
    results: Sequence[Result],
    position: int,
    side: int,
) -> list[Traced]:
    """One leg of a position through these runs, given in turn; each names the orders by index."""
    leg = Leg(bonus, members, orders, position, side)
    return [leg.after(result) for result in results if bonus.name in result.legs]


def within_leg(positions: Positions, top: int, side: int) -> Flags:
    """Which positions stand in this leg of one of them."""
    enter, size, left_size = preorder(positions.placement, positions.side)
    middle = enter[top] + left_size[top]
    after_left = enter > middle
    in_team = (enter > enter[top]) & (enter < enter[top] + size[top])
    in_leg: Flags = in_team & (~after_left if side == LEFT else after_left)
    return in_leg


def entered(bonus: Pairs, members: Members, orders: Orders, period: Period, within: Flags) -> Parts:
    """The orders of a run that count in a leg; `within`: which positions stand in it."""
    which = orders.between(period.first_day, period.last_day)
    order = indexes_of(counting(members, orders, which, bonus.volume))
    order = order[within[orders.at(members.in_positions())[order]]]
    amount = in_plan(orders, bonus.volume.basis)[order]
    return Parts(order[amount > 0], amount[amount > 0])
