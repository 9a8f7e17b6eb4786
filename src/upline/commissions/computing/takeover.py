"""What a run hands on, as columns by the ids of members and of positions; and back, for the members
and the plan of the next run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from upline.commissions.computing.inputs import Inputs
from upline.commissions.storing.copy_format import Table
from upline.plans.arrays import Array, Indexes, Ints, Small, indexes_among
from upline.plans.bonus import Board, FullLevels, Pairs
from upline.plans.carry import BoardCarry, Carry, LegCarry, TaxCarry, nothing_carried
from upline.plans.company import NOBODY
from upline.plans.plan import Plan

LEGS = "carried legs"
"""The part of the archive with what waits in legs, by position."""
CarriedFacts = TypedDict(
    "CarriedFacts",
    {
        "ranks": list[str],
        "tax year": int | None,
        "paid": Sequence[Sequence[int]],
        "used since": dict[str, list[int]],
        "full levels": list[str],
        "boards": list[str],
    },
)
"""What a carry holds besides its columns. `paid`: see `Carry`."""


def tables(carry: Carry, inputs: Inputs, plan: Plan) -> tuple[dict[str, Table], str]:
    """The columns, by part of the archive, and as JSON what is not by member."""
    by_member: Table = {
        "member": inputs.ids, "market": inputs.market_ids,
        "rank": carry.rank, "title": carry.title, "held": carry.held,
    }  # fmt: skip
    if carry.tax:
        by_member |= {"tax gross": carry.tax.gross, "tax untaxed": carry.tax.untaxed}
    by_position: Table = {"position": inputs.position_ids}
    for name, leg in carry.legs.items():
        by_position |= {
            f"left {name}": leg.left,
            f"right {name}": leg.right,
            f"paired {name}": leg.paired.astype(np.int8),
        }
        by_position |= {f"used {number} {name}": used for number, used in enumerate(leg.used)}
    by_member |= {f"full {name}": levels for name, levels in carry.full_levels.items()}
    by_member |= {f"board {name}": boards.board_of for name, boards in carry.boards.items()}
    parts = {"carry": by_member} | ({LEGS: by_position} if carry.legs else {})
    everybody = np.append(inputs.ids, 0)
    for number, boards in enumerate(carry.boards.values()):
        columns = everybody[boards.boards].T
        parts[f"boards {number}"] = {str(seat): column for seat, column in enumerate(columns)}
    return parts, json.dumps(_facts(carry, plan))


def _facts(carry: Carry, plan: Plan) -> CarriedFacts:
    return {
        "ranks": [step.name for step in plan.ranks.steps],
        "tax year": carry.tax.year if carry.tax else None,
        "paid": carry.paid,
        "used since": {name: leg.used_since for name, leg in carry.legs.items()},
        "full levels": list(carry.full_levels),
        "boards": list(carry.boards),
    }


class Brought:
    """An archived carry, read for the members and positions of the next run and its plan.

    Where the plan is another one, ranks keep their names, and what a bonus carries goes to the
    bonus of the same name and kind; what has no heir ends. What is kept for a member who has moved
    to a market with another currency is exchanged at the rates of the next run."""

    def __init__(self, parts: dict[str, Table], facts: str, inputs: Inputs, plan: Plan) -> None:
        self.parts, self.plan = parts, plan
        self.facts: CarriedFacts = json.loads(facts)
        self.ids, self.position_ids = inputs.ids, inputs.position_ids
        self.inputs = inputs
        self.by_member = parts["carry"]
        self.indexes = _indexes(self.by_member["member"], self.ids)
        self.moved = np.flatnonzero(self._column("market") != inputs.market_ids)

    def carry(self) -> Carry:
        """All of it."""
        carry = nothing_carried(len(self.ids))
        carry.rank, carry.title = self._ranks("rank"), self._ranks("title")
        carry.held = self._money("held")
        carry.paid = tuple((first, last, paid) for first, last, paid in self.facts["paid"])
        if self.facts["tax year"] is not None:
            year = self.facts["tax year"]
            carry.tax = TaxCarry(year, self._money("tax gross"), self._money("tax untaxed"))
        for bonus in self.plan.bonuses:
            self._take_over(bonus, carry)
        return carry

    def _take_over(self, bonus: object, carry: Carry) -> None:
        match bonus:
            case Pairs() if bonus.name in self.facts["used since"]:
                carry.legs[bonus.name] = self._legs(bonus)
            case FullLevels() if bonus.name in self.facts["full levels"]:
                carry.full_levels[bonus.name] = self._column(f"full {bonus.name}")
            case Board() if bonus.name in self.facts["boards"]:
                found = self._boards(bonus)
                if found:
                    carry.boards[bonus.name] = found

    def _column(self, name: str, empty: int = 0) -> Array:
        old = self.by_member[name]
        column = np.full(len(self.ids), empty, old.dtype)
        column[self.indexes] = old
        return column

    def _money(self, name: str) -> Ints:
        """A column of amounts, each in the currency of the member's market of now."""
        return self._exchanged(self._column(name), np.arange(len(self.ids)))

    def _exchanged(self, amounts: Ints, whose: Array) -> Ints:
        """Amounts of these members, some of whom may have moved since."""
        exchange = self.inputs.exchange
        some = np.flatnonzero(np.isin(whose, self.moved) & (amounts != 0))
        if exchange is None or not len(some):
            return amounts
        before, after = (
            exchange.indexes(markets[whose[some]])
            for markets in (self._column("market"), self.inputs.market_ids)
        )
        found = amounts.copy()
        found[some] = exchange.converted(amounts[some], before, after)
        return found

    def _ranks(self, name: str) -> Small:
        """Ranks by the numbers of this plan; none where it has no such rank."""
        numbers = {step.name: number for number, step in enumerate(self.plan.ranks.steps, 1)}
        known = [0, *(numbers.get(rank, 0) for rank in self.facts["ranks"])]
        return np.array(known, np.int8)[self._column(name)]

    def _legs(self, bonus: Pairs) -> LegCarry:
        table, since = self.parts[LEGS], self.facts["used since"][bonus.name]
        indexes, count = _indexes(table["position"], self.position_ids), len(self.position_ids)

        def column(name: str) -> Array:
            whole = np.zeros(count, table[name].dtype)
            whole[indexes] = table[name]
            return whole

        used = [column(f"used {number} {bonus.name}") for number in range(len(since))]
        if len(since) != len(bonus.caps):
            since, used = [-1] * len(bonus.caps), [np.zeros(count, np.int64)] * len(bonus.caps)
        whose = self.inputs.members.in_positions().member
        used = [
            each if cap.in_pairs else self._exchanged(each, whose)
            for cap, each in zip(bonus.caps, used, strict=True)
        ]
        return LegCarry(
            column(f"left {bonus.name}"),
            column(f"right {bonus.name}"),
            column(f"paired {bonus.name}").astype(np.bool_),
            np.array(used, np.int64).reshape(len(bonus.caps), count),
            since,
        )

    def _boards(self, bonus: Board) -> BoardCarry | None:
        part = self.parts[f"boards {self.facts['boards'].index(bonus.name)}"]
        if len(part) != bonus.seats:
            return None
        rows = np.stack([part[str(seat)] for seat in range(len(part))], axis=1)
        standing = np.full(rows.shape, NOBODY, np.int32)
        standing[rows != 0] = _indexes(rows[rows != 0], self.ids)
        return BoardCarry(standing, self._column(f"board {bonus.name}", empty=NOBODY))


def _indexes(wanted: Ints, ids: Ints) -> Indexes:
    """Where members or positions stand among `ids`; all are there, since none is deleted."""
    indexes, known = indexes_among(wanted, ids)
    if not known.all():
        raise ValueError("who was in a run before is in the next one too")
    return indexes


def number_of_boards(facts: str) -> int:
    """How many parts of the archive hold boards."""
    return len(json.loads(facts)["boards"])
