"""`cart/products/…`."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from support.cast import Player
from support.client import data, refused
from support.installation import TRANSACTION_PASSWORD
from support.moves import ADDRESS
from support.wares import put_on_sale
from upline.base import sql
from upline.catalog.models import Package
from upline.orders.models import OrderLine


class KeptLine(NamedTuple):
    """A line of a cart as it is stored; `ctid` tells whether it was written again."""

    package_id: int
    ctid: str
    price: int
    points: int


def cart(member: Player) -> list[tuple[str, int]]:
    items = data(member.client.get("cart/products/"))["cart_items"]
    return [(item["product_name"], item["quantity"]) for item in items]


def test_a_product_is_added_and_adding_again_adds_up(
    mia: Player, product: Callable[[str], int]
) -> None:
    for _ in range(2):
        answer = mia.client.post("cart/products/", product_id=product("tea"), quantity=3)
        assert (answer.status_code, answer.content) == (204, b"")
    shown = mia.client.get("cart/products/")
    assert data(shown)["cart_items"] == [
        {"product_id": product("tea"), "product_name": "Tea", "quantity": 6}
        | {"product_amount": data(shown)["cart_items"][0]["product_amount"]}
    ]
    assert '"product_amount": 4.99, "quantity": 6' in shown.text


def test_put_sets_the_quantity(mia: Player, product: Callable[[str], int]) -> None:
    for quantity in (5, 2, 999):
        answer = mia.client.put("cart/products/", product_id=product("soap"), quantity=quantity)
        assert answer.status_code == 204
        assert cart(mia) == [("Soap", quantity)]


def test_a_line_holds_1_to_999_after_adding(
    mia: Player, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    soap = product("soap")
    with nothing_changes():
        for quantity in (0, 1000, -1):
            for call in (mia.client.post, mia.client.put):
                answer = call("cart/products/", product_id=soap, quantity=quantity)
                refused(answer, 422, "1004", "quantity")
    mia.client.post("cart/products/", product_id=soap, quantity=998)
    with nothing_changes():
        answer = mia.client.post("cart/products/", product_id=soap, quantity=2)
        refused(answer, 422, "1004", "quantity")
    assert mia.client.post("cart/products/", product_id=soap, quantity=1).status_code == 204
    assert cart(mia) == [("Soap", 999)]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_not_a_product_on_sale_is_1012(
    mia: Player, product: Callable[[str], int], method: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for wrong in (0, 999_999, product("gone"), product("starter")):
            body = {"product_id": str(wrong), "quantity": "1"}
            answer = mia.client.call(method, "cart/products/", data=body)
            refused(answer, 422, "1012", "product_id")


def test_a_product_is_removed_also_when_it_was_not_there(
    mia: Player, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    mia.client.post("cart/products/", product_id=product("tea"), quantity=1)
    assert mia.client.delete("cart/products/", product_id=product("soap")).status_code == 204
    assert cart(mia) == [("Tea", 1)]
    with nothing_changes():
        for gone in (product("soap"), 999_999):
            assert mia.client.delete("cart/products/", product_id=gone).status_code == 204
        refused(mia.client.delete("cart/products/"), 422, "1004", "product_id")


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_the_cart_is_cleared(mia: Player, product: Callable[[str], int], method: str) -> None:
    for _ in range(2):
        mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
        answer = mia.client.call(method, "cart/products/all/")
        assert (answer.status_code, answer.content) == (204, b"")
        assert cart(mia) == []


def test_carts_are_apart(
    mia: Player, player: Callable[..., Player], product: Callable[[str], int]
) -> None:
    other = player("nora")
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    assert cart(other) == []
    other.client.delete("cart/products/all/")
    other.client.delete("cart/products/", product_id=product("soap"))
    assert cart(mia) == [("Soap", 1)]


def test_the_cart_comes_to_totals(mia: Player, product: Callable[[str], int]) -> None:
    empty = {"cart_items": [], "total_amount": 0, "total_quantity": 0, "total_pv": 0}
    taxed = {"net_amount": 0, "tax_amount": 0, "taxes": []}
    assert data(mia.client.get("cart/products/")) == empty | {"currency": "EUR"} | taxed
    mia.client.post("cart/products/", product_id=product("soap"), quantity=2)
    mia.client.post("cart/products/", product_id=product("tea"), quantity=3)
    shown = data(mia.client.get("cart/products/"))
    assert str(shown["total_amount"]) == "39.97"
    assert (shown["total_quantity"], str(shown["total_pv"])) == (5, "29.75")


def test_the_cart_and_its_order_come_to_the_same_tax_by_rate(
    mia: Player, product: Callable[[str], int], fill: Callable[[Player, str], None]
) -> None:
    free = put_on_sale("untaxed-ware", 1000, name="Untaxed ware", kind="cart", tax_class="none")
    fill(mia, "100.00")
    mia.client.post("cart/products/", product_id=product("soap"), quantity=3)
    mia.client.post("cart/products/", product_id=free.pk, quantity=1)
    mia.client.post("cart/shipping_address/", **ADDRESS)
    shown = data(mia.client.get("cart/products/"))
    of_soaps = {
        "percent": 19, "amount": Decimal("37.5"), "tax_amount": Decimal("5.97"), "currency": "EUR",
    }  # fmt: skip
    assert shown["taxes"] == [of_soaps], "of one soap 1.99, rounded down"
    assert (shown["total_amount"], shown["net_amount"]) == (Decimal("47.5"), Decimal("41.53"))
    sent = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
    assert mia.client.post("cart/checkout/", **sent).status_code == 204
    lines = OrderLine.objects.filter(order__member_id=mia.id, order__kind="checkout")
    assert sum(line.price * line.quantity for line in lines) == 4750
    assert sum(line.tax * line.quantity for line in lines) == 597


def test_the_cart_shows_todays_prices(
    mia: Player, product: Callable[[str], int], changed: Callable[..., None]
) -> None:
    mia.client.post("cart/products/", product_id=product("tea"), quantity=1)
    changed("tea", amount=550)
    answer = mia.client.get("cart/products/")
    assert '"product_amount": 5.5,' in answer.text
    assert '"total_amount": 5.5,' in answer.text


def test_reading_a_cart_writes_only_where_a_price_differs(
    mia: Player,
    product: Callable[[str], int],
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    mia.client.post("cart/products/", product_id=product("tea"), quantity=1)
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    before = kept(mia)
    mia.client.get("cart/products/")
    assert kept(mia) == before
    changed("tea", points=550)
    mia.client.get("cart/products/")
    tea = product("tea")
    assert {line for line in kept(mia) if line[0] != tea} < before
    with nothing_changes():
        mia.client.get("cart/products/")


def kept(member: Player) -> set[tuple[int, str, int, int]]:
    """The lines of a cart with the place of their row, which each write moves."""

    return set(
        sql.rows(
            KeptLine,
            "SELECT package_id, ctid::text, price, points FROM cart_cartline WHERE member_id = %s",
            [member.id],
        )
    )


def test_a_product_that_is_no_longer_for_sale_is_marked(
    mia: Player, product: Callable[[str], int], changed: Callable[..., None]
) -> None:
    mia.client.post("cart/products/", product_id=product("tea"), quantity=1)
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    changed("tea", active=False)
    items = data(mia.client.get("cart/products/"))["cart_items"]
    assert {item["product_name"]: item.get("available", True) for item in items} == {
        "Soap": True, "Tea": False,
    }  # fmt: skip


def test_a_cart_holds_a_hundred_products(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    wares = [
        put_on_sale(f"{mia.username}-{number}", 100, kind="cart", name=f"Ware {number}")
        for number in range(101)
    ]
    try:
        for ware in wares[:100]:
            assert mia.client.post("cart/products/", product_id=ware.pk, quantity=1).is_success
        with nothing_changes():
            answer = mia.client.post("cart/products/", product_id=wares[100].pk, quantity=1)
            refused(answer, 422, "1004", "product_id")
        again = mia.client.post("cart/products/", product_id=wares[0].pk, quantity=1)
        assert again.status_code == 204
    finally:
        Package.objects.filter(pk__in=[ware.pk for ware in wares]).update(active=False)
