"""`ewallet/…`: balances, payments onto the purchase account, and their way back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, Player, unique
from support.client import data, refused
from support.moves import ADDRESS, balances, payment
from upline.base import clock, passwords
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.epins.models import EPin
from upline.flows import blocking, housekeeping, verifying
from upline.kyc.models import KycStatus
from upline.mailings.models import Mail
from upline.members.models import Member
from upline.orders.models import Order
from upline.payments.models import Payment


def pay(member: Player, amount: str, wallet: Player | None = None, **other: str) -> Any:
    sent = payment((wallet or member).username, amount, **other)
    return member.client.post("ewallet/payment/", **sent)


def give_back(member: Player) -> Any:
    return member.client.post("ewallet/payment/refund/")


def let_payments_expire() -> None:
    """As if half an hour had passed, and the worker had looked."""

    Payment.objects.filter(remaining__gt=0).update(expires_at=clock.now())
    housekeeping.let_time_pass()


def order_soap(member: Player, product: Callable[[str], int], pieces: int = 1) -> dict[str, Any]:
    """Check out soap at 12.50 apiece."""
    member.client.post("cart/products/", product_id=product("soap"), quantity=pieces)
    member.client.post("cart/shipping_address/", **ADDRESS)
    made = member.client.call("POST", "cart/checkout/", headers={"Prefer": "return=representation"})
    order: dict[str, Any] = data(made)
    return order


def test_the_balance_has_both_accounts_and_the_currency(
    cast: Cast, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    for method in ("GET", "POST"):
        shown = data(cast.anna.client.call(method, "ewallet/balance/"))
        assert shown == {"balance": 100, "purchase_balance": 0, "owed": 0, "currency": "EUR"}


def test_a_payment_moves_money_onto_the_purchase_account(
    cast: Cast, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "100.00")
    answer = pay(cast.anna, "10.50")
    assert (answer.status_code, answer.content) == (204, b"")
    assert balances(cast.anna) == ("89.5", "10.5")


def test_a_wallet_pays_to_its_last_cent_and_no_further(
    cast: Cast, fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "10.00")
    with nothing_changes():
        refused(pay(cast.anna, "10.01"), 422, "1014")
    assert pay(cast.anna, "10.00").status_code == 204
    with nothing_changes():
        refused(pay(cast.anna, "0.01"), 422, "1014")
    assert balances(cast.anna) == ("0", "10")


def test_anothers_wallet_pays_with_its_own_transaction_password_and_its_owner_is_told(
    cast: Cast, fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.ben, "50.00")
    hashed = passwords.hashed("ben alone knows this")
    Member.objects.filter(pk=cast.ben.id).update(transaction_password=hashed)
    with nothing_changes():
        refused(pay(cast.anna, "20", cast.ben), 422, "1015", "transaction_password")
    paid = pay(cast.anna, "20", cast.ben, transaction_password="ben alone knows this")
    assert paid.status_code == 204
    assert (balances(cast.ben), balances(cast.anna)) == (("30", "0"), ("0", "20"))
    mail = Mail.objects.get(kind="wallet_paid", user_id=cast.ben.id)
    assert mail.facts == {"amount": 2000, "currency": "EUR", "payer": cast.anna.username}


def test_ones_own_payment_mails_nobody(cast: Cast, fill: Callable[..., None]) -> None:
    fill(cast.anna, "50.00")
    before = Mail.objects.count()
    assert pay(cast.anna, "20", ewallet_username=cast.anna.username.upper()).status_code == 204
    assert Mail.objects.count() == before


def test_the_office_can_forbid_paying_from_anothers_wallet(
    cast: Cast,
    fill: Callable[..., None],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.ben, "50.00")
    fill(cast.anna, "50.00")
    office_sets(pay_from_others_wallet=False)
    with nothing_changes():
        refused(pay(cast.anna, "20", cast.ben), 403, "1101")
    assert pay(cast.anna, "20").status_code == 204


def test_an_unknown_wallet_is_1011(cast: Cast, nothing_changes: Callable[[], Any]) -> None:
    with nothing_changes():
        for nobody in (unique("nobody"), "olga"):
            answer = pay(cast.anna, "1", ewallet_username=nobody)
            refused(answer, 422, "1011", "ewallet_username")


def test_a_blocked_members_wallet_does_not_pay(
    cast: Cast, fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.ben, "50.00")
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a test")
    with nothing_changes():
        refused(pay(cast.anna, "1", cast.ben), 422, "1015", "transaction_password")


def test_wrong_fields_are_named_all_at_once(cast: Cast, nothing_changes: Callable[[], Any]) -> None:
    names = ("payment_amount", "purpose", "ewallet_username", "transaction_password")
    with nothing_changes():
        refused(cast.anna.client.post("ewallet/payment/"), 422, "1004", *names)
        refused(pay(cast.anna, "1", purpose="gift"), 422, "1004", "purpose")


def test_a_purpose_is_read_in_any_case(cast: Cast, fill: Callable[..., None]) -> None:
    fill(cast.anna, "5.00")
    assert pay(cast.anna, "5", purpose="Purchase").status_code == 204


def test_a_payment_without_kyc_is_1019_where_the_office_requires_it(
    cast: Cast,
    fill: Callable[..., None],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "50.00")
    office_sets(kyc_needed_for=["ewallet_payment"])
    for status in (None, KycStatus.SUBMITTED, KycStatus.REJECTED, KycStatus.EXPIRED):
        if status:
            verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, status)
        with nothing_changes():
            refused(pay(cast.anna, "1"), 403, "1019")
    verifying.review_kyc(UnitOfWork(Shell()), cast.anna.id, KycStatus.VERIFIED)
    assert pay(cast.anna, "1").status_code == 204


def test_unused_payments_are_given_back_each_to_its_source(
    cast: Cast, fill: Callable[..., None], give_epin: Callable[..., str]
) -> None:
    fill(cast.anna, "50.00")
    fill(cast.ben, "50.00")
    code = give_epin(cast.anna, "30.00")
    pay(cast.anna, "10")
    pay(cast.anna, "20", cast.ben)
    cast.anna.client.post("epin/payment/", payment_amount="5", epin_code=code)
    assert balances(cast.anna) == ("40", "35")
    answer = give_back(cast.anna)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (balances(cast.anna), balances(cast.ben)) == (("50", "0"), ("50", "0"))
    assert str(data(cast.anna.client.get("epins/"))["epins"][0]["balance"]) == "30"


def test_giving_back_nothing_is_204_and_changes_nothing(
    cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        assert give_back(cast.anna).status_code == 204


def test_payments_are_given_back_on_demand_while_an_order_awaits_payment(
    cast: Cast, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "50.00")
    order_soap(cast.anna, product)
    pay(cast.anna, "10")
    assert give_back(cast.anna).status_code == 204
    assert balances(cast.anna) == ("50", "0")


def test_payments_go_back_by_themselves_after_30_minutes(
    cast: Cast, fill: Callable[..., None]
) -> None:
    fill(cast.anna, "50.00")
    pay(cast.anna, "10")
    expires_at = Payment.objects.get(member_id=cast.anna.id).expires_at
    assert expires_at is not None
    remaining = expires_at - clock.now()
    assert timedelta(minutes=29) < remaining <= timedelta(minutes=30)
    housekeeping.let_time_pass()
    assert balances(cast.anna) == ("40", "10")
    let_payments_expire()
    assert balances(cast.anna) == ("50", "0")


def test_payments_stay_while_an_order_awaits_payment_which_lapses_after_24_hours(
    cast: Cast, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "50.00")
    order = order_soap(cast.anna, product)
    pay(cast.anna, "10")
    let_payments_expire()
    assert balances(cast.anna) == ("40", "10")
    row = Order.objects.get(number=order["order_id"])
    assert row.lapses_at is not None
    assert abs(row.lapses_at - row.created_at - timedelta(hours=24)) < timedelta(seconds=1)
    Order.objects.filter(pk=row.pk).update(lapses_at=clock.now())
    let_payments_expire()
    assert balances(cast.anna) == ("50", "0")
    shown = data(cast.anna.client.get(f"orders/{order['order_id']}/"))
    assert shown["status"] == "cancelled"


def test_a_free_joiners_waiting_order_holds_no_payments_back(
    cast: Cast, fill: Callable[..., None]
) -> None:
    fill(cast.dan, "50.00")
    pay(cast.dan, "10")
    let_payments_expire()
    assert balances(cast.dan) == ("50", "0")


def test_what_an_expired_epin_paid_goes_back_to_where_it_can_only_buy(
    cast: Cast, give_epin: Callable[..., str]
) -> None:
    code = give_epin(cast.anna, "30.00")
    cast.anna.client.post("epin/payment/", payment_amount="10", epin_code=code)
    EPin.objects.filter(owner_id=cast.anna.id).update(expires_at=clock.now())
    let_payments_expire()
    assert balances(cast.anna) == ("0", "10")
    assert give_back(cast.anna).status_code == 204
    assert balances(cast.anna) == ("0", "10")


def test_the_payment_that_expires_first_is_spent_first(
    cast: Cast, fill: Callable[..., None], product: Callable[[str], int]
) -> None:
    fill(cast.anna, "50.00")
    fill(cast.ben, "50.00")
    pay(cast.anna, "10", cast.ben)
    pay(cast.anna, "10")
    older = Payment.objects.filter(member_id=cast.anna.id).latest("id")
    assert older.expires_at is not None
    older.expires_at -= timedelta(minutes=10)
    older.save(update_fields=["expires_at"])
    assert order_soap(cast.anna, product)["status"] == "complete"
    assert give_back(cast.anna).status_code == 204
    assert (balances(cast.anna), balances(cast.ben)) == (("40", "0"), ("47.5", "0"))


def test_the_history_is_newest_first_in_pages(cast: Cast, fill: Callable[..., None]) -> None:
    fill(cast.anna, "50.00")
    for amount in ("1", "2", "3"):
        pay(cast.anna, amount)
    give_back(cast.anna)
    seen: list[Any] = []
    cursor = ""
    while cursor is not None:
        page = data(cast.anna.client.get("ewallet/transactions/", limit=2, cursor=cursor))
        assert len(page["transactions"]) <= 2
        seen += page["transactions"]
        cursor = page["next_cursor"]
    moves = [(each["kind"], str(each["amount"]), str(each["purchase_amount"])) for each in seen]
    assert moves == [
        ("payment_returned", "3", "-3"),
        ("payment_returned", "2", "-2"),
        ("payment_returned", "1", "-1"),
        ("payment_from_wallet", "-3", "3"),
        ("payment_from_wallet", "-2", "2"),
        ("payment_from_wallet", "-1", "1"),
        ("office_credit", "50", "0"),
    ]
    assert seen[-1]["note"] == "for a test"
    assert data(cast.erik.client.get("ewallet/transactions/"))["transactions"] == []


@pytest.mark.parametrize("path", ["ewallet/transactions/", "epins/", "orders/", "payouts/"])
def test_a_page_has_1_to_200_entries_and_a_cursor_of_ours(cast: Cast, path: str) -> None:
    for limit in ("0", "201", "-1", "x"):
        refused(cast.anna.client.get(path, limit=limit), 422, "1004", "limit")
    for cursor in ("x", "-1", "9" * 19):
        refused(cast.anna.client.get(path, cursor=cursor), 422, "1004", "cursor")
    for query in ({"limit": "1"}, {"limit": "200", "cursor": "9" * 18}, {"cursor": "0"}):
        assert cast.anna.client.get(path, **query).status_code == 200


def test_payments_are_spent_before_what_can_only_buy(
    cast: Cast,
    fill: Callable[..., None],
    give_epin: Callable[..., str],
    product: Callable[[str], int],
) -> None:
    code = give_epin(cast.anna, "30.00")
    cast.anna.client.post("epin/payment/", payment_amount="10", epin_code=code)
    EPin.objects.filter(owner_id=cast.anna.id).update(expires_at=clock.now())
    give_back(cast.anna)
    fill(cast.anna, "5.00")
    pay(cast.anna, "5")
    assert order_soap(cast.anna, product)["status"] == "complete"
    assert give_back(cast.anna).status_code == 204
    assert balances(cast.anna) == ("0", "2.5")
