"""Approved runs as they are kept, read back for the core; and the refunds that a run takes to
task."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np

from upline.base import sql
from upline.commissions.computing import figures, statements
from upline.commissions.computing.figures import figure_column
from upline.commissions.computing.statements import RunBefore
from upline.commissions.models import PlanVersion, Run
from upline.commissions.storing import archive, legs
from upline.commissions.storing.copy_format import Table, in_one_row, read
from upline.company import current as company
from upline.plan_documents import parse
from upline.plans.arrays import Indexes, Ints, indexes_among
from upline.plans.company import NOBODY, Members, Orders, Positions
from upline.plans.past import Past, Refunded, StoredLines
from upline.plans.periods import Every, Period, day_of
from upline.plans.plan import Plan

_REFUNDED = {"order": "i8", "customer": "i2", "value": "i8", "points": "i8"}
_LINES = ("number", "member", "position", "bonus", "source", "level", "rate", "base", "amount")


def refunded(run: Run) -> Table:
    """What is left of the orders of which something was refunded since the days of the run before;
    nothing where the run is the first."""
    before = run.previous.last_day if run.previous else run.last_day
    days = {"after": before, "last_day": run.last_day}
    # All figures that the company has: runs before this one may be of plans that count others.
    named = company.office().order_figures
    kinds = _REFUNDED | {figure_column(name): "i8" for name in named}
    select = in_one_row(figures.refunded(len(named)), len(kinds))
    found = read(sql.copy_out(select, days), kinds)
    order = np.lexsort((found["customer"], found["order"]))
    return {name: column[order] for name, column in found.items()}


def as_refunded(table: Table) -> Refunded:
    """The same for the core."""
    customer = table["customer"].astype(np.int8)
    figures = _figures(table, [name for name in table if name.startswith(figure_column(""))])
    return Refunded(table["order"], customer, table["value"], table["points"], figures)


def _figures(table: Table, columns: list[str]) -> dict[str, Ints]:
    """Further figures by the company's names for them."""
    return {column.removeprefix(figure_column("")): table[column] for column in columns}


def runs_before(run: Run) -> list[Past]:
    """All runs of the chain before this one, in turn."""
    plans: dict[int, Plan] = {}
    found = []
    for row in sql.rows(RunBefore, statements.RUNS_BEFORE, [run.pk]):
        if row.plan_id not in plans:
            version = PlanVersion.objects.get(pk=row.plan_id)
            plans[row.plan_id] = parse(version.text, version.name)
        found.append(_past(row, plans[row.plan_id], run.pk))
    return found


def _past(row: RunBefore, plan: Plan, before: int) -> Past:
    pairs = legs.has_pairs(plan)
    parts = ["members", "positions", "orders", "refunded", "carry"]
    tables = archive.tables(row.id, [*parts, *(legs.part_of(plan, name) for name in pairs)])
    by_id = tables["members"]["member"]
    position_ids = tables["positions"]["position"]
    members = _members(tables["members"], tables["positions"])
    orders = _orders(tables["orders"], by_id, position_ids, plan)
    exchange = archive.exchange(row.id, plan)
    if exchange is not None:
        members = replace(members, market=exchange.indexes(tables["members"]["market"]))
        orders = exchange.orders(orders, tables["orders"]["market"])
    ranks, _ = indexes_among(by_id, tables["carry"]["member"])
    past = Past(
        plan=plan,
        period=_period(row.first_day, row.last_day, row.every),
        ids=by_id,
        position_ids=position_ids,
        members=members,
        order_ids=tables["orders"]["order"],
        orders=orders,
        rank=tables["carry"]["rank"][ranks],
        title=tables["carry"]["title"][ranks],
        lines=partial(_lines, row.id, before),
        refunded=as_refunded(tables["refunded"]),
        number=row.id,
        exchange=exchange,
    )
    for name in pairs:
        table = tables.get(legs.part_of(plan, name))
        if table is not None:
            indexes, _ = indexes_among(table["position"], position_ids)
            past.legs[name] = legs.sums_of(table, indexes, len(position_ids))
            past.paired[name] = np.zeros(len(position_ids), np.int64)
            past.paired[name][indexes] = table["amount"]
    return past


def _period(first_day: date, last_day: date, every: str) -> Period:
    return Period(day_of(last_day), day_of(first_day), Every(every))


def _members(table: Table, positions: Table) -> Members:
    ids = table["member"]
    nobody = np.full(len(ids), NOBODY, np.int32)
    return Members(
        # Only positions are asked for who stands above whom.
        sponsor=nobody,
        placement=nobody,
        side=np.zeros(len(ids), np.int8),
        joined=table["joined"],
        package=table["package"],
        positions=positions_of(positions, ids),
    )


def positions_of(table: Table, ids: Ints) -> Positions:
    """Archived positions; `ids` are those of the members."""
    member, _ = indexes_among(table["member"], ids)
    # A first position has the id of its member.
    is_first = np.flatnonzero(table["position"] == table["member"]).astype(np.int32)
    first = np.zeros(len(ids), np.int32)
    first[member[is_first]] = is_first
    placement = _links(table["placement"], table["position"])
    is_one_each = bool(np.array_equal(table["position"], ids))
    return Positions(member, placement, table["side"], first, is_one_each)


def _links(linked: Ints, ids: Ints) -> Indexes:
    indexes, known = indexes_among(linked, ids)
    return np.where(known, indexes, NOBODY).astype(np.int32)


def _orders(table: Table, ids: Ints, position_ids: Ints, plan: Plan) -> Orders:
    member, _ = indexes_among(table["member"], ids)
    position, _ = indexes_among(table["position"], position_ids)
    return Orders(
        member=member,
        day=table["day"],
        value=table["value"],
        points=table["points"],
        customer=table["customer"],
        first=table["first"].astype(np.bool_),
        position=position,
        figures=_figures(table, [figure_column(name) for name in plan.figures]),
    )


def _lines(run_id: int, before: int) -> StoredLines:
    """The lines of a run, and what the runs before `before` took back of them."""
    table = archive.tables(run_id, ["lines"])["lines"]
    base_back, back = np.zeros((2, len(table["number"])), np.int64)
    # Lines are numbered from 1 on, as they lie.
    asked = {"run": run_id, "before": before}
    for taken in sql.rows(statements.LineTakenBack, statements.TAKEN_BACK, asked):
        base_back[taken.of_number - 1], back[taken.of_number - 1] = taken.base, taken.amount
    columns = {name: table[name] for name in _LINES}
    return StoredLines(**columns, back=back, base_back=base_back)
