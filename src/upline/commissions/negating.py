"""What lines say that take back, since orders were refunded, or give back what an earlier run had
deducted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from upline.base import sql
from upline.base.amounts import as_text
from upline.commissions import queries, statements
from upline.commissions.models import PlanVersion, Run
from upline.company import queries as company
from upline.plans.settlement import CEILING, NUMBERS, TAKEN_BACK

ORDERS_NAMED = 3
"""So many orders are named; a pair may have been fed by hundreds."""


def is_negating(row: Any) -> bool:
    """Whether a line of a run speaks of an earlier one: only these deductions have a source."""
    is_deduction = row.bonus < 0 and row.source_id != 0
    return is_deduction or bool(row.bonus == NUMBERS[TAKEN_BACK])


def sentences(run: Run, member_id: int, rows: Sequence[Any]) -> dict[int, str]:
    """A sentence for each of these lines of a member, by its number."""
    taken = [row.number for row in rows if row.bonus == NUMBERS[TAKEN_BACK]]
    found = {row.number: _given_back(row) for row in rows if row.number not in taken}
    return found | _taken_back(run, member_id, taken)


def _given_back(row: Any) -> str:
    """`Service charge of run 12 given back, of the 20.00 that are taken back of it`."""
    what = "Part of the ceiling" if row.bonus == NUMBERS[CEILING] else "Service charge"
    base = as_text(abs(row.base), company.current().exponent, ",")
    return f"{what} of run {row.source_id} given back, of the {base} that are taken back of it"


def _taken_back(run: Run, member_id: int, numbers: list[int]) -> dict[int, str]:
    """`Taken back of line 17 of run 12 (levels): order UP-1 was refunded`."""
    asked = {"run": run.pk, "member": member_id, "numbers": numbers}
    found = sql.rows(statements.NEGATED, asked) if numbers else []
    versions = PlanVersion.objects.in_bulk({row.plan_id for row in found})
    said = dict.fromkeys(numbers, "Taken back: orders were refunded")
    for number, some in groupby(found, lambda row: row.number):
        rows = list(some)
        plan = queries.plan_of(versions[rows[0].plan_id])
        of = f"line {rows[0].of_number} of run {rows[0].of_run_id}"
        bonus = plan.bonuses[rows[0].bonus].name
        said[number] = f"Taken back of {of} ({bonus}): {_orders(rows)} refunded"
    return said


def _orders(rows: Sequence[Any]) -> str:
    names = [row.order_number for row in rows]
    if len(names) == 1:
        return f"order {names[0]} was"
    more = len(names) - ORDERS_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"orders {', '.join(names[:ORDERS_NAMED])}{rest} were"
