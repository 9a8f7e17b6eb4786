"""The lines of one member in the periods that are running: worked out as things are now, since an
interim run keeps only their sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
import pyarrow as pa

from upline.base import databases, sql
from upline.commissions import interim
from upline.commissions.explaining.lines import (
    UNNAMED,
    Explained,
    SourceOrder,
    Sources,
    cuts_of,
    sources_of,
)
from upline.commissions.explaining.pair_orders import SIDES, Fed
from upline.commissions.interim import InterimResult
from upline.company import current as company
from upline.explanations.facts import RunFacts
from upline.explanations.names import for_people, names_for
from upline.explanations.numbers import Figure, figures_of
from upline.explanations.units import Unit
from upline.explanations.why import why
from upline.plans.arrays import Array, Ints
from upline.plans.bonus import Bonus, Pairs
from upline.plans.counting import Basis
from upline.plans.lines import Lines
from upline.plans.periods import date_of
from upline.plans.settlement import NAMES as SETTLEMENT
from upline.plans.sources import comes_from_orders
from upline.plans.tracing import BEFORE, Leg

MEMBERS_MOST = 20_000
"""While somebody waits, a company of so many members is worked out; a larger one is not."""


@dataclass(frozen=True, slots=True)
class PeriodLines:
    """A running period of one member: its lines, and of each line of pairs, by its number, the
    orders that fed them."""

    every: str
    first_day: date
    last_day: date
    lines: list[Explained]
    fed: dict[int, list[Fed]]


class _Latest:
    """What was worked out last, for whoever asks while nothing has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: tuple[tuple[str, str], list[InterimResult]] | None = None

    def results(self) -> list[InterimResult]:
        books, work_out = interim.now(lambda _: None)
        key = (databases.current(), books)
        with self._lock:
            if self._known is None or self._known[0] != key:
                self._known = key, work_out()
            return self._known[1]


_latest = _Latest()


def is_small_enough() -> bool:
    """Whether this company is worked out while somebody waits."""
    return sql.number("SELECT count(*) FROM genealogy_position") <= MEMBERS_MOST


def lines_so_far(member_id: int, viewer_id: int) -> list[PeriodLines]:
    """The member's lines in each running period, people called by first and last name; `viewer_id`
    is who looks. Reads one snapshot. Raises NoPlan, CannotCompute."""
    return [_of_period(result, member_id, viewer_id) for result in _latest.results()]


def _of_period(of: InterimResult, member_id: int, viewer_id: int) -> PeriodLines:
    found = np.flatnonzero(of.inputs.ids == member_id)
    period = of.due.period
    days = str(period.every), date_of(period.first_day), date_of(period.last_day)
    if not len(found):
        return PeriodLines(*days, [], {})
    work = _Work(of, int(found[0]), member_id, viewer_id)
    return PeriodLines(*days, list(work.told()), work.fed)


class _Work:
    """One period of one member, whose index is `member`."""

    def __init__(self, of: InterimResult, member: int, member_id: int, viewer_id: int) -> None:
        self.of, self.member = of, member
        self.bonuses = {bonus.name: bonus for bonus in of.plan.bonuses}
        self.mine = [
            (self.bonuses.get(lines.bonus), _some(lines, np.flatnonzero(lines.member == member)))
            for lines in of.result.lines
        ]
        self.fed_parts = {
            lines.bonus: self._consumed(bonus, lines)
            for bonus, lines in self.mine
            if isinstance(bonus, Pairs) and len(lines)
        }
        self.sources = self._sources(member_id, viewer_id)
        self.facts = self._facts()
        self.fed: dict[int, list[Fed]] = {}

    def told(self) -> Iterator[Explained]:
        """Every line, the deductions last; the orders that fed pairs are noted in `fed`."""
        number = 0
        for bonus, lines in sorted(self.mine, key=lambda each: each[1].bonus in SETTLEMENT):
            if not len(lines):
                continue
            sentences = why(lines, self.facts).to_pylist()
            figures = figures_of(lines, self.facts)
            cuts = cuts_of(bonus, lines, self.facts)
            for row in range(len(lines)):
                number += 1
                position = -1 if lines.position is None else int(lines.position[row])
                if position >= 0:
                    self.fed[number] = self._fed(lines.bonus, position)
                told = sentences[row], figures[row], cuts[row]
                yield self._explained(number, bonus, lines, row, position, told)

    def _explained(
        self,
        number: int,
        bonus: Bonus | None,
        lines: Lines,
        row: int,
        position: int,
        told: tuple[str, list[Figure], int],
    ) -> Explained:
        sentence, figures, cut = told
        source, order, person_id = int(lines.source[row]), None, 0
        if bonus and source >= 0 and comes_from_orders(bonus):
            order_id = int(self.of.inputs.order_ids[source])
            order = self.sources.order(order_id)
            person_id = self.sources.person(self.sources.orders[order_id].member_id)
        elif bonus and source >= 0:
            person_id = self.sources.person(int(self.of.inputs.ids[source]))
        return Explained(
            number, lines.bonus, int(lines.amount[row]), int(lines.level[row]), sentence, figures,
            order, self.sources.names.get(person_id, ""), isinstance(bonus, Pairs),
            int(self.of.inputs.position_ids[position]) if position >= 0 else None, person_id, cut,
        )  # fmt: skip

    def _consumed(self, bonus: Pairs, lines: Lines) -> dict[int, list[tuple[str, int, int]]]:
        """By the index of a position: leg, order index and how much of it the pairs consumed."""
        assert lines.position is not None, "pairs are of a position"
        inputs = self.of.inputs
        found: dict[int, list[tuple[str, int, int]]] = {}
        for position in sorted(set(lines.position.tolist())):
            found[position] = []
            for name, side in SIDES.items():
                leg = Leg(bonus, inputs.members, inputs.orders, position, side)
                parts = leg.after(self.of.result).consumed
                each = zip(parts.order.tolist(), parts.amount.tolist(), strict=True)
                found[position] += [(name, order, amount) for order, amount in each]
        return found

    def _fed(self, name: str, position: int) -> list[Fed]:
        bonus = self.bonuses[name]
        assert isinstance(bonus, Pairs), "only pairs are fed"
        is_value = bonus.volume.basis is Basis.VALUE
        unit = Unit.MONEY if is_value else Unit.POINTS
        currency = company.current().plan_currency if is_value else ""
        return [
            Fed(leg, None if order == BEFORE else self._source_order(order), amount, unit, currency)
            for leg, order, amount in self.fed_parts[name][position]
        ]

    def _source_order(self, index: int) -> SourceOrder:
        return self.sources.order(int(self.of.inputs.order_ids[index]))

    def _sources(self, member_id: int, viewer_id: int) -> Sources:
        inputs = self.of.inputs
        orders: set[int] = {
            int(inputs.order_ids[order])
            for positions in self.fed_parts.values()
            for parts in positions.values()
            for _, order, _ in parts
            if order != BEFORE
        }
        members = {member_id}
        for bonus, lines in self.mine:
            known = lines.source[lines.source >= 0] if bonus else lines.source[:0]
            ids = inputs.order_ids if comes_from_orders(bonus) else inputs.ids
            (orders if comes_from_orders(bonus) else members).update(ids[known].tolist())
        return sources_of(viewer_id, orders, members)

    def _facts(self) -> RunFacts:
        of, inputs = self.of, self.of.inputs
        names = self.sources.full_names
        called = [names.get(each) or str(UNNAMED) for each in inputs.ids.tolist()]
        known = self.sources.orders
        numbers = [
            known[each].number if each in known else "" for each in inputs.order_ids.tolist()
        ]
        written = names_for(
            pa.array(called, pa.string()), pa.array(numbers, pa.string()), for_people
        )
        return RunFacts(
            of.plan, inputs.members, inputs.orders, of.result, written, self._position_numbers(),
            inputs.exchange, company.current().plan_currency,
        )  # fmt: skip

    def _position_numbers(self) -> Ints:
        """The member's own positions in turn, where there are several; else 0."""
        stand = self.of.inputs.members.in_positions()
        numbers = np.zeros(len(stand), np.int64)
        own = np.flatnonzero(stand.member == self.member)
        if len(own) > 1:
            own = own[np.argsort(self.of.inputs.position_ids[own])]
            numbers[own] = np.arange(1, len(own) + 1)
        return numbers


def _some(lines: Lines, rows: Array) -> Lines:
    position = None if lines.position is None else lines.position[rows]
    return Lines(
        lines.bonus, lines.member[rows], lines.source[rows], lines.level[rows], lines.rate[rows],
        lines.base[rows], lines.amount[rows], position,
    )  # fmt: skip
