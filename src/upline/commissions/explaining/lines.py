"""A member's lines of a run, each with its sentence, its figures and where it came from.

Read is only what these lines need: the archive's columns at the member, and the names of the
orders and members that fed them. The arrays that the sentences look at hold just those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from django.db.models import Q

from upline.base import sql
from upline.commissions import queries
from upline.commissions.computing.inputs import period_of_run
from upline.commissions.computing.takeover import LEGS
from upline.commissions.explaining import statements, taken_back
from upline.commissions.explaining.statements import FoundOrder, MemberLine
from upline.commissions.models import Earning, Run
from upline.commissions.storing import legs, run_figures
from upline.commissions.storing.archive import Archive, exchange
from upline.commissions.storing.copy_format import Table
from upline.company import current as company
from upline.explanations.binary import cut_by_caps
from upline.explanations.facts import RunFacts
from upline.explanations.names import for_people, names_for
from upline.explanations.numbers import Figure, figures_of
from upline.explanations.why import why
from upline.genealogy.models import Position
from upline.language import lazy
from upline.plans.arrays import Ints, Small
from upline.plans.bonus import Bonus, Pairs, Stairstep
from upline.plans.carry import LegCarry, TaxCarry, nothing_carried
from upline.plans.company import Members, Orders
from upline.plans.line_numbers import LineNumber
from upline.plans.lines import Lines
from upline.plans.periods import day_of
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Result, RunFigures
from upline.plans.settlement import NAMES as SETTLEMENT
from upline.plans.sources import comes_from_orders

UNNAMED = lazy("another member")
"""Stands for whom the one who looks may not know by name."""
ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """An order that a line came from, and whose it is, by username and by first and last name; ''
    where who looks may not know."""

    number: str
    username: str
    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of a run. `bonus` is its name, `is_pairs` whether `pair_orders` tells the orders
    behind it; `order` and `username` are what it came from, None and '' where that is nothing;
    `position_id` is the position whose pairs the line pays or takes back, None for other lines.
    `person_id`: the member whom it came from, 0 where that is nobody, or nobody whom the one who
    looks may know. `cut`: what caps kept back of it."""

    number: int
    bonus: str
    amount: int
    level: int
    sentence: str
    figures: list[Figure]
    order: SourceOrder | None
    username: str
    is_pairs: bool
    position_id: int | None
    person_id: int = 0
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """What lines came from: orders by their ids, and the usernames and the names of members."""

    orders: dict[int, FoundOrder]
    names: dict[int, str]
    full_names: dict[int, str]

    def person(self, member_id: int) -> int:
        """The same id, where who looks may know whose it is; else 0."""
        return member_id if self.names.get(member_id) else 0

    def order(self, order_id: int) -> SourceOrder:
        """An order as it is told."""
        found = self.orders[order_id]
        whose = found.member_id
        return SourceOrder(
            found.number, self.names[whose], found.business_date, self.full_names[whose]
        )


def lines_of(
    run: Run,
    member_id: int,
    viewer_id: int,
    *,
    after: int = 0,
    most: int = ALL,
    in_full: bool = False,
) -> list[Explained]:
    """The lines of a member after one of them, by number; `viewer_id` is who looks. `in_full`:
    sentences call people by first and last name, else by username."""
    asked = {"day": run.last_day, "run": run.pk, "member": member_id, "after": after, "most": most}
    rows = sql.rows(MemberLine, statements.LINES_OF_MEMBER, asked)
    if not rows:
        return []
    plan = queries.plan_of(run.plan)
    order_ids, member_ids = _ids(rows, plan)
    sources = sources_of(viewer_id, order_ids, member_ids | {member_id})
    work = _Explaining(run, plan, member_id, sources, rows, in_full=in_full)
    told = [one for number in work.numbers for one in work.told(number, rows)]
    return sorted(told, key=lambda one: one.number)


def sums_of(run: Run, member_id: int) -> list[tuple[str, int, int]]:
    """Each bonus and deduction of a member in a run: its name, how many lines, and their sum."""
    asked = {"day": run.last_day, "run": run.pk, "member": member_id}
    plan = queries.plan_of(run.plan)
    found = sql.rows(statements.BonusLines, statements.SUMS_OF_MEMBER, asked)
    return [(_name_of(row.bonus, plan), row.lines, row.amount) for row in found]


def _name_of(number: int, plan: Plan) -> str:
    """The name of a bonus by its number in the plan; below zero of what is taken off."""
    return plan.bonuses[number].name if number >= 0 else SETTLEMENT[-1 - number]


def _ids(rows: Sequence[MemberLine], plan: Plan) -> tuple[set[int], set[int]]:
    """The orders and the members that these lines came from."""
    orders: set[int] = set()
    members: set[int] = set()
    for row in rows:
        if row.source_id and _of_orders(row.bonus, plan):
            orders.add(row.source_id)
        elif row.source_id and row.bonus >= 0:
            members.add(row.source_id)
    return orders, members


def _of_orders(number: int, plan: Plan) -> bool:
    """Whether the lines of this bonus, or of what was taken back, name orders."""
    is_taken_back = number == LineNumber.TAKEN_BACK
    return is_taken_back or (number >= 0 and comes_from_orders(plan.bonuses[number]))


def sources_of(viewer_id: int, order_ids: set[int], member_ids: set[int]) -> Sources:
    """Look up these orders and members, and whose the orders are."""
    found = sql.rows(FoundOrder, statements.SOURCE_ORDERS, [list(order_ids)])
    everybody = {*member_ids, *(row.member_id for row in found)}
    asked = {"viewer": viewer_id, "members": list(everybody)}
    named = sql.rows(statements.SourceName, statements.SOURCE_NAMES, asked)
    return Sources(
        {row.id: row for row in found},
        {row.id: row.username for row in named},
        {row.id: row.name for row in named},
    )


class _Explaining:
    """The lines of one member of one run. The member stands first in every array; the legs are
    those of `position_ids`, the positions that the lines speak of."""

    def __init__(
        self,
        run: Run,
        plan: Plan,
        member_id: int,
        sources: Sources,
        rows: Sequence[MemberLine],
        *,
        in_full: bool,
    ) -> None:
        self.run, self.plan, self.sources = run, plan, sources
        self.called = sources.full_names if in_full else sources.names
        self.numbers = sorted({row.bonus for row in rows})
        found = {row.position_id for row in rows if row.position_id}
        self.position_ids = np.array(sorted(found), np.int64)
        self.positions = {each: index for index, each in enumerate(self.position_ids.tolist())}
        self.archive = Archive(run.pk)
        self.exchange = exchange(run.pk, plan)
        others = sorted(sources.names.keys() - {member_id})
        self.ids = np.array([member_id, *others], np.int64)
        self.indexes = {each: index for index, each in enumerate(self.ids.tolist())}
        self.order_indexes = {each: index for index, each in enumerate(sources.orders)}
        self.bonuses = [plan.bonuses[number] for number in self.numbers if number >= 0]
        self.facts = self._facts()

    def told(self, number: int, rows: Sequence[MemberLine]) -> list[Explained]:
        """The lines of one bonus, by its number in the plan, or of the settlement."""
        back = [row for row in rows if row.bonus == number and taken_back.is_negating(row)]
        rows = [row for row in rows if row.bonus == number and not taken_back.is_negating(row)]
        return [*self._negating(number, back), *self._plain(number, rows)]

    def _negating(self, number: int, rows: Sequence[MemberLine]) -> list[Explained]:
        """Those that speak of an earlier run."""
        name = _name_of(number, self.plan)
        said = taken_back.sentences(self.run, int(self.ids[0]), rows)
        return [self._explained(None, name, row, said[row.number], [], 0) for row in rows]

    def _plain(self, number: int, rows: Sequence[MemberLine]) -> list[Explained]:
        if not rows:
            return []
        bonus = self.plan.bonuses[number] if number >= 0 else None
        lines = self._lines(_name_of(number, self.plan), number, rows)
        sentences = why(lines, self.facts).to_pylist()
        counted = figures_of(lines, self.facts)
        told = zip(rows, sentences, counted, cuts_of(bonus, lines, self.facts), strict=True)
        return [self._explained(bonus, lines.bonus, *one) for one in told]

    def _explained(
        self,
        bonus: Bonus | None,
        name: str,
        row: MemberLine,
        sentence: str,
        counted: list[Figure],
        cut: int,
    ) -> Explained:
        order, username, person_id = self._source(row)
        return Explained(
            row.number, name, row.amount, row.level, sentence, counted, order, username,
            isinstance(bonus, Pairs), row.position_id or None, person_id, cut,
        )  # fmt: skip

    def _source(self, row: MemberLine) -> tuple[SourceOrder | None, str, int]:
        if row.source_id and _of_orders(row.bonus, self.plan):
            whose = self.sources.orders[row.source_id].member_id
            return self.sources.order(row.source_id), "", self.sources.person(whose)
        is_member = row.source_id and row.bonus >= 0
        if not is_member:
            return None, "", 0
        return None, self.sources.names[row.source_id], self.sources.person(row.source_id)

    def _lines(self, name: str, number: int, rows: Sequence[MemberLine]) -> Lines:
        indexes = self.order_indexes if _of_orders(number, self.plan) else self.indexes
        return Lines(
            bonus=name,
            member=np.zeros(len(rows), np.int32),
            source=np.array([indexes.get(row.source_id, -1) for row in rows], np.int32),
            level=np.array([row.level for row in rows], np.int16),
            rate=np.array([row.rate for row in rows], np.int32),
            base=np.array([row.base for row in rows], np.int64),
            amount=np.array([row.amount for row in rows], np.int64),
            position=np.array([self.positions.get(row.position_id, -1) for row in rows], np.int32),
        )

    def _facts(self) -> RunFacts:
        called = [self.called[each] or str(UNNAMED) for each in self.ids.tolist()]
        numbers = [order.number for order in self.sources.orders.values()]
        names = names_for(pa.array(called, pa.string()), pa.array(numbers, pa.string()), for_people)
        which = self._position_numbers()
        return RunFacts(
            self.plan, self._members(), self._orders(), self._result(), names, which, self.exchange,
            company.current().plan_currency,
        )  # fmt: skip

    def _position_numbers(self) -> Ints:
        """By which number each position is told, where the member had several; else 0."""
        until = queries.end_of(self.run.last_day)
        of_member = Position.objects.filter(member_id=int(self.ids[0]))
        held = dict(
            of_member.filter(Q(opened_at__lt=until) | Q(number=1)).values_list("pk", "number")
        )
        several = len(held) > 1
        return np.array(
            [held[each] if several else 0 for each in self.position_ids.tolist()], np.int64
        )

    def _members(self) -> Members:
        package: Small = np.zeros(len(self.ids), np.int8)
        if len(self.plan.packages) > 1:
            package = self.archive.of("members", ["package"], self.ids)["package"]
        nobody = np.full(len(self.ids), -1, np.int32)
        market = None
        if self.exchange is not None:
            found = self.archive.of("members", ["market"], self.ids)["market"]
            market = self.exchange.indexes(found)
        return Members(nobody, nobody, package * 0, nobody, package, market=market)

    def _orders(self) -> Orders:
        orders = self.sources.orders.values()
        member = np.array([self.indexes[order.member_id] for order in orders], np.int32)
        day = np.array([day_of(order.business_date) for order in orders], np.int32)
        nothing = np.zeros(len(member), np.int64)
        market = None
        if self.exchange is not None:
            market = self.exchange.indexes(np.array([order.market_id for order in orders]))
        return Orders(
            member, day, nothing, nothing, nothing.astype(np.int8), nothing.astype(bool),
            market=market,
        )  # fmt: skip

    def _result(self) -> Result:
        earning = Earning.objects.filter(run_id=self.run.pk, member_id=self.ids[0]).first()
        rank, title = (earning.rank, earning.title) if earning else (0, 0)
        carry, nothing = nothing_carried(1), np.zeros(1, np.int64)
        if self.numbers[0] < 0:
            carry.held = self._mine("carry", ["held"])["held"]
            if self.plan.has_taxes:
                carry.tax = TaxCarry(0, self._mine("carry", ["tax gross"])["tax gross"], nothing)
        found = [bonus for bonus in self.bonuses if isinstance(bonus, Pairs)]
        carry.legs = {bonus.name: self._used(bonus) for bonus in found}
        return Result(
            period_of_run(self.run), [], carry, nothing.astype(bool),
            np.array([rank], np.int8), np.array([title], np.int8), self.run.turnover,
            nothing, nothing, {bonus.name: self._legs(bonus) for bonus in found}, self._figures(),
        )  # fmt: skip

    def _legs(self, bonus: Pairs) -> LegSums:
        return legs_of(self.archive, self.plan, bonus, self.position_ids)

    def _used(self, bonus: Pairs) -> LegCarry:
        """What the caps have used after the run; the other figures come from its legs."""
        names = [f"used {number} {bonus.name}" for number in range(len(bonus.caps))]
        count = len(self.position_ids)
        found = self.archive.of(LEGS, names, self.position_ids) if names else {}
        used = np.array([found[name] for name in names], np.int64).reshape(len(names), count)
        nothing = np.zeros(count, np.int64)
        return LegCarry(nothing, nothing, nothing.astype(bool), used, [])

    def _figures(self) -> RunFigures:
        found = run_figures.scalars_of(self.archive.text(run_figures.SCALARS))
        for bonus in self.bonuses:
            if isinstance(bonus, Stairstep):
                found.stairsteps[bonus.name] = run_figures.stairstep_of(bonus, self._my_figures)
        return found

    def _my_figures(self, columns: list[str]) -> Table:
        return self._mine(run_figures.PART, columns)

    def _mine(self, part: str, columns: list[str]) -> Table:
        return self.archive.of(part, columns, self.ids[:1])


def cuts_of(bonus: Bonus | None, lines: Lines, facts: RunFacts) -> list[int]:
    """What caps kept back of each line; nothing of lines that are no pairs."""
    if isinstance(bonus, Pairs):
        return [int(each) for each in cut_by_caps(bonus, lines, facts)]
    return [0] * len(lines)


def legs_of(archive: Archive, plan: Plan, bonus: Bonus, ids: Ints) -> LegSums:
    """What became of these positions' legs in an archived run."""
    columns = [f"{side} {part}" for side in ("left", "right") for part in legs.PARTS]
    found = archive.of(legs.part_of(plan, bonus.name), [*columns, "pairs", "first"], ids)
    return legs.sums_of(found, np.arange(len(ids), dtype=np.int32), len(ids))
