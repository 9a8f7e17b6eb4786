"""A run's inputs out of PostgreSQL as arrays: members as they stood when the period ended, and
the orders that count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np

from upline.base import sql
from upline.commissions import queries
from upline.commissions.computing import figures, statements
from upline.commissions.computing.currencies import exchange_of
from upline.commissions.errors import CannotCompute
from upline.commissions.models import Run
from upline.commissions.storing.copy_format import Table, in_one_row, read
from upline.company import current as company
from upline.language import gettext
from upline.plans import activity
from upline.plans.arranging import Cycle, arrangement, inverse, moved
from upline.plans.arrays import Array, Flags, Indexes, Ints, indexes_among
from upline.plans.bonus import Items
from upline.plans.company import NOBODY, Members, Orders, Positions, people_above
from upline.plans.exchange import RunRates
from upline.plans.periods import Every, Period, date_of, day_of, window
from upline.plans.plan import Plan

_FACT = {"of": "i8", "since": "i8", "id": "i8"}
_PLACEMENT = {"parent": "i8", "side": "i2"}
_CLOSED = """
SELECT position_id, since, id, (status = 'closed')::int::smallint AS closed
FROM genealogy_positionfact WHERE since < %(until)s
"""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run is calculated from. `ids`: the members' ids in the order of `members`;
    `position_ids` those of their positions; `order_ids` the same of `orders`, where one stands
    once for each class of its buyers. `market_ids`: the market that each member is paid in,
    `sold_in` the one that sold each order; `exchange`: the rates, None where all is in plan
    currency."""

    ids: Ints
    position_ids: Ints
    members: Members
    order_ids: Ints
    orders: Orders
    market_ids: Array
    sold_in: Array
    exchange: RunRates | None

    def tables(self) -> dict[str, Table]:
        """All of it as columns, for the hash and the archive; links are ids, 0 for nobody."""
        members, orders = self.members, self.orders
        assert members.known is not None, "who is blocked is always known"
        assert orders.customer_id is not None, "which customer bought is always known"
        stand = members.in_positions()
        return {
            "members": {
                "member": self.ids,
                "sponsor": self.ids_of(members.sponsor),
                "placement": self.ids_of(members.placement),
                "joined": members.joined,
                "package": members.package,
                "blocked": members.known.astype(np.int8),
                "market": self.market_ids,
            },
            "positions": {
                "position": self.position_ids,
                "member": self.ids[stand.member],
                "placement": np.append(self.position_ids, 0)[stand.placement],
                "side": stand.side,
                "closed": _flags(stand.closed, len(stand)).astype(np.int8),
            },
            "orders": {
                "order": self.order_ids,
                "member": self.ids[orders.member],
                "position": self.position_ids[orders.at(stand)],
                "day": orders.day,
                "value": orders.value,
                "points": orders.points,
                "customer": orders.customer,
                "first": orders.first.astype(np.int8),
                "customer_id": orders.customer_id,
                "market": self.sold_in,
                **{figures.figure_column(name): figure for name, figure in orders.figures.items()},
            },
        }

    def rates(self) -> str:
        """The rates as JSON, for the hash and the archive."""
        rates = self.exchange.rates if self.exchange else ()
        return json.dumps([asdict(rate) for rate in rates])

    def ids_of(self, indexes: Indexes) -> Ints:
        """The ids of members by their indexes; 0 for nobody."""
        return np.append(self.ids, 0)[indexes]


def period_of_run(run: Run) -> Period:
    """The run's days as the core counts them."""
    return Period(day_of(run.last_day), day_of(run.first_day), Every(run.every))


def load(run: Run, plan: Plan) -> Inputs:
    """The inputs of a run, all from the one snapshot of the transaction. Raises CannotCompute."""
    ids, position_ids, members, market_ids = _members(run, plan)
    of_period = period_of_run(run), plan
    order_ids, orders, sold_in = _orders(*of_period, ids, position_ids, members)
    met = {*np.unique(market_ids).tolist(), *np.unique(sold_in).tolist()}
    exchange = exchange_of(run, plan, met)
    if exchange is not None:
        members = replace(members, market=exchange.indexes(market_ids))
        orders = exchange.orders(orders, sold_in)
    return Inputs(ids, position_ids, members, order_ids, orders, market_ids, sold_in, exchange)


def _members(run: Run, plan: Plan) -> tuple[Ints, Ints, Members, Array]:
    until = queries.end_of(run.last_day)
    zone = str(company.current().time_zone)
    found = _copied(
        statements.MEMBERS,
        {"member": "i8", "moment": "i8", "joined": "i4", "market": "i2"},
        {"until": until, "zone": zone},
    )
    found = _rows(found, np.argsort(found["member"]))
    ids, at = found["member"], {"until": until}
    sponsors = _latest(statements.SPONSORS, {"sponsor": "i8"}, at, ids, customers_too=True)
    position_ids, stand = _positions(at, ids)
    held = _latest(statements.PACKAGES, {"package": "i8"}, at, ids)["package"]
    standings = _latest(statements.STANDINGS, {"stopped": "i2"}, at, ids, customers_too=True)
    stopped = standings["stopped"].astype(bool)
    sponsor = known_indexes(sponsors["sponsor"], ids, "member")
    placement = stand.placement if stand.is_one_each else people_above(stand)
    by_seniority = np.lexsort((ids, found["moment"])).astype(np.int32)
    order = _order(sponsor, placement, by_seniority, ids)
    if stand.closed is not None:
        # Among people a member stands at the first position.
        stopped = stopped | stand.closed[stand.first]
    blocked = stopped[order]
    members = Members(
        sponsor=moved(sponsor, order),
        placement=moved(placement, order),
        side=stand.side[stand.first[order]],
        joined=found["joined"][order],
        package=_package_numbers(held[order], plan, run.plan.packages),
        active=np.zeros(len(order), np.bool_),
        known=blocked,
        positions=_of_ordered(stand, order),
    )
    position_ids = ids[order] if stand.is_one_each else position_ids
    return ids[order], position_ids, members, found["market"][order]


def _positions(at: Mapping[str, object], ids: Ints) -> tuple[Ints, Positions]:
    """The ids of all positions, parents before children, and how they stand; members by the index
    of their ids. Where each has one position, these are in the order of the members."""
    if not sql.value(bool, statements.HAVE_SEVERAL, at):
        return ids, _one_each(at, ids)
    kinds = {"position": "i8", "member": "i8", "moment": "i8", "number": "i2"}
    found = _copied(statements.POSITIONS, kinds, at)
    # A first position is as old as its member.
    found = _rows(found, np.flatnonzero(indexes_among(found["member"], ids)[1]))
    found = _rows(found, np.argsort(found["position"]))
    position_ids = found["position"]
    latest = _latest(statements.PLACEMENTS, _PLACEMENT, at, position_ids)
    placement = known_indexes(latest["parent"], position_ids, "position")
    member = known_indexes(found["member"], ids, "position's member")
    side = latest["side"].astype(np.int8)
    by_seniority = np.lexsort((position_ids, found["moment"])).astype(np.int32)
    order = _order(placement, placement, by_seniority, position_ids)
    first = np.zeros(len(ids), np.int32)
    is_first = np.flatnonzero(found["number"][order] == 1)
    first[member[order][is_first]] = is_first
    closed = _closed(at, position_ids[order])
    stand = Positions(member[order], moved(placement, order), side[order], first, closed=closed)
    return position_ids[order], stand


def _one_each(at: Mapping[str, object], ids: Ints) -> Positions:
    """How the positions stand where each member has one, whose id is the member's."""
    latest = _latest(statements.PLACEMENTS, _PLACEMENT, at, ids)
    placement = known_indexes(latest["parent"], ids, "position")
    each, side = np.arange(len(ids), dtype=np.int32), latest["side"].astype(np.int8)
    closed = _closed(at, ids)
    return Positions(each, placement, side, each, is_one_each=True, closed=closed)


def _closed(at: Mapping[str, object], position_ids: Ints) -> Flags | None:
    """Which positions are closed; None where all are open."""
    closed = _latest(_CLOSED, {"closed": "i2"}, at, position_ids)["closed"] > 0
    return closed if closed.any() else None


def _flags(flags: Flags | None, size: int) -> Flags:
    return np.zeros(size, np.bool_) if flags is None else flags


def _of_ordered(stand: Positions, order: Indexes) -> Positions | None:
    """The same positions, once their members are in this order; None where each has one, and all
    are open."""
    if stand.is_one_each:
        if stand.closed is None:
            return None
        each = np.arange(len(order), dtype=np.int32)
        above, side = moved(stand.placement, order), stand.side[order]
        return Positions(each, above, side, each, is_one_each=True, closed=stand.closed[order])
    return replace(stand, member=inverse(order)[stand.member], first=stand.first[order])


def _order(sponsor: Indexes, placement: Indexes, by_seniority: Indexes, ids: Ints) -> Indexes:
    try:
        return arrangement(sponsor, placement, by_seniority)
    except Cycle as cycle:
        named = ", ".join(str(each) for each in ids[cycle.members[:8]])
        raise CannotCompute(
            gettext("Members stand above themselves: {named}.", named=named)
        ) from cycle


def _package_numbers(held: Ints, plan: Plan, packages: list[list[int]]) -> Array:
    """The plan's number of each member's package; 0, the lowest, for one it does not name."""
    numbers = np.zeros(len(held), np.int8)
    for number in range(1, len(plan.packages)):
        numbers[np.isin(held, packages[number])] = number
    return numbers


def _orders(
    period: Period, plan: Plan, ids: Ints, position_ids: Ints, members: Members
) -> tuple[Ints, Orders, Array]:
    """The orders by their ids, and the market that sold each."""
    days = {
        "first_day": date_of(first_day_of(period, plan)),
        "last_day": date_of(period.last_day),
    }
    kinds = {"order": "i8", "member": "i8", "customer_id": "i8", "position": "i8", "day": "i4",
             "customer": "i2", "market": "i2", "value": "i8", "points": "i8"}  # fmt: skip
    kinds |= {figures.figure_column(name): "i8" for name in plan.figures}
    indexes = [company.figure_index(name) for name in plan.figures]
    lines = _copied(figures.orders(indexes), kinds, days)
    at = np.lexsort((lines["customer"], lines["order"], lines["day"]))
    lines = _rows(lines, at)
    order, customer = lines["order"], lines["customer"]
    starts = np.flatnonzero(
        np.append(True, (order[1:] != order[:-1]) | (customer[1:] != customer[:-1]))
    )[: len(order)]
    order = order[starts]
    member = known_indexes(lines["member"][starts], ids, "order's member")

    def summed(column: str) -> Ints:
        return np.add.reduceat(lines[column], starts) if len(starts) else lines[column]

    position = None
    if members.positions is not None:
        position = known_indexes(lines["position"][starts], position_ids, "order's position")
    orders = Orders(
        member=member,
        day=lines["day"][starts],
        value=summed("value"),
        points=summed("points"),
        customer=customer[starts].astype(np.int8),
        first=_first_ever(order, period, plan),
        position=position,
        figures={name: summed(figures.figure_column(name)) for name in plan.figures},
        customer_id=lines["customer_id"][starts],
    )
    return order, orders, lines["market"][starts]


def first_day_of(period: Period, plan: Plan) -> int:
    """The first day of whatever the plan looks back on."""
    looks = [(plan.ranks.every, step.periods) for step in plan.ranks.steps]
    firsts = [window(period.last_day, *look, plan.week_starts) for look in looks]
    if activity.asks_for_points(plan.active):
        firsts.append(activity.counts_from(plan, period.last_day))
    return min([period.first_day, *firsts])


def _first_ever(order: Ints, period: Period, plan: Plan) -> Array:
    """Which orders are their members' first; nobody's where no bonus asks for it."""
    if not any(getattr(bonus, "items", None) is Items.FIRST_ORDERS for bonus in plan.bonuses):
        return np.zeros(len(order), np.bool_)
    days = {"first_day": date_of(period.first_day), "last_day": date_of(period.last_day)}
    return np.isin(order, _copied(statements.FIRST_ORDERS, {"order": "i8"}, days)["order"])


def _copied(select: str, columns: Mapping[str, str], parameters: Mapping[str, object]) -> Table:
    whole = sql.copy_out(in_one_row(select, len(columns)), parameters)
    return read(whole, columns)


def _rows(table: Table, indexes: Array) -> Table:
    return {name: column[indexes] for name, column in table.items()}


def _latest(
    select: str,
    columns: Mapping[str, str],
    parameters: Mapping[str, object],
    ids: Ints,
    *,
    customers_too: bool = False,
) -> Table:
    """Of dated facts the last one of each member, or position, in the order of `ids`; 0 where
    there is none. Those of others are left out where they are `customers_too`."""
    facts = _copied(select, {**_FACT, **columns}, parameters)
    if customers_too:
        # A join would take longer to leave them out.
        facts = _rows(facts, indexes_among(facts["of"], ids)[1])
    in_time = np.lexsort((facts["id"], facts["since"]))
    whose = known_indexes(facts["of"][in_time], ids, "fact's member")
    found: Table = {}
    for name, kind in columns.items():
        found[name] = np.zeros(len(ids), kind)
        # Of several values for one member the last is kept.
        found[name][whose] = facts[name][in_time]
    return found


def known_indexes(wanted: Ints, ids: Ints, what: str) -> Indexes:
    """Where these members or positions stand among `ids`; nobody for 0. Raises CannotCompute."""
    indexes, known = indexes_among(wanted, ids)
    missing = ~known & (wanted != 0)
    if missing.any():
        first = int(wanted[missing][0])
        raise CannotCompute(
            gettext(
                "The {what} {first} was not yet a member when the period ended.",
                what=what,
                first=first,
            )
        )
    return np.where(known, indexes, NOBODY).astype(np.int32)
