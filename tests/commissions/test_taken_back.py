"""What a member is told of lines that take back, and of pairs after a refund."""

from typing import Any

import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED
from commissions.world import noon, opened, paid, refund, sell, use_plan
from upline.commissions import queries
from upline.commissions.computing import statements
from upline.commissions.explaining import lines, pair_orders
from upline.members.queries import find_person
from upline.plans.line_numbers import LineNumber


def lines_told(run: int, member_id: int) -> list[list[Any]]:
    return [
        [one.number, one.bonus, one.amount, one.sentence, one.order and one.order.number]
        for one in lines.lines_of(queries.run(run), member_id, member_id)
    ]


def pay_and_take_back() -> dict[str, Any]:
    """By hand: in the first month anna has 40 points of ben at her left and 100 of cleo at her
    right: 4 pairs of 2.00; and a level of 10 percent of each 50.00. Then cleo sends hers back."""
    use_plan(FOUNDED)
    sell("anna", FOUNDED.replace(day=3), 1_000, 1_000)
    sell("ben", FOUNDED.replace(day=4), 5_000, 4_000)
    back = sell("cleo", FOUNDED.replace(day=5), 5_000, 10_000)
    with noon(FIRST):
        (first,) = opened()
        paid(first)
    refund(back, FIRST)
    (second,) = opened()
    paid(second)
    person = find_person("anna")
    assert person is not None
    anna = person.id
    fed = [
        [one.leg, one.order and one.order.username, one.counted]
        for one in pair_orders.fed(queries.run(second), "pairs", anna, anna)
    ]
    return {
        "runs": [first, second],
        "order": back,
        "before": lines_told(first, anna),
        "after": lines_told(second, anna),
        "fed": fed,
    }


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the story says; filled by the first test that tells it."""
    return {}


@pytest.fixture
def story(company: Company, told: dict[str, Any]) -> dict[str, Any]:
    if not told:
        told |= company.does(pay_and_take_back)
    return told


def test_the_database_knows_a_line_that_takes_back_by_its_number() -> None:
    assert f"bonus = {LineNumber.TAKEN_BACK}" in statements.TAKEN_BACK


def test_a_line_that_takes_back_names_the_line_the_run_and_the_order(story: dict[str, Any]) -> None:
    first = story["runs"][0]
    paid = {amount: number for number, _, amount, *_ in story["before"]}
    taken = [line for line in story["after"] if line[1] == "taken back"]
    assert [line[2] for line in taken] == [-800, -500]
    for (_, _, amount, sentence, order), bonus in zip(taken, ("pairs", "levels"), strict=True):
        line = f"line {paid[-amount]} of run {first} ({bonus})"
        why = f"Taken back because order {story['order']} was refunded"
        assert sentence == f"{why}: {line} paid {-amount / 100:.2f}, of which 0.00 remains"
        assert order == story["order"]


def test_a_charge_that_is_given_back_says_of_which_run(story: dict[str, Any]) -> None:
    first = story["runs"][0]
    charges = [line for line in story["after"] if line[1] == "service charge"]
    back = [line for line in charges if line[2] > 0]
    assert [(line[2], line[3]) for line in back] == [
        (
            130,
            f"Service charge of run {first}: 1.80 was charged; 10 % of the remaining 5.00 is 0.50",
        )
    ]
    assert [line[3] for line in charges if line not in back] == ["Service charge: 10 % of 14.50"]


def test_points_that_a_refund_gave_back_feed_pairs_and_refunded_ones_do_not(
    story: dict[str, Any],
) -> None:
    """ben's 40 points of the first month wait again, before his newer 30 and dan's 10."""
    assert story["fed"] == [["left", None, 2_000], ["right", "cleo", 2_000]]
