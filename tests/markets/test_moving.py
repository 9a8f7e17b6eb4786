"""A member moves to another market: dated, and with nothing open in the currency before."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connections

from attacks.parallel import Gate, at_once
from support.cast import Cast, Player
from support.client import data
from support.markets import emigrated, open_japan, set_price
from support.moves import ADDRESS, pay_in, sign_up, signup_fields
from upline.base.actors import Shell
from upline.base.errors import Conflict, FieldsWrong
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import changing_market, market_rates
from upline.markets import current as markets
from upline.members.models import MarketFact, Member
from upline.members.queries import find_person
from upline.orders.models import Order

Product = Callable[[str], int]


def market_id(player: Player) -> int:
    return Member.objects.values_list("market_id", flat=True).get(pk=player.id)


def refused(player: Player, market: int, nothing_changes: Callable[[], Any]) -> str:
    with nothing_changes(), pytest.raises(Conflict) as conflict:
        changing_market.move(UnitOfWork(Shell()), player.id, market, "a test")
    return conflict.value.sentence


def test_a_move_is_dated_logged_and_holds_from_then_on(cast: Cast, product: Product) -> None:
    japan = open_japan()
    dan = cast.dan
    dan.client.post("cart/products/", product_id=product("soap"), quantity=1)
    emigrated(dan, japan)
    facts = MarketFact.objects.filter(member_id=dan.id).order_by("pk")
    assert list(facts.values_list("market_id", flat=True)) == [markets.home().id, japan]
    entry = AuditEntry.objects.get(event="member.market_changed", member_id=dan.id)
    assert entry.facts["changes"] == {"market": {"before": "Home market", "after": "Japan"}}
    balance = data(dan.client.get("ewallet/balance/"))
    assert (balance["balance"], balance["currency"]) == (0, "JPY")
    assert data(dan.client.get("cart/products/"))["cart_items"] == []


def test_a_new_member_joins_the_market_of_the_sponsor(cast: Cast, product: Product) -> None:
    japan = open_japan()
    set_price(product("starter"), japan, 12_000)
    dan = emigrated(cast.dan, japan)
    fields = signup_fields(dan.username, product("starter"))
    assert "Japan has no exchange rate yet" in sign_up(dan, fields).text
    market_rates.add_rate(UnitOfWork(Shell()), japan, 160_500_000, None, company.today())
    answer = sign_up(dan, signup_fields(dan.username, product("starter")))
    assert answer.status_code == 201, answer.text
    person = find_person(data(answer)["username"])
    assert person is not None
    assert person.market_id == japan
    order = Order.objects.get(member_id=person.id)
    assert (order.market_id, order.total_amount) == (japan, 12_000 + 1_605)


def test_what_is_open_or_holds_money_keeps_a_member_where_they_are(
    cast: Cast,
    product: Product,
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    japan = open_japan()
    fill(cast.anna, "10.00")
    assert "money or debts in EUR" in refused(cast.anna, japan, nothing_changes)
    pay_in(cast.anna, "10.00")
    assert "money or debts in EUR" in refused(cast.anna, japan, nothing_changes)
    give_epin(cast.ben, "5.00")
    assert "e-pins in EUR" in refused(cast.ben, japan, nothing_changes)
    cleo = cast.cleo.client
    cleo.post("cart/products/", product_id=product("soap"), quantity=1)
    cleo.post("cart/shipping_address/", **ADDRESS)
    assert cleo.post("cart/checkout/").status_code == 204
    assert "orders that await payment" in refused(cast.cleo, japan, nothing_changes)
    home = markets.home().id
    for order in Order.objects.filter(member_id=cast.anna.id, status="awaiting_payment"):
        cast.anna.client.delete(f"orders/{order.number}/")
    assert "money or debts in EUR. " in refused(cast.anna, japan, nothing_changes)
    assert "belongs to Home market already" in refused(cast.dan, home, nothing_changes)
    with nothing_changes(), pytest.raises(FieldsWrong):
        changing_market.move(UnitOfWork(Shell()), cast.dan.id, japan, " ")


def test_an_order_and_a_move_at_once_end_in_one_market(cast: Cast, product: Product) -> None:
    """Whoever comes second sees the first: no order stays behind in the market before."""
    dan, home = cast.dan, markets.home().id
    dan.client.post("cart/shipping_address/", **ADDRESS)
    for _ in range(4):
        japan = open_japan()
        dan.client.post("cart/products/", product_id=product("soap"), quantity=1)

        def move(to: int = japan) -> None:
            with suppress(Conflict):
                changing_market.move(UnitOfWork(Shell()), dan.id, to, "a test")
            connections.close_all()

        gate = Gate(2, "orders_order, members_member")
        work: list[Callable[[], object]] = [lambda: dan.client.post("cart/checkout/"), move]
        at_once(work, gate)
        now = market_id(dan)
        for made in Order.objects.filter(member_id=dan.id, status="awaiting_payment"):
            assert made.market_id == now
            dan.client.delete(f"orders/{made.number}/")
        if now != home:
            emigrated(dan, home)
