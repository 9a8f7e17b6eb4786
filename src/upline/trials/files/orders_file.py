"""orders.csv to the core's orders."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.base.amounts import POINT_DECIMALS
from upline.explanations.texts import Texts
from upline.language import gettext
from upline.plan_documents.errors import quoted
from upline.plans.arrays import LARGEST, Array, Flags, Indexes, Ints, total
from upline.plans.company import Orders, firsts
from upline.plans.counting import Customer
from upline.plans.periods import date_of
from upline.plans.plan import HUNDREDTHS, Plan
from upline.trials.files.columns import check_ids, choices, days, indexes_in, numbers
from upline.trials.files.complaints import Complaints
from upline.trials.files.csv_table import Columns, read_table
from upline.trials.files.demands import asks_for_buyers, pays_on_points
from upline.trials.files.members_file import NamedMembers

COLUMNS = ("id", "member", "date", "amount", "pv", "customer")
"""The columns that every file has; one for each figure of the plan comes after them."""
BUYER = "buyer"
"""The column with the customer who bought."""
POSITION = "position"
"""The column with the position at which an order counts."""
CUSTOMERS = {customer.name.lower(): customer.value for customer in Customer}


@dataclass(frozen=True, slots=True)
class NamedOrders:
    """The orders, and their ids in the same order."""

    names: Texts
    orders: Orders


def read_orders(
    path: Path, plan: Plan, members: NamedMembers | None, last_day: int | None = None
) -> NamedOrders:
    """The orders of a file by day, then id. Raises FileErrors.

    `members`: all members, None where these could not be read; `last_day`: of the
    period that is asked for, later orders are refused.
    """
    complaints = Complaints(path)
    columns = Columns((*COLUMNS, *plan.figures), (BUYER, POSITION))
    if asks_for_buyers(plan):
        columns = Columns((*columns.needed, BUYER), (POSITION,))
    table = read_table(path, columns, complaints)
    check_ids(table["id"], indexes_in(table["id"], table["id"]), _is_there, complaints)
    member = _members(table["member"], members.names if members else None, complaints)
    day = days(table["date"], "date", complaints)
    if last_day is not None:
        _check_last_day(table["date"], day > last_day, last_day, complaints)
    value = numbers(table["amount"], plan.decimals, "amount", complaints)
    points = numbers(table["pv"], POINT_DECIMALS, "pv", complaints)
    figures = {
        name: numbers(table[name], POINT_DECIMALS, name, complaints) for name in plan.figures
    }
    customer = choices(table["customer"], CUSTOMERS, "customer", complaints)
    position = _positions(table, member, members, complaints) if members else None
    complaints.stop_if_any()
    _check_sums(plan, {"amount": value}, {"pv": points, **figures}, complaints)
    orders = Orders(
        member, day, value, points, customer, firsts(member), position, figures=figures,
        customer_id=_buyers(table.get(BUYER)),
    )  # fmt: skip
    return _sorted(table["id"], orders)


def _is_there(number: str) -> str:
    return gettext("order {number} is there already", number=number)


def _buyers(texts: Texts | None) -> Ints | None:
    """A number for each customer by the name in the file, 0 where there is none."""
    if texts is None:
        return None
    names = pc.unique(texts)
    numbers = pc.index_in(texts, names).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    is_empty = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    return np.where(is_empty, 0, numbers)


def _members(texts: Texts, members: Texts | None, complaints: Complaints) -> Indexes:
    if members is None:
        return np.zeros(len(texts), np.int32)
    found = indexes_in(texts, members)
    complaints.rows(
        found < 0,
        lambda row: gettext(
            "member {name} is not in the members' file", name=quoted(texts[row].as_py())
        ),
    )
    return found


def _positions(
    table: dict[str, Texts], member: Indexes, members: NamedMembers, complaints: Complaints
) -> Indexes | None:
    """The position that each order counts at, which is the first one where none is said; None where
    each member has one."""
    texts = table.get(POSITION)
    stand, names = members.members.in_positions(), members.of_positions
    first = stand.first[member]
    if texts is None:
        return None if members.positions is None else first
    said = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    found = np.where(said, indexes_in(texts, names), first).astype(np.int32)
    complaints.rows(
        (found < 0) | (stand.member[found] != member),
        lambda row: gettext(
            "position {position} does not belong to member {name}",
            position=quoted(texts[row].as_py()),
            name=quoted(table["member"][row].as_py()),
        ),
    )
    return None if members.positions is None else found


def _check_last_day(texts: Texts, late: Flags, last_day: int, complaints: Complaints) -> None:
    complaints.rows(
        late,
        lambda row: gettext(
            "date {date} is after the period's end, {last}",
            date=texts[row].as_py(),
            last=date_of(last_day),
        ),
    )


def _check_sums(
    plan: Plan, money: dict[str, Ints], points: dict[str, Ints], complaints: Complaints
) -> None:
    """Refuse sums that would not fit 64 bits, of points also in money, in exact integers; the line
    is the one that is too much."""
    worth = -(-plan.point_value // HUNDREDTHS) if pays_on_points(plan) else 1
    for columns, factor in ((money, 1), (points, max(worth, 1))):
        for name, column in columns.items():
            complaints.rows(_too_much(column, LARGEST // factor), partial(_sum_of, name))
    complaints.stop_if_any()


def _sum_of(name: str, row: int) -> str:
    return gettext("the sum of {name} does not fit 64 bits", name=name)


def _too_much(column: Ints, most: int) -> Flags:
    """The row with which the sum exceeds the most, if it does."""
    rows = np.zeros(len(column), np.bool_)
    if total(column) > most:
        indexes = range(len(column))
        rows[bisect_right(indexes, most, key=lambda row: total(column[: row + 1]))] = True
    return rows


def _sorted(ids: Texts, orders: Orders) -> NamedOrders:
    keys = pa.table({"day": pa.array(orders.day), "id": ids})
    order = pc.sort_indices(keys, [("day", "ascending"), ("id", "ascending")])
    by = order.to_numpy()

    def put(column: Array) -> Array:
        return np.ascontiguousarray(column[by])

    member = put(orders.member)
    return NamedOrders(
        ids.take(order),
        Orders(
            member=member,
            day=put(orders.day),
            value=put(orders.value),
            points=put(orders.points),
            customer=put(orders.customer),
            first=firsts(member),
            figures={name: put(column) for name, column in orders.figures.items()},
            customer_id=None if orders.customer_id is None else put(orders.customer_id),
            position=None if orders.position is None else put(orders.position),
        ),
    )
