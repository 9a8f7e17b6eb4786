"""`order/` and `orders/…`: completing, reporting, listing, cancelling."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from support.cast import Cast, Player, minor, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation
from support.moves import ADDRESS, pay_in
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.company.models import ApiClient
from upline.flows import api_keys, order_decisions, refunding
from upline.flows.permissions import SCOPES
from upline.orders import actions as orders
from upline.orders.models import Order, OrderLine


@pytest.fixture
def shop(installation: Installation) -> Callable[[Player], Client]:
    """A member signed in through the outside shop, whose api_key may report orders."""

    def sign_in(member: Player) -> Client:
        client = Client(installation.base_url, installation.store_api_key)
        client.sign_in(member.username, PASSWORD)
        return client

    return sign_in


@pytest.fixture
def order(cast: Cast, product: Callable[[str], int]) -> dict[str, Any]:
    """anna's order of two soaps (25.00, 20 points), as `order/` wants it told."""
    return make_order(cast.anna, product("soap"))


def make_order(member: Player, product_id: int) -> dict[str, Any]:
    member.client.post("cart/products/", product_id=product_id, quantity=2)
    member.client.post("cart/shipping_address/", **ADDRESS)
    answer = member.client.post("cart/checkout/")
    return {
        "order_id": answer.headers["Location"].removeprefix("/api/orders/").strip("/"),
        "total_amount": "25.00",
        "total_quantity": "2",
        "total_pv": "20.00",
    }


def status_of(member: Player, order: dict[str, Any]) -> str:
    return str(data(member.client.get(f"orders/{order['order_id']}/"))["status"])


def test_an_order_is_completed_from_what_was_paid_in(
    cast: Cast, order: dict[str, Any], fill: Callable[..., None]
) -> None:
    fill(cast.anna, "30.00")
    pay_in(cast.anna, "30")
    answer = cast.anna.client.post("order/", **order)
    assert (answer.status_code, answer.content) == (204, b"")
    assert status_of(cast.anna, order) == "complete"
    assert str(data(cast.anna.client.get("ewallet/balance/"))["purchase_balance"]) == "5"


def test_completing_again_is_204_and_changes_nothing(
    cast: Cast, order: dict[str, Any], fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "60.00")
    pay_in(cast.anna, "60")
    cast.anna.client.post("order/", **order)
    with nothing_changes():
        assert cast.anna.client.post("order/", **order).status_code == 204
        wrong = order | {"total_pv": "21"}
        refused(cast.anna.client.post("order/", **wrong), 422, "1107", "total_pv")


@pytest.mark.parametrize("as_json", [False, True])
def test_totals_may_be_written_in_several_ways(
    cast: Cast, order: dict[str, Any], fill: Callable[..., None], as_json: bool
) -> None:
    fill(cast.anna, "25.00")
    pay_in(cast.anna, "25")
    totals = order | {"total_amount": 25, "total_quantity": 2, "total_pv": 20.0}
    more = (
        {"json": totals}
        if as_json
        else {"data": order | {"total_amount": "25", "total_pv": "20.0"}}
    )
    assert cast.anna.client.call("POST", "order/", **more).status_code == 204


def test_totals_that_differ_are_1107_each_named(
    cast: Cast, order: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    wrong = {"total_amount": "24.99", "total_quantity": "3", "total_pv": "2000"}
    with nothing_changes():
        for name, value in wrong.items():
            refused(cast.anna.client.post("order/", **(order | {name: value})), 422, "1107", name)
        refused(cast.anna.client.post("order/", **(order | wrong)), 422, "1107", *wrong)


def test_an_order_that_is_not_covered_is_1014(
    cast: Cast, order: dict[str, Any], fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "24.99")
    with nothing_changes():
        refused(cast.anna.client.post("order/", **order), 422, "1014")


def test_anothers_order_and_an_unknown_one_answer_alike(
    cast: Cast,
    order: dict[str, Any],
    shop: Callable[[Player], Client],
    nothing_changes: Callable[[], Any],
) -> None:
    with nothing_changes():
        for client in (cast.ben.client, shop(cast.ben)):
            foreign = client.post("order/", **order)
            unknown = client.post("order/", **(order | {"order_id": "UP-000000000000"}))
            refused(foreign, 404, "1102")
            assert foreign.text == unknown.text
        path = f"orders/{order['order_id']}/"
        for answer in (cast.ben.client.get(path), cast.ben.client.delete(path)):
            refused(answer, 404, "1102")
            assert answer.text == foreign.text


def test_wrong_fields_are_named_all_at_once(cast: Cast, nothing_changes: Callable[[], Any]) -> None:
    names = ("order_id", "total_amount", "total_quantity", "total_pv")
    wrong = {"order_id": "x" * 101, "total_amount": "1.234", "total_quantity": "2.0",
             "total_pv": "-1"}  # fmt: skip
    with nothing_changes():
        refused(cast.anna.client.post("order/"), 422, "1004", *names)
        refused(cast.anna.client.post("order/", **wrong), 422, "1004", *names)


def test_a_cancelled_or_refunded_order_is_1004_on_order_id(
    cast: Cast,
    order: dict[str, Any],
    product: Callable[[str], int],
    nothing_changes: Callable[[], Any],
) -> None:
    assert cast.anna.client.delete(f"orders/{order['order_id']}/").status_code == 204
    refunded = make_order(cast.anna, product("soap"))
    order_decisions.approve_order(UnitOfWork(Shell()), refunded["order_id"])
    line = OrderLine.objects.get(order__number=refunded["order_id"])
    refunding.refund_order(UnitOfWork(Shell()), refunded["order_id"], {line.pk: 2}, "a test")
    with nothing_changes():
        for each, status in ((order, "cancelled"), (refunded, "refunded")):
            assert status_of(cast.anna, each) == status
            wrong = each | {"total_pv": "1"}
            refused(cast.anna.client.post("order/", **wrong), 422, "1004", "order_id")
            again = cast.anna.client.delete(f"orders/{each['order_id']}/")
            refused(again, 422, "1004", "order_id")


def test_only_an_order_awaiting_payment_is_cancelled(
    cast: Cast, order: dict[str, Any], nothing_changes: Callable[[], Any]
) -> None:
    order_decisions.approve_order(UnitOfWork(Shell()), order["order_id"])
    with nothing_changes():
        answer = cast.anna.client.delete(f"orders/{order['order_id']}/")
        refused(answer, 422, "1004", "order_id")
    assert status_of(cast.anna, order) == "complete"


def test_an_order_shows_what_it_sold(cast: Cast, order: dict[str, Any]) -> None:
    answer = cast.anna.client.get(f"orders/{order['order_id']}/")
    shown = data(answer)
    assert list(shown) == ["order_id", "status", "total_amount", "total_quantity", "total_pv",
                           "lines", "address", "created", "position_id", "opened_position_id",
                           "currency"]  # fmt: skip
    assert '"total_amount": 25, "total_quantity": 2, "total_pv": 20' in answer.text
    assert '"product_amount": 12.5, "quantity": 2, "pv": 10' in answer.text


def test_own_orders_are_listed_newest_first_in_pages(
    cast: Cast, order: dict[str, Any], product: Callable[[str], int]
) -> None:
    second = make_order(cast.anna, product("soap"))
    first_page = data(cast.anna.client.get("orders/", limit=2))
    shown = [each["order_id"] for each in first_page["orders"]]
    assert shown == [second["order_id"], order["order_id"]]
    rest = data(cast.anna.client.get("orders/", cursor=first_page["next_cursor"]))
    assert [each["lines"][0]["product_name"] for each in rest["orders"]] == ["Starter"]
    assert rest["next_cursor"] is None
    assert len(data(cast.ben.client.get("orders/"))["orders"]) == 1


# --- Sales that an outside shop reports ------------------------------------------------------


def sale(**other: str) -> dict[str, str]:
    totals = {"order_id": unique("shop-"), "total_amount": "49.90", "total_quantity": "3",
              "total_pv": "31.25"}  # fmt: skip
    return totals | other


def test_a_shop_reports_a_sale_once_and_its_volume_is_the_members(
    cast: Cast, shop: Callable[[Player], Client], nothing_changes: Callable[[], Any]
) -> None:
    sold, client = sale(), shop(cast.ben)
    assert client.post("order/", **sold).status_code == 204
    with nothing_changes():
        assert client.post("order/", **sold).status_code == 204
    made = Order.objects.get(outside_id=sold["order_id"])
    assert (made.member_id, made.kind, made.status) == (cast.ben.id, "outside", "complete")
    assert (made.total_amount, made.total_quantity) == (minor("49.90"), 3)
    assert made.total_points == 3125
    assert made.business_date is not None
    shown = data(cast.ben.client.get("orders/"))["orders"][0]
    assert shown["order_id"] == made.number
    assert made.number.startswith("UP-")


def test_a_sale_has_at_least_one_piece(
    cast: Cast, shop: Callable[[Player], Client], nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = shop(cast.ben).post("order/", **sale(total_quantity="0"))
        refused(answer, 422, "1004", "total_quantity")


def test_a_sale_costs_the_member_nothing(cast: Cast, shop: Callable[[Player], Client]) -> None:
    before = data(cast.ben.client.get("ewallet/balance/"))
    assert shop(cast.ben).post("order/", **sale()).status_code == 204
    assert data(cast.ben.client.get("ewallet/balance/")) == before


def test_a_sale_reported_again_with_other_totals_is_1107(
    cast: Cast, shop: Callable[[Player], Client], nothing_changes: Callable[[], Any]
) -> None:
    sold, client = sale(), shop(cast.ben)
    client.post("order/", **sold)
    wrong = {"total_amount": "49.91", "total_quantity": "4", "total_pv": "31.24"}
    with nothing_changes():
        for name, value in wrong.items():
            refused(client.post("order/", **(sold | {name: value})), 422, "1107", name)


def test_the_same_sale_for_another_member_is_1107(
    cast: Cast, shop: Callable[[Player], Client], nothing_changes: Callable[[], Any]
) -> None:
    sold = sale()
    shop(cast.ben).post("order/", **sold)
    with nothing_changes():
        refused(shop(cast.cleo).post("order/", **sold), 422, "1107")


def test_two_shops_may_use_the_same_number(
    cast: Cast, shop: Callable[[Player], Client], installation: Installation
) -> None:
    key = api_keys.create_key(UnitOfWork(Shell()), unique("second shop "), SCOPES)
    second = Client(installation.base_url, key)
    second.sign_in(cast.cleo.username, PASSWORD)
    sold = sale()
    assert shop(cast.ben).post("order/", **sold).status_code == 204
    assert second.post("order/", **sold).status_code == 204
    owners = Order.objects.filter(outside_id=sold["order_id"]).values_list("member_id", flat=True)
    assert set(owners) == {cast.ben.id, cast.cleo.id}


def test_an_api_key_without_the_permission_reports_nothing(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for order_id in (unique("shop-"), "up-000000000000", "1"):
            answer = cast.ben.client.post("order/", **sale(order_id=order_id))
            refused(answer, 403, "1101")


def test_a_members_own_order_may_be_completed_through_the_shop(
    cast: Cast, order: dict[str, Any], shop: Callable[[Player], Client], fill: Callable[..., None]
) -> None:
    fill(cast.anna, "25.00")
    pay_in(cast.anna, "25")
    assert shop(cast.anna).post("order/", **order).status_code == 204
    assert status_of(cast.anna, order) == "complete"


def test_a_sale_of_nothing_is_a_sale(cast: Cast, shop: Callable[[Player], Client]) -> None:
    sold = sale(total_amount="0", total_quantity="1", total_pv="0")
    assert shop(cast.ben).post("order/", **sold).status_code == 204


def points_of(member: Player) -> int:
    found = Order.objects.filter(member_id=member.id, kind="outside")
    return sum(order.total_points for order in found)


def test_a_shop_reports_no_more_points_than_the_office_allows_for_the_money(
    cast: Cast,
    shop: Callable[[Player], Client],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    client = shop(cast.anna)
    with nothing_changes():
        for amount, points in (
            ("0.01", "99999999"),
            ("0.01", "0.11"),
            ("0", "0.01"),
            ("9.99", "100"),
        ):
            sold = sale(total_amount=amount, total_pv=points)
            refused(client.post("order/", **sold), 422, "1004", "total_pv")
    assert client.post("order/", **sale(total_amount="10", total_pv="100")).status_code == 204
    office_sets(report_points_per_unit=0)
    assert client.post("order/", **sale(total_amount="0", total_pv="7")).status_code == 204
    assert points_of(cast.anna) == 10_700


def test_a_shop_reports_no_more_points_than_the_office_allows_for_a_day(
    cast: Cast,
    shop: Callable[[Player], Client],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    client = shop(cast.anna)
    with transaction.atomic():
        shop_id = ApiClient.objects.get(name="web shop").pk
        so_far = orders.lock_reported_points(shop_id, orders.open_day())
    office_sets(report_points_per_day=so_far // 100 + 51)
    last = sale(total_amount="10", total_pv="50")
    assert client.post("order/", **last).status_code == 204
    with nothing_changes():
        more = sale(total_amount="10", total_pv="2")
        refused(client.post("order/", **more), 422, "1004", "total_pv")
        assert client.post("order/", **last).status_code == 204, "the same again is no new report"
    assert points_of(cast.anna) == 5_000
