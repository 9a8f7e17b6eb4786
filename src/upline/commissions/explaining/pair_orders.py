"""Which orders fed the pairs of a run: a position's legs, followed through the archives of the runs
from the one that began with empty legs. Too slow for every line of a page; for one it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from upline.commissions.computing.figures import figure_column
from upline.commissions.computing.inputs import known_indexes, period_of_run
from upline.commissions.computing.past_runs import positions_of
from upline.commissions.explaining.lines import SourceOrder, legs_of, sources_of
from upline.commissions.models import Run
from upline.commissions.queries import plan_of
from upline.commissions.storing import legs
from upline.commissions.storing.archive import Archive, exchange
from upline.company import current as company
from upline.explanations.units import Unit
from upline.plans.arrays import Array
from upline.plans.bonus import Pairs
from upline.plans.company import LEFT, NOBODY, RIGHT, Members, Orders, Positions
from upline.plans.counting import Basis, Counted, FurtherFigure
from upline.plans.exchange import RunRates
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Side
from upline.plans.tracing import Parts, entered, within_leg

SIDES = {"left": LEFT, "right": RIGHT}
REFUNDED = "refunded"
"""The part of the archive with what is left of refunded orders."""
UNKNOWN = 0
"""Stands for volume from before the first run that was looked at."""
AS_IT_IS = Fraction(1)
FAR = 1_000
"""As many runs back as anybody will ask for."""


@dataclass(frozen=True, slots=True)
class Fed:
    """So much of an order was consumed by a run's pairs, in a leg; without an order: volume from
    before the first run that was looked at. Money is in plan currency: `currency`, else ''."""

    leg: str
    order: SourceOrder | None
    counted: int
    unit: Unit
    currency: str


@dataclass(frozen=True, slots=True)
class _Step:
    """A run on the way, its bonus, and what became of the position's legs in it."""

    run: Run
    archive: Archive
    bonus: Pairs
    sums: LegSums
    exchange: RunRates | None


def fed(run: Run, name: str, position_id: int, viewer_id: int, runs: int = FAR) -> list[Fed]:
    """What fed a position's pairs of a bonus, leg by leg, the oldest first; `runs` is how many are
    looked at, `viewer_id` who looks. A member's id is that of the first position."""
    way = _way(run, name, position_id, runs)
    legs_fed = _followed(way, position_id) if way else {}
    ids = {each for parts in legs_fed.values() for each in parts.order.tolist()} - {UNKNOWN}
    sources = sources_of(viewer_id, ids, set())
    unit = Unit.MONEY if way and way[-1].bonus.volume.basis is Basis.VALUE else Unit.POINTS
    currency = company.current().plan_currency if unit is Unit.MONEY else ""
    return [
        Fed(leg, sources.order(order) if order else None, amount, unit, currency)
        for leg, parts in legs_fed.items()
        for order, amount in _each(parts)
    ]


def _way(run: Run, name: str, position_id: int, runs: int) -> list[_Step]:
    """The runs in turn, from the last one whose legs began empty to the one that is asked about."""
    found: list[_Step] = []
    for step in _back(run, name, position_id):
        found.append(step)
        empty = not (step.sums.left.brought[0] or step.sums.right.brought[0])
        if empty or len(found) == runs:
            break
    return found[::-1]


def _back(run: Run, name: str, position_id: int) -> Iterator[_Step]:
    """From this run back, those that worked the bonus out; until a plan that has none such."""
    ids = np.array([position_id], np.int64)
    each: Run | None = run
    while each is not None:
        plan, archive = plan_of(each.plan), Archive(each.pk)
        bonus = _named(plan, name)
        if bonus is None:
            return
        if legs.part_of(plan, name) in archive.parts:
            rates = exchange(each.pk, plan)
            yield _Step(each, archive, bonus, legs_of(archive, plan, bonus, ids), rates)
        each = each.previous


def _named(plan: Plan, name: str) -> Pairs | None:
    found = (bonus for bonus in plan.bonuses if isinstance(bonus, Pairs) and bonus.name == name)
    return next(found, None)


class _Queue:
    """A leg as the orders that wait in it, by their ids; and of each how much entered and was
    flushed, since a refund takes what was flushed first."""

    def __init__(self) -> None:
        self.waiting = Parts(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.gone: Counter[int] = Counter()

    def through(self, side: Side, fresh: Parts, remaining: dict[int, int]) -> Parts:
        """What a run consumed; `remaining` is what refunds left of orders that had entered
        before."""
        self._refund(remaining)
        for order, amount in _each(fresh):
            self.gone[order] -= amount
        queue = self._brought(int(side.brought[0])).followed_by(fresh)
        consumed, flushed, self.waiting = queue.became(side, 0)
        for order, amount in _each(flushed):
            self.gone[order] += amount
        return consumed

    def _refund(self, remaining: dict[int, int]) -> None:
        """`gone` is what was flushed, less what entered: what is left of an order and was not
        flushed may still wait or was consumed, the oldest of it by pairs."""
        amount = self.waiting.amount.copy()
        for index, order in enumerate(self.waiting.order.tolist()):
            if order in remaining:
                taken = max(-self.gone[order] - remaining[order], 0)
                amount[index] -= min(taken, int(amount[index]))
                self.gone[order] += taken
        some = amount > 0
        self.waiting = Parts(self.waiting.order[some], amount[some])

    def _brought(self, brought: int) -> Parts:
        """What a run began with. What is not known of stands first: it is from before, or pairs
        that a refund undid gave it back. Less than is known of only a flush can leave."""
        unknown = brought - int(self.waiting.amount.sum())
        if unknown > 0:
            return Parts(np.array([UNKNOWN]), np.array([unknown])).followed_by(self.waiting)
        return self.waiting.cut(brought)[0]


def _each(parts: Parts) -> Iterator[tuple[int, int]]:
    return zip(parts.order.tolist(), parts.amount.tolist(), strict=True)


def _followed(way: list[_Step], position_id: int) -> dict[str, Parts]:
    """What of which orders the last of these runs consumed, by leg; orders by their ids."""
    queues = {leg: _Queue() for leg in SIDES}
    consumed: dict[str, Parts] = {}
    units: dict[int, Fraction] = {}
    for step in way:
        fresh, remaining = _entered(step, position_id), _remaining_of_refunded(step, units)
        for parts in fresh.values():
            units |= _units(step, parts.order)
        for leg, queue in queues.items():
            consumed[leg] = queue.through(getattr(step.sums, leg), fresh[leg], remaining)
    return consumed


def _remaining_of_refunded(step: _Step, units: Mapping[int, Fraction]) -> dict[int, int]:
    """What of the orders that were refunded before this run still counts for the bonus; `units`
    says how it counted where it entered."""
    volume = step.bonus.volume
    counts = _column(volume.basis)
    if not step.archive.has(REFUNDED, counts):
        return {}
    found = step.archive.whole(REFUNDED, ["order", "customer", counts])
    remaining: Counter[int] = Counter()
    for order, customer, amount in zip(*(found[name].tolist() for name in found), strict=True):
        if customer in volume.customers:
            unit = units.get(order, AS_IT_IS)
            remaining[order] += amount * unit.denominator // unit.numerator
    return remaining


def _column(basis: Counted) -> str:
    """The archive's column of what a bonus counts of orders."""
    return figure_column(basis.name) if isinstance(basis, FurtherFigure) else str(basis)


def _units(step: _Step, order_ids: Array) -> dict[int, Fraction]:
    """What a minor unit of plan currency is worth in those of the orders that entered in a run, by
    its rates; nothing to say where all is as it is."""
    exchange = step.exchange
    if exchange is None or step.bonus.volume.basis is not Basis.VALUE:
        return {}
    found = sources_of(0, set(order_ids.tolist()), set()).orders.values()
    markets = exchange.indexes(np.array([order.market_id for order in found], np.int64))
    units = (exchange.units[market] for market in markets.tolist())
    return dict(zip((order.id for order in found), units, strict=True))


def _entered(step: _Step, position_id: int) -> dict[str, Parts]:
    """The orders that entered both legs in a run, by their ids."""
    ids, members = _members(step.archive)
    position_ids, stand = _positions(step.archive, ids)
    members = replace(members, positions=stand)
    index = int(np.flatnonzero(position_ids == position_id)[0])
    order_ids, orders = _orders(step, ids, position_ids)
    period, found = period_of_run(step.run), {}
    for leg, side in SIDES.items():
        within = within_leg(stand, index, side)
        parts = entered(step.bonus, members, orders, period, within)
        found[leg] = Parts(order_ids[parts.order], parts.amount)
    return found


def _members(archive: Archive) -> tuple[Array, Members]:
    found = archive.whole("members", ["member", "joined"])
    nobody = np.full(len(found["member"]), NOBODY, np.int32)
    nothing = np.zeros(len(nobody), np.int8)
    return found["member"], Members(nobody, nobody, nothing, found["joined"], nothing)


def _positions(archive: Archive, ids: Array) -> tuple[Array, Positions]:
    found = archive.whole("positions", ["position", "member", "placement", "side"])
    return found["position"], positions_of(found, ids)


def _orders(step: _Step, ids: Array, position_ids: Array) -> tuple[Array, Orders]:
    """The archived orders; of value, points and figures the one that counts."""
    counts = _column(step.bonus.volume.basis)
    columns = ["order", "member", "position", "day", "customer", "market", counts]
    found = step.archive.whole("orders", columns)
    position = known_indexes(found["position"], position_ids, "order's position")
    member = known_indexes(found["member"], ids, "order's member")
    first, amount = np.zeros(len(member), np.bool_), found[counts]
    basis = step.bonus.volume.basis
    figures = {basis.name: amount} if isinstance(basis, FurtherFigure) else {}
    orders = Orders(
        member, found["day"], amount, amount, found["customer"], first, position, figures
    )
    if step.exchange is not None:
        orders = step.exchange.orders(orders, found["market"])
    return found["order"], orders
