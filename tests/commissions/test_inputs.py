"""What a run is calculated from: members and orders as they were when its period ended."""

from datetime import timedelta
from functools import partial
from typing import Any

from commissions.conftest import Company
from commissions.founding import FIRST, FOUNDED, LAST, PLAN
from commissions.world import change, computed, id_of, noon, opened, sell, totals, use_plan
from support.cast import enrol
from support.wares import offer_of
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package
from upline.commissions import queries
from upline.commissions.computing import inputs as loading
from upline.flows import blocking, refunding
from upline.members import actions
from upline.members.models import MemberKind, User
from upline.orders import actions as orders
from upline.orders.models import Order, OrderKind
from upline.payments.actions import OutsidePayment
from upline.plan_documents import parse


def load(run_id: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The members of a run by name, and its orders, as the core is given them."""
    run = queries.run(run_id)
    inputs = loading.load(run, parse(run.plan.text, "plan"))
    names = dict(User.objects.values_list("id", "username")) | {0: ""}
    tables = inputs.tables()
    said = {}
    for number, member in enumerate(tables["members"]["member"]):
        row: dict[str, Any] = {
            name: int(column[number]) for name, column in tables["members"].items()
        }
        row["sponsor"], row["placement"] = names[row["sponsor"]], names[row["placement"]]
        at = list(tables["positions"]["position"]).index(member)
        row["side"] = int(tables["positions"]["side"][at])
        said[names[int(member)]] = row
    orders: list[dict[str, Any]] = [
        {name: int(column[number]) for name, column in tables["orders"].items()}
        for number in range(len(tables["orders"]["order"]))
    ]
    for order in orders:
        order["member"] = names[order["member"]]
    return said, orders


def change_around_the_last_day() -> Any:
    ids = {name: id_of(name) for name in ("anna", "ben", "cleo", "dan")}
    with noon(LAST):
        blocking.block_member(UnitOfWork(Shell()), ids["ben"], "a test")
        blocking.block_member(UnitOfWork(Shell()), ids["dan"], "a test")
        blocking.unblock_member(UnitOfWork(Shell()), ids["dan"], "a test")
    with noon(LAST + timedelta(days=1)):
        blocking.block_member(UnitOfWork(Shell()), ids["cleo"], "a test")
        blocking.unblock_member(UnitOfWork(Shell()), ids["ben"], "a test")
        enrol("dan", "late", "dan", "L")
    dan = ids["dan"]
    for since, parent, side in ((LAST, "cleo", 2), (LAST + timedelta(days=1), "anna", 1)):
        with noon(since):
            change(
                """INSERT INTO genealogy_placementfact
                          (position_id, member_id, parent_id, side, since, by_kind)
                      VALUES (%s, %s, %s, %s, %s, 'shell')""",
                dan,
                dan,
                ids[parent],
                side,
                clock.now(),
            )
    opened()
    members, _ = load(1)
    return [
        list(members),
        {
            name: [row["sponsor"], row["placement"], row["side"], row["blocked"]]
            for name, row in members.items()
        },
    ]


def test_members_stand_where_they_stood_when_the_period_ended(planned: Company) -> None:
    said = planned.does(change_around_the_last_day)
    order, members = said
    assert order == ["acme", "anna", "ben", "cleo", "dan"], "by joining; late was not there"
    assert members == {
        "acme": ["", "", 0, 0],
        "anna": ["acme", "acme", 0, 0],
        "ben": ["anna", "anna", 0, 1],
        "cleo": ["anna", "anna", 1, 0],
        "dan": ["ben", "cleo", 1, 0],
    }


def block_on_the_last_day() -> Any:
    with noon(LAST):
        blocking.block_member(UnitOfWork(Shell()), id_of("anna"), "a test")
    (run,) = opened()
    computed(run)
    return totals(run)


def test_who_is_blocked_at_the_end_is_not_active_and_earns_nothing_that_asks_for_it(
    planned: Company,
) -> None:
    said = planned.does(block_on_the_last_day)
    assert "anna" not in said


def start_packages() -> Any:
    package = {p.name: p.pk for p in Package.objects.filter(kind="membership")}
    for name, day, held in (
        ("anna", LAST, "Business"),
        ("ben", LAST + timedelta(days=1), "Business"),
        ("cleo", LAST, "Retired"),
        ("dan", FIRST, "Business"),
        ("dan", LAST, "Starter"),
    ):
        with noon(day):
            start = partial(actions.start_package, id_of(name), package[held])
            UnitOfWork(Shell()).commit(start)
    opened()
    return {name: row["package"] for name, row in load(1)[0].items()}


def test_a_member_has_the_package_of_the_period(planned: Company) -> None:
    said = planned.does(start_packages)
    assert said == {"acme": 0, "anna": 1, "ben": 0, "cleo": 0, "dan": 0}


def refund_memberships() -> Any:
    package = Package.objects.get(name="Business")

    def bought(name: str) -> Order:
        line = orders.line_of(offer_of(package.pk), 1)
        made = orders.make(id_of(name), OrderKind.MEMBERSHIP, [line])
        orders.pay_whole_from_outside(UnitOfWork(Shell()), made, OutsidePayment(""))
        return Order.objects.get(pk=made.id)

    with noon(FIRST):
        anna, ben = (UnitOfWork(Shell()).commit(partial(bought, name)) for name in ("anna", "ben"))
    with noon(LAST):
        refunding.refund_order(UnitOfWork(Shell()), anna.number, {anna.lines.get().pk: 1}, "a test")
    with noon(LAST + timedelta(days=1)):
        refunding.refund_order(UnitOfWork(Shell()), ben.number, {ben.lines.get().pk: 1}, "a test")
    opened()
    return {name: row["package"] for name, row in load(1)[0].items()}


def test_a_membership_refunded_in_full_gives_no_package_in_plans_from_that_day(
    planned: Company,
) -> None:
    said = planned.does(refund_memberships)
    assert {name: said[name] for name in ("anna", "ben")} == {"anna": 0, "ben": 1}


def refund_parts() -> Any:
    ben, soap = id_of("ben"), Package.objects.get(code="C-soap")
    change("UPDATE orders_order SET status = 'refunded' WHERE client_id IS NOT NULL")
    with noon(LAST):

        def make(buyers: tuple[MemberKind, ...]) -> Order:
            ordered = ("Soap", 4, 100, 80, 50)
            lines = [orders.LineToOrder(*ordered, package_id=soap.pk, buyer=b) for b in buyers]
            made = orders.make(ben, OrderKind.CHECKOUT, lines)
            orders.pay_whole_from_outside(UnitOfWork(Shell()), made, OutsidePayment(""))
            return Order.objects.get(pk=made.id)

        _both, one, none, unpaid = (
            UnitOfWork(Shell()).commit(partial(make, b))
            for b in (
                (MemberKind.RETAIL, MemberKind.MEMBER, MemberKind.MEMBER),
                (MemberKind.PREFERRED,),
                (MemberKind.MEMBER,),
                (MemberKind.MEMBER,),
            )
        )
        refunding.refund_order(UnitOfWork(Shell()), one.number, {one.lines.get().pk: 3}, "a test")
        refunding.refund_order(UnitOfWork(Shell()), none.number, {none.lines.get().pk: 4}, "a test")
        lines = [orders.LineToOrder("Soap", 1, 100, 80, 50)]
        UnitOfWork(Shell()).commit(lambda: orders.make(ben, OrderKind.CHECKOUT, lines))
        change("UPDATE orders_order SET status = 'refunded' WHERE id = %s", unpaid.pk)
    opened()
    return [[o["member"], o["customer"], o["value"], o["points"]] for o in load(1)[1]]


def test_orders_count_what_was_not_refunded_of_those_that_are_complete(planned: Company) -> None:
    said = planned.does(refund_parts)
    assert said == [
        ["ben", 0, 320, 200],
        ["ben", 2, 640, 400],
        ["ben", 1, 80, 50],
    ]


def look_back_two_months() -> Any:
    text = PLAN.replace("personal_points = 10", "personal_points = 10\nperiods = 2")
    text = text.replace('kind = "levels"', 'kind = "referral"\non = "first order"')
    text = text.replace("percents = [10, 5]", "percent = 10")
    change("UPDATE orders_order SET status = 'refunded' WHERE client_id IS NOT NULL")
    sell("anna", FIRST - timedelta(days=3), 100, 100)
    sell("anna", FIRST, 200, 100)
    sell("ben", LAST, 300, 100)
    sell("ben", LAST, 400, 100)
    sell("cleo", FOUNDED, 500, 100)
    with noon(FOUNDED - timedelta(days=1)):
        enrol("dan", "early", "dan", "L")
    sell("early", FOUNDED - timedelta(days=1), 700, 100)
    sell("cleo", FIRST, 600, 100)
    use_plan(FIRST, text)
    opened()
    return [[o["member"], o["value"], o["first"]] for o in load(1)[1]]


def test_the_first_order_is_the_first_one_ever_and_a_plan_looks_back_as_far_as_it_says(
    company: Company,
) -> None:
    said = company.does(look_back_two_months)
    assert said == [
        ["cleo", 500, 0],
        ["anna", 100, 0],
        ["anna", 200, 0],
        ["cleo", 600, 0],
        ["ben", 300, 1],
        ["ben", 400, 0],
    ]
