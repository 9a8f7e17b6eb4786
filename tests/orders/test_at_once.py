"""Partial refunds of one order at the same moment, and orders that lapse while they are paid."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from attacks.parallel import Gate, at_once, outcomes
from attacks.planted import faulty_server
from support.cast import Cast, Player
from support.installation import STAFF, STAFF_PASSWORD, TRANSACTION_PASSWORD, Installation, Server
from support.moves import ADDRESS, balances, pay_in
from support.office import Visitor
from upline.base import clock
from upline.orders import actions
from upline.orders.models import Order, Refund

FROM_WALLET = {"payment_method": "ewallet", "transaction_password": TRANSACTION_PASSWORD}
PIECES, ASKED, ORDERS = 3, 8, 6
# As many as were bought are refunded, and each other form is shown again with a sentence.
WHOLE = Counter({302: PIECES, 200: ASKED - PIECES})


@pytest.fixture
def buy(product: Callable[[str], int]) -> Callable[..., Any]:
    """Check soaps out (12.50): `buy(cast.anna, 3)`; the order's row."""

    def check_out(buyer: Player, quantity: int, **funds: str) -> Any:
        buyer.client.post("cart/products/", product_id=product("soap"), quantity=quantity)
        buyer.client.post("cart/shipping_address/", **ADDRESS)
        assert buyer.client.post("cart/checkout/", **funds).status_code == 204
        return Order.objects.filter(member_id=buyer.id, kind="checkout").latest("pk")

    return check_out


def test_pieces_refunded_at_once_are_no_more_than_were_bought(
    installation: Installation, cast: Cast, fill: Callable[..., None], buy: Callable[..., Any]
) -> None:
    fill(cast.anna, "37.50")
    order = buy(cast.anna, PIECES, **FROM_WALLET)
    line = order.lines.get()
    assert refund_at_once(installation.server, order.pk, line.pk) == WHOLE
    line.refresh_from_db()
    assert line.refunded_quantity == PIECES
    assert Refund.objects.filter(order=order).count() == PIECES
    assert Order.objects.get(pk=order.pk).status == "refunded"
    assert balances(cast.anna)[0] == "37.5"


def test_the_race_of_pieces_notices_an_order_that_is_not_locked(
    installation: Installation, cast: Cast, fill: Callable[..., None], buy: Callable[..., Any]
) -> None:
    fill(cast.anna, "37.50")
    order = buy(cast.anna, PIECES, **FROM_WALLET)
    with faulty_server(installation, "refund") as server:
        assert refund_at_once(server, order.pk, order.lines.get().pk) != WHOLE


def refund_at_once(server: Server, order_id: int, line_id: int) -> Counter[int]:
    """Ask for one piece back so many times at once; how often each answer came."""
    olga = Visitor(server.base_url)
    olga.sign_in(STAFF, STAFF_PASSWORD)
    page = f"/orders/order/{order_id}/refund/"
    forms = [olga.filled(page, **{f"line_{line_id}": "1"}, reason="back") for _ in range(ASKED)]
    gate = Gate(ASKED, "orders_order", server.database)
    answers = at_once([partial(olga.post, page, form) for form in forms], gate)
    return Counter(answer.status_code for answer in answers)


def test_an_order_that_lapses_while_it_is_paid_is_either_paid_or_cancelled(
    cast: Cast, fill: Callable[..., None], buy: Callable[..., Any]
) -> None:
    fill(cast.anna, "100.00")
    orders = [buy(cast.anna, 1) for _ in range(ORDERS)]
    pay_in(cast.anna, "75.00")
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(lapses_at=clock.now())

    def pay(order: Any) -> Any:
        totals = {"total_amount": "12.50", "total_quantity": "1", "total_pv": "10"}
        return cast.anna.client.post("order/", order_id=order.number, **totals)

    calls: list[Callable[[], Any]] = [partial(pay, order) for order in orders]
    *answers, _ = at_once([*calls, actions.cancel_lapsed], Gate(ORDERS + 1, "orders_order"))
    actions.cancel_lapsed()
    states = Counter(Order.objects.get(pk=order.pk).status for order in orders)
    paid = outcomes(answers)
    assert set(states) <= {"complete", "cancelled"}
    assert paid["204"] == states["complete"]
    assert paid["1004"] == states["cancelled"]
    waiting = 75 - 12.5 * states["complete"]
    assert [float(each) for each in balances(cast.anna)] == [25, waiting]
