"""The orders behind pairs, followed back through the runs."""

import json
from typing import Any

import pytest

from commissions.conftest import Company

SOLD = """
from upline.commissions import queries
from upline.commissions.explaining import lines, pair_orders
from upline.screens import earnings
from upline.members.queries import find_person
sell("cleo", FOUNDED.replace(day=20), 9_000, 10_000, "far back")
use_plan(FOUNDED)
first, second = opened()
"""
FED = """
def told(run, name, viewer=0, runs=99):
    member = find_person(name).id
    found = pair_orders.fed(queries.run(run), "pairs", member, viewer, runs)
    return [[one.leg, one.order.username if one.order else None, one.counted] for one in found]
"""


def program(company: Company, text: str) -> Any:
    return json.loads(company.program(SOLD + FED + text))


def test_pairs_name_the_orders_that_fed_them_the_oldest_first(company: Company) -> None:
    """Worked by hand: anna's left leg has 30 points of ben and 10 of dan; her right leg was brought
    100 points of cleo, whose newer 25 stay."""
    fed = program(company, 'paid(first); computed(second); print(json.dumps(told(second, "anna")))')
    assert fed == [["left", "ben", 3_000], ["left", "dan", 1_000], ["right", "cleo", 4_000]]


def test_an_order_is_named_by_the_number_that_its_buyer_knows(company: Company) -> None:
    fed = program(
        company,
        """
paid(first); computed(second)
found = pair_orders.fed(queries.run(second), "pairs", find_person("anna").id, 0)
from upline.orders.models import Order
numbers = dict(Order.objects.filter(business_date__lt=FIRST).values_list("number", "total_points"))
print(json.dumps([[one.order.number in numbers, str(one.order.day)] for one in found]))
""",
    )
    assert [each[0] for each in fed] == [False, False, True]


def test_what_lies_further_back_than_one_looks_is_said_to_be_from_before(company: Company) -> None:
    fed = program(
        company, 'paid(first); computed(second); print(json.dumps(told(second, "anna", runs=1)))'
    )
    assert fed == [["left", "ben", 3_000], ["left", "dan", 1_000], ["right", None, 4_000]]


def test_a_member_is_told_no_name_outside_the_own_team(company: Company) -> None:
    """cleo looks, and stands beside ben and below anna."""
    names = program(
        company,
        """
ids = {name: find_person(name).id for name in ("acme", "anna", "ben", "cleo", "dan")}
def seen(viewer):
    found = lines.sources_of(viewer, set(), set(ids.values())).names
    return [found[each] for each in ids.values()]
print(json.dumps([seen(ids["cleo"]), seen(ids["anna"]), seen(earnings.OFFICE)]))
""",
    )
    everybody = ["acme", "anna", "ben", "cleo", "dan"]
    assert names == [["", "", "", "cleo", ""], ["", *everybody[1:]], everybody]


@pytest.mark.parametrize("runs", [1, 99])
def test_what_is_told_is_what_the_pairs_consumed(company: Company, runs: int) -> None:
    sums = program(
        company,
        f"""
paid(first); computed(second)
archive = lines.Archive(second)
run = queries.run(second)
plan = queries.plan_of(run.plan)
out = []
for name in ("acme", "anna", "ben", "cleo", "dan"):
    ids = lines.np.array([find_person(name).id])
    legs = lines.legs_of(archive, plan, plan.bonuses[0], ids)
    consumed = [int(legs.left.consumed[0]), int(legs.right.consumed[0])]
    fed = told(second, name, runs={runs})
    out.append([consumed, [sum(one[2] for one in fed if one[0] == leg)
                           for leg in ("left", "right")]])
print(json.dumps(out))
""",
    )
    assert all(consumed == fed for consumed, fed in sums)
    assert sums[1] == [[4_000, 4_000], [4_000, 4_000]]
