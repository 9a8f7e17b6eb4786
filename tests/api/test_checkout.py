"""`cart/checkout/`: from the cart to an order."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.installation import TRANSACTION_PASSWORD
from support.logged import PACKAGE, logged
from support.moves import ADDRESS, balances, pay_in
from support.wares import price_of
from upline.catalog.models import Package

WALLET = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}


def put_in_cart(member: Player, product_id: int, quantity: int = 1) -> None:
    answer = member.client.post("cart/products/", product_id=product_id, quantity=quantity)
    assert answer.status_code == 204


def add_address(member: Player, **other: str) -> int:
    answer = member.client.call(
        "POST", "cart/shipping_address/", headers={"Prefer": "return=representation"},
        data=ADDRESS | other,
    )  # fmt: skip
    return int(data(answer)["address_id"])


@pytest.fixture
def ready(cast: Cast, product: Callable[[str], int]) -> Cast:
    """anna has two soaps in her cart (25.00, 20 points) and an address."""
    put_in_cart(cast.anna, product("soap"), 2)
    add_address(cast.anna)
    return cast


def check_out(member: Player, **body: Any) -> Any:
    return member.client.post("cart/checkout/", **body)


def order_at(member: Player, answer: Any) -> dict[str, Any]:
    """The order that a checkout's Location names."""
    assert (answer.status_code, answer.content) == (204, b"")
    path = answer.headers["Location"]
    assert path.startswith("/api/orders/UP-")
    found: dict[str, Any] = data(member.client.get(path.removeprefix("/api/")))
    return found


def test_a_checkout_that_is_not_covered_awaits_payment_and_empties_the_cart(ready: Cast) -> None:
    order = order_at(ready.anna, check_out(ready.anna))
    assert order["status"] == "awaiting_payment"
    assert (order["total_amount"], order["total_quantity"], order["total_pv"]) == (25, 2, 20)
    assert order["address"] == ADDRESS
    assert [(line["product_name"], line["quantity"]) for line in order["lines"]] == [("Soap", 2)]
    assert data(ready.anna.client.get("cart/products/"))["cart_items"] == []


def test_a_checkout_that_is_covered_is_complete_at_once(
    ready: Cast, fill: Callable[..., None]
) -> None:
    fill(ready.anna, "100.00")
    pay_in(ready.anna, "30")
    assert order_at(ready.anna, check_out(ready.anna))["status"] == "complete"
    assert balances(ready.anna) == ("70", "5")


def test_almost_covered_is_not_covered_and_takes_nothing(
    ready: Cast, fill: Callable[..., None]
) -> None:
    fill(ready.anna, "100.00")
    pay_in(ready.anna, "24.99")
    assert order_at(ready.anna, check_out(ready.anna))["status"] == "awaiting_payment"
    assert balances(ready.anna) == ("75.01", "24.99")


def test_the_order_keeps_the_prices_and_the_address_of_that_moment(
    ready: Cast, product: Callable[[str], int]
) -> None:
    answer = check_out(ready.anna)
    before = order_at(ready.anna, answer)
    shown = data(ready.anna.client.get("cart/shipping_address/"))["address_list"]
    ready.anna.client.delete("cart/shipping_address/", address_id=shown[0]["address_id"])
    with logged(PACKAGE):
        price_of(product("soap")).update(amount=9900)
        Package.objects.filter(pk=product("soap")).update(points=1)
    try:
        assert order_at(ready.anna, answer) == before
    finally:
        with logged(PACKAGE):
            price_of(product("soap")).update(amount=1250)
            Package.objects.filter(name="Soap").update(points=1000)


def test_the_order_goes_to_the_default_or_the_named_address(
    ready: Cast, product: Callable[[str], int]
) -> None:
    other = add_address(ready.anna, city="Köln")
    for named, city in (
        ({"address_id": other}, "Köln"),
        ({"address_id": ""}, "Bonn"),
        ({}, "Bonn"),
    ):
        put_in_cart(ready.anna, product("tea"))
        answer = check_out(ready.anna, **named)
        assert order_at(ready.anna, answer)["address"]["city"] == city


def test_a_checkout_pays_what_the_purchase_account_lacks_from_the_wallet(
    ready: Cast, fill: Callable[..., None]
) -> None:
    fill(ready.anna, "100.00")
    pay_in(ready.anna, "10")
    assert order_at(ready.anna, check_out(ready.anna, **WALLET))["status"] == "complete"
    assert balances(ready.anna) == ("75", "0")


def test_a_checkout_can_be_paid_from_anothers_wallet_or_an_epin(
    ready: Cast,
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> None:
    fill(ready.ben, "25.00")
    paid = check_out(ready.anna, **WALLET, ewallet_username=ready.ben.username)
    assert order_at(ready.anna, paid)["status"] == "complete"
    assert balances(ready.ben) == ("0", "0")
    put_in_cart(ready.anna, product("soap"), 2)
    code = give_epin(ready.anna, "40.00")
    paid = check_out(ready.anna, payment_method="epin", epin_code=code)
    assert order_at(ready.anna, paid)["status"] == "complete"
    assert str(data(ready.anna.client.get("epins/"))["epins"][0]["balance"]) == "15"


def test_a_payment_that_fails_fails_the_whole_checkout(
    ready: Cast,
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(ready.anna, "24.99")
    pay_in(ready.anna, "5")
    small, foreign = give_epin(ready.anna, "19.99"), give_epin(ready.erik, "100.00")
    cases: list[tuple[dict[str, str], int, str]] = [
        (WALLET, 422, "1014"),
        (WALLET | {"transaction_password": "wrong"}, 422, "1015"),
        (WALLET | {"ewallet_username": unique("nobody")}, 422, "1011"),
        ({"payment_method": "epin", "epin_code": small}, 422, "1016"),
        ({"payment_method": "epin", "epin_code": foreign}, 422, "1016"),
        ({"payment_method": "ewallet"}, 422, "1004"),
        ({"payment_method": "epin"}, 422, "1004"),
        ({"payment_method": "cash"}, 422, "1004"),
    ]
    with nothing_changes():
        for body, status, code in cases:
            refused(check_out(ready.anna, **body), status, code)
    office_sets(pay_from_others_wallet=False)
    with nothing_changes():
        others = WALLET | {"ewallet_username": ready.ben.username}
        refused(check_out(ready.anna, **others), 403, "1101")


def test_an_empty_cart_is_1110(cast: Cast, nothing_changes: Callable[[], Any]) -> None:
    add_address(cast.anna)
    with nothing_changes():
        refused(check_out(cast.anna), 422, "1110")


def test_without_any_address_it_is_1004_on_address_id(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    put_in_cart(cast.anna, product("soap"))
    with nothing_changes():
        refused(check_out(cast.anna), 422, "1004", "address_id")


def test_a_foreign_or_unknown_address_is_404(
    ready: Cast, nothing_changes: Callable[[], Any]
) -> None:
    foreign = add_address(ready.erik)
    with nothing_changes():
        answers = [check_out(ready.anna, address_id=each) for each in (foreign, 999_999_999)]
        refused(answers[0], 404, "1102")
        assert answers[0].text == answers[1].text
        for wrong in ("x", "-1", "1.0"):
            refused(check_out(ready.anna, address_id=wrong), 422, "1004", "address_id")


def test_a_product_taken_off_the_shelf_meanwhile_is_1012_and_named(
    ready: Cast,
    product: Callable[[str], int],
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    put_in_cart(ready.anna, product("scales"))
    changed("scales", active=False)
    with nothing_changes():
        said = refused(check_out(ready.anna), 422, "1012", "product_id")["product_id"]
    assert "Scales" in said
    assert f"product {product('scales')}" in said
    assert "Soap" not in said


@pytest.mark.parametrize("amount", [9900, 1249])
def test_row_17_a_price_that_the_cart_did_not_show_is_1107_and_named(
    ready: Cast,
    fill: Callable[..., None],
    product: Callable[[str], int],
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
    amount: int,
) -> None:
    fill(ready.anna, "500.00")
    put_in_cart(ready.anna, product("tea"))
    changed("soap", amount=amount)
    with nothing_changes():
        for funds in ({}, WALLET, {"total_amount": "29.99"}):
            answer = check_out(ready.anna, **funds)
            said = refused(answer, 422, "1107", "product_id")["product_id"]
            assert f"Soap (product {product('soap')})" in said
            assert "12.50 EUR" in said
            assert "Tea" not in said
    shown = data(ready.anna.client.get("cart/products/"))
    order = order_at(ready.anna, check_out(ready.anna, **WALLET))
    assert order["total_amount"] == shown["total_amount"]
    assert float(order["total_amount"]) == (2 * amount + 499) / 100


@pytest.mark.parametrize(("points", "now"), [(900, "9.00"), (1100, "11.00")])
def test_points_that_the_cart_did_not_show_are_1107_and_named(
    ready: Cast,
    fill: Callable[..., None],
    product: Callable[[str], int],
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
    points: int,
    now: str,
) -> None:
    fill(ready.anna, "500.00")
    put_in_cart(ready.anna, product("tea"))
    changed("soap", points=points)
    put_in_cart(ready.anna, product("soap"))
    with nothing_changes():
        for funds in ({}, WALLET, {"total_amount": "42.49"}):
            said = refused(check_out(ready.anna, **funds), 422, "1107", "product_id")["product_id"]
            assert said == (
                f"Soap (product {product('soap')}) now gives {now} points; the cart showed 10.00."
            )
    shown = data(ready.anna.client.get("cart/products/"))
    order = order_at(ready.anna, check_out(ready.anna, **WALLET))
    assert order["total_pv"] == shown["total_pv"]
    lines = {line["product_name"]: line for line in order["lines"]}
    assert lines["Soap"]["pv"] * 100 == points


def test_a_price_and_points_that_both_changed_are_both_named(
    ready: Cast, changed: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    changed("soap", amount=1300, points=1100)
    with nothing_changes():
        said = refused(check_out(ready.anna), 422, "1107", "product_id")["product_id"]
    assert "now costs 13.00 EUR; the cart showed 12.50 EUR." in said
    assert "now gives 11.00 points; the cart showed 10.00." in said


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_price_that_only_an_answer_without_a_cart_followed_was_not_shown(
    ready: Cast,
    product: Callable[[str], int],
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
    method: str,
) -> None:
    changed("soap", amount=19900)
    line = {"product_id": product("soap"), "quantity": 3}
    assert ready.anna.client.call(method, "cart/products/", data=line).status_code == 204
    with nothing_changes():
        said = refused(check_out(ready.anna), 422, "1107", "product_id")["product_id"]
    assert "12.50 EUR" in said
    headers = {"Prefer": "return=representation"}
    again = ready.anna.client.call("PUT", "cart/products/", data=line, headers=headers)
    shown = data(again)["total_amount"]
    assert order_at(ready.anna, check_out(ready.anna))["total_amount"] == shown == 597


@pytest.mark.parametrize("said", ["24.99", "25.01", "0", "2500"])
def test_a_total_amount_that_is_not_the_carts_is_1107(
    ready: Cast, nothing_changes: Callable[[], Any], said: str
) -> None:
    with nothing_changes():
        refused(check_out(ready.anna, total_amount=said), 422, "1107", "total_amount")
        refused(check_out(ready.anna, total_amount="many"), 422, "1004", "total_amount")


@pytest.mark.parametrize("said", ["25", "25.00", ""])
def test_a_total_amount_that_is_the_carts_is_taken(ready: Cast, said: str) -> None:
    assert order_at(ready.anna, check_out(ready.anna, total_amount=said))["total_amount"] == 25


def test_a_total_amount_may_be_a_sum_of_doubles(
    cast: Cast, product: Callable[[str], int], changed: Callable[..., None]
) -> None:
    changed("soap", amount=2490)
    put_in_cart(cast.anna, product("soap"), 3)
    add_address(cast.anna)
    sent = cast.anna.client.call("POST", "cart/checkout/", json={"total_amount": 3 * 24.9})
    assert str(order_at(cast.anna, sent)["total_amount"]) == "74.7"


def test_codes_of_a_checkout_come_in_order(
    cast: Cast,
    product: Callable[[str], int],
    changed: Callable[..., None],
    office_sets: Callable[..., None],
) -> None:
    office_sets(kyc_needed_for=["checkout"])
    refused(check_out(cast.anna, total_amount="1"), 422, "1110")
    put_in_cart(cast.anna, product("soap"))
    put_in_cart(cast.anna, product("tea"))
    changed("soap", active=False)
    changed("tea", amount=500)
    refused(check_out(cast.anna), 422, "1004", "address_id")
    add_address(cast.anna)
    refused(check_out(cast.anna), 422, "1012", "product_id")
    changed("soap", active=True)
    refused(check_out(cast.anna), 422, "1107", "product_id")
    cast.anna.client.get("cart/products/")
    refused(check_out(cast.anna, total_amount="1"), 422, "1107", "total_amount")
    refused(check_out(cast.anna), 403, "1019")


def test_a_checkout_without_kyc_is_1019_where_the_office_requires_it(
    ready: Cast, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(kyc_needed_for=["checkout"])
    with nothing_changes():
        refused(check_out(ready.anna), 403, "1019")
