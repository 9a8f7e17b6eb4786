"""Runs that are approved and stay as they are, and the refunds that later runs take them to task
for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.bonus import Bonus, By
from upline.plans.company import Members, Orders
from upline.plans.counting import Basis, Counted, Customer, FurtherFigure
from upline.plans.exchange import RunRates
from upline.plans.periods import Period
from upline.plans.plan import Plan
from upline.plans.result import LegSums


@dataclass(frozen=True, slots=True)
class Refunded:
    """Orders of which something was refunded, by order and class of buyer: what remains of them
    in minor units, in hundredths of points, and by name of the company's figures."""

    order: Ints
    customer: Small
    value: Ints
    points: Ints
    figures: Mapping[str, Ints] = field(default_factory=dict)

    def keys(self) -> Ints:
        """One number for each, as `keys_of` makes it."""
        return keys_of(self.order, self.customer)

    def stays(self) -> Flags:
        """Of which anything remains."""
        stays = (self.value > 0) | (self.points > 0)
        for figure in self.figures.values():
            stays = stays | (figure > 0)
        return stays

    def remaining(self, basis: Counted) -> Ints:
        """What remains, as a bonus counts it: nothing of a figure that orders did not have yet."""
        if isinstance(basis, FurtherFigure):
            return self.figures.get(basis.name, np.zeros(len(self.order), np.int64))
        return self.value if basis is Basis.VALUE else self.points


def keys_of(order: Ints, customer: Small) -> Ints:
    """One number for an order and a class of its buyers."""
    return order * len(Customer) + customer


@dataclass(frozen=True, slots=True)
class StoredLines:
    """A run's lines as they are kept, members, positions and sources by id, 0 for none. `bonus`:
    the index in the plan, below zero the settlement's. `back`, `base_back`: what later runs took
    back of each amount and of its base, none above zero."""

    number: Indexes
    member: Ints
    bonus: Array
    source: Ints
    level: Array
    rate: Indexes
    base: Ints
    amount: Ints
    back: Ints
    base_back: Ints
    position: Ints


@dataclass(frozen=True, slots=True)
class Past:
    """One approved run, by its number. `ids`, `position_ids`, `order_ids`: those of `members`, of
    their positions, and of `orders`. Ranks are in the order of `members`; legs, and what pairs
    paid, in that of the positions. `refunded`: what this run itself took back. `lines` are read
    only where something of the run is taken back. `exchange`: the rates that it used, where it met
    several currencies."""

    plan: Plan
    period: Period
    ids: Ints
    position_ids: Ints
    members: Members
    order_ids: Ints
    orders: Orders
    rank: Small
    title: Small
    lines: Callable[[], StoredLines]
    refunded: Refunded
    legs: dict[str, LegSums] = field(default_factory=dict)
    paired: dict[str, Ints] = field(default_factory=dict)
    number: int = 0
    exchange: RunRates | None = None

    def bonus(self, name: str) -> Bonus | None:
        """The bonus of this name."""
        return next((bonus for bonus in self.plan.bonuses if bonus.name == name), None)

    def number_of(self, bonus: Bonus) -> int:
        """Its index in the plan."""
        return self.plan.bonuses.index(bonus)

    def classes(self, by: By) -> Small:
        """Each member's row in a table of rates."""
        if by is By.RANK:
            return self.rank
        if by is By.TITLE:
            return self.title
        return np.zeros(len(self.ids), np.int8) if by is By.NOTHING else self.members.package

    def market_of_positions(self) -> Small:
        """The market that each position's member was paid in; the first where there was one."""
        stand = self.members.in_positions()
        if self.members.market is None:
            return np.zeros(len(stand), np.int8)
        return stand.of_members(self.members.market)

    def in_plan(self, values: Ints, order: Indexes) -> Ints:
        """Values of orders, given by their indexes, in plan currency."""
        if self.exchange is None or self.orders.market is None:
            return values
        return self.exchange.in_plan(values, self.orders.market[order])

    def works_out(self, bonus: Bonus) -> bool:
        """Whether the bonus was due with this run."""
        return bonus.every is self.period.every
