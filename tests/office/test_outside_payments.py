"""Money that arrives by bank transfer: in parts, in excess, late, twice, and too late."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from payments.test_waiting import balances, check_out, minutes_pass, pay_by_epin
from support.cast import Cast, Player, minor
from support.client import refused
from support.moves import pay_in
from support.office import Visitor, problems
from upline.base import clock
from upline.orders.models import Order
from upline.payments.models import Payment, PaymentEvent, Surplus

DAY = 24 * 60


def newest(player: Player) -> Any:
    return Order.objects.filter(member_id=player.id).latest("id")


def page(player: Player, button: str = "approve") -> str:
    return f"/orders/order/{newest(player).pk}/{button}/"


def received(player: Player, amount: str, reference: str) -> dict[str, str]:
    """What the form of a payment says; the bank gives no reference twice."""
    return {"amount": amount, "reference": f"{reference} {player.username}"}


def surpluses(player: Player) -> list[Surplus]:
    return list(Surplus.objects.filter(payment__member_id=player.id).order_by("id"))


def statuses(player: Player) -> list[str]:
    """Of the player's payments from outside, the oldest first."""
    found = Payment.objects.filter(member_id=player.id, provider="outside").order_by("id")
    return [payment.status for payment in found]


def complete(player: Player) -> None:
    """The member completes the newest order with what they have paid in."""
    order = newest(player)
    answer = player.client.post(
        "order/", order_id=order.number, total_amount=str(order.total_amount / 100),
        total_quantity=str(order.total_quantity), total_pv=str(order.total_points / 100),
    )  # fmt: skip
    assert answer.status_code == 204, answer.text


@pytest.fixture
def ordered(cast: Cast, product: Callable[[str], int]) -> Player:
    """Anna, with an order of 25.00 that awaits payment."""
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    return cast.anna


def test_two_bank_transfers_pay_one_order(olga: Visitor, ordered: Player) -> None:
    number = newest(ordered).number
    said = olga.press(page(ordered), **received(ordered, "10.00", "A"))
    assert said == f"{number} still lacks 15.00 EUR."
    assert balances(ordered) == ("0.00", "10.00")
    assert newest(ordered).status == "awaiting_payment"
    assert 'value="15.00"' in olga.get(page(ordered)).text
    said = olga.press(page(ordered), **received(ordered, "15.00", "B"))
    assert said == f"{number} is marked as paid."
    assert newest(ordered).status == "complete"
    assert balances(ordered) == ("0.00", "0.00")
    assert statuses(ordered) == ["captured", "captured"]
    assert "15.00 EUR" in olga.get(f"/orders/order/{newest(ordered).pk}/").text


def test_a_bank_transfer_is_recorded_once(
    olga: Visitor, ordered: Player, nothing_changes: Callable[[], Any]
) -> None:
    olga.press(page(ordered), **received(ordered, "10.00", "A"))
    with nothing_changes():
        answer = olga.send(page(ordered), **received(ordered, "15.00", "A"))
        assert problems(answer) == "A payment with this reference is already recorded."


def test_what_was_paid_for_one_order_pays_no_other_and_does_not_go_back(
    olga: Visitor, ordered: Player, product: Callable[[str], int]
) -> None:
    olga.press(page(ordered), **received(ordered, "20.00", "A"))
    assert check_out(ordered, product("soap"), 1) == "awaiting_payment"
    assert ordered.client.post("ewallet/payment/refund/").status_code == 204
    minutes_pass(ordered, 31)
    assert balances(ordered) == ("0.00", "20.00")


def test_the_member_pays_what_the_bank_transfer_lacks(
    olga: Visitor, ordered: Player, fill: Callable[[Player, str], None]
) -> None:
    olga.press(page(ordered), **received(ordered, "20.00", "A"))
    fill(ordered, "10.00")
    pay_in(ordered, "5.00")
    complete(ordered)
    assert newest(ordered).status == "complete"
    assert balances(ordered) == ("5.00", "0.00")


def test_what_is_too_much_can_be_spent_or_is_sent_back(
    olga: Visitor,
    ordered: Player,
    audited: Callable[..., dict[str, Any]],
    nothing_changes: Callable[[], Any],
) -> None:
    said = olga.press(page(ordered), **received(ordered, "30.00", "A"))
    assert "did not need 5.00 EUR" in said
    assert newest(ordered).status == "complete"
    assert balances(ordered) == ("0.00", "5.00")
    assert "leave it or send it back" in olga.get("/").text
    (surplus,) = surpluses(ordered)
    assert (surplus.reason, surplus.amount) == ("overpaid", minor("5.00"))
    stale = olga.open(f"/payments/surplus/{surplus.pk}/keep/")
    olga.press(f"/payments/surplus/{surplus.pk}/send/", note="bank transfer of today")
    assert balances(ordered) == ("0.00", "0.00")
    assert audited("surplus.send")["amount"] == minor("5.00")
    with nothing_changes():
        answer = olga.post(f"/payments/surplus/{surplus.pk}/keep/", stale)
        assert problems(answer) == "This money was already kept or sent back."


def test_a_surplus_that_was_spent_is_not_sent_back(
    olga: Visitor,
    ordered: Player,
    product: Callable[[str], int],
    nothing_changes: Callable[[], Any],
) -> None:
    olga.press(page(ordered), **received(ordered, "40.00", "A"))
    assert check_out(ordered, product("soap"), 1) == "complete"
    (surplus,) = surpluses(ordered)
    with nothing_changes():
        assert problems(olga.send(f"/payments/surplus/{surplus.pk}/send/", note="today"))
    olga.press(f"/payments/surplus/{surplus.pk}/keep/", note="spent")
    assert balances(ordered) == ("0.00", "2.50")


@pytest.mark.parametrize("by", ["member", "staff", "time"])
def test_money_for_a_cancelled_order_goes_to_the_shopping_balance(
    olga: Visitor, ordered: Player, by: str
) -> None:
    """A part that came before, and the rest that comes after."""
    olga.press(page(ordered), **received(ordered, "10.00", "A"))
    if by == "member":
        ordered.client.call("DELETE", f"orders/{newest(ordered).number}/")
    elif by == "staff":
        olga.press(page(ordered, "cancel"))
    else:
        minutes_pass(ordered, 14 * DAY)
    assert newest(ordered).status == "cancelled"
    olga.press(page(ordered, "payment"), **received(ordered, "15.00", "B"))
    assert newest(ordered).status == "cancelled"
    assert balances(ordered) == ("0.00", "25.00")
    assert [each.reason for each in surpluses(ordered)] == ["cancelled", "cancelled"]
    assert statuses(ordered) == ["voided", "voided"]


def test_money_for_a_paid_order_goes_to_the_shopping_balance(
    olga: Visitor, ordered: Player
) -> None:
    olga.press(page(ordered), **received(ordered, "25.00", "A"))
    olga.press(page(ordered, "payment"), **received(ordered, "25.00", "B"))
    assert balances(ordered) == ("0.00", "25.00")
    assert [each.reason for each in surpluses(ordered)] == ["paid_twice"]


def test_a_part_gives_the_order_as_long_as_a_bank_transfer_takes(
    olga: Visitor, ordered: Player, office_sets: Callable[..., None]
) -> None:
    office_sets(bank_transfer_days=3)
    minutes_pass(ordered, 23 * 60)
    olga.press(page(ordered), **received(ordered, "10.00", "A"))
    minutes_pass(ordered, 3 * DAY - 1)
    assert newest(ordered).status == "awaiting_payment"
    minutes_pass(ordered, 2)
    assert newest(ordered).status == "cancelled"


def test_an_order_waits_as_long_as_its_way_to_pay_takes(
    cast: Cast,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    def wait_after_checkout(**more: str) -> timedelta:
        cast.anna.client.post("cart/products/", product_id=product("soap"), quantity=1)
        answer = cast.anna.client.post("cart/checkout/", **more)
        assert answer.status_code == 204, answer.text
        lapses_at: datetime = newest(cast.anna).lapses_at
        return lapses_at - clock.now() + timedelta(minutes=1)

    check_out(cast.anna, product("soap"), 1)
    assert wait_after_checkout() // timedelta(hours=1) == 24
    with nothing_changes():
        answer = cast.anna.client.post("cart/checkout/", payment_method="bank_transfer")
        refused(answer, 422, "1004", "payment_method")
    office_sets(checkout_by_bank_transfer=True, bank_transfer_days=5, cart_order_hours=2)
    assert wait_after_checkout(payment_method="bank_transfer") // timedelta(days=1) == 5
    assert wait_after_checkout() // timedelta(hours=1) == 2


def test_an_order_that_waits_for_the_bank_holds_no_other_payment_back(
    cast: Cast,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
    fill: Callable[[Player, str], None],
) -> None:
    office_sets(checkout_by_bank_transfer=True)
    fill(cast.anna, "50.00")
    pay_in(cast.anna, "20.00")
    client = cast.anna.client
    client.post("cart/products/", product_id=product("soap"), quantity=1)
    address = dict.fromkeys(("name", "address", "city"), "Bonn")
    client.post("cart/shipping_address/", zip_code="53111", phone="+49 228 1", **address)
    answer = client.post("cart/checkout/", payment_method="bank_transfer")
    assert answer.status_code == 204, answer.text
    minutes_pass(cast.anna, 31)
    assert balances(cast.anna) == ("50.00", "0.00")
    assert newest(cast.anna).status == "awaiting_payment"


def test_a_refund_of_an_order_paid_in_two_ways_goes_back_both_ways(
    olga: Visitor, ordered: Player, give_epin: Callable[..., str]
) -> None:
    olga.press(page(ordered), **received(ordered, "20.00", "A"))
    pay_by_epin(ordered, "5.00", give_epin(ordered, "50.00"))
    complete(ordered)
    order = newest(ordered)
    pieces = {f"line_{order.lines.get().pk}": "2"}
    olga.press(page(ordered, "refund"), reason="broken", **pieces)
    assert newest(ordered).status == "refunded"
    assert statuses(ordered) == ["refunded"]
    (to_send,) = [refund.to_send for refund in order.refunds.all()]
    assert to_send.amount == minor("20.00")


def test_the_database_lets_no_payment_go_back(ordered: Player, olga: Visitor) -> None:
    olga.press(page(ordered), **received(ordered, "25.00", "A"))
    payment = Payment.objects.get(member_id=ordered.id)
    for change in ({"captured": 0}, {"authorised": 1}, {"provider": "card"}, {"reference": "B"}):
        with pytest.raises(Exception, match="payment"):
            Payment.objects.filter(pk=payment.pk).update(**change)
    assert Payment.objects.get(pk=payment.pk).status == "captured"


def test_a_bank_file_pays_orders_and_shows_what_fits_none(olga: Visitor, ordered: Player) -> None:
    reference = f"B {ordered.username}"
    lines = (
        "reference,amount,currency,text\r\n"
        f"{reference},25.00,EUR,Thanks for {newest(ordered).number}\r\n"
        f"{reference} other,12.00,EUR,no number\r\n"
    )
    said = olga.press("/payments/paymentevent/import/", lines=lines)
    assert said == "2 new transfers were imported."
    assert newest(ordered).status == "complete"
    assert "Assign each to its order" in olga.get("/").text
    waiting = olga.get("/payments/paymentevent/", status__exact="waiting").text
    assert f"{reference} other" in waiting
    event = PaymentEvent.objects.get(reference=f"{reference} other")
    olga.press(f"/payments/paymentevent/{event.pk}/set-aside/", note="rent of the hall")
    assert "rent of the hall" in olga.get(f"/payments/paymentevent/{event.pk}/").text
    assert olga.press("/payments/paymentevent/import/", lines=lines).startswith("0 new transfers")
    assert balances(ordered) == ("0.00", "0.00")
