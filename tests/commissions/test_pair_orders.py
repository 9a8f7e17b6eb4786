"""The orders behind pairs, followed back through the runs."""

from typing import Any

import numpy as np
import pytest

from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED
from commissions.world import computed, opened, paid, sell, use_plan
from upline.commissions import queries
from upline.commissions.explaining import lines, pair_orders
from upline.commissions.storing.archive import Archive
from upline.members.queries import find_person
from upline.orders.models import Order
from upline.screens import earnings

NAMES = ("acme", "anna", "ben", "cleo", "dan")


def one(name: str) -> int:
    person = find_person(name)
    assert person is not None
    return person.id


def computed_second() -> int:
    """The second of two runs, once the first is paid; cleo sold far back."""
    sell("cleo", FOUNDED.replace(day=20), 9_000, 10_000, "far back")
    use_plan(FOUNDED)
    first, second = opened()
    paid(first)
    computed(second)
    return second


def told(run: int, name: str, runs: int = 99) -> list[list[Any]]:
    """The orders that fed a member's pairs: leg, buyer and how much of it was counted."""
    found = pair_orders.fed(queries.run(run), "pairs", one(name), 0, runs)
    return [[each.leg, each.order.username if each.order else None, each.counted] for each in found]


def annas_pairs(runs: int) -> Any:
    return told(computed_second(), "anna", runs)


def orders_of_pairs() -> Any:
    found = pair_orders.fed(queries.run(computed_second()), "pairs", one("anna"), 0)
    numbers = set(Order.objects.filter(business_date__lt=FIRST).values_list("number", flat=True))
    return [[each.order.number in numbers, str(each.order.day)] for each in found if each.order]


def names_that_are_told() -> Any:
    """All names as cleo, anna and the office are told them."""
    ids = [one(name) for name in NAMES]

    def seen(viewer: int) -> list[str]:
        found = lines.sources_of(viewer, set(), set(ids)).names
        return [found[each] for each in ids]

    return [seen(one("cleo")), seen(one("anna")), seen(earnings.OFFICE)]


def consumed_and_told(runs: int) -> Any:
    """Of each member: what the pairs consumed of both legs, and the sums that are told."""
    second = computed_second()
    plan = queries.plan_of(queries.run(second).plan)
    out = []
    for name in NAMES:
        legs = lines.legs_of(Archive(second), plan, plan.bonuses[0], np.array([one(name)]))
        consumed = [int(legs.left.consumed[0]), int(legs.right.consumed[0])]
        fed = told(second, name, runs)
        sums = [sum(each[2] for each in fed if each[0] == leg) for leg in ("left", "right")]
        out.append([consumed, sums])
    return out


def test_pairs_name_the_orders_that_fed_them_the_oldest_first(company: Company) -> None:
    """Worked by hand: anna's left leg has 30 points of ben and 10 of dan; her right leg was brought
    100 points of cleo, whose newer 25 stay."""
    fed = company.does(annas_pairs, 99)
    assert fed == [["left", "ben", 3_000], ["left", "dan", 1_000], ["right", "cleo", 4_000]]


def test_an_order_is_named_by_the_number_that_its_buyer_knows(company: Company) -> None:
    fed = company.does(orders_of_pairs)
    assert [each[0] for each in fed] == [False, False, True]


def test_what_lies_further_back_than_one_looks_is_said_to_be_from_before(company: Company) -> None:
    fed = company.does(annas_pairs, 1)
    assert fed == [["left", "ben", 3_000], ["left", "dan", 1_000], ["right", None, 4_000]]


def test_a_member_is_told_no_name_outside_the_own_team(company: Company) -> None:
    """cleo looks, and stands beside ben and below anna."""
    names = company.does(names_that_are_told)
    everybody = ["acme", "anna", "ben", "cleo", "dan"]
    assert names == [["", "", "", "cleo", ""], ["", *everybody[1:]], everybody]


@pytest.mark.parametrize("runs", [1, 99])
def test_what_is_told_is_what_the_pairs_consumed(company: Company, runs: int) -> None:
    sums = company.does(consumed_and_told, runs)
    assert all(consumed == fed for consumed, fed in sums)
    assert sums[1] == [[4_000, 4_000], [4_000, 4_000]]
