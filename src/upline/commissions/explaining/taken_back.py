"""What lines say that take back, since orders were refunded, or give back what an earlier run had
deducted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from upline.base import sql
from upline.base.amounts import as_text
from upline.commissions import queries, statements
from upline.commissions.models import PlanVersion, Run
from upline.commissions.statements import MemberLine, Negated
from upline.company import current as company
from upline.explanations.texts import percent
from upline.plans.plan import HUNDRED_PERCENT
from upline.plans.settlement import LineNumber

ORDERS_NAMED = 3
"""So many orders are named; a pair may have been fed by hundreds."""


def is_negating(row: MemberLine) -> bool:
    """Whether a line of a run speaks of an earlier one: only these deductions have a source."""
    is_deduction = row.bonus < 0 and row.source_id != 0
    return is_deduction or bool(row.bonus == LineNumber.TAKEN_BACK)


def sentences(run: Run, member_id: int, rows: Sequence[MemberLine]) -> dict[int, str]:
    """A sentence for each of these lines of a member, by its number."""
    taken = [row.number for row in rows if row.bonus == LineNumber.TAKEN_BACK]
    found = {row.number: _given_back(row) for row in rows if row.number not in taken}
    return found | _taken_back(run, member_id, taken)


def _given_back(row: MemberLine) -> str:
    """`Service charge of run 12: 0.86 was charged; 3 % of the remaining 20.90 is 0.62`."""
    run = row.source_id
    if row.bonus == LineNumber.CEILING:
        back = _money(-row.base)
        return f"Refund of what the ceiling of run {run} deducted from {back} that is taken back"
    stays = row.base * row.rate // HUNDRED_PERCENT
    return (
        f"Service charge of run {run}: {_money(stays + row.amount)} was charged; "
        f"{percent(row.rate)} of the remaining {_money(row.base)} is {_money(stays)}"
    )


def _money(amount: int) -> str:
    return as_text(amount, company.current().exponent, ",")


def _taken_back(run: Run, member_id: int, numbers: list[int]) -> dict[int, str]:
    """`Taken back because order UP-1 was refunded: line 17 of run 12 (levels) paid 60.00, of which
    40.00 remains`."""
    asked = {"run": run.pk, "member": member_id, "numbers": numbers}
    found = sql.rows(Negated, statements.NEGATED, asked) if numbers else []
    versions = PlanVersion.objects.in_bulk({row.plan_id for row in found})
    said = dict.fromkeys(numbers, "Taken back because orders were refunded")
    for number, some in groupby(found, lambda row: row.number):
        rows = list(some)
        plan = queries.plan_of(versions[rows[0].plan_id])
        of = f"line {rows[0].of_number} of run {rows[0].of_run_id}"
        bonus = plan.bonuses[rows[0].bonus].name
        paid, stays = _money(rows[0].paid), _money(rows[0].stays)
        what = f"{of} ({bonus}) paid {paid}, of which {stays} remains"
        said[number] = f"Taken back because {_orders(rows)} refunded: {what}"
    return said


def _orders(rows: Sequence[Negated]) -> str:
    names = [row.order_number for row in rows]
    if len(names) == 1:
        return f"order {names[0]} was"
    more = len(names) - ORDERS_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"orders {', '.join(names[:ORDERS_NAMED])}{rest} were"
