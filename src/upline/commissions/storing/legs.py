"""What became of the legs of each binary bonus in a run, as columns by position; and back."""

from __future__ import annotations

import numpy as np

from upline.commissions.storing.copy_format import Table
from upline.plans.arrays import Indexes, Ints
from upline.plans.bonus import Pairs
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Result, Side

PARTS = ("brought", "entered", "consumed", "carried")


def part_of(plan: Plan, bonus: str) -> str:
    """The part of the archive that has a bonus's legs."""
    return f"legs {[each.name for each in plan.bonuses].index(bonus)}"


def tables(result: Result, position_ids: Ints, plan: Plan) -> dict[str, Table]:
    """A part for each binary bonus of the run: which positions have volume in a leg, in the order
    of `position_ids`, and what their pairs paid."""
    return {
        part_of(plan, name): _table(sums, _paid(result, name, len(position_ids)), position_ids)
        for name, sums in result.legs.items()
    }


def _paid(result: Result, name: str, count: int) -> Ints:
    paid = np.zeros(count, np.int64)
    for lines in result.lines:
        if lines.bonus == name:
            assert lines.position is not None, "pairs are of a position"
            paid[lines.position] = lines.amount
    return paid


def _table(sums: LegSums, paid: Ints, position_ids: Ints) -> Table:
    columns: Table = {
        f"{name} {part}": getattr(side, part)
        for name, side in (("left", sums.left), ("right", sums.right))
        for part in PARTS
    }
    some = np.flatnonzero(np.any([column != 0 for column in columns.values()], axis=0))
    columns |= {"pairs": sums.pairs, "first": sums.first.astype(np.int8), "amount": paid}
    return {"position": position_ids[some]} | {
        name: column[some] for name, column in columns.items()
    }


def sums_of(table: Table, indexes: Indexes, count: int) -> LegSums:
    """The sums for `count` positions; `indexes` are those of the table's positions."""

    def column(name: str) -> Ints:
        whole = np.zeros(count, table[name].dtype)
        whole[indexes] = table[name]
        return whole

    left, right = (
        Side(*(column(f"{side} {part}") for part in PARTS)) for side in ("left", "right")
    )
    return LegSums(left, right, column("pairs"), column("first").astype(np.bool_))


def has_pairs(plan: Plan) -> list[str]:
    """The names of a plan's binary bonuses."""
    return [bonus.name for bonus in plan.bonuses if isinstance(bonus, Pairs)]
