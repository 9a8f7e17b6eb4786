"""Customers buy as members do; what they buy is the volume of the member who sponsors them."""

import json
import os
from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import transaction

from support.cast import Cast, Player, outer_end
from support.client import Client, data, refused
from support.customers import customer_of, join, register
from support.installation import PASSWORD, Installation
from support.moves import ADDRESS, pay_in, sign_up, signup_fields
from upline.base.actors import Shell
from upline.base.errors import Conflict, FieldsWrong, Refusal
from upline.base.unit import UnitOfWork
from upline.books import invariants
from upline.flows import adjusting, blocking, customers, erasing, exporting, moving, upgrading
from upline.genealogy.errors import SponsorInvalid
from upline.genealogy.moving import MoveRequest
from upline.members.errors import UsernameTaken
from upline.members.models import Member, MemberKind
from upline.orders.models import Order
from upline.screens import leaving

CALLS_OF_MEMBERS = (
    "network/tree/",
    "earnings/",
    "earnings/current/",
    "earnings/1/",
    "earnings/1/lines/1/",
    "earnings/1/statement/",
    "ranks/me/",
)


@pytest.fixture
def carl(cast: Cast, fill: Callable[[Player, str], None]) -> Player:
    """A retail customer of ben, with money and an address."""
    carl = customer_of(cast.ben)
    fill(carl, "100.00")
    assert carl.client.post("cart/shipping_address/", **ADDRESS).status_code == 204
    return carl


def buy(buyer: Player, product_id: int) -> Order:
    """One piece, paid from the buyer's wallet."""
    put = buyer.client.post("cart/products/", product_id=product_id, quantity=1)
    assert put.status_code == 204, put.text
    amount = data(buyer.client.get("cart/products/"))["total_amount"]
    pay_in(buyer, str(amount))
    answer = buyer.client.post("cart/checkout/")
    assert answer.status_code == 204, answer.text
    return Order.objects.get(number=answer.headers["Location"].rstrip("/").rpartition("/")[2])


def test_what_a_customer_buys_is_the_volume_of_the_sponsor(
    cast: Cast, carl: Player, product: Any
) -> None:
    order = buy(carl, product("soap"))
    assert (order.status, order.member_id, order.volume_member_id) == (
        "complete",
        carl.id,
        cast.ben.id,
    )
    assert [line.buyer for line in order.lines.all()] == ["retail"]
    mine = data(carl.client.get("orders/"))["orders"]
    assert [each["order_id"] for each in mine] == [order.number]
    bens = data(cast.ben.client.get("orders/"))["orders"]
    assert order.number not in [each["order_id"] for each in bens]
    assert invariants.check() == {}


def test_what_a_member_buys_is_their_own_volume(cast: Cast, fill: Any, product: Any) -> None:
    fill(cast.ben, "100.00")
    assert cast.ben.client.post("cart/shipping_address/", **ADDRESS).status_code == 204
    order = buy(cast.ben, product("soap"))
    assert order.volume_member_id == cast.ben.id
    assert [line.buyer for line in order.lines.all()] == ["member"]


def test_an_unpaid_order_is_nobodys_volume_yet(carl: Player, product: Any) -> None:
    carl.client.post("cart/products/", product_id=product("soap"), quantity=1)
    answer = carl.client.post("cart/checkout/")
    number = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    assert Order.objects.get(number=number).volume_member_id is None


def test_a_shop_reports_what_a_customer_bought_for_the_sponsor(
    cast: Cast, installation: Installation
) -> None:
    carl = customer_of(cast.ben, kind="preferred")
    shop = Client(installation.base_url, installation.store_api_key)
    shop.sign_in(carl.username, PASSWORD)
    sent = {"order_id": f"S-{carl.id}", "total_amount": "20", "total_quantity": 1, "total_pv": "5"}
    assert shop.post("order/", **sent).status_code == 204
    order = Order.objects.get(outside_id=sent["order_id"])
    assert (order.member_id, order.volume_member_id) == (carl.id, cast.ben.id)
    assert order.lines.get().buyer == "preferred"


@pytest.mark.parametrize("call", CALLS_OF_MEMBERS)
def test_a_customer_has_no_network_and_no_earnings(carl: Player, call: str) -> None:
    refused(carl.client.get(call), 403, "1101")


def test_a_customer_enrols_nobody(
    cast: Cast, carl: Player, product: Any, nothing_changes: Any
) -> None:
    fields = signup_fields(cast.ben.username, product("starter"))
    with nothing_changes():
        refused(sign_up(carl, fields), 403, "1101")


def test_a_customer_sponsors_nobody_and_nobody_is_placed_below(
    cast: Cast, carl: Player, product: Any, nothing_changes: Any
) -> None:
    fields = signup_fields(cast.ben.username, product("starter"), placement_username=carl.username)
    with nothing_changes():
        refused(sign_up(cast.ben, fields), 422, "1009", "placement_username")
        fields["sponsor_username"] = carl.username
        refused(sign_up(cast.anna, fields), 422, "1007", "sponsor_username")


def test_a_customers_profile_names_the_sponsor_and_no_place(cast: Cast, carl: Player) -> None:
    found = data(carl.client.get("profile/"))
    assert found["sponsor_user"] == cast.ben.username
    assert (found["placement_user"], found["position"], found["membership_package"]) == ("", "", "")


def test_another_sponsor_gets_the_volume_of_what_is_completed_from_then_on(
    cast: Cast, carl: Player, product: Any
) -> None:
    before = buy(carl, product("soap"))
    customers.change_sponsor(UnitOfWork(Shell()), carl.id, cast.cleo.username, "moved to Bonn")
    after = buy(carl, product("soap"))
    before.refresh_from_db()
    assert (before.volume_member_id, after.volume_member_id) == (cast.ben.id, cast.cleo.id)
    assert invariants.check() == {}


def test_a_customer_becomes_a_member_and_keeps_everything(
    cast: Cast, carl: Player, product: Any
) -> None:
    bought = buy(carl, product("soap"))
    balance = data(carl.client.get("ewallet/balance/"))["balance"]
    join(carl.id, placement=outer_end(cast.ben.id, "L")[0], side="L")
    member = Member.objects.get(pk=carl.id)
    assert (member.kind, member.package.name) == ("member", "Starter")  # type: ignore[union-attr]
    profile = data(carl.client.get("profile/"))
    assert profile["sponsor_user"] == cast.ben.username
    assert profile["placement_user"] == cast.dan.username
    assert data(carl.client.get("ewallet/balance/"))["balance"] == balance
    assert data(carl.client.get("network/tree/"))["nodes"][0]["username"] == carl.username
    later = buy(carl, product("soap"))
    bought.refresh_from_db()
    assert (bought.volume_member_id, later.volume_member_id) == (cast.ben.id, carl.id)
    assert later.lines.get().buyer == "member"
    waiting = Order.objects.get(member_id=carl.id, kind="membership")
    assert (waiting.status, waiting.total_amount) == ("awaiting_payment", 11_000)
    assert invariants.check() == {}


def test_what_awaits_payment_is_bought_as_a_member_then(
    cast: Cast, carl: Player, product: Any
) -> None:
    carl.client.post("cart/products/", product_id=product("soap"), quantity=1)
    answer = carl.client.post("cart/checkout/")
    number = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    join(carl.id, placement=outer_end(cast.ben.id, "L")[0], side="L")
    pay_in(carl, "12.50")
    order = data(carl.client.get(f"orders/{number}/"))
    totals = {name: order[name] for name in ("total_amount", "total_quantity", "total_pv")}
    assert carl.client.post("order/", order_id=number, **totals).status_code == 204
    found = Order.objects.get(number=number)
    assert (found.volume_member_id, found.lines.get().buyer) == (carl.id, "member")


def refuses(action: Callable[[], object], kind: type[Refusal], nothing_changes: Any) -> Refusal:
    with nothing_changes(), pytest.raises(kind) as caught:
        action()
    return caught.value


def test_who_cannot_be_registered(cast: Cast, carl: Player, nothing_changes: Any) -> None:
    def register_as(**more: Any) -> Callable[[], int]:
        facts = {"sponsor": cast.ben.username, "name": "someone.new"} | more
        return lambda: register(**facts)

    refuses(register_as(sponsor="nobody.here"), SponsorInvalid, nothing_changes)
    refuses(register_as(sponsor=carl.username), SponsorInvalid, nothing_changes)
    refuses(register_as(username=cast.ben.username), UsernameTaken, nothing_changes)
    refuses(register_as(kind="member"), FieldsWrong, nothing_changes)
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a test")
    refuses(register_as(), SponsorInvalid, nothing_changes)


def test_who_cannot_become_a_member(cast: Cast, carl: Player, nothing_changes: Any) -> None:
    at = {"placement": outer_end(cast.ben.id, "L")[0], "side": "L"}
    wrong = refuses(lambda: join(carl.id, **at, date_of_birth=None), FieldsWrong, nothing_changes)
    assert "date_of_birth" in wrong.fields
    refuses(
        lambda: join(carl.id, **at, date_of_birth=date(2024, 1, 1)), FieldsWrong, nothing_changes
    )
    refuses(lambda: join(cast.dan.id, **at), Conflict, nothing_changes)
    blocking.block_member(UnitOfWork(Shell()), carl.id, "a test")
    refuses(lambda: join(carl.id, **at), Conflict, nothing_changes)


def test_a_customer_is_not_moved_and_gets_no_package(
    cast: Cast, carl: Player, nothing_changes: Any
) -> None:
    wish = upgrading.UpgradeRequest(carl.id, "M-starter")
    refuses(
        lambda: upgrading.upgrade(UnitOfWork(Shell()), wish, "a test"), Conflict, nothing_changes
    )
    move = MoveRequest(carl.id, sponsor_id=cast.cleo.id)
    refuses(lambda: moving.move(UnitOfWork(Shell()), move, "a test"), Conflict, nothing_changes)


def test_a_retail_customer_becomes_a_preferred_one_for_what_they_order_next(
    carl: Player, product: Any
) -> None:
    before = buy(carl, product("soap"))
    unit = UnitOfWork(Shell())
    customers.change_class(unit, carl.id, MemberKind.PREFERRED, "asked for it")
    after = buy(carl, product("soap"))
    assert [order.lines.get().buyer for order in (before, after)] == ["retail", "preferred"]


def test_who_closes_a_member_is_told_of_the_customers(cast: Cast, carl: Player) -> None:
    assert "1 customer" in leaving.remains(cast.ben.id)
    customers.change_sponsor(UnitOfWork(Shell()), carl.id, cast.cleo.username, "ben leaves")
    assert "customer" not in leaving.remains(cast.ben.id)


def test_a_customer_is_exported_and_erased(cast: Cast, carl: Player, product: Any) -> None:
    order = buy(carl, product("soap"))
    files = exporting.export(UnitOfWork(Shell()), carl.username)
    document = json.loads(files["person.json"])
    assert document["profile"]["kind"] == "retail"
    assert [each["number"] for each in document["orders"]] == [order.number]
    assert (document["positions"], len(document["sponsors"])) == ([], 1)
    blocking.block_member(UnitOfWork(Shell()), carl.id, "asked to be erased")
    held = data(cast.ben.client.get("ewallet/balance/"))
    adjusting.debit_wallet(UnitOfWork(Shell()), carl.id, 8750, "paid out")
    neutral = erasing.erase(UnitOfWork(Shell()), carl.username)
    assert Member.objects.get(pk=carl.id).user.username == neutral
    assert data(cast.ben.client.get("ewallet/balance/")) == held
    order.refresh_from_db()
    assert order.volume_member_id == cast.ben.id
    assert invariants.check() == {}


def change_sponsor_while_an_order_is_completed(cast: Cast, carl: Player, product: Any) -> Order:
    """The order is completed after the sponsor was changed, and before that is committed."""
    carl.client.post("cart/products/", product_id=product("soap"), quantity=1)
    answer = carl.client.post("cart/checkout/")
    number = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    pay_in(carl, "12.50")
    order = data(carl.client.get(f"orders/{number}/"))
    totals = {name: order[name] for name in ("total_amount", "total_quantity", "total_pv")}
    completing = Thread(
        target=lambda: carl.client.post("order/", order_id=number, **totals), daemon=True
    )
    with transaction.atomic():
        customers.change_sponsor(UnitOfWork(Shell()), carl.id, cast.cleo.username, "a race")
        completing.start()
        completing.join(2)
    completing.join(30)
    assert not completing.is_alive()
    return Order.objects.get(number=number)


def test_an_order_is_completed_before_a_change_of_sponsor_or_after_it(
    cast: Cast, carl: Player, product: Any
) -> None:
    order = change_sponsor_while_an_order_is_completed(cast, carl, product)
    assert order.volume_member_id == cast.cleo.id
    assert invariants.check() == {}


def give_volume(order_id: int, member_id: int) -> None:
    """Put it right, as the database lets nobody who keeps its rules."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("ALTER TABLE orders_order DISABLE TRIGGER orders_order_steps")
        statement = "UPDATE orders_order SET volume_member_id = %s WHERE id = %s"
        owner.execute(statement, [member_id, order_id])
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE orders_order ENABLE TRIGGER orders_order_steps")


def test_without_the_lock_it_would_be_neither(
    cast: Cast, carl: Player, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upline.orders.actions.hold_books", lambda: None)
    order = change_sponsor_while_an_order_is_completed(cast, carl, product)
    broken = invariants.check()
    give_volume(order.pk, cast.cleo.id)
    assert order.volume_member_id == cast.ben.id
    assert list(broken.values()) == [[f"order {order.number}"]]
