"""What is shown of a company is what the core pays it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from simulation.shapes import SMALL
from upline.plan_documents import parse, read, ready
from upline.plan_documents.placement import placement_width
from upline.plans.carry import Carry
from upline.plans.counting import Customer
from upline.plans.plan import Plan
from upline.plans.run import run, runs
from upline.plans.settlement import NAMES
from upline.simulation.buying import buy
from upline.simulation.figures import CompanyFigures
from upline.simulation.growth import grow
from upline.simulation.shape import CompanyShape, usual_package_shares, usual_spending
from upline.simulation.trial import simulate

READY = ready()
CEILING = """
name = "A ceiling over days, weeks and months"

[[bonuses]]
name = "daily"
kind = "levels"
every = "day"
percents = [30, 10]

[[bonuses]]
name = "weekly"
kind = "levels"
every = "week"
percents = [20, 10]

[[bonuses]]
name = "monthly"
kind = "levels"
percents = [20, 10]

[settlement]
ceiling = 40
"""


def shape_for(plan: Plan) -> CompanyShape:
    return replace(
        SMALL,
        months=3,
        package_shares=usual_package_shares(plan),
        spending=usual_spending(plan, SMALL.points_rate),
        point_value=plan.point_value,
        width=placement_width(plan),
    )


@cache
def simulated(name: str) -> tuple[Plan, CompanyFigures]:
    plan = read(READY[name])
    return plan, simulate(plan, shape_for(plan), 1, lambda _: None)


@pytest.mark.parametrize("name", READY)
def test_leaving_out_who_joins_later_changes_nothing(name: str) -> None:
    """The months of a simulation know only who has joined; here each run knows everybody."""
    is_as_if_everybody_were_known(*simulated(name))


def test_a_month_knows_what_weeks_and_days_paid_under_its_ceiling() -> None:
    plan = parse(CEILING, "plan.toml")
    figures = simulate(plan, shape_for(plan), 1, lambda _: None)
    is_as_if_everybody_were_known(plan, figures)


def test_months_know_the_positions_of_those_who_have_joined() -> None:
    plan = read(READY["binary"])
    figures = simulate(plan, replace(shape_for(plan), holders=0.3), 1, lambda _: None)
    is_as_if_everybody_were_known(plan, figures, holders=0.3)


def is_as_if_everybody_were_known(
    plan: Plan, figures: CompanyFigures, holders: float = 0.0
) -> None:
    shape, random = replace(shape_for(plan), holders=holders), np.random.default_rng(1)
    company = grow(shape, random)
    orders = buy(company, shape, random)
    carry: Carry | None = None
    paid, kept = dict.fromkeys(figures.bonuses, 0), dict.fromkeys(NAMES, 0)
    earned = np.zeros(len(company.members), np.int64)
    for period in runs(plan, company.months[0].first_day, company.months[-1].last_day):
        result = run(plan, company.members, orders, period, carry)
        carry = result.carry
        for lines in result.lines:
            sums = paid if lines.bonus in paid else kept
            sums[lines.bonus] += int(lines.amount.sum())
            if lines.bonus in paid:
                np.add.at(earned, lines.member, lines.amount)
    assert {name: spread.total for name, spread in figures.bonuses.items()} == paid
    cut = kept.pop("ceiling")
    assert figures.kept == {name: amount for name, amount in kept.items() if amount}
    assert figures.whole.payout == sum(paid.values()) + cut
    if not cut:
        assert np.array_equal(figures.earned, earned)


@pytest.mark.parametrize("name", READY)
def test_each_ready_made_plan_pays_something_and_less_than_it_takes_in(name: str) -> None:
    _, figures = simulated(name)
    assert 0 < figures.whole.payout < figures.whole.revenue
    assert 0 < figures.whole.nothing < figures.whole.members


@pytest.mark.parametrize("name", READY)
def test_months_add_up_to_the_whole(name: str) -> None:
    _, figures = simulated(name)
    months, whole = figures.months, figures.whole
    assert sum(month.revenue for month in months) == whole.revenue
    assert sum(month.payout for month in months) == whole.payout == int(figures.earned.sum())
    by_bonus = [sum(each) for each in zip(*(month.by_bonus for month in months), strict=True)]
    assert by_bonus == list(whole.by_bonus)
    assert by_bonus == [spread.total for spread in figures.bonuses.values()]
    assert months[-1].members == whole.members == len(figures.earned)
    assert figures.everybody.total == figures.earners.total == whole.payout
    assert figures.everybody.people - figures.everybody.earners == whole.nothing
    assert figures.active.people - figures.active.earners == whole.active_nothing


def test_who_earns_less_than_they_order_is_counted() -> None:
    plan, figures = simulated("hybrid")
    shape, random = shape_for(plan), np.random.default_rng(1)
    orders = buy(grow(shape, random), shape, random)
    own = orders.customer == Customer.MEMBER
    spent = np.bincount(orders.member[own], orders.value[own], minlength=shape.members)
    assert figures.below_orders == int((figures.earned < spent).sum()) > 0


def test_another_seed_is_another_company() -> None:
    plan, figures = simulated("unilevel")
    other = simulate(plan, shape_for(plan), 2, lambda _: None)
    assert other.whole.revenue != figures.whole.revenue
