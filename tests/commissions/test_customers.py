"""What customers buy counts for the member who sponsors them, in runs as in reports."""

from datetime import timedelta
from typing import Any

from commissions.conftest import Company
from commissions.founding import FIRST, LAST
from commissions.test_inputs import load
from commissions.world import (
    change,
    id_of,
    lines,
    noon,
    opened,
    paid,
    refund,
    sell,
    totals,
    use_plan,
)
from support.cast import outer_end
from support.customers import join, register
from upline.books import invariants
from upline.commissions import queries
from upline.commissions.explaining import ranks
from upline.members.models import User
from upline.members.queries import find_person
from upline.papers import Table
from upline.reports.customers import outside_customers
from upline.reports.days import Days
from upline.reports.income import income_disclosure


def load_with_customers() -> Any:
    with noon(FIRST):
        register("ben", "carl")
        register("ben", "late", "preferred")
    change("UPDATE orders_order SET status = 'refunded' WHERE client_id IS NOT NULL")
    sell("carl", LAST, 3_000, 1_500)
    sell("ben", LAST, 4_000, 2_000)
    sell("late", LAST + timedelta(days=1), 5_000, 2_500)
    opened()
    members, orders = load(1)
    names = dict(User.objects.values_list("id", "username"))
    bought = [
        [each["member"], names.get(each["customer_id"], ""), each["customer"], each["value"]]
        for each in orders
    ]
    return [sorted(members), bought]


def test_a_run_loads_members_only_and_the_customer_of_each_order(planned: Company) -> None:
    members, orders = planned.does(load_with_customers)
    assert members == ["acme", "anna", "ben", "cleo", "dan"]
    assert orders == [["ben", "carl", 0, 3000], ["ben", "", 2, 4000]]


def customers_join() -> Any:
    ids = {}
    with noon(FIRST):
        for name in ("carl", "cora"):
            ids[name] = register("ben", name)
    with noon(LAST):
        join(ids["carl"], placement=outer_end(id_of("ben"), "L")[0], side="L")
    change("UPDATE orders_order SET status = 'refunded' WHERE client_id IS NOT NULL")
    sell("carl", LAST, 3_000, 1_500)
    with noon(LAST + timedelta(days=1)):
        join(ids["cora"], placement=outer_end(id_of("ben"), "R")[0], side="R")
    opened()
    members, orders = load(1)
    (of_carl,) = [o for o in orders if o["value"] == 3000]
    return [
        members["carl"]["sponsor"],
        members["carl"]["placement"],
        "cora" in members,
        of_carl["member"],
        of_carl["customer_id"],
        of_carl["customer"],
    ]


def test_who_became_a_member_after_the_period_is_not_in_its_run(planned: Company) -> None:
    said = planned.does(customers_join)
    assert said == ["ben", "dan", False, "carl", 0, 2]


def pay_and_take_back() -> Any:
    with noon(FIRST):
        register("dan", "carl")
    change("UPDATE orders_order SET status = 'refunded' WHERE client_id IS NOT NULL")
    for name in ("anna", "ben", "cleo", "dan"):
        sell(name, LAST, 0, 1_000)
    number = sell("carl", LAST, 10_000, 5_000)
    (run,) = opened()
    paid(run)
    totals(run)
    lines_of_first = [line[:2] + line[3:] for line in lines(run) if line[0] == 1]
    with noon(LAST + timedelta(days=5)):
        refund(number, LAST + timedelta(days=5))
    with noon(LAST + timedelta(days=40)):
        (run,) = opened()
        paid(run)
    back = [line[:2] + line[3:] for line in lines(run) if line[0] == -5]
    return [lines_of_first, back, list(invariants.check())]


def test_a_customers_order_pays_the_sponsors_and_its_refund_takes_that_back(
    planned: Company,
) -> None:
    said = planned.does(pay_and_take_back)
    paid, back, broken = said
    assert sorted(paid) == [[1, "anna", 500], [1, "ben", 1000]]
    assert [-5, "ben", -1000] in back
    assert [-5, "anna", -500] in back
    assert broken == []


def report_customers() -> Any:
    with noon(FIRST):
        register("ben", "carl")
    sell("carl", LAST, 3_000, 1_500)
    days = Days(FIRST, LAST)
    outside = outside_customers(days)
    tables = [block for block in outside.blocks if isinstance(block, Table)]
    volume = next(table for table in tables if table.title == "Members")
    ben = [row for row in volume.rows if row[0] == "ben"]
    income = income_disclosure(days)
    return [ben[0][:4], [row[0] for row in volume.rows], income.facts[0]]


def test_the_reports_count_a_customers_order_as_sold_outside(planned: Company) -> None:
    said = planned.does(report_customers)
    ben, listed, members = said
    assert ben[:2] == ["ben", 3000]
    assert "carl" not in listed
    assert members == ["Members", "4"], "customers are not among the members"


SELLERS = """
name = "Sellers"
[[ranks.steps]]
name = "Seller"
customers_with_orders = {count = 2, least = 10}
[[bonuses]]
name = "margin"
kind = "retail_margin"
percent = 10
needs = {customers_with_orders = {count = 2, least = 10}}
"""


def rank_told(run: int, name: str) -> list[Any]:
    person = find_person(name)
    assert person is not None
    found = ranks.in_run(queries.run(run), person.id)
    assert found is not None
    return [found.rank, [each.sentence for rung in found.above for each in rung.conditions]]


def sell_to_customers() -> Any:
    use_plan(FIRST, SELLERS)
    with noon(FIRST):
        for name, sponsor in (
            ("carl", "ben"), ("carola", "ben"), ("cora", "ben"), ("dora", "dan"),
        ):  # fmt: skip
            register(sponsor, name)
    for name, points in (
        ("carl", 1_000), ("carl", 2_000), ("cora", 999), ("carola", 1_000), ("dora", 5_000),
    ):  # fmt: skip
        sell(name, LAST, 10_000, points)
    (run,) = opened()
    paid(run)
    margins = sorted({line[1] for line in lines(run) if line[0] == 0})
    return [rank_told(run, "ben"), rank_told(run, "dan"), margins, list(invariants.check())]


def test_a_rank_counts_customers_who_ordered_enough(planned: Company) -> None:
    """carl orders twice and counts once, cora orders too little, carola enough; what an outside
    shop reports of unknown customers is nobody's."""
    ben, dan, margins, broken = planned.does(sell_to_customers)
    assert ben == ["Seller", []]
    customers = "customers with an order of at least 10.00 points"
    assert dan == ["", [f"Seller: 1 of 2 {customers}; 1 to go"]]
    assert margins == ["ben"]
    assert broken == []
