"""What of orders a plan counts: value, points and the company's further figures; and customers."""

from __future__ import annotations

import pytest

from plan_documents.documents import TOP
from upline.plan_documents import parse
from upline.plan_documents.ladder import conditions
from upline.plans.bonus import Pool, Stairstep
from upline.plans.counting import Basis, FurtherFigure, LeastOrder
from upline.plans.plan import Plan

BONUS = """
[[bonuses]]
name = "pool"
kind = "pool"
percent = 1
pays_on = "BV"
share = "personal points"
measured_in = "BV"
needs = {personal_points = 5, measured_in = "BV"}

[[bonuses]]
name = "steps"
kind = "stairstep"
brackets = [{points = 5, percent = 2}]
measured_in = "BV"
"""
TEXT = f"""
name = "P"
figures = ["BV"]
[active]
personal_points = 20
measured_in = "BV"
[ranks]
measured_in = "BV"
[[ranks.steps]]
name = "Silver"
team_points = 100
customers_with_orders = {{count = 3, measured_in = "value", least = "12.50"}}
{BONUS}
"""


@pytest.fixture
def plan() -> Plan:
    return parse(TEXT, "p.toml")


def test_a_figure_may_stand_wherever_points_may(plan: Plan) -> None:
    bv = FurtherFigure("BV")
    pool, steps = plan.bonuses
    assert isinstance(pool, Pool)
    assert isinstance(steps, Stairstep)
    assert (pool.volume.basis, pool.measured_in, pool.needs.measured_in) == (bv, bv, bv)
    assert (steps.volume.basis, steps.measured_in) == (Basis.VALUE, bv)
    assert (plan.active.measured_in, plan.ranks.measured_in) == (bv, bv)
    assert plan.figures == ("BV",)


def test_the_least_order_is_money_where_it_is_measured_in_value(plan: Plan) -> None:
    (silver,) = plan.ranks.steps
    assert (silver.buyers, silver.buyers_order) == (3, LeastOrder(1250, Basis.VALUE))


def test_a_summary_names_the_figure_and_the_customers(plan: Plan) -> None:
    said = "Silver: 100 team BV, 3 customers with an order of 12.50"
    assert conditions(plan) == [said]


def test_a_plan_without_any_counts_points_as_before() -> None:
    plan = parse(f'{TOP}[[bonuses]]\nname = "p"\nkind = "pool"\npercent = 1\n', "p.toml")
    assert (plan.figures, plan.ranks.measured_in) == ((), Basis.POINTS)
