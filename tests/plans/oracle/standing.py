"""Who is there, who is active, who holds which rank, and who meets a bonus's needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from plans.oracle.company import Company, Kept, Line, Order, SideSums
from plans.oracle.money import in_plan, worth_of
from upline.plans.bonus import Bonus, By, Needs, Rates, TreeKind
from upline.plans.counting import OUTSIDE, Basis, Counted, FurtherFigure, LeastOrder, Volume
from upline.plans.periods import Period, window
from upline.plans.plan import Plan, Rank


@dataclass
class Running:
    """A run on its way. `reached` counts which branches of the rules were taken."""

    plan: Plan
    company: Company
    period: Period
    before: Kept
    kept: Kept
    present: list[bool]
    active: list[bool] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    title: list[int] = field(default_factory=list)
    best_below: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    legs: dict[str, list[tuple[SideSums, SideSums, int]]] = field(default_factory=dict)
    pair_lines: dict[tuple[str, int], Line] = field(default_factory=dict)
    reached: Counter[str] = field(default_factory=Counter)

    def everybody(self) -> list[int]:
        """Who has joined by the period's end."""
        return [i for i, is_there in enumerate(self.present) if is_there]

    def orders(self) -> list[tuple[int, Order]]:
        """The orders of the period, with their places among all orders."""
        first, last = self.period.first_day, self.period.last_day
        return [(i, o) for i, o in enumerate(self.company.orders) if first <= o.day <= last]

    def own_points(self, measured_in: Counted) -> list[int]:
        """Each member's own points of the period, or what they have of the figure."""
        return points_of_own(self.company, self.period.first_day, self.period.last_day, measured_in)

    def buyers_in_period(self, member: int, needs: Needs) -> set[int]:
        return buyers_since(self, member, self.period.first_day, needs.buyers_order)

    def broke_away(self, member: int) -> bool:
        head = self.plan.ranks.breakaway
        return head > 0 and self.rank[member] >= head


def points_of_own(
    company: Company, first_day: int, last_day: int, measured_in: Counted
) -> list[int]:
    points = [0] * len(company.members)
    for order in company.orders:
        if first_day <= order.day <= last_day:
            points[order.member] += part_of_order(order, measured_in)
    return points


def part_of_order(order: Order, counted: Counted) -> int:
    """Its value, its points, or what it has of the figure."""
    if isinstance(counted, FurtherFigure):
        return order.figure
    return order.points if counted is Basis.POINTS else order.value


def find_active(run: Running) -> list[bool]:
    rule, last_day = run.plan.active, run.period.last_day
    since = window(last_day, rule.every, rule.periods, run.plan.week_starts)
    points = points_of_own(run.company, since, last_day, rule.measured_in)
    active = []
    for i, member in enumerate(run.company.members):
        is_active = (
            member.active if member.active is not None else points[i] >= rule.personal_points
        )
        active.append(run.present[i] and is_active)
    return active


def parents_of(run: Running, kind: TreeKind) -> list[int]:
    """Of the two trees that are kept."""
    if kind is TreeKind.SPONSOR:
        return [member.sponsor for member in run.company.members]
    return run.company.people_above


def children_of(parent: list[int], member: int) -> list[int]:
    return [child for child, above in enumerate(parent) if above == member]


@dataclass
class Measures:
    """Of one window: own points and customers' orders, and what the legs come to."""

    own: list[int]
    customers: list[int]
    group: list[int]
    team: list[int]


def measure(run: Running, since: int) -> Measures:
    last_day, size = run.period.last_day, len(run.company.members)
    customers = [0] * size
    for order in run.company.orders:
        if since <= order.day <= last_day and order.customer in [int(c) for c in OUTSIDE]:
            customers[order.member] += 1
    own = points_of_own(run.company, since, last_day, run.plan.ranks.measured_in)
    return Measures(own, customers, [0] * size, [0] * size)


def work_out_ranks(run: Running) -> None:
    """From the lowest member up: what a member's legs come to rests on the ranks below."""
    ladder = run.plan.ranks
    parent = parents_of(run, ladder.tree.kind)
    windows: dict[int, Measures] = {}
    for step in ladder.steps:
        windows[step.periods] = measure(
            run, window(run.period.last_day, ladder.every, step.periods, run.plan.week_starts)
        )
    run.rank, run.best_below = [0] * len(parent), [0] * len(parent)
    for member in reversed(range(len(parent))):
        children = children_of(parent, member)
        for measures in windows.values():
            measures.team[member] = measures.own[member] + sum(measures.team[c] for c in children)
            measures.group[member] = measures.own[member] + sum(
                0 if run.broke_away(c) else measures.group[c] for c in children
            )
        for number, step in enumerate(ladder.steps, start=1):
            is_there = run.present[member]
            if is_there and holds(run, member, step, windows[step.periods], children):
                run.rank[member] = number
        run.best_below[member] = max([run.rank[member], *(run.best_below[c] for c in children)])


def counted_legs(legs: list[int], limit: int) -> int:
    return sum(leg if limit < 0 else min(leg, limit) for leg in legs)


def holds(
    run: Running,
    member: int,
    step: Rank,
    measures: Measures,
    children: list[int],
) -> bool:
    own = measures.own[member]
    group_legs = [0 if run.broke_away(c) else measures.group[c] for c in children]
    group = own + counted_legs(group_legs, step.leg_limit)
    team = own + counted_legs([measures.team[c] for c in children], step.leg_limit)
    if group != own + sum(group_legs) and group < step.group_points <= own + sum(group_legs):
        run.reached["a leg limit denies a rank"] += 1
    run.reached["a leg broke away"] += any(run.broke_away(c) for c in children)
    in_period = run.own_points(run.plan.ranks.measured_in)[member]
    run.reached["earlier periods count for a rank"] += own > in_period
    conditions = [
        run.active[member] or not step.active,
        own >= step.personal_points,
        group >= step.group_points,
        team >= step.team_points,
        measures.customers[member] >= step.customers,
        not step.buyers or buyers_of(run, member, step) >= step.buyers,
        all(legs_with(run, children, h.rank) >= h.count for h in step.legs),
        all(directs_with(run, member, h.rank) >= h.count for h in step.directs),
    ]
    names = ("active", "personal", "group", "team", "customers", "buyers", "legs", "directs")
    if conditions.count(False) == 1:
        run.reached[f"a rank is missed by {names[conditions.index(False)]} alone"] += 1
    return all(conditions)


def buyers_of(run: Running, member: int, step: Rank) -> int:
    """The member's customers with an order like the one that a rank asks for."""
    every, starts = run.plan.ranks.every, run.plan.week_starts
    since = window(run.period.last_day, every, step.periods, starts)
    return len(buyers_since(run, member, since, step.buyers_order))


def buyers_since(run: Running, member: int, since: int, least: LeastOrder) -> set[int]:
    known = {
        order.customer_id
        for order in run.company.orders
        if order.member == member
        and since <= order.day <= run.period.last_day
        and order.customer in [int(c) for c in OUTSIDE]
        and together(
            run.plan, run.company, Volume(least.counted), order, part_of_order(order, least.counted)
        )
        >= least.amount
    }
    return known - {0}


def legs_with(run: Running, children: list[int], rank: int) -> int:
    """Legs in which somebody, the head included, holds at least a rank."""
    return sum(run.best_below[child] >= rank for child in children)


def directs_with(run: Running, member: int, rank: int) -> int:
    recruits = run.company.recruits[member]
    if rank == 0:
        return sum(run.active[other] for other in recruits)
    return sum(run.rank[other] >= rank for other in recruits)


def group_points(
    run: Running, kind: TreeKind, measured_in: Counted, *, with_broken_away: bool
) -> list[int]:
    """Of the run's period, on one of the two trees."""
    parent = parents_of(run, kind)
    points = run.own_points(measured_in)
    for member in reversed(range(len(points))):
        leaves = run.broke_away(member) and not with_broken_away
        if parent[member] >= 0 and not leaves:
            points[parent[member]] += points[member]
    return points


def meets(run: Running, bonus: Bonus, member: int) -> bool:
    """All that a bonus needs of whom it pays, but for the sides of a binary."""
    needs = bonus.needs
    return (
        run.present[member]
        and (run.active[member] or not needs.active)
        and run.rank[member] >= needs.rank
        and (
            not needs.personal_points
            or run.own_points(needs.measured_in)[member] >= needs.personal_points
        )
        and directs_with(run, member, 0) >= needs.directs
        and needs.buyers <= (len(run.buyers_in_period(member, needs)) if needs.buyers else 0)
    )


def class_of(run: Running, by: By, receiver: int, source: int) -> int:
    """Which row of a table counts."""
    members = run.company.members
    if by is By.NOTHING:
        return 0
    if by is By.RANK:
        return run.rank[receiver]
    if by is By.TITLE:
        return run.title[receiver]
    if by is By.PACKAGE:
        return members[receiver].package
    if by is By.BUYER_PACKAGE:
        return members[source].package
    return min(members[receiver].package, members[source].package)


def rate_of(rates: Rates, row: int, column: int) -> int:
    """Nothing is paid beyond the end of a row."""
    return rates.table[row][column] if 0 <= column < len(rates.table[row]) else 0


def counted(run: Running, volume: Volume, order: Order) -> int | None:
    """What of an order counts: minor units or hundredths of points, None where it does not."""
    joined = run.company.members[order.member].joined
    days = order.day - joined
    run.reached["an order came too late"] += volume.within_days is not None and (
        days >= volume.within_days
    )
    run.reached["an order came too early"] += volume.after_days is not None and (
        days < volume.after_days
    )
    return counted_volume(run.company, volume, order)


def counted_volume(company: Company, volume: Volume, order: Order) -> int | None:
    joined = company.members[order.member].joined
    if order.customer not in [int(c) for c in volume.customers]:
        return None
    if volume.within_days is not None and order.day >= joined + volume.within_days:
        return None
    if volume.after_days is not None and order.day < joined + volume.after_days:
        return None
    return part_of_order(order, volume.basis)


def volume_of(run: Running, volume: Volume, order: Order) -> int | None:
    """The same where several orders count together: money of the plan currency."""
    base = counted(run, volume, order)
    return base if base is None else together(run.plan, run.company, volume, order, base)


def together(plan: Plan, company: Company, volume: Volume, order: Order, base: int) -> int:
    if volume.basis is not Basis.VALUE:
        return base
    return in_plan(plan, company, base, order.market)


def share_of(
    run: Running, basis: Counted, base: int, rate: int, sold: int | None, receiver: int
) -> int:
    """What a rate comes to in the receiver's currency, of what was sold in a market."""
    to = run.company.members[receiver].market
    run.reached["two markets meet"] += sold != to
    return worth_of(run.plan, run.company, basis, base, rate, sold, to)
