"""What a simulated company orders is what its shape says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulation.shapes import SMALL
from upline.plans.bonus import Levels
from upline.plans.company import Orders
from upline.plans.counting import Customer
from upline.plans.plan import Active, Plan
from upline.simulation.buying import buy
from upline.simulation.growth import Grown, grow
from upline.simulation.shape import usual_spending


def bought(**others: Any) -> tuple[Grown, Orders]:
    shape, random = replace(SMALL, **others), np.random.default_rng(1)
    company = grow(shape, random)
    return company, buy(company, shape, random)


def test_orders_go_by_day_and_lie_within_the_months() -> None:
    company, orders = bought()
    assert (np.diff(orders.day) >= 0).all()
    assert orders.day[0] >= company.months[0].first_day
    assert orders.day[-1] <= company.months[-1].last_day


def test_nobody_orders_before_joining_or_after_leaving() -> None:
    company, orders = bought(churn=0.3)
    assert (orders.day >= company.members.joined[orders.member]).all()
    last_days = np.array([month.last_day for month in company.months])
    month = np.searchsorted(last_days, orders.day)
    assert (month < company.month_gone[orders.member]).all()


def test_the_first_order_of_each_member_is_marked() -> None:
    _, orders = bought()
    seen: set[int] = set()
    for member, first in zip(orders.member.tolist(), orders.first.tolist(), strict=True):
        assert first == (member not in seen)
        seen.add(member)


def test_new_members_order_on_the_day_they_join() -> None:
    company, orders = bought(first_orders=1.0, activity=0.0, builder_activity=0.0, customers=0.0)
    by_founder = orders.member == 0
    assert by_founder.sum() == SMALL.months
    assert sorted(orders.member[~by_founder]) == list(range(1, SMALL.members))
    others = orders.member[~by_founder]
    assert np.array_equal(orders.day[~by_founder], company.members.joined[others])


def test_the_shares_that_are_asked_for_order() -> None:
    company, orders = bought(members=3_000, activity=0.3, builder_activity=0.9, customers=0.0)
    last = len(company.months) - 1
    ordered = np.zeros(3_000, np.bool_)
    ordered[orders.member[orders.between(company.months[last].first_day, 10**6)]] = True
    there = (company.month_gone > last) & (company.month_joined < last)
    builds = company.month_recruiting <= last
    assert ordered[there & ~builds].mean() == pytest.approx(0.3, abs=0.05)
    assert ordered[there & builds].mean() == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6])
def test_customers_place_their_share_of_orders(share: float) -> None:
    _, orders = bought(members=3_000, customers=share, preferred=0.25)
    assert (orders.customer != Customer.MEMBER).mean() == pytest.approx(share, abs=0.03)
    outside = orders.customer[orders.customer != Customer.MEMBER]
    if share:
        assert (outside == Customer.PREFERRED).mean() == pytest.approx(0.25, abs=0.05)


def test_spending_goes_by_package_and_customers_spend_as_the_lowest() -> None:
    company, orders = bought(spread=0.0)
    own = orders.customer == Customer.MEMBER
    by_package = np.array(SMALL.spending)[company.members.package[orders.member]]
    assert np.array_equal(orders.value[own], by_package[own])
    assert set(orders.value[~own]) == {SMALL.spending[0]}


def test_spread_says_how_much_more_orders_are_worth() -> None:
    _, orders = bought(members=3_000, spread=0.5, package_shares=(1.0,), spending=(10_000,))
    assert orders.value.min() >= 10_000
    assert orders.value.mean() == pytest.approx(15_000, rel=0.05)


@pytest.mark.parametrize(("point_value", "rate"), [(100, 1_000_000), (33, 333_300), (700, 100)])
def test_the_usual_order_makes_active(point_value: int, rate: int) -> None:
    plan = Plan("Any", (Levels("l"),), active=Active(personal_points=10_000), packages=("A", "B"))
    spending = usual_spending(replace(plan, point_value=point_value), rate)
    _, orders = bought(
        spread=0.0, point_value=point_value, points_rate=rate, spending=spending,
        package_shares=(1.0, 1.0),
    )  # fmt: skip
    assert orders.points.min() >= 10_000
    assert spending[1] == 2 * spending[0]


def test_the_usual_order_is_a_hundred_where_everybody_is_active() -> None:
    assert usual_spending(Plan("Any", (), decimals=2), 1_000_000) == (10_000,)
    assert usual_spending(Plan("Any", (), decimals=0), 1_000_000) == (100,)
