"""`Prefer: return=representation`: the resource instead of a 204."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Player
from support.client import data, refused
from support.installation import PASSWORD, TRANSACTION_PASSWORD
from support.moves import ADDRESS

PREFER = {"Prefer": "return=representation"}
PERSONAL = {"firstname": "Mia", "gender": "F", "date_of_birth": "1990-05-17"}
CONTACT = {"address_line1": "Hill 1", "country": "276", "city": "Bonn", "email": "m@example.com",
           "mobile": "12345"}  # fmt: skip
PASSWORDS = {"current_password": PASSWORD, "new_password": "another horse entirely",
             "password_confirmation": "another horse entirely"}  # fmt: skip


def preferring(member: Player, method: str, path: str, **body: Any) -> Any:
    return member.client.call(method, path, headers=PREFER, data=body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("profile/personal/", PERSONAL),
        ("profile/contact/", CONTACT),
        ("profile/bank/", {"bank_name": "Acme Bank"}),
        ("profile/personal/", {"bank_name": "Acme Bank"}),
        ("profile/password/", PASSWORDS),
        ("profile/personal/", PASSWORDS),
    ],
)
def test_profile_calls_answer_with_the_profile(
    mia: Player, path: str, body: dict[str, str]
) -> None:
    answer = preferring(mia, "PUT", path, **body)
    assert answer.status_code == 200
    mia.client.sign_in(mia.username, body.get("new_password", PASSWORD))
    assert data(answer) == data(mia.client.get("profile/"))


def test_cart_calls_answer_with_the_cart(mia: Player, product: Callable[[str], int]) -> None:
    soap = product("soap")
    calls = [
        ("POST", "cart/products/", {"product_id": soap, "quantity": 2}, 201, [2]),
        ("PUT", "cart/products/", {"product_id": soap, "quantity": 5}, 200, [5]),
        ("DELETE", "cart/products/", {"product_id": soap}, 200, []),
        ("DELETE", "cart/products/all/", {}, 200, []),
        ("POST", "cart/products/all/", {}, 200, []),
    ]
    for method, path, body, status, quantities in calls:
        answer = preferring(mia, method, path, **body)
        assert answer.status_code == status
        assert [item["quantity"] for item in data(answer)["cart_items"]] == quantities
        assert data(answer) == data(mia.client.get("cart/products/"))


def test_address_calls_answer_with_the_address(mia: Player) -> None:
    first = preferring(mia, "POST", "cart/shipping_address/", **ADDRESS)
    assert first.status_code == 201
    made = data(first)
    assert made == ADDRESS | {"address_id": made["address_id"], "is_default": True}
    second = data(preferring(mia, "POST", "cart/shipping_address/", **ADDRESS))
    assert second["is_default"] is False
    moved = preferring(
        mia, "POST", "cart/shipping_address/default/", address_id=second["address_id"]
    )
    assert (moved.status_code, data(moved)) == (200, second | {"is_default": True})
    gone = preferring(mia, "DELETE", "cart/shipping_address/", address_id=made["address_id"])
    assert (gone.status_code, data(gone)) == (200, made | {"is_default": False})


def test_payments_answer_with_both_balances(
    mia: Player, fill: Callable[..., None], give_epin: Callable[..., str]
) -> None:
    fill(mia, "100.00")
    code = give_epin(mia, "50.00")
    by_wallet = preferring(
        mia, "POST", "ewallet/payment/", payment_amount="10", purpose="purchase",
        ewallet_username=mia.username, transaction_password=TRANSACTION_PASSWORD,
    )  # fmt: skip
    by_epin = preferring(mia, "POST", "epin/payment/", payment_amount="5.50", epin_code=code)
    back = preferring(mia, "POST", "ewallet/payment/refund/")
    answers = [(201, "90", "10"), (201, "90", "15.5"), (200, "100", "0")]
    for answer, (status, balance, purchase) in zip(
        (by_wallet, by_epin, back), answers, strict=True
    ):
        shown = data(answer)
        assert answer.status_code == status
        assert (str(shown["balance"]), str(shown["purchase_balance"])) == (balance, purchase)
        assert shown["currency"] == "EUR"


def test_checkout_and_order_answer_with_the_order(
    mia: Player, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    mia.client.post("cart/products/", product_id=product("soap"), quantity=2)
    mia.client.post("cart/shipping_address/", **ADDRESS)
    answer = preferring(mia, "POST", "cart/checkout/")
    order = data(answer)
    assert (answer.status_code, order["status"]) == (201, "awaiting_payment")
    assert answer.headers["Location"] == f"/api/orders/{order['order_id']}/"
    fill(mia, "25.00")
    mia.client.post(
        "ewallet/payment/", payment_amount="25", purpose="purchase",
        ewallet_username=mia.username, transaction_password=TRANSACTION_PASSWORD,
    )  # fmt: skip
    totals = {"order_id": order["order_id"], "total_amount": "25", "total_quantity": "2",
              "total_pv": "20"}  # fmt: skip
    done = preferring(mia, "POST", "order/", **totals)
    assert (done.status_code, data(done)) == (200, order | {"status": "complete"})


def test_cancelling_answers_with_the_order(mia: Player, product: Callable[[str], int]) -> None:
    mia.client.post("cart/products/", product_id=product("soap"), quantity=2)
    mia.client.post("cart/shipping_address/", **ADDRESS)
    order = data(preferring(mia, "POST", "cart/checkout/"))
    cancelled = preferring(mia, "DELETE", f"orders/{order['order_id']}/")
    assert (cancelled.status_code, data(cancelled)) == (200, order | {"status": "cancelled"})


@pytest.mark.parametrize("path", ["profile/password/forget/", "profile/personal/"])
def test_the_forgot_calls_ignore_it(mia: Player, path: str) -> None:
    answer = preferring(mia, "POST", path, username=mia.username)
    assert (answer.status_code, answer.content) == (204, b"")
    answer = preferring(mia, "POST", "ewallet/password/forget/")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "words",
    [
        "respond-async, return=representation",
        "return=representation; x=1",
        "wait=5,return=representation",
    ],
)
def test_it_may_stand_among_other_preferences(mia: Player, words: str) -> None:
    answer = mia.client.call(
        "POST", "cart/shipping_address/", headers={"Prefer": words}, data=ADDRESS
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("words", ["return=minimal", "representation", ""])
def test_without_it_the_answer_stays_204(mia: Player, words: str) -> None:
    answer = mia.client.call(
        "POST", "cart/shipping_address/", headers={"Prefer": words}, data=ADDRESS
    )
    assert answer.status_code == 204


def test_a_call_that_answers_data_anyway_is_not_changed(mia: Player) -> None:
    plain = mia.client.get("profile/")
    assert mia.client.call("GET", "profile/", headers=PREFER).text == plain.text
    balance = mia.client.call("POST", "ewallet/balance/", headers=PREFER)
    assert (balance.status_code, data(balance)["currency"]) == (200, "EUR")


def test_a_refusal_is_the_same_with_it(mia: Player, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        answer = preferring(mia, "POST", "cart/products/", product_id="0", quantity="1")
    refused(answer, 422, "1012", "product_id")


def test_the_preference_may_be_quoted_and_in_any_case(mia: Player) -> None:
    for prefer in (
        'return="representation"',
        "Return=representation; wait=5",
        "x, return=representation",
    ):
        answer = mia.client.call("DELETE", "cart/products/all/", headers={"Prefer": prefer})
        assert answer.status_code == 200, prefer
    odd = mia.client.call(
        "DELETE", "cart/products/all/", headers={"Prefer": "x-return=representation"}
    )
    assert odd.status_code == 204
