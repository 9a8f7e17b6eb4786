"""Checkout without scripts: each way to pay, once, for what was shown, to an own address."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.buying import (
    BY_TRANSFER,
    Opens,
    add_address,
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
from support.moves import ADDRESS, balances, pay_in
from support.pages import filled_in
from upline.base.actors import Shell
from upline.base.models import Attempt
from upline.base.unit import UnitOfWork
from upline.flows import order_decisions
from upline.members.models import Member

Fill = Callable[[Player, str], None]


def guesses() -> int:
    """Guesses at transaction passwords that are counted."""
    return Attempt.objects.filter(kind__contains="transaction_password").count()


def paid_from(page: str) -> list[str]:
    """What a receipt says is taken from where."""
    rows = page.partition("Paid from</h3>")[2].partition("</dl>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows.split("</div>")[:-1]]


def test_an_order_is_paid_from_the_wallet(cast: Cast, browser_of: Opens, fill: Fill) -> None:
    fill(cast.anna, "20.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    page = browser.get(path).text
    assert "You pay 12.50 EUR now" in page
    assert paid_from(page) == ["Wallet 12.50 EUR"]
    led = order_page(paid(browser, path))
    assert "Your order is paid" in browser.get(led).text
    assert [order["status"] for order in orders_of(cast.anna)] == ["complete"]
    assert balances(cast.anna) == ("7.5", "0")
    assert in_cart(cast.anna) == {}


def test_the_shopping_balance_pays_first_and_the_wallet_the_rest(
    cast: Cast, browser_of: Opens, fill: Fill
) -> None:
    fill(cast.anna, "20.00")
    pay_in(cast.anna, "5.00")
    browser = browser_of(cast.anna)
    page = browser.get(path := review(browser, "wallet")).text
    assert paid_from(page) == ["Shopping balance 5.00 EUR", "Wallet 7.50 EUR"]
    order_page(paid(browser, path))
    assert balances(cast.anna) == ("7.5", "0")


def test_an_order_is_paid_from_the_shopping_balance_without_a_password(
    cast: Cast, browser_of: Opens, fill: Fill
) -> None:
    fill(cast.anna, "20.00")
    pay_in(cast.anna, "15.00")
    browser = browser_of(cast.anna)
    fill_cart(browser)
    add_address(browser)
    page = browser.get("/shop/checkout/").text
    assert 'value="balance" checked' in page
    assert 'value="wallet"' not in page, "it is not needed"
    named = re.findall(r'name="address" value="(\d+)"', page)[0]
    order_page(paid(browser, f"/shop/checkout/?pay=balance&address={named}"))
    assert orders_of(cast.anna)[0]["status"] == "complete"


def test_an_order_is_paid_from_an_e_pin(
    cast: Cast, browser_of: Opens, give_epin: Callable[..., str]
) -> None:
    low, enough = give_epin(cast.anna, "1.00"), give_epin(cast.anna, "30.00")
    browser = browser_of(cast.anna)
    review(browser, "")
    page = browser.get("/shop/checkout/").text
    assert f"E-pin ending in {enough[-4:]}" in page
    assert f"E-pin ending in {low[-4:]}" not in page
    assert enough not in page, "the code is a secret"
    _, sent = filled_in(page, "Continue")
    chosen = browser.http.get("/shop/checkout/", params=sent).request.url.raw_path.decode()
    order_page(paid(browser, chosen))
    assert orders_of(cast.anna)[0]["status"] == "complete"


def test_an_order_by_bank_transfer_shows_what_to_transfer_until_staff_mark_it_as_paid(
    cast: Cast, browser_of: Opens, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    browser = browser_of(cast.anna)
    path = review(browser, "bank_transfer")
    assert "You order now and transfer 12.50 EUR yourself" in browser.get(path).text
    led = order_page(paid(browser, path, "Order for 12.50 EUR"))
    page, number = browser.get(led).text, led.split("/")[2]
    assert "Please transfer 12.50 EUR by" in said(browser.get(led))
    for told in ("DE89 3704 0044 0532 0130 00", "Sparkasse Bonn", number, "12.50 EUR"):
        assert f"<dd>{told}</dd>" in page
    assert "Waits for payment" in browser.get("/orders/").text
    record_transfer(number, 500)
    assert "Please transfer 7.50 EUR by" in said(browser.get(led))
    record_transfer(number, 750)
    page = browser.get(led).text
    assert "Your order is paid" in page
    assert paid_from(page) == ["Bank transfer or cash 12.50 EUR"]
    assert "DE89" not in page


def record_transfer(number: str, amount: int) -> None:
    order_decisions.record_payment(UnitOfWork(Shell()), number, amount, f"bank-{number}-{amount}")


def test_bank_transfer_is_offered_only_where_the_office_allows_it(
    cast: Cast, browser_of: Opens, nothing_changes: Callable[[], Any]
) -> None:
    browser = browser_of(cast.anna)
    path = review(browser, "bank_transfer")
    page = browser.get(path).text
    assert "bank_transfer" not in page
    assert "None of these is enough for this order." in page
    assert ">Continue<" not in page


def test_what_is_missing_is_said_with_another_way(
    cast: Cast, browser_of: Opens, fill: Fill, office_sets: Callable[..., None]
) -> None:
    office_sets(**BY_TRANSFER)
    fill(cast.anna, "10.00")
    browser = browser_of(cast.anna)
    answer = browser.get(review(browser, "wallet"))
    assert "Wallet: 2.50 EUR missing. Choose another way to pay." in problem(answer)
    assert "10.00 EUR there, 2.50 EUR missing" in answer.text
    assert re.search(r'value="wallet" disabled', answer.text)
    assert re.search(r'value="bank_transfer" checked', answer.text)


def test_a_wrong_password_is_said_at_its_field_and_buys_nothing(
    cast: Cast, browser_of: Opens, fill: Fill, nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "20.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    with nothing_changes():
        answer = paid(browser, path, transaction_password="not this one")
    assert answer.status_code == 422
    assert "transaction password is wrong" in problem(answer)
    assert "not this one" not in answer.text
    order_page(paid(browser, path))


@pytest.mark.parametrize("typed", ["", "x" * 129, "with\0nul"])
def test_what_can_be_no_password_is_said_and_is_no_wrong_guess(
    cast: Cast, browser_of: Opens, fill: Fill, nothing_changes: Callable[[], Any], typed: str
) -> None:
    fill(cast.anna, "20.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    _, sent = filled_in(browser.get(path).text, "Pay ", transaction_password=typed)
    before = guesses()
    for _ in range(2):
        with nothing_changes():
            answer = browser.http.post("/shop/checkout/", data=sent)
        assert (answer.status_code, bool(problem(answer))) == (422, True)
    assert guesses() == before
    paid(browser, path, transaction_password="not this one")
    assert guesses() > before


def test_a_doubled_press_and_a_press_after_going_back_buy_once(
    cast: Cast, browser_of: Opens, fill: Fill
) -> None:
    fill(cast.anna, "40.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    _, sent = filled_in(browser.get(path).text, "Pay ", transaction_password=TRANSACTION_PASSWORD)
    first, second = (browser.http.post("/shop/checkout/", data=sent) for _ in range(2))
    assert order_page(first) == order_page(second)
    assert len(orders_of(cast.anna)) == 1
    assert balances(cast.anna) == ("27.5", "0")
    assert browser.get(path).headers["Location"] == "/shop/cart/", "the page is not kept"


def test_another_tab_that_filled_the_cart_meanwhile_is_told(
    cast: Cast, browser_of: Opens, fill: Fill, nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "90.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    _, sent = filled_in(browser.get(path).text, "Pay ", transaction_password=TRANSACTION_PASSWORD)
    fill_cart(browser, "Tea")
    with nothing_changes():
        answer = browser.http.post("/shop/checkout/", data=sent)
    assert "Your cart has changed since you opened this page." in problem(answer)
    assert "You pay 17.49 EUR now" in answer.text
    order_page(paid(browser, path))


def test_a_price_that_changes_at_the_last_moment_leads_back_to_the_cart(
    cast: Cast,
    browser_of: Opens,
    fill: Fill,
    changed: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "90.00")
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    _, sent = filled_in(browser.get(path).text, "Pay ", transaction_password=TRANSACTION_PASSWORD)
    changed("soap", amount=1350)
    with nothing_changes():
        answer = browser.http.post("/shop/checkout/", data=sent)
    assert answer.headers["Location"] == "/shop/cart/"
    assert "Now 13.50 EUR each. It was 12.50 EUR" in browser.get("/shop/cart/").text


def test_who_has_no_transaction_password_is_led_to_where_it_is_set(
    cast: Cast, browser_of: Opens, fill: Fill
) -> None:
    fill(cast.anna, "20.00")
    Member.objects.filter(pk=cast.anna.id).update(transaction_password="")
    browser = browser_of(cast.anna)
    page = browser.get(review(browser, "wallet")).text
    assert "you have not set one yet" in page
    assert 'href="/money/password/"' in page
    assert "Pay 12.50 EUR" not in page


@pytest.mark.parametrize("name", ["<b>Mia</b>", "Zoë O'Hara & Søn", "ميا", "x" * 100])
def test_whatever_stands_in_an_address_is_shown_and_never_run(
    cast: Cast, browser_of: Opens, fill: Fill, name: str
) -> None:
    fill(cast.anna, "20.00")
    browser = browser_of(cast.anna)
    fill_cart(browser)
    added = add_address(browser, name=name, address='"><script>alert(1)</script>', city="{{ 1 }}")
    path = f"/shop/checkout/?address={added}&pay=wallet"
    led = order_page(paid(browser, path))
    for page in (browser.get("/shop/checkout/address/").text, browser.get(led).text):
        assert "<script>alert" not in page
        assert "<b>Mia" not in page
        assert "{{ 1 }}" in page


def test_an_address_that_cannot_be_is_said_and_kept_as_typed(
    cast: Cast, browser_of: Opens, nothing_changes: Callable[[], Any]
) -> None:
    browser = browser_of(cast.anna)
    fill_cart(browser)
    typed = ADDRESS | {"phone": "-----", "name": "\u3164", "city": "Bonn am Rhein"}
    with nothing_changes():
        answer = press(browser, "/shop/checkout/address/", "Save this address", **typed)
    assert answer.status_code == 422
    assert "Phone: " in problem(answer)
    assert "Name: " in problem(answer)
    assert 'value="Bonn am Rhein"' in answer.text


def test_nobody_sends_to_an_address_of_somebody_else(
    cast: Cast, browser_of: Opens, fill: Fill, nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "20.00")
    others = add_address(browser_of(cast.ben))
    browser = browser_of(cast.anna)
    path = review(browser, "wallet")
    _, sent = filled_in(browser.get(path).text, "Pay ", transaction_password=TRANSACTION_PASSWORD)
    with nothing_changes():
        answer = browser.http.post("/shop/checkout/", data=sent | {"address": [others]})
        assert answer.status_code in (404, 422)
        press(browser, "/shop/checkout/address/", "Save this address")
        browser.http.post("/shop/checkout/address/", data={**sent, "do": "remove",
                                                           "address": others})  # fmt: skip
    assert orders_of(cast.anna) == []


def test_a_customer_buys_and_sees_no_points(cast: Cast, browser_of: Opens, fill: Fill) -> None:
    carl = customer_of(cast.anna)
    fill(carl, "20.00")
    browser = browser_of(carl)
    led = order_page(paid(browser, review(browser, "wallet")))
    for path in ("/shop/", "/shop/cart/", led, "/orders/"):
        main = browser.get(path).text.partition("<main")[2]
        assert "point" not in main, path
    tabs = re.findall(r"</svg>\s*(\w+)</a>", browser.get(led).text)
    assert tabs[:3] == ["Home", "Shop", "Orders"]


def test_an_address_added_just_now_waits_for_its_owner_and_the_page_says_why(
    cast: Cast,
    browser_of: Opens,
    give_epin: Callable[..., str],
    office_sets: Callable[..., None],
) -> None:
    office_sets(protect_recent_changes=True)
    give_epin(cast.anna, "30.00")
    browser = browser_of(cast.anna)
    review(browser, "")
    _, sent = filled_in(browser.get("/shop/checkout/").text, "Continue")
    chosen = browser.http.get("/shop/checkout/", params=sent).request.url.raw_path.decode()
    led = order_page(paid(browser, chosen))
    page = browser.get(led).text
    assert "Confirm this order with the link that we mailed you" in page
    assert "The address is new" in page
    assert "Waits for you to confirm" in browser.get("/orders/").text


def test_where_identity_must_be_checked_first_the_page_says_so_before_anything_is_typed(
    cast: Cast, browser_of: Opens, fill: Fill, office_sets: Callable[..., None]
) -> None:
    fill(cast.anna, "20.00")
    office_sets(kyc_needed_for=["checkout"])
    browser = browser_of(cast.anna)
    page = browser.get(review(browser, "wallet")).text
    assert "must verify who you are" in page
    assert ">Pay 12.50 EUR<" not in page
