"""What is paid in waits for an order, and goes back where it came from."""

from collections.abc import Callable
from datetime import timedelta

from support.cast import Cast, Player
from support.client import data
from support.moves import pay_in
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.epins.models import EPin
from upline.flows import epin_batches, housekeeping


def pay_by_epin(payer: Player, amount: str, code: str) -> None:
    answer = payer.client.post("epin/payment/", payment_amount=amount, epin_code=code)
    assert answer.status_code == 204, answer.text


def check_out(buyer: Player, product: int, quantity: int) -> str:
    """The status of an order just made."""
    client = buyer.client
    client.post("cart/products/", product_id=product, quantity=quantity)
    address = dict.fromkeys(("name", "address", "city"), "Bonn")
    client.post("cart/shipping_address/", zip_code="53111", phone="+49 228 1", **address)
    answer = client.call("POST", "cart/checkout/", headers={"Prefer": "return=representation"})
    assert answer.status_code == 201, answer.text
    return str(data(answer)["status"])


def minutes_pass(player: Player, minutes: int) -> None:
    """For what a player has paid in and ordered; then what the worker does every minute."""

    past = [timedelta(minutes=minutes), player.id]
    sql.run("UPDATE payments_payment SET expires_at = expires_at - %s WHERE member_id = %s", past)
    sql.run("UPDATE orders_order SET lapses_at = lapses_at - %s WHERE member_id = %s", past)
    housekeeping.let_time_pass()


def balances(player: Player) -> tuple[str, str]:
    """The wallet, and all that can only buy."""
    shown = data(player.client.get("ewallet/balance/"))
    return f"{shown['balance']:.2f}", f"{shown['purchase_balance']:.2f}"


def epin_of(player: Player) -> str:
    (epin,) = data(player.client.get("epins/"))["epins"]
    return f"{epin['balance']:.2f}"


def test_the_payment_that_expires_first_is_spent_first(
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> None:
    fill(cast.anna, "100.00")
    code = give_epin(cast.anna, "50.00")
    pay_by_epin(cast.anna, "20.00", code)
    pay_in(cast.anna, "20.00")
    assert check_out(cast.anna, product("soap"), 1) == "complete"
    cast.anna.client.post("ewallet/payment/refund/")
    assert (balances(cast.anna), epin_of(cast.anna)) == (("100.00", "0.00"), "37.50")


def test_a_payment_goes_back_after_thirty_minutes(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    """Also that of a new member, whose free membership waits for its payment for ever."""
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "20.00")
    minutes_pass(cast.anna, 29)
    assert balances(cast.anna) == ("80.00", "20.00")
    minutes_pass(cast.anna, 1)
    assert balances(cast.anna) == ("100.00", "0.00")
    (membership,) = data(cast.anna.client.get("orders/"))["orders"]
    assert membership["status"] == "awaiting_payment"


def test_a_payment_stays_while_an_order_awaits_it_until_that_lapses(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "20.00")
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    minutes_pass(cast.anna, 23 * 60)
    assert balances(cast.anna) == ("80.00", "20.00")
    minutes_pass(cast.anna, 60)
    assert balances(cast.anna) == ("100.00", "0.00")
    newest = data(cast.anna.client.get("orders/"))["orders"][0]
    assert newest["status"] == "cancelled"


def test_each_payment_goes_back_to_its_own_source(
    cast: Cast, fill: Callable[[Player, str], None], give_epin: Callable[..., str]
) -> None:
    fill(cast.anna, "100.00")
    fill(cast.erik, "50.00")
    code = give_epin(cast.anna, "50.00")
    pay_in(cast.anna, "10.00")
    pay_in(cast.anna, "20.00", cast.erik)
    pay_by_epin(cast.anna, "30.00", code)
    assert balances(cast.anna) == ("90.00", "60.00")
    minutes_pass(cast.anna, 30)
    assert (balances(cast.anna), epin_of(cast.anna)) == (("100.00", "0.00"), "50.00")
    assert balances(cast.erik) == ("50.00", "0.00")


def test_what_came_from_an_epin_that_has_expired_can_only_buy(
    cast: Cast, give_epin: Callable[..., str], product: Callable[[str], int]
) -> None:
    code = give_epin(cast.anna, "50.00")
    pay_by_epin(cast.anna, "20.00", code)
    EPin.objects.filter(owner_id=cast.anna.id).update(expires_at=clock.now())
    minutes_pass(cast.anna, 30)
    assert (balances(cast.anna), epin_of(cast.anna)) == (("0.00", "20.00"), "30.00")
    minutes_pass(cast.anna, 30)
    assert balances(cast.anna) == ("0.00", "20.00")
    assert check_out(cast.anna, product("soap"), 1) == "complete"
    assert balances(cast.anna) == ("0.00", "7.50")


def test_a_blocked_epin_gets_its_money_back_and_stays_blocked(
    cast: Cast, give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "50.00")
    pay_by_epin(cast.anna, "20.00", code)
    epin_batches.block_epins(UnitOfWork(Shell()), [EPin.objects.get(owner_id=cast.anna.id).pk])
    minutes_pass(cast.anna, 30)
    (epin,) = data(cast.anna.client.get("epins/"))["epins"]
    assert (epin["balance"], epin["status"]) == (50, "blocked")


def test_what_was_given_back_is_not_given_back_again(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "20.00")
    for _ in range(2):
        minutes_pass(cast.anna, 30)
        assert cast.anna.client.post("ewallet/payment/refund/").status_code == 204
    assert balances(cast.anna) == ("100.00", "0.00")
