"""A member of the second market sees each amount in its own currency, through the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.abroad import CREDIT, EPIN, PAYOUT, SOAP, Abroad, settled_abroad
from support.cast import Cast
from support.client import data

AMOUNTS = {"amount", "balance", "fee", "total_amount", "purchase_balance", "total"}


@pytest.fixture
def abroad(cast: Cast, product: Callable[[str], int]) -> Abroad:
    return settled_abroad(cast.dan, product("soap"))


def _objects(answer: Any) -> Iterator[dict[str, Any]]:
    """Every object of an answer."""
    if isinstance(answer, dict):
        yield answer
        for each in answer.values():
            yield from _objects(each)
    elif isinstance(answer, list):
        for each in answer:
            yield from _objects(each)


@pytest.mark.parametrize(
    "call",
    ["ewallet/balance/", "ewallet/transactions/", "epins/", "orders/", "payouts/",
     "package/membership/", "package/cart/", "signup/fee/", "cart/products/", "earnings/",
     "earnings/current/"],
)  # fmt: skip
def test_every_amount_has_its_currency(abroad: Abroad, product: Any, call: str) -> None:
    abroad.member.client.post("cart/products/", product_id=product("soap"), quantity=1)
    answer = data(abroad.member.client.get(call))
    for found in _objects(answer):
        if AMOUNTS & found.keys():
            assert found["currency"] in ("EUR", "JPY"), found
            assert [*found][-1] == "currency" or call in ("ewallet/balance/", "cart/products/")


def test_yen_are_whole_numbers_and_the_euros_of_before_have_decimals(abroad: Abroad) -> None:
    client = abroad.member.client
    moved = data(client.get("ewallet/transactions/", limit=100))["transactions"]
    amounts = [(str(each["amount"]), each["currency"]) for each in moved]
    assert (str(CREDIT), "JPY") in amounts
    assert ("12.34", "EUR") in amounts
    assert ("-12.34", "EUR") in amounts
    (epin,) = data(client.get("epins/"))["epins"]
    assert (epin["amount"], epin["balance"], epin["currency"]) == (EPIN, EPIN, "JPY")
    payouts = data(client.get("payouts/"))["payouts"]
    assert {(each["amount"], each["currency"]) for each in payouts} == {(PAYOUT, "JPY")}
    orders = data(client.get("orders/"))["orders"]
    assert {(each["total_amount"], each["currency"]) for each in orders
            if each["status"] != "cancelled"} == {(SOAP, "JPY"), (2 * SOAP, "JPY")}  # fmt: skip
    one = data(client.get(f"orders/{orders[0]['order_id']}/"))
    assert (one["lines"][0]["product_amount"], one["currency"]) == (SOAP, "JPY")


def test_an_order_from_before_the_move_stays_in_its_currency(abroad: Abroad) -> None:
    """The membership was to be paid in euros, and was cancelled with the move."""
    orders = data(abroad.member.client.get("orders/", limit=100))["orders"]
    (before,) = [each for each in orders if each["status"] == "cancelled"]
    assert (str(before["total_amount"]), before["currency"]) == ("110", "EUR")
