"""The races that a planted fault must turn red: each returns what happened, and judges nothing.

The tests of the shipped server and those of a faulty one run the same functions."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import httpx

from attacks.parallel import Gate, at_once, outcomes, times
from support.cast import Player
from support.client import Client, data
from support.installation import STAFF, STAFF_PASSWORD, Server
from support.moves import ask_payout, payment, signup_fields
from support.office import Visitor

KEY = "one-order-and-no-more"
GIVE_BACK = "ewallet/payment/refund/"


@dataclass
class Seen:
    """What a race showed: how often each answer came, and what was left."""

    answers: Counter[str]
    remaining: list[Decimal] = field(default_factory=list)
    orders: int = 0
    bodies: set[str] = field(default_factory=set)


def at(server: Server, client: Client) -> Client:
    """The same caller at another server of the same company."""
    return Client(server.base_url, client.api_key, client.access_token)


def race_for_a_position(
    server: Server,
    racers: Sequence[Player],
    below: str,
    product_id: int,
    funds: Callable[[Player], dict[str, str]],
) -> Seen:
    """Each racer enrols somebody at the left of `below`, paid as `funds` says."""

    def enrol(racer: Player) -> Callable[[], httpx.Response]:
        fields = signup_fields(below, product_id, **funds(racer))
        return lambda: at(server, racer.client).post("signup/", **fields)

    gate = Gate(len(racers), "genealogy_chain", server.database)
    answers = at_once([enrol(racer) for racer in racers], gate)
    money = [_money(at(server, racer.client)) for racer in racers]
    return Seen(outcomes(answers), remaining=money)


def _money(client: Client) -> Decimal:
    """All that a member holds: wallet, what is paid in, e-pins."""
    shown = data(client.get("ewallet/balance/"))
    pins = data(client.get("epins/"))["epins"]
    held = [shown["balance"], shown["purchase_balance"], *(pin["balance"] for pin in pins)]
    return sum(map(Decimal, held), Decimal(0))


def race_for_an_epin(server: Server, owner: Player, code: str, amount: str) -> Seen:
    """16 payments of the e-pin's full amount."""
    client = at(server, owner.client)
    pay = lambda: client.post("epin/payment/", payment_amount=amount, epin_code=code)  # noqa: E731
    answers = times(16, pay, Gate(16, "epins_epin", server.database))
    paid_in = data(client.get("ewallet/balance/"))["purchase_balance"]
    return Seen(outcomes(answers), remaining=[Decimal(paid_in)])


def race_to_overspend(server: Server, owner: Player) -> Seen:
    """64 payments of 10.00 from one wallet, while somebody reads its balance. `remaining` is what
    the reader saw, and last what remained."""
    client = at(server, owner.client)
    seen: list[Decimal] = []
    done = threading.Event()

    def pay() -> httpx.Response:
        return client.post("ewallet/payment/", **payment(owner.username, "10.00"))

    def read() -> None:
        while not done.wait(0.02):
            seen.append(Decimal(data(client.get("ewallet/balance/"))["balance"]))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        answers = times(64, pay, Gate(16, "wallet_account", server.database))
    finally:
        done.set()
        reader.join()
    last = Decimal(data(client.get("ewallet/balance/"))["balance"])
    return Seen(outcomes(answers), remaining=[*seen, last])


def race_to_check_out(server: Server, buyer: Player, key: str = "") -> Seen:
    """The same checkout 20 times; under a key, each is repeated until it is not in progress."""
    client = at(server, buyer.client)
    headers = {"Prefer": "return=representation", "Idempotency-Key": key}
    told_to_wait: set[int] = set()

    def check_out() -> httpx.Response:
        for _ in range(100):
            answer = client.call("POST", "cart/checkout/", headers=headers)
            if answer.status_code != 409:
                return answer
            told_to_wait.add(threading.get_ident())
            threading.Event().wait(0.05)
        return answer

    gate = Gate(20, "cart_cartline", server.database, elsewhere=lambda: len(told_to_wait))
    answers = times(20, check_out, gate)
    orders = data(client.get("orders/", limit=200))["orders"]
    bought = [order for order in orders if order["address"]]
    return Seen(
        outcomes(answers),
        orders=len(bought),
        bodies={answer.text for answer in answers if answer.is_success},
    )


def race_to_give_back(server: Server, racers: Sequence[Player]) -> Seen:
    """Each racer asks back what is paid in."""
    clients = [at(server, racer.client) for racer in racers]
    gate = Gate(len(racers), "wallet_account", server.database)
    return Seen(outcomes(at_once([partial(each.post, GIVE_BACK) for each in clients], gate)))


def race_to_refund(server: Server, orders: Sequence[tuple[int, int]]) -> Seen:
    """The office refunds one piece of each order; `orders` are ids of orders and their lines."""
    olga = Visitor(server.base_url)
    olga.sign_in(STAFF, STAFF_PASSWORD)

    def refund(order_id: int, line_id: int) -> Callable[[], httpx.Response]:
        page = f"/orders/order/{order_id}/refund/"
        form = olga.filled(page, **{f"line_{line_id}": "1"}, reason="sent back")
        return partial(olga.post, page, form)

    gate = Gate(len(orders), "wallet_account", server.database)
    answers = at_once([refund(*order) for order in orders], gate)
    return Seen(Counter(str(answer.status_code) for answer in answers))


def race_for_payouts(server: Server, owner: Player, amount: str) -> Seen:
    """10 requests of the wallet's full amount. `remaining` is the wallet and what is on its way."""
    racer = Player(owner.id, owner.username, at(server, owner.client))
    gate = Gate(10, "wallet_account", server.database)
    answers = times(10, lambda: ask_payout(racer, amount), gate)
    wallet = data(racer.client.get("ewallet/balance/"))["balance"]
    made = data(racer.client.get("payouts/"))["payouts"]
    on_the_way = sum((Decimal(each["amount"]) for each in made), Decimal(0))
    return Seen(outcomes(answers), remaining=[Decimal(wallet), on_the_way])


def race_to_cancel_and_to_approve(server: Server, owner: Player, number: str, page: str) -> Seen:
    """The member cancels a payout 4 times, while the office approves it 4 times. `answers` are
    what succeeded."""
    client = at(server, owner.client)

    def cancel() -> str:
        done = client.delete(f"payouts/{number}/").status_code == 204
        return "cancelled" if done else "refused"

    approvals = _presses(server, f"{page}approve/", "approved")
    return Seen(_steps_at_once(server, [cancel] * 4 + approvals), remaining=[_wallet(client)])


def race_to_pay_and_to_fail(server: Server, owner: Player, page: str) -> Seen:
    """The office marks a payout paid 4 times, and failed 4 times. `answers` are what
    succeeded."""
    paid = _presses(server, f"{page}paid/", "paid")
    failed = _presses(server, f"{page}failed/", "failed", reason="a race")
    seen = _steps_at_once(server, paid + failed)
    return Seen(seen, remaining=[_wallet(at(server, owner.client))])


def race_of_a_step_with_itself(
    server: Server, owner: Player, page: str, step: str, **fields: str
) -> Seen:
    """The office takes one step of a payout 4 times. `answers` are what succeeded."""
    presses = _presses(server, f"{page}{step}/", step, **fields)
    seen = _steps_at_once(server, presses)
    return Seen(seen, remaining=[_wallet(at(server, owner.client))])


def _steps_at_once(server: Server, presses: list[Callable[[], str]]) -> Counter[str]:
    gate = Gate(len(presses), "payouts_payout", server.database)
    return Counter(at_once(presses, gate))


def _presses(server: Server, page: str, step: str, **fields: str) -> list[Callable[[], str]]:
    """The same button pressed 4 times, each on a form of its own."""
    olga = Visitor(server.base_url)
    olga.sign_in(STAFF, STAFF_PASSWORD)

    def press(form: dict[str, Any]) -> str:
        return step if olga.post(page, form).status_code == 302 else "refused"

    return [partial(press, olga.filled(page, **fields)) for _ in range(4)]


def _wallet(client: Client) -> Decimal:
    return Decimal(data(client.get("ewallet/balance/"))["balance"])


def race_of_an_epin_with_itself(server: Server, owner: Player, code: str) -> Seen:
    """4 payments of 1.00 by an e-pin, while what it has paid is asked back 4 times."""
    client = at(server, owner.client)
    pay = partial(client.post, "epin/payment/", payment_amount="1.00", epin_code=code)
    gate = Gate(8, "epins_epin, wallet_account", server.database)
    return Seen(outcomes(at_once([pay, partial(client.post, GIVE_BACK)] * 4, gate)))
