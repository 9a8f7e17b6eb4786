"""What lines say that take back, since orders were refunded, or give back what an earlier run had
deducted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from upline.base import sql
from upline.base.amounts import grouped
from upline.commissions import queries
from upline.commissions.explaining import statements
from upline.commissions.explaining.statements import MemberLine, Negated
from upline.commissions.models import Earning, PlanVersion, Run
from upline.company import current as company
from upline.explanations.texts import percent
from upline.language import gettext, ngettext
from upline.language.writing import whole
from upline.markets import current as markets
from upline.plans.line_numbers import LineNumber
from upline.plans.plan import HUNDRED_PERCENT

ORDERS_NAMED = 3
"""So many orders are named; a pair may have been fed by hundreds."""


def is_negating(row: MemberLine) -> bool:
    """Whether a line of a run speaks of an earlier one: only these deductions have a source."""
    is_deduction = row.bonus < 0 and row.source_id != 0
    return is_deduction or bool(row.bonus == LineNumber.TAKEN_BACK)


def sentences(run: Run, member_id: int, rows: Sequence[MemberLine]) -> dict[int, str]:
    """A sentence for each of these lines of a member, by its number."""
    taken = [row.number for row in rows if row.bonus == LineNumber.TAKEN_BACK]
    currency = _currency_of(run.pk, member_id)
    found = {row.number: _given_back(row, currency) for row in rows if row.number not in taken}
    return found | _taken_back(run, member_id, taken, currency)


def _currency_of(run_id: int, member_id: int) -> str:
    """The currency in which a run pays a member."""
    found = Earning.objects.filter(run_id=run_id, member_id=member_id)
    return found.values_list("currency", flat=True)[0]


def _given_back(row: MemberLine, currency: str) -> str:
    """`Service charge of run 12: 0.86 was charged; 3 % of the remaining 20.90 is 0.62`."""
    run = row.source_id
    if row.bonus == LineNumber.CEILING:
        back = _money(-row.base, currency)
        return gettext(
            "Refund of what the ceiling of run {run} deducted from {amount} that is taken back",
            run=run,
            amount=back,
        )
    stays = row.base * row.rate // HUNDRED_PERCENT
    return gettext(
        "Service charge of run {run}: {charged} was charged; {percent} of the remaining {amount} "
        "is {rest}",
        run=run,
        charged=_money(stays + row.amount, currency),
        percent=percent(row.rate),
        amount=_money(row.base, currency),
        rest=_money(stays, currency),
    )


def _money(amount: int, currency: str) -> str:
    """Amounts of the plan currency say none, as on all that a company with one sees."""
    if currency == company.current().plan_currency:
        return grouped(amount, company.current().plan_exponent)
    return f"{grouped(amount, markets.decimals_of(currency))} {currency}"


def _taken_back(run: Run, member_id: int, numbers: list[int], currency: str) -> dict[int, str]:
    """`Taken back because order UP-1 was refunded: line 17 of run 12 (levels) paid 60.00, of which
    40.00 remains`."""
    asked = {"run": run.pk, "member": member_id, "numbers": numbers}
    found = sql.rows(Negated, statements.NEGATED, asked) if numbers else []
    versions = PlanVersion.objects.in_bulk({row.plan_id for row in found})
    said = dict.fromkeys(numbers, gettext("Taken back because orders were refunded"))
    for number, some in groupby(found, lambda row: row.number):
        rows = list(some)
        plan = queries.plan_of(versions[rows[0].plan_id])
        said[number] = ngettext(
            "Taken back because order {orders} was refunded: line {line} of run {run} ({bonus}) "
            "paid {paid}, of which {rest} remains",
            "Taken back because orders {orders} were refunded: line {line} of run {run} ({bonus}) "
            "paid {paid}, of which {rest} remains",
            len(rows),
            orders=_orders(rows),
            line=rows[0].of_number,
            run=rows[0].of_run_id,
            bonus=plan.bonuses[rows[0].bonus].name,
            paid=_money(rows[0].paid, rows[0].currency),
            rest=_money(rows[0].stays, rows[0].currency),
        )
        if rows[0].currency != currency:
            said[number] = gettext(
                "{sentence}; exchanged into {currency} at the rates of this run",
                sentence=said[number],
                currency=currency,
            )
    return said


def _orders(rows: Sequence[Negated]) -> str:
    named = ", ".join(row.order_number for row in rows[:ORDERS_NAMED])
    more = len(rows) - ORDERS_NAMED
    return (
        gettext("{names} and {count} more", names=named, count=whole(more)) if more > 0 else named
    )
