"""What all bonuses of one run look at: who is there, who is active, which orders count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from upline.plans import activity, trees, volumes
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small, total
from upline.plans.bonus import By, Needs, Tree, TreeKind
from upline.plans.carry import Carry
from upline.plans.company import Members, Orders, Positions
from upline.plans.counting import Counted, LeastOrder, Volume
from upline.plans.exchange import RunRates
from upline.plans.kernels.sums import add_up
from upline.plans.kernels.trees import active_recruits, active_recruits_by_side
from upline.plans.kernels.walks import LOWER, RECEIVERS, SOURCES
from upline.plans.lines import Lines
from upline.plans.periods import Every, Period, window
from upline.plans.plan import Plan
from upline.plans.rounding import Scale, divided
from upline.plans.terms import Spot
from upline.plans.volumes import Chosen

WHOSE = {By.LOWER_PACKAGE: LOWER, By.BUYER_PACKAGE: SOURCES}


@dataclass(slots=True)
class Situation:
    """A run while it is calculated. `exchange`: the rates where it meets several currencies.
    `positions`: where the members stand. `active_points`: the own points that members are active
    by, None where the plan asks for none. `earned` sums, by bonus, what later bonuses match."""

    plan: Plan
    members: Members
    orders: Orders
    period: Period
    carry: Carry
    exchange: RunRates | None = None
    positions: Positions = field(init=False)
    present: Flags = field(init=False)
    active: Flags = field(init=False)
    active_points: Ints | None = field(init=False, default=None)
    rank: Small = field(init=False)
    title: Small = field(init=False)
    earned: dict[str, Ints] = field(default_factory=dict)
    _trees: dict[Tree, Indexes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.positions = self.members.in_positions()
        self.present = self.members.joined <= self.period.last_day
        self.rank = np.where(self.present, self.carry.rank, np.int8(0))
        self.title = np.where(self.present, self.carry.title, np.int8(0))
        self.active = self._active()

    def __len__(self) -> int:
        return len(self.members)

    @property
    def in_period(self) -> slice:
        """The orders that are dated within the run's period."""
        return self.orders.between(self.period.first_day, self.period.last_day)

    @property
    def joined_in_period(self) -> Flags:
        """Who is new in this period."""
        return self.present & (self.members.joined >= self.period.first_day)

    def _active(self) -> Flags:
        """As the members' column says, else by the plan's rule (docs/plans/ranks.md)."""
        members, rule = self.members, self.plan.active
        if members.active is not None and members.known is None:
            return members.active & self.present
        by_rule = self.present
        if activity.asks_for_points(rule):
            last = self.period.last_day
            looked_at = self.orders.between(activity.counts_from(self.plan, last), last)
            self.active_points = self.own(looked_at, Volume(rule.measured_in))
            by_rule = by_rule & activity.is_enough(rule, self.active_points)
        if members.active is None or members.known is None:
            return by_rule
        return np.where(members.known, members.active & self.present, by_rule)

    def window_orders(self, every: Every, periods: int) -> slice:
        """The orders of the last so many periods, the running one included."""
        last = self.period.last_day
        return self.orders.between(window(last, every, periods, self.plan.week_starts), last)

    def window_points(self, every: Every, periods: int, basis: Counted) -> Ints:
        """Each member's own points, or another figure, over a window."""
        return self.own(self.window_orders(every, periods), Volume(basis))

    def own(self, which: slice, volume: Volume) -> Ints:
        """Each member's own volume in these orders."""
        return volumes.own(self.members, self.orders, which, volume)

    def counting(self, volume: Volume) -> Chosen:
        """Which orders of the period count."""
        return volumes.counting(self.members, self.orders, self.in_period, volume)

    def turnover(self, volume: Volume) -> int:
        """The sum of the period's orders that count."""
        return volumes.turnover(self.members, self.orders, self.in_period, volume)

    def customers(self, which: slice) -> Indexes:
        """How many of these orders were by each member's retail and preferred customers."""
        return volumes.customers(self.members, self.orders, which)

    def buyers(self, which: slice, order: LeastOrder) -> Indexes:
        """How many customers of each member bought one of these orders, of at least so much."""
        return volumes.buyers(self.members, self.orders, which, order)

    def tree(self, tree: Tree) -> Indexes:
        """The parents of a tree, kept or derived."""
        if tree.kind is TreeKind.SPONSOR:
            return self.members.sponsor
        if tree.kind is TreeKind.PLACEMENT:
            return self.members.placement
        if tree not in self._trees:
            self._trees[tree] = trees.derived(tree, self.members.sponsor, self.present)
        return self._trees[tree]

    def broke_away(self, tree: Tree) -> Flags:
        """Whose leg does not count for those above, in this tree."""
        ranks = self.plan.ranks
        if ranks.breakaway == 0 or tree != ranks.tree:
            return np.zeros(len(self), np.bool_)
        return self.rank >= ranks.breakaway

    def classes(self, by: By) -> Small:
        """Each member's row in a table of rates."""
        if by is By.RANK:
            return self.rank
        if by is By.TITLE:
            return self.title
        return np.zeros(len(self), np.int8) if by is By.NOTHING else self.members.package

    def whose(self, by: By) -> int:
        """Whose class it is, in the words of the kernels."""
        return WHOSE.get(by, RECEIVERS)

    def qualified(self, needs: Needs) -> Flags:
        """Who meets the needs of a bonus."""
        members, fit = self.members, self.active if needs.active else self.present
        if needs.rank:
            fit = fit & (self.rank >= needs.rank)
        if needs.personal_points:
            own = self.own(self.in_period, Volume(needs.measured_in))
            fit = fit & (own >= needs.personal_points)
        if needs.buyers:
            fit = fit & (self.buyers(self.in_period, needs.buyers_order) >= needs.buyers)
        if needs.directs:
            fit = fit & (active_recruits(members.sponsor, self.active) >= needs.directs)
        if needs.directs_each_side:
            stand = self.positions
            left, right = active_recruits_by_side(
                members.sponsor, stand.placement, stand.side, stand.first, self.active
            )
            fit = fit & (np.minimum(left, right) >= needs.directs_each_side)
        return fit

    @property
    def market(self) -> Small:
        """The market that each member is paid in, by the index of its rate."""
        assert self.members.market is not None, "a run with rates knows everybody's market"
        return self.members.market

    @property
    def order_market(self) -> Small:
        """The market that sold each order."""
        assert self.orders.market is not None, "a run with rates knows every order's market"
        return self.orders.market

    def stated(self, amount: int, spot: Spot, who: Array) -> Ints | int:
        """An amount that stands at a spot of the plan, in the currency of each of these members."""
        if self.exchange is None:
            return amount
        return self.exchange.stated(amount, spot)[self.market[who]]

    def by_market(self, values: Array, who: Array) -> Array | int:
        """What holds in each market, for each of these members; the one value where there is one
        currency."""
        return int(values[0]) if self.exchange is None else values[self.market[who]]

    def shared(self, amounts: Ints, who: Array) -> Ints:
        """Amounts of plan currency in the currency of each of these members, rounded down."""
        if self.exchange is None:
            return amounts
        units, market = self.exchange.units, self.market[who]
        times, by = (
            np.array(column, np.int64)[market]
            for column in zip(*(unit.as_integer_ratio() for unit in units), strict=True)
        )
        return divided(amounts, times, by, "an amount in another currency")

    def spent(self, amounts: Ints, who: Array) -> int:
        """What amounts of these members come to in plan currency."""
        if self.exchange is None:
            return total(amounts)
        return self.exchange.spent(amounts, self.market[who])

    def positions_by_market(self) -> Iterator[tuple[int, Indexes | slice]]:
        """By market, the positions of the members who are paid there; all where there is one."""
        if self.exchange is None:
            yield 0, slice(None)
            return
        market = self.positions.of_members(self.market)
        for index in range(len(self.exchange.rates)):
            at = np.flatnonzero(market == index).astype(np.int32)
            if len(at):
                yield index, at

    def must_fit(self, base: int, rate: int, scale: Scale, bonus: str) -> None:
        """Raise TooLarge where this bonus could exceed 64 bits."""
        scale.must_fit(base, rate, f"{bonus}: the volume times the rate")

    def earnings(self, names: tuple[str, ...]) -> Ints:
        """What each member earned by these bonuses in this run."""
        return sum((self.earned[name] for name in names), np.zeros(len(self), np.int64))

    def remember(self, bonus: str, lines: list[Lines]) -> None:
        """Sum what a bonus paid, for those that match it."""
        sums = np.zeros(len(self), np.int64)
        for some in lines:
            add_up(some.member, some.amount, sums)
        self.earned[bonus] = sums
