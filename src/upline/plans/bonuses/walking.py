"""Levels and generations: items are carried up a tree and pay by a table, step by step.

Unilevel, monoline, x-up, matrix levels, fast start, referral, retail margin, matching and
generation overrides are all this, with other items, trees and tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, total
from upline.plans.bonus import Compression, Count, Items, Levels
from upline.plans.bonuses.currencies import basis_of, for_kernel, in_currencies
from upline.plans.company import NOBODY
from upline.plans.kernels.trees import nearest_above
from upline.plans.kernels.walks import SOURCES, move_up, pay_generations, pay_step
from upline.plans.lines import Lines
from upline.plans.rounding import Scale, scale_of
from upline.plans.situation import Situation
from upline.plans.volumes import amounts, indexes_of


@dataclass(slots=True)
class Carried:
    """What is carried up: whose it is, its source in a line, and what a rate is taken of;
    `counted` is what kernels multiply."""

    origin: Indexes
    source: Indexes
    base: Ints
    counted: Ints = field(init=False)


def pay(bonus: Levels, now: Situation) -> list[Lines]:
    """The lines of a levels bonus, one for each item and step that pays."""
    items = _items(bonus, now)
    rates = bonus.rates
    scale = scale_of(now.plan, basis_of(bonus), flat=rates.flat)
    items.counted, scale = for_kernel(items.base, scale, now)
    best = max((max(row, default=0) for row in rates.table), default=0)
    most = len(items.base) if rates.flat else total(items.counted)
    now.must_fit(most, best, scale, bonus.name)
    climb = _by_generations if bonus.count is Count.GENERATIONS else _by_levels
    return in_currencies(bonus, climb(bonus, now, items, scale), now)


def _items(bonus: Levels, now: Situation) -> Carried:
    if bonus.items is Items.EARNINGS:
        earned = now.earnings(bonus.of)
        who = np.flatnonzero(earned).astype(np.int32)
        return Carried(who, who, earned[who])
    if bonus.items is Items.ACTIVE_MEMBERS:
        return _of_members(now.active)
    if bonus.items is Items.JOININGS:
        return _of_members(now.joined_in_period)
    return _of_orders(bonus, now)


def _of_members(chosen: Flags) -> Carried:
    """One item for each of these, for a flat amount."""
    who = np.flatnonzero(chosen).astype(np.int32)
    return Carried(who, who, np.zeros(len(who), np.int64))


def _of_orders(bonus: Levels, now: Situation) -> Carried:
    orders, chosen = now.orders, now.counting(bonus.volume)
    if bonus.items is Items.FIRST_ORDERS:
        indexes = indexes_of(chosen)
        chosen = indexes[orders.first[indexes]]
    base = amounts(orders, bonus.volume.basis)[chosen]
    return Carried(orders.member[chosen], indexes_of(chosen), base)


def _by_levels(bonus: Levels, now: Situation, items: Carried, scale: Scale) -> list[Lines]:
    parent, paid = now.tree(bonus.tree), now.qualified(bonus.needs)
    table = np.array(bonus.rates.table, np.int64)
    classes, whose = now.classes(bonus.rates.by), now.whose(bonus.rates.by)
    holder, room, found = items.origin.copy(), _Room(len(items.origin)), []
    up = nearest_above(parent, now.active) if bonus.compression is Compression.STANDARD else parent
    for level, column in enumerate(np.ascontiguousarray(table.T), bonus.first_level):
        if level > 0:
            if bonus.compression is Compression.GENEROUS:
                up = _entitled_above(parent, paid, (column > 0)[classes], whose, items, holder)
            if not move_up(holder, up):
                break
        lines = pay_step(
            items.origin, items.counted, holder, paid, classes, whose, column,
            scale.multiplier, scale.divisor, room.item, room.rates, room.amounts,
        )  # fmt: skip
        if lines:
            found.append(room.lines(bonus.name, items, lines, level, holder))
    return found


def _entitled_above(
    parent: Indexes, paid: Flags, entitled: Flags, whose: int, items: Carried, holder: Indexes
) -> Indexes:
    """For each member the nearest one above whom a level pays.

    Where the buyer's class decides, nobody takes a level of a buyer whose class pays nothing
    there: the walk of these items ends.
    """
    if whose != SOURCES:
        return nearest_above(parent, paid & entitled)
    holder[~entitled[items.origin]] = NOBODY
    return nearest_above(parent, paid)


@dataclass(slots=True)
class _Room:
    """Where a kernel writes the lines of one level, used again for the next."""

    item: Indexes
    rates: Indexes
    amounts: Ints

    def __init__(self, size: int) -> None:
        self.item, self.rates = np.empty(size, np.int32), np.empty(size, np.int32)
        self.amounts = np.empty(size, np.int64)

    def lines(self, bonus: str, items: Carried, count: int, level: int, holder: Indexes) -> Lines:
        item = self.item[:count]
        return Lines(
            bonus, holder[item], items.source[item], np.broadcast_to(np.int16(level), count),
            self.rates[:count].copy(), items.base[item], self.amounts[:count].copy(),
        )  # fmt: skip


def _by_generations(bonus: Levels, now: Situation, items: Carried, scale: Scale) -> list[Lines]:
    """Each rank apart, since a generation ends at who holds the receiver's rank or a higher one."""
    paid, found = now.qualified(bonus.needs), []
    if bonus.heads:
        ladder = [(now.rank >= bonus.heads, paid)]
    else:
        held = range(1, int(now.rank.max(initial=0)) + 1)
        ladder = [(now.rank >= rank, paid & (now.rank == rank)) for rank in held]
    for heads, receivers in ladder:
        if receivers.any():
            found.append(_generations(bonus, now, items, scale, heads, receivers))
    return [lines for lines in found if len(lines)]


def _generations(
    bonus: Levels, now: Situation, items: Carried, scale: Scale, heads: Flags, receivers: Flags
) -> Lines:
    up = nearest_above(now.tree(bonus.tree), heads)
    classes, table = now.classes(bonus.rates.by), np.array(bonus.rates.table, np.int64)

    def walk(size: int, *, fill: bool) -> tuple[int, Lines]:
        item, member = np.empty(size, np.int32), np.empty(size, np.int32)
        level, rates = np.empty(size, np.int16), np.empty(size, np.int32)
        amounts = np.empty(size, np.int64)
        count = pay_generations(
            items.origin, items.counted, heads, up, receivers, classes, table, bonus.first_level,
            scale.multiplier, scale.divisor, fill, item, member, level, rates, amounts,
        )  # fmt: skip
        source, base = items.source[item] if fill else item, items.base[item] if fill else amounts
        return count, Lines(bonus.name, member, source, level, rates, base, amounts)

    return walk(walk(0, fill=False)[0], fill=True)[1]
