"""What a grown company orders, month by month."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Array, Indexes, Ints
from upline.plans.company import Orders, firsts
from upline.plans.counting import Customer
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS
from upline.simulation.growth import Grown, still_there
from upline.simulation.shape import CompanyShape


def buy(grown: Grown, shape: CompanyShape, random: np.random.Generator) -> Orders:
    """All orders of all months, by day."""
    months = [_month(grown, shape, month, random) for month in range(shape.months)]
    member, day, value, customer = (np.concatenate(each) for each in zip(*months, strict=True))
    return Orders(
        member=member,
        day=day,
        value=value,
        points=_points(value, shape),
        customer=customer,
        first=firsts(member),
    )


def _month(
    grown: Grown, shape: CompanyShape, month: int, random: np.random.Generator
) -> tuple[Indexes, Indexes, Ints, Array]:
    """Members, days, values and classes of buyers of one month's orders, by day."""
    there = np.flatnonzero(still_there(grown, month)).astype(np.int32)
    own = _who_order(grown, shape, month, there, random)
    sellers = _who_sell(shape, there, len(own), random)
    member = np.concatenate((own, sellers))
    day = np.concatenate(
        (_own_days(grown, month, own, random), _days(grown, month, sellers, random))
    )
    preferred = random.random(len(sellers)) < shape.preferred
    customer = np.concatenate(
        (
            np.full(len(own), Customer.MEMBER, np.int8),
            np.where(preferred, Customer.PREFERRED, Customer.RETAIL).astype(np.int8),
        )
    )
    value = _values(grown, shape, member, len(own), random)
    turn = np.argsort(day, kind="stable")
    return member[turn], day[turn], value[turn], customer[turn]


def _who_order(
    grown: Grown, shape: CompanyShape, month: int, there: Indexes, random: np.random.Generator
) -> Indexes:
    """Who orders for themselves: the founder, and of new ones, of those with recruits and of all
    others each another share."""
    builds = grown.month_recruiting[there] <= month
    share = np.where(builds, shape.builder_activity, shape.activity)
    share[grown.month_joined[there] == month] = shape.first_orders
    share[there == 0] = 1.0
    return there[random.random(len(there)) < share]


def _who_sell(
    shape: CompanyShape, there: Indexes, own_orders: int, random: np.random.Generator
) -> Indexes:
    """Whose customers order, once for each order; some have many customers, most have none."""
    wanted = own_orders * shape.customers / (1.0 - shape.customers)
    sellers = there[random.integers(0, len(there), round(wanted / shape.customers_each))]
    return np.repeat(sellers, random.geometric(1.0 / shape.customers_each, len(sellers)))


def _own_days(grown: Grown, month: int, member: Indexes, random: np.random.Generator) -> Indexes:
    """New members order on the day of joining, the others on any day."""
    days = _days(grown, month, member, random)
    new = grown.month_joined[member] == month
    days[new] = grown.members.joined[member[new]]
    return days


def _days(grown: Grown, month: int, member: Indexes, random: np.random.Generator) -> Indexes:
    """Any day of the month on which the member has joined."""
    period = grown.months[month]
    days: Indexes = np.maximum(grown.members.joined[member], np.int32(period.first_day))
    days += (random.random(len(member)) * (period.last_day + 1 - days)).astype(np.int32)
    return days


def _values(
    grown: Grown, shape: CompanyShape, member: Indexes, own_orders: int, random: np.random.Generator
) -> Ints:
    """What the member's package lets expect, the lowest for customers, and often more."""
    least = np.array(shape.spending, np.int64)[grown.members.package[member]]
    least[own_orders:] = shape.spending[0]
    more = random.standard_exponential(len(member)) * shape.spread
    return least + (least * more).astype(np.int64)


def _points(value: Ints, shape: CompanyShape) -> Ints:
    return value * (HUNDREDTHS * shape.points_rate) // (HUNDRED_PERCENT * shape.point_value)
