"""Refunds by the office: by line and quantity, to what paid, the latest payment first."""

from collections.abc import Callable
from typing import Any

import pytest

from genealogy.racing import broken
from payments.test_waiting import balances, check_out, epin_of, pay_by_epin
from support.cast import Cast, Player, unique
from support.client import data
from support.installation import TRANSACTION_PASSWORD
from support.moves import ADDRESS, pay_in, signup_fields
from support.transfers import made_up
from support.wares import offer_of
from upline.base import clock
from upline.base.actors import Shell
from upline.base.errors import FieldsWrong
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.epins.models import EPin
from upline.flows import order_decisions, refunding, upgrading
from upline.genealogy.models import PositionFact
from upline.members.models import PackageFact
from upline.orders import actions as orders
from upline.orders.errors import OrderClosed, RefundSentBefore, RefundTooMuch
from upline.orders.models import Order, OrderKind, RefundToSend
from upline.wallet import actions
from upline.wallet.models import AccountKind, Transfer
from upline.wallet.queries import account_of, company_account


def newest_order(player: Player) -> Any:
    return Order.objects.filter(member_id=player.id).latest("id")


def refund(order: Any, **pieces: int) -> None:
    """Give back so many pieces of these lines: `refund(order, soap=2)`."""

    wanted = {name.replace("_", " "): quantity for name, quantity in pieces.items()}
    lines = {line.name.lower(): line.pk for line in order.lines.all()}
    quantities = {lines.get(name, 0): quantity for name, quantity in wanted.items()}
    refunding.refund_order(UnitOfWork(Shell()), order.number, quantities, "for a test")


def taxes_of(order: Any) -> int:
    """What the tax account holds for an order, in minor units."""

    paid = Transfer.objects.filter(kind="order_tax", reference=f"order:{order.number}")
    back = Transfer.objects.filter(kind="order_tax_refund", undoes__in=paid)
    return sum(each.amount for each in paid) - sum(each.amount for each in back)


def test_pieces_go_back_one_by_one_until_the_order_is_refunded(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "37.50")
    assert check_out(cast.anna, product("soap"), 3) == "complete"
    order = newest_order(cast.anna)
    whole = taxes_of(order)
    assert whole > 0
    refund(order, soap=1)
    assert balances(cast.anna) == ("75.00", "0.00")
    assert taxes_of(order) == whole * 2 // 3
    assert status_of(cast.anna, order) == "complete"
    refund(order, soap=2)
    assert balances(cast.anna) == ("100.00", "0.00")
    assert taxes_of(order) == 0
    assert status_of(cast.anna, order) == "refunded"


def status_of(player: Player, order: Any) -> str:
    return str(data(player.client.get(f"orders/{order.number}/"))["status"])


@pytest.mark.parametrize("pieces", [{"soap": 2}, {"soap": 0}, {"soap": -1}, {}, {"tea": 1}])
def test_only_what_was_bought_and_not_yet_refunded_is_refunded(
    pieces: dict[str, int],
    cast: Cast,
    fill: Callable[[Player, str], None],
    product: Callable[[str], int],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "25.00")
    check_out(cast.anna, product("soap"), 2)
    order = newest_order(cast.anna)
    refund(order, soap=1)
    with nothing_changes(), pytest.raises(RefundTooMuch):
        refund(order, **pieces)


def test_an_order_that_is_not_complete_is_not_refunded(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    assert check_out(cast.anna, product("soap"), 2) == "awaiting_payment"
    with nothing_changes(), pytest.raises(OrderClosed):
        refund(newest_order(cast.anna), soap=1)


def test_the_latest_payment_goes_back_first(
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> None:
    fill(cast.anna, "100.00")
    code = give_epin(cast.anna, "50.00")
    pay_by_epin(cast.anna, "20.00", code)
    pay_in(cast.anna, "30.00")
    check_out(cast.anna, product("soap"), 4)
    order = newest_order(cast.anna)
    refund(order, soap=1)
    assert (balances(cast.anna), epin_of(cast.anna)) == (("82.50", "0.00"), "30.00")
    refund(order, soap=3)
    assert (balances(cast.anna), epin_of(cast.anna)) == (("100.00", "0.00"), "50.00")


def test_what_an_expired_epin_paid_can_only_buy(
    cast: Cast, give_epin: Callable[..., str], product: Callable[[str], int]
) -> None:
    code = give_epin(cast.anna, "50.00")
    pay_by_epin(cast.anna, "25.00", code)
    check_out(cast.anna, product("soap"), 2)
    EPin.objects.filter(owner_id=cast.anna.id).update(expires_at=clock.now())
    refund(newest_order(cast.anna), soap=2)
    assert (balances(cast.anna), epin_of(cast.anna)) == (("0.00", "25.00"), "25.00")


def test_another_members_wallet_gets_back_what_it_paid(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.erik, "100.00")
    pay_in(cast.anna, "25.00", cast.erik)
    check_out(cast.anna, product("soap"), 2)
    refund(newest_order(cast.anna), soap=1)
    assert balances(cast.erik) == ("87.50", "0.00")
    assert balances(cast.anna) == ("0.00", "0.00")


def test_what_the_commission_share_paid_can_only_buy_again(
    cast: Cast, product: Callable[[str], int]
) -> None:
    share = account_of(cast.anna.id, AccountKind.PURCHASE, "EUR")
    UnitOfWork(Shell()).commit(
        lambda: actions.transfer(
            company_account(AccountKind.COMMISSIONS, "EUR"),
            share,
            2_500,
            made_up("test"),
            unique("share"),
            actions.BelongsTo(cast.anna.id),
        )
    )
    assert check_out(cast.anna, product("soap"), 2) == "complete"
    assert balances(cast.anna) == ("0.00", "0.00")
    refund(newest_order(cast.anna), soap=1)
    assert balances(cast.anna) == ("0.00", "12.50")


def test_what_was_paid_outside_gives_the_member_nothing(
    cast: Cast, product: Callable[[str], int]
) -> None:
    check_out(cast.anna, product("soap"), 2)
    order = newest_order(cast.anna)
    order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    assert status_of(cast.anna, order) == "complete"
    refund(order, soap=2)
    assert balances(cast.anna) == ("0.00", "0.00")
    assert status_of(cast.anna, order) == "refunded"
    assert taxes_of(order) == 0


def test_a_signup_and_its_fee_go_back_to_who_paid(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "500.00")
    pay_in(cast.anna, "110.00")
    fields = signup_fields(
        cast.anna.username, product("starter"), placement_username=cast.dan.username, position="R"
    )
    answer = cast.anna.client.post("signup/", **fields | {"payment_method": "ewallet"})
    assert answer.status_code == 201, answer.text
    assert balances(cast.anna) == ("390.00", "0.00")
    order = order_of(fields["username"])
    refund(order, signup_fee=1)
    assert balances(cast.anna) == ("400.00", "0.00")
    refund(order, starter=1)
    assert balances(cast.anna) == ("500.00", "0.00")
    order.refresh_from_db()
    assert order.status == "refunded"


def order_of(username: str) -> Any:
    return Order.objects.get(member__user__username=username)


def test_a_refund_leaves_the_lines_in_their_order(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "500.00")
    client = cast.anna.client
    for name in ("soap", "tea", "scales"):
        client.post("cart/products/", product_id=product(name), quantity=2)
    client.post("cart/shipping_address/", **ADDRESS)
    answer = client.post(
        "cart/checkout/",
        payment_method="ewallet",
        transaction_password=TRANSACTION_PASSWORD,
    )
    assert answer.status_code == 204, answer.text
    number = answer.headers["Location"].split("/")[-2]
    first = Order.objects.get(number=number).lines.first()
    assert first is not None
    refunding.refund_order(UnitOfWork(Shell()), number, {first.pk: 1}, "a test")
    names = [line["product_name"] for line in data(client.get(f"orders/{number}/"))["lines"]]
    assert names == ["Soap", "Tea", "Scales"]


def buy_membership(player: Player, package_id: int) -> Any:
    """A membership order of the member's own, paid outside."""

    lines = [orders.line_of(offer_of(package_id), 1), orders.signup_fee_line(1000)]
    UnitOfWork(Shell()).commit(lambda: orders.make(player.id, OrderKind.MEMBERSHIP, lines))
    order = newest_order(player)
    order_decisions.approve_order(UnitOfWork(Shell()), order.number)
    return order


def package_of(player: Player) -> tuple[str, str]:
    """What the profile shows, and what counts for plans."""

    fact = PackageFact.objects.filter(member_id=player.id).latest("id")
    shown = data(player.client.get("profile/"))["membership_package"]
    return str(shown), fact.package.name if fact.package else ""


def test_a_membership_refunded_in_full_falls_back_to_the_package_before(
    cast: Cast, product: Callable[[str], int]
) -> None:
    starter = buy_membership(cast.anna, product("starter"))
    business = buy_membership(cast.anna, product("business"))
    refund(business, signup_fee=1)
    assert package_of(cast.anna)[1] == "Business"
    refund(business, business=1)
    assert package_of(cast.anna) == ("Starter", "Starter")
    refund(starter, starter=1)
    assert package_of(cast.anna) == ("", "")
    refund(starter, signup_fee=1)
    assert package_of(cast.anna) == ("", "")


def test_a_refunded_membership_closes_the_first_position_until_another_is_bought(
    cast: Cast, product: Callable[[str], int]
) -> None:
    starter = buy_membership(cast.anna, product("starter"))
    business = buy_membership(cast.anna, product("business"))
    refund(business, business=1)
    assert status_of_position(cast.anna) == "open", "the membership before counts again"
    refund(starter, starter=1)
    assert status_of_position(cast.anna) == "closed"
    (fact,) = PositionFact.objects.filter(member_id=cast.anna.id)
    assert (fact.position_id, fact.order_number) == (cast.anna.id, starter.number)
    again = buy_membership(cast.anna, product("starter"))
    assert status_of_position(cast.anna) == "open"
    latest = PositionFact.objects.filter(member_id=cast.anna.id).latest("pk")
    assert (latest.status, latest.order_number) == ("open", again.number)
    refund(again, starter=1)
    assert status_of_position(cast.anna) == "closed"
    assert broken() == []


def test_a_package_that_staff_give_opens_a_closed_first_position(
    cast: Cast, product: Callable[[str], int]
) -> None:
    signup = order_of(cast.anna.username)
    order_decisions.cancel_order(UnitOfWork(Shell()), signup.number)
    refund(buy_membership(cast.anna, product("starter")), starter=1)
    assert status_of_position(cast.anna) == "closed"
    wish = upgrading.UpgradeRequest(cast.anna.id, "Business")
    upgrading.upgrade(UnitOfWork(Shell()), wish, "as agreed")
    assert status_of_position(cast.anna) == "open"
    latest = PositionFact.objects.filter(member_id=cast.anna.id).latest("pk")
    assert (latest.status, latest.order_number) == ("open", "")
    assert broken() == []


def status_of_position(player: Player) -> str:
    """The status of the member's first position."""
    return str(data(player.client.get("profile/"))["position_status"])


def test_a_refunded_package_that_a_later_one_replaced_is_skipped(
    cast: Cast, product: Callable[[str], int]
) -> None:
    first = buy_membership(cast.anna, product("starter"))
    second = buy_membership(cast.anna, product("business"))
    refund(first, starter=1)
    assert package_of(cast.anna)[1] == "Business"
    facts = PackageFact.objects.filter(member_id=cast.anna.id)
    assert facts.count() == 2
    refund(second, business=1)
    assert package_of(cast.anna) == ("", "")


def test_what_is_refunded_stands_beside_the_totals(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "37.50")
    check_out(cast.anna, product("soap"), 3)
    order = newest_order(cast.anna)
    path = f"orders/{order.number}/"
    shown = data(cast.anna.client.get(path))
    assert "refunded_amount" not in shown
    refund(order, soap=2)
    shown = data(cast.anna.client.get(path))
    assert (shown["status"], str(shown["total_amount"])) == ("complete", "37.5")
    assert (shown["refunded_amount"], shown["refunded_pv"]) == (25, 20)


def test_what_was_paid_outside_waits_for_staff_to_send_it(
    cast: Cast, product: Callable[[str], int], nothing_changes: Callable[[], Any]
) -> None:
    order = buy_membership(cast.anna, product("starter"))
    refund(order, starter=1)
    (to_send,) = RefundToSend.objects.filter(refund__order=order)
    assert (to_send.amount, to_send.sent_at) == (10_000, None)
    with nothing_changes(), pytest.raises(FieldsWrong):
        refunding.mark_refund_sent(UnitOfWork(Shell()), to_send.pk, " ")
    refunding.mark_refund_sent(UnitOfWork(Shell()), to_send.pk, "by bank, 29 November")
    to_send.refresh_from_db()
    assert to_send.sent_at is not None
    assert to_send.note == "by bank, 29 November"
    assert AuditEntry.objects.filter(event="refund.sent", subject=f"order:{order.number}").exists()
    with pytest.raises(RefundSentBefore):
        refunding.mark_refund_sent(UnitOfWork(Shell()), to_send.pk, "twice")


def test_what_an_account_took_back_waits_for_nobody(
    cast: Cast, fill: Callable[[Player, str], None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "100.00")
    pay_in(cast.anna, "12.50")
    check_out(cast.anna, product("soap"), 1)
    refund(newest_order(cast.anna), soap=1)
    assert not RefundToSend.objects.filter(refund__order__member_id=cast.anna.id).exists()
