"""A company whose orders are refunded while run follows run: by the core and by the oracle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from plans.companies import FIGURE
from plans.currencies import as_arrays
from plans.oracle import clawback as oracle
from plans.oracle import run as oracle_run
from plans.oracle.clawback import Books, Key, Remaining
from plans.oracle.company import (
    Answer,
    Company,
    Kept,
    Market,
    Member,
    Order,
    Position,
    nothing_kept,
)
from upline.plans import settlement
from upline.plans.arrays import Array
from upline.plans.bonus import Items, Levels, Stairstep
from upline.plans.carry import Carry, LegCarry, TaxCarry, nothing_carried
from upline.plans.clawback import Claims, take_back
from upline.plans.past import Past, Refunded, StoredLines
from upline.plans.periods import Every, Period, day_of, period_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run
from upline.plans.settlement import TakenBack

MONDAY = day_of(date(2026, 1, 26))
"""A month ends five days later, and so do the counts of its caps."""
FURTHER = 100_000
"""What further positions are numbered from."""
Fact = tuple[object, ...]
"""A line and what it loses, in words that both sides share."""


@dataclass(frozen=True)
class Sale:
    """An order's row: one class of its buyers."""

    key: Key
    order: Order


@dataclass(frozen=True)
class Turn:
    """A run to come: its plan, its period, the members as they stand then, the orders as they are
    loaded, and what is left of those that it takes to task. `several`: all positions, where a
    member may have more than one."""

    plan: Plan
    period: Period
    members: list[Member]
    sales: list[Sale]
    refunds: Remaining = field(default_factory=dict)
    several: list[Position] = field(default_factory=list)
    markets: list[Market] = field(default_factory=list)

    def company(self) -> Company:
        orders = [sale.order for sale in self.sales]
        return Company(self.members, orders, self.several, self.markets)

    def position_ids(self, ids: list[int]) -> list[int]:
        """A first position has the id of its member."""
        if not self.several:
            return ids
        first = self.company().first_positions
        return [
            ids[position.member] if first[position.member] == i else FURTHER + i
            for i, position in enumerate(self.several)
        ]


@dataclass
class Chain:
    """Runs in turn by the core: each takes back, takes over what waits, and is kept."""

    ids: list[int]
    past: list[Past] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    carry: Carry | None = None
    present: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    waits: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)

    def go_on(self, turn: Turn) -> tuple[Result, Claims]:
        refunded = as_refunded(turn.refunds)
        back = take_back(self.past, refunded)
        present, standing = there(turn)
        carry = self._carried(present, standing, {bonus.name for bonus in turn.plan.bonuses})
        of_positions = turn.position_ids(self.ids)
        place = {self.ids[member]: at for at, member in enumerate(present)}
        index = {of_positions[position]: at for at, position in enumerate(standing)}
        for name, undone in back.undone.items():
            if name not in carry.legs:
                continue
            which = [index[int(position)] for position in undone.positions]
            carry.legs[name].left[which], carry.legs[name].right[which] = undone.waits
        self.waits = {
            name: list(zip(standing, legs.left.tolist(), legs.right.tolist(), strict=True))
            for name, legs in carry.legs.items()
        }
        taken = taken_back(back, place)
        for number, claim in back.claims.items():
            self.stored[number].lessen(claim.number, claim.base, claim.amount)
        company = among(turn, present, standing)
        members, orders, exchange = as_arrays(turn.plan, company)
        order_ids = np.array([sale.key[0] for sale in turn.sales], np.int64)
        result = run(turn.plan, members, orders, turn.period, carry, taken, exchange)
        ids = np.array([self.ids[member] for member in present], np.int64)
        position_ids = np.array([of_positions[position] for position in standing], np.int64)
        stored = Stored(turn.plan, result, ids.tolist(), position_ids.tolist(), order_ids)
        paired = {
            bonus.name: stored.paid_by(number, position_ids)
            for number, bonus in enumerate(turn.plan.bonuses)
            if bonus.name in result.legs
        }
        self.past.append(
            Past(
                turn.plan, turn.period, ids, position_ids, members, order_ids, orders,
                result.rank, result.title, stored.lines, refunded, dict(result.legs), paired,
                exchange=exchange,
            )
        )  # fmt: skip
        self.stored.append(stored)
        self.carry, self.present, self.standing = result.carry, present, standing
        return result, back

    def _carried(self, present: list[int], standing: list[int], heirs: set[str]) -> Carry:
        """What the run before hands on, for the members and the bonuses that are there now."""
        if self.carry is None:
            return nothing_carried(len(present))
        old = self.carry

        def moved(column: Array) -> Array:
            return spread(column, self.present, present)

        carry = Carry(moved(old.rank), moved(old.title), moved(old.held), paid=old.paid)
        for name, legs in old.legs.items():
            if name not in heirs:
                continue
            left, right, paired, used = (
                spread(column, self.standing, standing)
                for column in (legs.left, legs.right, legs.paired, legs.used)
            )
            carry.legs[name] = LegCarry(left, right, paired, used, legs.used_since)
        if old.tax:
            carry.tax = TaxCarry(old.tax.year, moved(old.tax.gross), moved(old.tax.untaxed))
        return carry


def spread(column: Array, before: list[int], now: list[int]) -> Array:
    """What each of those before had, for those that are there now."""
    place = {each: at for at, each in enumerate(now)}
    new = np.zeros((*column.shape[:-1], len(now)), column.dtype)
    new[..., [place[each] for each in before]] = column
    return new


def there(turn: Turn) -> tuple[list[int], list[int]]:
    """The members who have joined, and the positions that they have opened: each below one that
    was opened before."""
    present = [i for i, m in enumerate(turn.members) if m.joined <= turn.period.last_day]
    if not turn.several:
        return present, present
    standing, joined = [-1], set(present)
    for i, position in enumerate(turn.several):
        if position.member in joined and position.placement in standing:
            standing.append(i)
    return present, standing[1:]


class Stored:
    """A run's lines as they are kept, and what was taken back of them."""

    def __init__(
        self, plan: Plan, result: Result, ids: list[int], position_ids: list[int], order_ids: Array
    ) -> None:
        numbers = {bonus.name: number for number, bonus in enumerate(plan.bonuses)}
        numbers |= settlement.NUMBERS
        self.names = {number: name for name, number in numbers.items()}
        rows, self.at = [], []
        for lines in result.lines:
            of_orders = paid_by_orders(plan, lines.bonus)
            sources = order_ids if of_orders else np.array(ids, np.int64)
            for i in range(len(lines)):
                source = int(sources[lines.source[i]]) if lines.source[i] >= 0 else 0
                facts = (int(lines.level[i]), int(lines.rate[i]), int(lines.base[i]))
                who = ids[int(lines.member[i])]
                rows.append((who, numbers[lines.bonus], source, *facts, int(lines.amount[i])))
                at = lines.position
                self.at.append(0 if at is None else position_ids[int(at[i])])
        self.rows = rows
        self.back = np.zeros(len(rows), np.int64)
        self.base_back = np.zeros(len(rows), np.int64)

    def lines(self) -> StoredLines:
        columns: list[Array] = [
            np.array(column, np.int64) for column in zip(*self.rows, strict=True)
        ]
        columns = columns or [np.zeros(0, np.int64)] * 7
        member, bonus, source, level, rate, base, amount = columns
        number = np.arange(len(self.rows), dtype=np.int32)
        back, base_back = self.back.copy(), self.base_back.copy()
        return StoredLines(
            number, member, bonus, source, level, rate, base, amount, back, base_back,
            np.array(self.at, np.int64),
        )  # fmt: skip

    def lessen(self, number: Array, base: Array, amount: Array) -> None:
        self.base_back[number] += base
        self.back[number] += amount

    def paid_by(self, bonus: int, ids: Array) -> Array:
        paid = {at: row[6] for row, at in zip(self.rows, self.at, strict=True) if row[1] == bonus}
        return np.array([paid.get(int(position), 0) for position in ids], np.int64)

    def fact(self, number: int) -> Fact:
        who, bonus, *rest = self.rows[number]
        return (self.names[bonus], who, *rest)


def paid_by_orders(plan: Plan, name: str) -> bool:
    bonus = next((bonus for bonus in plan.bonuses if bonus.name == name), None)
    is_levels = isinstance(bonus, Levels) and bonus.items in (Items.ORDERS, Items.FIRST_ORDERS)
    return is_levels or isinstance(bonus, Stairstep)


def as_refunded(remaining: Remaining) -> Refunded:
    keys = list(remaining)
    return Refunded(
        order=np.array([key[0] for key in keys], np.int64),
        customer=np.array([key[1] for key in keys], np.int8),
        value=np.array([remaining[key][0] for key in keys], np.int64),
        points=np.array([remaining[key][1] for key in keys], np.int64),
        figures={
            FIGURE.name: np.array([(*remaining[key], 0)[2] for key in keys], np.int64),
        },
    )


def taken_back(back: Claims, place: dict[int, int]) -> TakenBack:
    """What the settlement asks: by how much each member's earnings of earlier runs are less."""
    capped, net = np.zeros((2, len(place)), np.int64)
    for claim in back.claims.values():
        whose = [place[int(member)] for member in claim.members]
        capped[whose] += claim.capped
        net[whose] += claim.capped + claim.charge
    return TakenBack(capped, net)


def among(turn: Turn, present: list[int], standing: list[int]) -> Company:
    """Those who are there, by their new indexes."""
    place = {-1: -1} | {member: at for at, member in enumerate(present)}
    index = {-1: -1} | {position: at for at, position in enumerate(standing)}
    rows = [
        # With several positions these tell where people stand.
        replace(m, sponsor=place[m.sponsor], placement=-1 if turn.several else place[m.placement])
        for m in (turn.members[i] for i in present)
    ]
    positions = [
        replace(p, member=place[p.member], placement=index[p.placement])
        for p in (turn.several[i] for i in standing if turn.several)
    ]
    orders = [
        replace(
            sale.order, member=place[sale.order.member], position=index.get(sale.order.position, -1)
        )
        for sale in turn.sales
    ]
    return Company(rows, orders, positions, turn.markets)


class OracleChain:
    """The same by the oracle, which knows all members from the start."""

    def __init__(self, members: int, reached: Counter[str]) -> None:
        self.books, self.reached = Books(), reached
        self.books.reached = reached
        self.kept: Kept = nothing_kept(members)
        self.waits: dict[str, list[tuple[int, int, int]]] = {}

    def go_on(self, turn: Turn) -> tuple[Answer, oracle.TakenBack]:
        back = self.books.take_back(turn.refunds)
        heirs = {bonus.name for bonus in turn.plan.bonuses}
        self.kept.legs = {name: legs for name, legs in self.kept.legs.items() if name in heirs}
        for (name, position), (left, right) in back.waits.items():
            if name in self.kept.legs:
                self.kept.legs[name].left[position] = left
                self.kept.legs[name].right[position] = right
        _, standing = there(turn)
        self.waits = {
            name: [(position, legs.left[position], legs.right[position]) for position in standing]
            for name, legs in self.kept.legs.items()
        }
        company = turn.company()
        answer = oracle_run.run(turn.plan, company, turn.period, self.kept, self.reached, back.less)
        keys = [sale.key for sale in turn.sales]
        self.books.note(turn.plan, company, keys, turn.period, self.kept, answer)
        self.kept = answer.kept
        return answer, back


def loaded(sales: list[Sale], last_day: int, remaining: Remaining) -> list[Sale]:
    """What was not refunded of the orders until a day, with which is a member's first."""
    found: list[Sale] = []
    firsts: dict[int, int] = {}
    for sale in sales:
        whole = sale.order.value, sale.order.points, sale.order.figure
        value, points, figure = (*remaining.get(sale.key, whole), 0)[:3]
        is_gone = sale.key in remaining and value == points == figure == 0
        if sale.order.day <= last_day and not is_gone:
            is_first = firsts.setdefault(sale.order.member, sale.key[0]) == sale.key[0]
            left = {"value": value, "points": points, "figure": figure}
            order = replace(sale.order, **left, first=is_first)
            found.append(Sale(sale.key, order))
    return found


def changes_of(chain: Chain, back: Claims) -> list[Fact]:
    """What the core takes back, line by line."""
    return sorted(
        (k, *chain.stored[k].fact(int(number)), int(amount), int(base), sorted(orders))
        for k, claim in back.claims.items()
        for number, amount, base, orders in zip(
            claim.number, claim.amount, claim.base, claim.orders, strict=True
        )
    )


def told_changes(chain: OracleChain, ids: list[int], back: oracle.TakenBack) -> list[Fact]:
    """What the oracle takes back, in the same words."""
    return sorted(
        (
            change.run, change.line.bonus, ids[change.line.member],
            source_of(change.line, ids), change.line.level, change.line.rate,
            change.line.base, change.line.amount, change.amount, change.base,
            sorted(change.orders),
        )
        for change in back.changes
    )  # fmt: skip


def told_lines(answer: Answer, ids: list[int], turn: Turn) -> list[Fact]:
    """All lines of the oracle's run, in the same words."""

    def named(bonus: str, source: int) -> int:
        if source < 0:
            return 0
        return turn.sales[source].key[0] if paid_by_orders(turn.plan, bonus) else ids[source]

    return [
        (bonus, ids[member], named(bonus, source), *figures)
        for bonus, member, source, *figures in answer.lines
    ]


def source_of(line: oracle.Paid, ids: list[int]) -> int:
    if line.key is not None:
        return line.key[0]
    return ids[line.source] if line.source >= 0 else 0


@dataclass(frozen=True)
class Weeks:
    """What each week paid whom, by member, and what it took back of which line."""

    chain: Chain
    totals: list[list[int]]
    results: list[Result]
    taken: list[list[Fact]]


def by_hand(
    plan: Plan,
    members: list[Member],
    orders: list[Sale],
    refunds: dict[int, Remaining],
    weeks: int = 2,
) -> Weeks:
    """Weeks of a small company, whose members are known by their places; `refunds`: what is left
    of orders, by the week that takes them to task."""
    chain = Chain(list(range(1, len(members) + 1)))
    told, remaining = Weeks(chain, [], [], []), Remaining()
    for week in range(weeks):
        period = period_of(MONDAY + 7 * week, Every.WEEK)
        remaining |= refunds.get(week, {})
        sales = loaded(orders, period.last_day, remaining)
        result, back = chain.go_on(Turn(plan, period, members, sales, refunds.get(week, {})))
        told.results.append(result)
        told.totals.append(result.totals.tolist())
        told.taken.append(changes_of(chain, back))
    return told


def order(number: int, member: int, week: int, value: int, points: int | None = None) -> Sale:
    """A member's own order of a week, worth as many points unless told otherwise."""
    worth = value if points is None else points
    return Sale((number, 2), Order(member, MONDAY + 7 * week, value, worth, 2, False))
