"""Which orders count for a bonus, and what of them."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, total
from upline.plans.company import Members, Orders
from upline.plans.counting import (
    EVERYBODY,
    OUTSIDE,
    Basis,
    Counted,
    FurtherFigure,
    LeastOrder,
    Volume,
)
from upline.plans.kernels.sums import add_up

Chosen = slice | Indexes
"""Some orders: a stretch of them, or their indexes."""


def amounts(orders: Orders, basis: Counted) -> Ints:
    """What of each order counts: minor units of its own currency, or hundredths of points or of a
    figure."""
    if isinstance(basis, FurtherFigure):
        return orders.figures[basis.name]
    return orders.value if basis is Basis.VALUE else orders.points


def in_plan(orders: Orders, basis: Counted) -> Ints:
    """The same where several orders count together: minor units of the plan currency."""
    return orders.in_plan if basis is Basis.VALUE else amounts(orders, basis)


def anything(orders: Orders) -> Flags:
    """Which orders have any value, points or figure."""
    found = (orders.value > 0) | (orders.points > 0)
    for figure in orders.figures.values():
        found = found | (figure > 0)
    return found


def counting(members: Members, orders: Orders, which: slice, volume: Volume) -> Chosen:
    """Which of these orders count."""
    keep: Flags | None = None
    if volume.customers != EVERYBODY:
        wanted = np.zeros(len(EVERYBODY), np.bool_)
        wanted[list(volume.customers)] = True
        keep = wanted[orders.customer[which]]
    if volume.within_days is not None or volume.after_days is not None:
        in_time = _in_time(members, orders, which, volume)
        keep = in_time if keep is None else keep & in_time
    return which if keep is None else (which.start + np.flatnonzero(keep)).astype(np.int32)


def _in_time(members: Members, orders: Orders, which: slice, volume: Volume) -> Flags:
    """Whose buyer joined fewer than `within_days` before, and `after_days` or more."""
    age = orders.day[which] - members.joined[orders.member[which]]
    least, most = volume.after_days, volume.within_days
    return (age >= (age if least is None else least)) & (age < (age + 1 if most is None else most))


def indexes_of(chosen: Chosen) -> Indexes:
    """The indexes of these orders among all."""
    if isinstance(chosen, slice):
        return np.arange(chosen.start, chosen.stop, dtype=np.int32)
    return chosen


def own(members: Members, orders: Orders, which: slice, volume: Volume) -> Ints:
    """Each member's own volume in these orders."""
    sums = np.zeros(len(members), np.int64)
    chosen = counting(members, orders, which, volume)
    add_up(orders.member[chosen], in_plan(orders, volume.basis)[chosen], sums)
    return sums


def turnover(members: Members, orders: Orders, which: slice, volume: Volume) -> int:
    """The sum of those of these orders that count."""
    return total(in_plan(orders, volume.basis)[counting(members, orders, which, volume)])


def customers(members: Members, orders: Orders, which: slice) -> Indexes:
    """How many of these orders were by each member's retail and preferred customers."""
    outside = counting(members, orders, which, Volume(customers=OUTSIDE))
    return np.bincount(orders.member[outside], minlength=len(members)).astype(np.int32)


def buyers(members: Members, orders: Orders, which: slice, order: LeastOrder) -> Indexes:
    """How many customers each member has who bought one of these orders, and of at least so
    much. Orders of unknown customers count for nobody."""
    if orders.customer_id is None:
        return np.zeros(len(members), np.int32)
    outside = indexes_of(counting(members, orders, which, Volume(customers=OUTSIDE)))
    enough = in_plan(orders, order.counted)[outside] >= order.amount
    found = outside[enough & (orders.customer_id[outside] != 0)]
    member, customer = orders.member[found], orders.customer_id[found]
    in_turn = np.lexsort((customer, member))
    member, customer = member[in_turn], customer[in_turn]
    is_other = (member[1:] != member[:-1]) | (customer[1:] != customer[:-1])
    each = member[np.flatnonzero(np.append(True, is_other)[: len(member)])]
    return np.bincount(each, minlength=len(members)).astype(np.int32)
