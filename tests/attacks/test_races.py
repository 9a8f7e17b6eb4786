"""Requests that leave at the same moment: one has to win, and nobody else loses anything."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import httpx
import pytest
from django.db import connection

from attacks.parallel import Gate, at_once, outcomes, times
from attacks.planted import faulty_server
from attacks.races import (
    KEY,
    race_for_a_position,
    race_for_an_epin,
    race_of_an_epin_with_itself,
    race_to_check_out,
    race_to_give_back,
    race_to_overspend,
    race_to_refund,
)
from support.cast import Cast, Player
from support.client import Client, data
from support.installation import PASSWORD, TRANSACTION_PASSWORD, Installation
from support.moves import ADDRESS, pay_in, payment
from upline.base import sql
from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.flows import refunding
from upline.orders.models import OrderLine

RACERS = 16
PRICE = Decimal("110.00")
BY_WALLET, BY_EPIN, FREE = "ewallet", "epin", "free_join"


@pytest.fixture
def line(player: Callable[..., Player]) -> list[Player]:
    """16 members, each below the one before, so that all may enrol below the last."""
    players = [player("max")]
    while len(players) < RACERS:
        above = players[-1].username
        players.append(player("max", above, above))
    return players


@pytest.fixture
def funds(
    fill: Callable[[Player, str], None], give_epin: Callable[..., str]
) -> Callable[[str, list[Player]], Callable[[Player], dict[str, str]]]:
    """Give each racer exactly what one signup costs; what each of them then sends."""

    def give(method: str, racers: list[Player]) -> Callable[[Player], dict[str, str]]:
        sent: dict[int, dict[str, str]] = {}
        for racer in racers:
            sent[racer.id] = {"payment_method": method}
            if method == BY_WALLET:
                fill(racer, str(PRICE))
                sent[racer.id] |= {
                    "ewallet_username": racer.username,
                    "transaction_password": TRANSACTION_PASSWORD,
                }
            if method == BY_EPIN:
                sent[racer.id]["epin_code"] = give_epin(racer, str(PRICE))
        return lambda racer: sent[racer.id]

    return give


@pytest.fixture
def shopper(cast: Cast, product: Callable[[str], int]) -> Player:
    """Somebody with a filled cart and an address."""
    anna = cast.anna.client
    anna.post("cart/products/", product_id=product("soap"), quantity=2)
    anna.post("cart/shipping_address/", **ADDRESS)
    return cast.anna


# --- A position ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", [BY_WALLET, BY_EPIN, FREE])
def test_row_2_of_16_signups_for_one_position_one_gets_it_and_only_its_payer_pays(
    installation: Installation,
    line: list[Player],
    funds: Callable[[str, list[Player]], Callable[[Player], dict[str, str]]],
    product: Callable[[str], int],
    method: str,
) -> None:
    sent = funds(method, line)
    seen = race_for_a_position(
        installation.server, line, line[-1].username, product("starter"), sent
    )
    assert seen.answers == {"201": 1, "1008": RACERS - 1}
    untouched = PRICE if method != FREE else Decimal(0)
    payers = 1 if method != FREE else RACERS
    assert Counter(seen.remaining) == Counter(
        [untouched] * (RACERS - payers) + [Decimal(0)] * payers
    )


def test_the_race_for_a_position_notices_a_missing_constraint(
    installation: Installation,
    line: list[Player],
    funds: Callable[[str, list[Player]], Callable[[Player], dict[str, str]]],
    product: Callable[[str], int],
) -> None:
    sent = funds(FREE, line)
    with faulty_server(installation, "position") as server:
        seen = race_for_a_position(server, line, line[-1].username, product("starter"), sent)
    assert seen.answers["201"] > 1


# --- An e-pin ------------------------------------------------------------------------------


def test_an_epin_pays_its_amount_once(
    installation: Installation, cast: Cast, give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "50.00")
    seen = race_for_an_epin(installation.server, cast.anna, code, "50.00")
    assert seen.answers == {"204": 1, "1016": 15}
    assert seen.remaining == [Decimal(50)]


def test_the_race_for_an_epin_notices_a_balance_that_is_read_and_written_back(
    installation: Installation, cast: Cast, give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "50.00")
    with faulty_server(installation, "epin") as server:
        seen = race_for_an_epin(server, cast.anna, code, "50.00")
    assert seen.answers["204"] > 1
    assert seen.remaining[0] > 50


# --- A wallet ------------------------------------------------------------------------------


def test_a_wallet_of_100_pays_10_ten_times_and_is_never_below_zero(
    installation: Installation, cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    seen = race_to_overspend(installation.server, cast.anna)
    assert seen.answers == {"204": 10, "1014": 54}
    assert min(seen.remaining) == seen.remaining[-1] == 0
    shown = data(cast.anna.client.get("ewallet/balance/"))
    assert shown["purchase_balance"] == 100


def test_the_race_to_overspend_notices_a_balance_that_is_checked_before_it_is_taken(
    installation: Installation, cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    with faulty_server(installation, "overspend") as server:
        seen = race_to_overspend(server, cast.anna)
    assert seen.answers["204"] > 10
    assert min(seen.remaining) < 0


def test_payments_that_cross_each_other_all_arrive(
    cast: Cast, fill: Callable[[Player, str], None], installation: Installation
) -> None:
    """Two wallets pay for each other at once: the classic deadlock."""
    fill(cast.anna, "100.00")
    fill(cast.ben, "100.00")

    def pay(payer: Player, wallet_of: Player) -> Callable[[], httpx.Response]:
        sent = payment(wallet_of.username, "1.00")
        return lambda: payer.client.post("ewallet/payment/", **sent)

    crossing = [pay(cast.anna, cast.ben), pay(cast.ben, cast.anna)] * 20
    assert outcomes(at_once(crossing, Gate(16, "wallet_account"))) == {"204": 40}
    for who in (cast.anna, cast.ben):
        shown = data(who.client.get("ewallet/balance/"))
        assert (shown["balance"], shown["purchase_balance"]) == (80, 20)


def test_unused_payments_asked_back_16_times_come_back_once(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "60.00")
    give_back = partial(cast.anna.client.post, "ewallet/payment/refund/")
    answers = times(16, give_back, Gate(16, "wallet_account"))
    assert outcomes(answers) == {"204": 16}
    shown = data(cast.anna.client.get("ewallet/balance/"))
    assert (shown["balance"], shown["purchase_balance"]) == (100, 0)


# --- The way back ---------------------------------------------------------------------------


@pytest.fixture
def deadlocks(installation: Installation) -> Callable[[], int]:
    """How many PostgreSQL has broken up since the test began. Who asked sees none of them: the
    unit of work is tried again, a second later."""
    log = installation.postgres.log
    begun = log.stat().st_size
    return lambda: log.read_bytes()[begun:].count(b"deadlock detected")


@pytest.fixture
def crossing(
    cast: Cast, player: Callable[..., Player], fill: Callable[[Player, str], None]
) -> list[Player]:
    """6 members who have paid in from the same two wallets, every other one in the other order."""
    racers, wallets = [player("max") for _ in range(6)], [cast.cleo, cast.erik]
    for wallet in wallets:
        fill(wallet, "100.00")
    for number, racer in enumerate(racers):
        for wallet in wallets if number % 2 else reversed(wallets):
            pay_in(racer, "6.25", wallet)
    return racers


@pytest.fixture
def orders(crossing: list[Player], product: Callable[[str], int]) -> list[tuple[int, int]]:
    """The orders that they bought with it: each one's id and its line's."""
    for racer in crossing:
        racer.client.post("cart/products/", product_id=product("soap"), quantity=1)
        racer.client.post("cart/shipping_address/", **ADDRESS)
        assert racer.client.post("cart/checkout/").status_code == 204
    bought = OrderLine.objects.filter(
        order__member_id__in=[racer.id for racer in crossing], order__status="complete"
    )
    return list(bought.order_by("id").values_list("order_id", "id"))


def in_wallets(*owners: Player) -> list[Decimal]:
    return [Decimal(data(each.client.get("ewallet/balance/"))["balance"]) for each in owners]


def test_payments_that_cross_each_other_on_their_way_back_never_deadlock(
    installation: Installation, cast: Cast, crossing: list[Player], deadlocks: Callable[[], int]
) -> None:
    seen = race_to_give_back(installation.server, crossing)
    assert seen.answers == {"204": 6}
    assert in_wallets(cast.cleo, cast.erik) == [100, 100]
    assert deadlocks() == 0


def test_refunds_that_cross_each_other_never_deadlock(
    installation: Installation,
    cast: Cast,
    orders: list[tuple[int, int]],
    deadlocks: Callable[[], int],
) -> None:
    seen = race_to_refund(installation.server, orders)
    assert seen.answers == {"302": 6}
    assert in_wallets(cast.cleo, cast.erik) == [100, 100]
    assert deadlocks() == 0


def test_the_race_to_give_back_notices_accounts_that_are_not_locked_by_id(
    installation: Installation, crossing: list[Player], deadlocks: Callable[[], int]
) -> None:
    with faulty_server(installation, "accounts") as server:
        race_to_give_back(server, crossing[:4])
    assert deadlocks() > 0


def test_the_race_of_refunds_notices_accounts_that_are_not_locked_by_id(
    installation: Installation, orders: list[tuple[int, int]], deadlocks: Callable[[], int]
) -> None:
    with faulty_server(installation, "accounts") as server:
        race_to_refund(server, orders[:4])
    assert deadlocks() > 0


def pay_in_by_epin(owner: Player, give_epin: Callable[..., str]) -> str:
    """The code of an e-pin that has paid in 10.00, which can be asked back."""
    code = give_epin(owner, "50.00")
    owner.client.post("epin/payment/", payment_amount="10.00", epin_code=code)
    return code


def test_an_epin_that_pays_while_it_is_paid_back_never_deadlocks(
    installation: Installation,
    cast: Cast,
    give_epin: Callable[..., str],
    deadlocks: Callable[[], int],
) -> None:
    code = pay_in_by_epin(cast.anna, give_epin)
    seen = race_of_an_epin_with_itself(installation.server, cast.anna, code)
    assert seen.answers == {"204": 8}
    assert deadlocks() == 0


def test_the_race_of_an_epin_with_itself_notices_an_epin_that_is_locked_last(
    installation: Installation,
    cast: Cast,
    give_epin: Callable[..., str],
    deadlocks: Callable[[], int],
) -> None:
    code = pay_in_by_epin(cast.anna, give_epin)
    with faulty_server(installation, "epin_last") as server:
        race_of_an_epin_with_itself(server, cast.anna, code)
    assert deadlocks() > 0


# --- An order ------------------------------------------------------------------------------


def test_a_checkout_sent_20_times_with_one_key_makes_one_order(
    installation: Installation, shopper: Player
) -> None:
    seen = race_to_check_out(installation.server, shopper, KEY)
    assert seen.answers == {"201": 20}
    assert seen.orders == 1
    assert len(seen.bodies) == 1, "a replay says what the first answer said"


def test_a_checkout_sent_20_times_without_a_key_makes_one_order(
    installation: Installation, shopper: Player
) -> None:
    seen = race_to_check_out(installation.server, shopper)
    assert seen.answers == {"201": 1, "1110": 19}
    assert seen.orders == 1


@pytest.mark.parametrize("key", [KEY, ""])
def test_the_race_to_check_out_notices_a_cart_that_is_read_before_it_is_emptied(
    installation: Installation, shopper: Player, key: str
) -> None:
    with faulty_server(installation, "checkout") as server:
        seen = race_to_check_out(server, shopper, key)
    assert seen.orders > 1


def test_two_payments_of_one_order_pay_it_once(
    cast: Cast, shopper: Player, fill: Callable[[Player, str], None]
) -> None:
    fill(shopper, "100.00")
    made = shopper.client.call(
        "POST", "cart/checkout/", headers={"Prefer": "return=representation"}
    )
    order = data(made)
    pay_in(shopper, "50.00")
    answers = times(
        16,
        lambda: shopper.client.post(
            "order/",
            order_id=order["order_id"],
            total_amount=str(order["total_amount"]),
            total_quantity=str(order["total_quantity"]),
            total_pv=str(order["total_pv"]),
        ),
        Gate(16, "orders_order"),
    )
    assert outcomes(answers) == {"204": 16}
    shown = data(shopper.client.get("ewallet/balance/"))
    assert shown["purchase_balance"] == 50 - order["total_amount"]


def test_paying_and_cancelling_an_order_at_once_do_not_both_happen(
    shopper: Player, fill: Callable[[Player, str], None]
) -> None:
    fill(shopper, "100.00")
    order = data(
        shopper.client.call("POST", "cart/checkout/", headers={"Prefer": "return=representation"})
    )
    pay_in(shopper, "50.00")
    number, total = order["order_id"], order["total_amount"]

    def complete() -> httpx.Response:
        return shopper.client.post(
            "order/",
            order_id=number,
            total_amount=str(total),
            total_quantity=str(order["total_quantity"]),
            total_pv=str(order["total_pv"]),
        )

    def cancel() -> httpx.Response:
        return shopper.client.delete(f"orders/{number}/")

    at_once([complete, cancel] * 8, Gate(16, "orders_order"))
    status = data(shopper.client.get(f"orders/{number}/"))["status"]
    remaining = data(shopper.client.get("ewallet/balance/"))["purchase_balance"]
    assert (status, remaining) in {("complete", 50 - total), ("cancelled", Decimal(50))}


def test_an_order_refunded_twice_at_once_is_refunded_once(
    shopper: Player, fill: Callable[[Player, str], None]
) -> None:
    fill(shopper, "100.00")
    pay_in(shopper, "50.00")
    shopper.client.post("cart/checkout/")
    bought = data(shopper.client.get("orders/"))["orders"][0]
    assert bought["status"] == "complete"
    line_id = sql.number(
        """SELECT line.id FROM orders_orderline line JOIN orders_order
           ON orders_order.id = line.order_id WHERE number = %s""",
        [bought["order_id"]],
    )

    def refund() -> bool:
        try:
            refunding.refund_order(
                UnitOfWork(Shell()), bought["order_id"], {line_id: 2}, "sent back"
            )
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    assert sorted(times(8, refund, Gate(8, "orders_order"))) == [False] * 7 + [True]
    shown = data(shopper.client.get("ewallet/balance/"))
    assert shown["balance"] + shown["purchase_balance"] == 100


def test_one_outside_order_reported_16_times_at_once_is_one_order(
    installation: Installation, cast: Cast
) -> None:
    shop = Client(installation.base_url, installation.store_api_key)
    shop.sign_in(cast.anna.username, PASSWORD)
    report = {"order_id": "W-1", "total_amount": "80", "total_quantity": "3", "total_pv": "40"}
    answers = times(16, lambda: shop.post("order/", **report), Gate(16, "orders_order"))
    assert outcomes(answers) == {"204": 16}
    orders = data(shop.get("orders/"))["orders"]
    assert [order["total_quantity"] for order in orders if order["status"] == "complete"] == [3]
