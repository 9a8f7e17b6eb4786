"""Orders without scripts: the list, each one's page, paying, cancelling, refunds, once more."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.buying import (
    BY_TRANSFER,
    Opens,
    Product,
    fill_cart,
    in_cart,
    order_page,
    orders_of,
    paid,
    press,
    problem,
    review,
    said,
)
from support.cast import Cast, Player
from support.customers import customer_of
from support.installation import TRANSACTION_PASSWORD
from support.moves import balances, pay_in
from support.pages import filled_in
from support.statements import statements_of
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.models import Attempt
from upline.base.unit import UnitOfWork
from upline.flows import order_decisions, refunding
from upline.orders.models import Order

Fill = Callable[[Player, str], None]


def test_before_the_first_order_the_list_says_what_will_appear(
    cast: Cast, browser_of: Opens
) -> None:
    page = said(browser_of(customer_of(cast.anna)).get("/orders/"))
    assert "You have not ordered anything yet" in page
    assert "Look through the shop" in page
    assert "1 order waits for its payment" in said(browser_of(cast.anna).get("/orders/"))


def test_an_order_of_somebody_else_is_not_found(
    cast: Cast, browser_of: Opens, fill: Fill, nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "20.00")
    anna, ben = browser_of(cast.anna), browser_of(cast.ben)
    led = order_page(paid(anna, review(anna, "wallet")))
    number = led.split("/")[2]
    _, sent = filled_in(anna.get(led).text, "Order again")
    with nothing_changes():
        for path in (led, f"{led}pay/", "/orders/UP-000000000000/", "/orders/x/"):
            assert ben.get(path).status_code == 404, path
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', ben.get("/me/").text)[0]
        for path, do in ((led, "cancel"), ("/shop/cart/", "again")):
            fields = sent | {"csrfmiddlewaretoken": token, "do": do, "order": number}
            assert ben.http.post(path, data=fields).status_code == 404
    assert number not in ben.get(f"/orders/?before={number}").text.partition("<main")[2]


def test_an_unpaid_order_is_cancelled_once(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "bank_transfer"), "Order for"))
    _, sent = filled_in(browser.get(led).text, "Cancel the order")
    for _ in range(2):
        assert browser.http.post(led, data=sent).headers["Location"] == led
    page = browser.get(led).text
    assert "This order is cancelled, and you owe nothing for it" in page
    assert "Cancel the order" not in page
    assert orders_of(cast.anna)[0]["status"] == "cancelled"


def test_a_part_that_arrived_before_the_cancelling_is_told(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "bank_transfer"), "Order for"))
    order_decisions.record_payment(UnitOfWork(Shell()), led.split("/")[2], 500, "bank-part")
    press(browser, led, "Cancel the order")
    assert "5.00 EUR was not needed and is on your shopping balance." in said(browser.get(led))


def test_an_order_that_waits_is_paid_in_another_way_once(
    cast: Cast, browser_of: Opens, fill: Fill, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    fill(cast.anna, "40.00")
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "bank_transfer"), "Order for"))
    order_decisions.record_payment(UnitOfWork(Shell()), led.split("/")[2], 500, "bank-first")
    page = browser.get(f"{led}pay/").text
    assert "<dt>Wallet</dt><dd>7.50 EUR</dd>" in page, "what has arrived is taken first"
    wrong = press(browser, f"{led}pay/", "Pay 12.50 EUR", transaction_password="not this one")
    assert wrong.status_code == 422
    assert "transaction password is wrong" in problem(wrong)
    counted = Attempt.objects.count()
    blank = press(browser, f"{led}pay/", "Pay 12.50 EUR", transaction_password="")
    assert (blank.status_code, Attempt.objects.count()) == (422, counted), "no guess"
    assert "This field is required" in problem(blank)
    _, sent = filled_in(page, "Pay 12.50 EUR", transaction_password=TRANSACTION_PASSWORD)
    for _ in range(2):
        assert browser.http.post(f"{led}pay/", data=sent).headers["Location"] == led
    assert "Your order is paid" in browser.get(led).text
    assert balances(cast.anna) == ("32.5", "0")
    assert browser.get(f"{led}pay/").headers["Location"] == led


def test_a_refund_is_shown_with_where_the_money_went(
    cast: Cast, browser_of: Opens, fill: Fill
) -> None:
    fill(cast.anna, "20.00")
    pay_in(cast.anna, "5.00")
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "wallet")))
    order = Order.objects.get(number=led.split("/")[2])
    line = order.lines.get()
    refunding.refund_order(UnitOfWork(Shell()), order.number, {line.pk: 1}, "secret of the staff")
    page = said(browser.get(led))
    assert "This order was refunded in full" in page
    assert "12.50 EUR went back to the wallet that paid." in page
    assert "secret of the staff" not in page
    assert "Refunded" in said(browser.get("/orders/"))


def test_a_refund_of_a_bank_transfer_says_that_it_will_be_sent(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "bank_transfer"), "Order for"))
    number = led.split("/")[2]
    order_decisions.approve_order(UnitOfWork(Shell()), number)
    line = Order.objects.get(number=number).lines.get()
    made = refunding.refund_order(UnitOfWork(Shell()), number, {line.pk: 1}, "sent back")
    assert "12.50 EUR will be sent back to where it came from." in said(browser.get(led))
    refunding.mark_refund_sent(UnitOfWork(Shell()), made.to_send.pk, "by bank")
    assert "12.50 EUR was sent back to where it came from." in said(browser.get(led))


def test_ordering_again_fills_the_cart_once_and_names_what_is_gone(
    cast: Cast, browser_of: Opens, fill: Fill, changed: Callable[..., None]
) -> None:
    fill(cast.anna, "40.00")
    browser = browser_of(cast.anna)
    fill_cart(browser, "Tea")
    led = order_page(paid(browser, review(browser, "wallet")))
    changed("tea", active=False)
    _, sent = filled_in(browser.get(led).text, "Order again")
    first, second = (browser.http.post("/shop/cart/", data=sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert in_cart(cast.anna) == {"Soap": 1}
    assert "No longer for sale, so not in your cart: Tea" in said(
        browser.get(first.headers["Location"])
    )


@pytest.mark.parametrize("before", ["", "UP-000000000000", "x", "'", "9" * 400, "\u202e"])
def test_whatever_stands_in_the_address_of_the_list_is_answered(
    cast: Cast, browser_of: Opens, before: str
) -> None:
    assert browser_of(cast.anna).http.get("/orders/", params={"before": before}).status_code == 200


def test_pages_of_the_shop_ask_the_database_as_often_whatever_there_is(
    cast: Cast, browser_of: Opens, fill: Fill, product: Product
) -> None:
    fill(cast.anna, "900.00")
    browser = browser_of(cast.anna)
    led = order_page(paid(browser, review(browser, "wallet")))
    fill_cart(browser)
    paths = ("/shop/", f"/shop/{product('soap')}/", "/shop/cart/", "/shop/checkout/",
             "/shop/checkout/address/", "/orders/", led)  # fmt: skip
    before = {path: len(statements_of(cast.anna, path)) for path in paths}
    for number in range(3):
        put_on_sale(f"W-{cast.anna.id}-{number}", 500, name=f"Ware {number}", kind="cart")
        press(browser, "/shop/", f"Add to cart: Ware {number}")
        order_page(paid(browser, review(browser, "wallet")))
    for name in ("Soap", "Tea", "Ware 0", "Ware 1"):
        fill_cart(browser, name)
    assert {path: len(statements_of(cast.anna, path)) for path in paths} == before
    assert max(before.values()) <= 14, before
