"""Approving, cancelling and refunding orders."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from support.cast import Cast, Player, minor
from support.client import data
from support.installation import STAFF, STAFF_PASSWORD, TRANSACTION_PASSWORD
from support.office import Visitor, problems
from upline.base import clock
from upline.epins.models import EPin
from upline.orders.models import Order, RefundToSend


def _order(player: Player, kind: str = "checkout") -> Any:
    return Order.objects.get(member_id=player.id, kind=kind)


def _page(player: Player, button: str = "", kind: str = "checkout") -> str:
    return f"/orders/order/{_order(player, kind).pk}/{button}{'/' if button else ''}"


@pytest.fixture
def shop(product: Callable[[str], int]) -> Callable[..., None]:
    """Fill a cart and check it out: `shop(cast.anna, soap=3)`."""

    def buy(player: Player, pay: dict[str, str] | None = None, **wanted: int) -> None:
        client = player.client
        for name, quantity in wanted.items():
            client.post("cart/products/", product_id=product(name), quantity=quantity)
        client.post("cart/shipping_address/", name="Somebody", address="Long Lane 1",
                    zip_code="10115", city="Berlin", phone="+49 30 123456")  # fmt: skip
        answer = client.post("cart/checkout/", **(pay or {}))
        assert answer.status_code == 204, answer.text

    return buy


def _received(player: Player, kind: str = "checkout") -> dict[str, str]:
    """What the form of a payment says of one that brings the whole price."""
    order = _order(player, kind)
    return {"amount": str(order.total_amount / 100), "reference": f"bank {order.pk}"}


FROM_WALLET = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}


def _refund(player: Player, **pieces: int) -> dict[str, str]:
    """The refund form's fields: pieces by product."""
    lines = {line.name.lower(): line.pk for line in _order(player).lines.all()}
    return {f"line_{lines[name]}": str(number) for name, number in pieces.items()}


def test_an_order_paid_outside_is_approved(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    said = olga.press(
        _page(cast.anna, "approve", "membership"), **_received(cast.anna, "membership")
    )
    order = _order(cast.anna, "membership")
    assert said == f"{order.number} is marked as paid."
    assert order.status == "complete"
    assert order.business_date is not None
    assert audited("order.approve") == {
        "amount": order.total_amount,
        "currency": "EUR",
        "reference": f"bank {order.pk}",
        "changes": {"status": {"before": "awaiting_payment", "after": "complete"}},
    }
    assert str(data(cast.anna.client.get("ewallet/balance/"))["balance"]) == "0"


def test_an_order_is_approved_once(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    page = _page(cast.anna, "approve", "membership")
    received = _received(cast.anna, "membership")
    stale = olga.open(page) | received
    olga.press(page, **received)
    with nothing_changes():
        said = problems(olga.post(page, stale))
        assert said == "A payment with this reference is already recorded."
    assert "approve/" not in olga.get(_page(cast.anna, kind="membership")).text


def test_an_unpaid_order_is_cancelled(
    olga: Visitor, cast: Cast, shop: Callable[..., None], audited: Callable[..., dict[str, Any]]
) -> None:
    shop(cast.anna, soap=1)
    olga.press(_page(cast.anna, "cancel"))
    assert _order(cast.anna).status == "cancelled"
    audited("order.cancelled", f"order:{_order(cast.anna).number}")


def test_a_complete_order_is_not_cancelled(
    olga: Visitor,
    cast: Cast,
    shop: Callable[..., None],
    fill: Callable[[Player, str], None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "100.00")
    shop(cast.anna, FROM_WALLET, soap=1)
    with nothing_changes():
        assert problems(olga.send(_page(cast.anna, "cancel"))) == "This order is complete."


def test_a_refund_by_line_and_quantity_goes_back_to_the_wallet(
    olga: Visitor,
    cast: Cast,
    shop: Callable[..., None],
    fill: Callable[[Player, str], None],
    audited: Callable[..., dict[str, Any]],
) -> None:
    fill(cast.anna, "100.00")
    shop(cast.anna, FROM_WALLET, soap=3, tea=1)
    said = olga.press(_page(cast.anna, "refund"), reason="broken", **_refund(cast.anna, soap=2))
    assert said == f"25.00 EUR of {_order(cast.anna).number} was refunded."
    facts = audited("order.refunded")
    assert (facts["amount"], facts["reason"]) == (minor("25.00"), "broken")
    assert facts["changes"]["refunded"] == {"before": 0, "after": minor("25.00")}
    balance = data(cast.anna.client.get("ewallet/balance/"))["balance"]
    assert str(balance) == "82.51", "100.00 - 42.49 + 25.00"
    assert _order(cast.anna).status == "complete"

    olga.press(_page(cast.anna, "refund"), reason="all", **_refund(cast.anna, soap=1, tea=1))
    assert _order(cast.anna).status == "refunded"
    page = olga.get(_page(cast.anna)).text
    assert "broken" in page
    assert "wallet of" in page


def test_more_than_was_bought_is_not_refunded(
    olga: Visitor,
    cast: Cast,
    shop: Callable[..., None],
    fill: Callable[[Player, str], None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "100.00")
    shop(cast.anna, FROM_WALLET, soap=2)
    page = _page(cast.anna, "refund")
    stale = olga.open(page) | {"reason": "stale", **_refund(cast.anna, soap=2)}
    with nothing_changes():
        for pieces in (_refund(cast.anna, soap=3), _refund(cast.anna, soap=-1), {}):
            assert problems(olga.send(page, reason="too much", **pieces))
    olga.press(page, reason="one", **_refund(cast.anna, soap=1))
    with nothing_changes():
        assert problems(olga.post(page, stale))


def test_a_refund_sent_twice_pays_once(
    olga: Visitor, cast: Cast, shop: Callable[..., None], fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    shop(cast.anna, FROM_WALLET, soap=3)
    page = _page(cast.anna, "refund")
    form = olga.filled(page, reason="one piece", **_refund(cast.anna, soap=1))
    for _ in range(2):
        assert olga.post(page, form).status_code == 302
    assert str(data(cast.anna.client.get("ewallet/balance/"))["balance"]) == "75"


def test_a_preview_tells_where_the_money_goes_and_moves_none(
    olga: Visitor,
    cast: Cast,
    shop: Callable[..., None],
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "100.00")
    code = give_epin(cast.anna, "10.00")
    paid = cast.anna.client.post("epin/payment/", payment_amount="10.00", epin_code=code)
    assert paid.status_code == 204
    shop(cast.anna, FROM_WALLET, soap=2)
    page = _page(cast.anna, "refund")
    with nothing_changes():
        sent = _refund(cast.anna, soap=2) | {"reason": "both", "preview": "on"}
        shown = olga.send(page, **sent)
    assert shown.status_code == 200
    for expected in ("Where the money goes", f"wallet of {cast.anna.username}", "15.00 EUR",
                     f"e-pin …{code[-4:]}", "10.00 EUR", "25.00 EUR"):  # fmt: skip
        assert expected in shown.text

    form = {"reason": "both", **_refund(cast.anna, soap=2)}
    olga.press(page, **form)
    remaining = data(cast.anna.client.get("epins/"))["epins"][0]["balance"]
    assert str(remaining) == "10", "as the preview said"
    assert str(data(cast.anna.client.get("ewallet/balance/"))["balance"]) == "100"


def test_a_preview_says_that_an_expired_e_pin_gets_nothing_back(
    olga: Visitor, cast: Cast, shop: Callable[..., None], give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "12.50")
    shop(cast.anna, {"payment_method": "epin", "epin_code": code}, soap=1)
    gone = clock.now() - timedelta(seconds=1)
    EPin.objects.filter(owner_id=cast.anna.id).update(expires_at=gone)
    sent = {"reason": "back", **_refund(cast.anna, soap=1)}
    shown = olga.send(_page(cast.anna, "refund"), preview="on", **sent)
    assert "has expired" in shown.text
    olga.press(_page(cast.anna, "refund"), **sent)
    assert str(data(cast.anna.client.get("ewallet/balance/"))["purchase_balance"]) == "12.5"


def test_what_was_paid_outside_goes_back_by_other_means(
    olga: Visitor, cast: Cast, shop: Callable[..., None]
) -> None:
    shop(cast.anna, soap=1)
    olga.press(_page(cast.anna, "approve"), **_received(cast.anna))
    sent = {"reason": "back", **_refund(cast.anna, soap=1)}
    shown = olga.send(_page(cast.anna, "refund"), preview="on", **sent)
    assert "you send it yourself (paid outside Upline)" in shown.text
    olga.press(_page(cast.anna, "refund"), **sent)
    assert _order(cast.anna).status == "refunded"
    shown = data(cast.anna.client.get("ewallet/balance/"))
    assert (str(shown["balance"]), str(shown["purchase_balance"])) == ("0", "0")


def test_orders_are_filtered_and_found(
    olga: Visitor, cast: Cast, shop: Callable[..., None]
) -> None:
    shop(cast.anna, soap=1)
    number, membership = _order(cast.anna).number, _order(cast.anna, "membership").number
    page = olga.get("/orders/order/", kind__exact="checkout", q=cast.anna.username).text
    assert number in page
    assert membership not in page
    assert number in olga.get("/orders/order/", q=number).text
    assert number not in olga.get("/orders/order/", status__exact="complete").text
    assert (
        number not in olga.get("/orders/order/", created_at__gte="2999-01-01T00:00:00+00:00").text
    )


def test_a_refund_of_what_was_paid_outside_is_a_task_until_it_is_marked_as_sent(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    olga.press(_page(cast.anna, "approve", "membership"), **_received(cast.anna, "membership"))
    order = _order(cast.anna, "membership")
    lines = {f"line_{line.pk}": str(line.quantity) for line in order.lines.all()}
    olga.press(_page(cast.anna, "refund", "membership"), reason="withdrawn", **lines)
    to_send = RefundToSend.objects.get(refund__order=order)
    assert "Refunds to send" in olga.get("/").text
    waiting = olga.get("/orders/refundtosend/", sent="no").text
    assert order.number in waiting
    assert "110.00 EUR, not sent yet" in olga.get(_page(cast.anna, kind="membership")).text
    page = f"/orders/refundtosend/{to_send.pk}/sent/"
    assert olga.press(page, note="by bank") == "110.00 EUR is marked as sent."
    assert audited("refund.sent", f"order:{order.number}") == {
        "amount": 11000, "currency": "EUR", "note": "by bank"}  # fmt: skip
    assert order.number not in olga.get("/orders/refundtosend/", sent="no").text
    assert "by bank" in olga.get(f"/orders/refundtosend/{to_send.pk}/").text
    assert Order.objects.get(pk=order.pk).status == "refunded"


def test_the_list_shows_what_is_refunded_of_an_order(
    olga: Visitor, cast: Cast, shop: Callable[..., None], fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    shop(cast.anna, FROM_WALLET, soap=3)
    olga.press(_page(cast.anna, "refund"), reason="one piece", **_refund(cast.anna, soap=1))
    row = olga.get("/orders/order/", q=_order(cast.anna).number).text
    assert "37.50 EUR" in row
    assert "12.50 EUR refunded" in row


def test_refunds_to_send_in_the_shell(
    olga: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{STAFF_PASSWORD}\n"))
        said = io.StringIO()
        call_command("refund", *words, stdout=said)
        return said.getvalue()

    olga.press(_page(cast.anna, "approve", "membership"), **_received(cast.anna, "membership"))
    order = _order(cast.anna, "membership")
    lines = {f"line_{line.pk}": str(line.quantity) for line in order.lines.all()}
    olga.press(_page(cast.anna, "refund", "membership"), reason="withdrawn", **lines)
    (line,) = [each for each in run("list").splitlines() if order.number in each]
    number = line.split()[0]
    assert "110.00 EUR" in line
    assert "not sent yet" in line
    sent = ("sent", number, "--as", STAFF, "--note", "by bank")
    assert run(*sent) == f"Refund {number} is marked as sent.\n"
    assert order.number not in run("list")
    assert order.number in run("list", "--all")
    with pytest.raises(CommandError, match="already"):
        run(*sent)
