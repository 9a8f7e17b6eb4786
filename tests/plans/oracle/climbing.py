"""Bonuses that carry each item up a tree: levels, generations and the stairstep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plans.oracle.money import stated
from plans.oracle.standing import (
    Running,
    class_of,
    counted,
    group_points,
    meets,
    rate_of,
    share_of,
)
from plans.oracle.trees import tree_of
from upline.plans.bonus import By, Compression, Count, Items, Levels, Stairstep
from upline.plans.counting import Basis
from upline.plans.terms import Spot, Stated


@dataclass(frozen=True)
class Item:
    """Something that pays. `member`: whose it is; `source`: what a line calls it; `market`: in
    whose currency its base is."""

    source: int
    member: int
    base: int
    market: int | None


def items_of(run: Running, bonus: Levels) -> list[Item]:
    first, last = run.period.first_day, run.period.last_day
    if bonus.items is Items.JOININGS:
        return [
            Item(i, i, 0, None)
            for i in run.everybody()
            if first <= run.company.members[i].joined <= last
        ]
    if bonus.items is Items.ACTIVE_MEMBERS:
        return [Item(i, i, 0, None) for i in run.everybody() if run.active[i]]
    if bonus.items is Items.EARNINGS:
        return earnings(run, bonus.of)
    items = []
    for number, order in run.orders():
        base = counted(run, bonus.volume, order)
        if base is not None and (order.first or bonus.items is Items.ORDERS):
            items.append(Item(number, order.member, base, order.market))
    return items


def earnings(run: Running, of: tuple[str, ...]) -> list[Item]:
    sums: dict[int, int] = {}
    for bonus, member, _, _, _, _, amount in run.lines:
        if bonus in of:
            sums[member] = sums.get(member, 0) + amount
    members = run.company.members
    return [
        Item(member, member, amount, members[member].market)
        for member, amount in sorted(sums.items())
    ]


def levels(run: Running, bonus: Levels) -> None:
    parent = tree_of(run, bonus.tree)
    climb = generations if bonus.count is Count.GENERATIONS else climbers
    for item in items_of(run, bonus):
        for receiver, level in climb(run, bonus, parent, item):
            pay_level(run, bonus, item, receiver, level)


def pay_level(run: Running, bonus: Levels, item: Item, receiver: int, level: int) -> None:
    row = class_of(run, bonus.rates.by, receiver, item.member)
    rate = rate_of(bonus.rates, row, level - bonus.first_level)
    if not meets(run, bonus, receiver):
        run.reached["does not meet the needs"] += rate > 0
        return
    basis = Basis.VALUE if bonus.items is Items.EARNINGS else bonus.volume.basis
    if bonus.rates.flat:
        spot = Spot(bonus.name, Stated.RATES, row, level - bonus.first_level)
        amount = stated(run.plan, run.company, rate, receiver, spot)
    else:
        amount = share_of(run, basis, item.base, rate, item.market, receiver)
    if amount > 0:
        shown = 0 if bonus.rates.flat else rate
        run.lines.append((bonus.name, receiver, item.source, level, shown, item.base, amount))
        run.reached[f"paid at level {level}"] += 1


def climbers(
    run: Running, bonus: Levels, parent: list[int], item: Item
) -> Iterator[tuple[int, int]]:
    """Who takes which level, paid or not."""
    last = bonus.first_level + max(len(row) for row in bonus.rates.table) - 1
    if bonus.first_level == 0:
        yield item.member, 0
    above, level = parent[item.member], 1
    while above >= 0 and level <= last:
        if takes_level(run, bonus, above, level, item):
            yield above, level
            level += 1
        else:
            run.reached["passed over"] += 1
        above = parent[above]


def takes_level(run: Running, bonus: Levels, member: int, level: int, item: Item) -> bool:
    if bonus.compression is Compression.NONE:
        return True
    if bonus.compression is Compression.STANDARD:
        return run.active[member]
    asked = class_of(run, bonus.rates.by, member, item.member)
    if bonus.rates.by is By.LOWER_PACKAGE:
        asked = run.company.members[member].package
    return meets(run, bonus, member) and rate_of(bonus.rates, asked, level - bonus.first_level) > 0


def generations(
    run: Running, bonus: Levels, parent: list[int], item: Item
) -> Iterator[tuple[int, int]]:
    """Each receiver with the generation, counted anew for each from the seller up."""
    way: list[int] = []
    member = item.member
    while member >= 0:
        head = bonus.heads or run.rank[member]
        generation = sum(run.rank[other] >= head for other in way)
        may_receive = run.rank[member] >= max(head, 1)
        if may_receive and generation >= bonus.first_level:
            yield member, generation
        way.append(member)
        member = parent[member]


def stairstep(run: Running, bonus: Stairstep) -> None:
    parent = tree_of(run, bonus.tree)
    ranks_tree = run.plan.ranks.tree
    breaks = bonus.tree == ranks_tree
    points = group_points(run, bonus.tree.kind, bonus.measured_in, with_broken_away=not breaks)
    for number, order in run.orders():
        base = counted(run, bonus.volume, order)
        if base is None:
            continue
        best, member, distance = 0, order.member, 0
        while member >= 0:
            rate = step_of(run, bonus, member, points)
            if rate > best and distance >= bonus.first_level:
                basis = bonus.volume.basis
                amount = share_of(run, basis, base, rate - best, order.market, member)
                line = (bonus.name, member, number, distance, rate - best, base, amount)
                run.lines += [line] if amount > 0 else []
                run.reached["a difference is paid"] += best > 0
                best = rate
            if breaks and run.broke_away(member):
                run.reached["a walk stops at a breakaway"] += 1
                break
            member, distance = parent[member], distance + 1


def step_of(run: Running, bonus: Stairstep, member: int, points: list[int]) -> int:
    if not meets(run, bonus, member):
        return 0
    if bonus.rates is not None:
        return rate_of(bonus.rates, class_of(run, bonus.rates.by, member, member), 0)
    reached = [bracket.rate for bracket in bonus.brackets if points[member] >= bracket.points]
    return reached[-1] if reached else 0
