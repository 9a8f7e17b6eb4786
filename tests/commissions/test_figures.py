"""A plan counts the company's further figures, in runs, explanations and what is taken back."""

from datetime import date
from typing import Any

import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED
from commissions.world import noon, opened, paid, people, refund, use_plan
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.commissions import queries
from upline.commissions.explaining import activity, lines, pair_orders
from upline.commissions.models import Earning
from upline.company import queries as companies
from upline.flows import configuring, ordering
from upline.flows.ordering import Buyer, OrderOrigin, PaymentRequest, PayWhen
from upline.members.models import MemberKind
from upline.orders.actions import LineToOrder
from upline.orders.models import OrderKind

PLAN = """
name = "Two volumes"
figures = ["Bonus"]
packages = ["Starter", "Business"]

[active]
personal_points = 5
measured_in = "Bonus"

[ranks]
measured_in = "Bonus"

[[ranks.steps]]
name = "Bronze"
team_points = 40

[[bonuses]]
name = "pairs"
kind = "binary"
pays_on = "Bonus"
unit = 10
pair_amount = "2.00"

[[bonuses]]
name = "levels"
kind = "levels"
pays_on = "Bonus"
percents = [10]
"""


def place_of_the_figure() -> int:
    """The company counts one figure more, the last of several; how many there are."""
    names = [*companies.load_company().office.order_figures, "Weight", "Bonus"]
    configuring.change_settings(UnitOfWork(Shell()), order_figures=names)
    return len(names)


def bought(who: str, figures: list[int], day: date) -> str:
    (person,) = people(who)
    line = LineToOrder("Kit", 1, 90_000, 90_000, 70_000, figures=figures)
    buyer, payment = Buyer(person, MemberKind.MEMBER), PaymentRequest(PayWhen.OUTSIDE, person)
    origin = OrderOrigin(OrderKind.OUTSIDE)
    with noon(day):
        unit = UnitOfWork(Shell())
        made = unit.commit(lambda: ordering.place(unit, [line], buyer, payment, origin))
        return made.number


def lines_told(run: int, member_id: int) -> list[list[Any]]:
    found = lines.lines_of(queries.run(run), member_id, member_id)
    return [[one.bonus, one.amount, one.sentence] for one in found]


def pay_by_the_figure() -> dict[str, Any]:
    """By hand: ben has 20 of the figure at anna's left and cleo 30 at her right: two pairs of 2.00;
    and 10 percent of each, 2.00 and 3.00. Value and points of the orders count for nothing."""
    others = [7] * (place_of_the_figure() - 1)
    use_plan(FOUNDED, PLAN)
    day = FOUNDED.replace(day=3)
    bought("anna", [*others, 1_000], day)
    bought("ben", [*others, 2_000], day)
    back = bought("cleo", [*others, 3_000], day)
    with noon(FIRST):
        (first,) = opened()
        paid(first)
    refund(back, FIRST)
    (second,) = opened()
    paid(second)
    (anna,) = people("anna")
    fed = [
        [one.leg, one.order and one.order.username, one.counted]
        for one in pair_orders.fed(queries.run(first), "pairs", anna, anna)
    ]
    active = activity.in_run(queries.run(first), anna)
    assert active is not None
    return {
        "before": lines_told(first, anna),
        "after": lines_told(second, anna),
        "fed": fed,
        "rank": Earning.objects.get(run_id=first, member_id=anna).rank,
        "broken": list(invariants.check()),
        "active": active.sentence,
    }


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the story says; filled by the first test that tells it."""
    return {}


@pytest.fixture
def story(company: Company, told: dict[str, Any]) -> dict[str, Any]:
    if not told:
        told |= company.does(pay_by_the_figure)
    return told


def test_a_run_pays_on_a_figure_and_says_so(story: dict[str, Any]) -> None:
    paid = [(bonus, amount) for bonus, amount, _ in story["before"]]
    assert paid == [("pairs", 400), ("levels", 200), ("levels", 300)]
    (pairs, ben, _) = (sentence for *_, sentence in story["before"])
    assert "left leg 20.00 Bonus, right leg 30.00 Bonus" in pairs
    assert ben.startswith("Level 1: 10 % of 20.00 Bonus at 1.00 each from order ")


def test_ranks_and_activity_are_measured_in_it(story: dict[str, Any]) -> None:
    assert story["rank"] == 1
    assert story["active"].startswith("Active: 10.00 own Bonus (5.00 needed) from ")


def test_pairs_are_traced_to_orders_by_it(story: dict[str, Any]) -> None:
    assert story["fed"] == [["left", "ben", 2_000], ["right", "cleo", 2_000]]


def test_a_refund_takes_back_what_the_figure_paid(story: dict[str, Any]) -> None:
    taken = [amount for bonus, amount, _ in story["after"] if bonus == "taken back"]
    assert taken == [-400, -300]
    assert story["broken"] == []


def test_a_plan_with_a_figure_that_the_company_does_not_have_is_refused(company: Company) -> None:
    text = PLAN.replace('"Bonus"', '"Nothing such"')
    said = company.refuses("plan", "use", company.plan(text), "--from", "2030-01-01")
    assert 'the company has no figure "Nothing such" of order lines' in said
    assert company.value("SELECT count(*) FROM commissions_planversion") == 0
