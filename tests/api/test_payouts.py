"""`payouts/…`: from the wallet to the bank, and the way back."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Cast, Player
from support.client import data, refused
from support.installation import TRANSACTION_PASSWORD
from support.moves import ask_payout, balances, tell_bank
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import verifying
from upline.kyc.models import KycStatus
from upline.members.models import Member

REQUEST = {"amount": "30.00", "transaction_password": TRANSACTION_PASSWORD}


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    """Somebody with 100.00 and bank data."""
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def ask(member: Player, amount: str) -> dict[str, Any]:
    made: dict[str, Any] = data(ask_payout(member, amount))
    return made


def test_a_requested_payout_leaves_the_wallet_at_once(anna: Player) -> None:
    answer = ask_payout(anna, "30.50")
    assert answer.status_code == 201
    made = data(answer)
    assert made["payout_id"].startswith("PO-")
    assert (made["status"], str(made["amount"])) == ("requested", "30.5")
    assert (made["account_ending"], made["reason"], made["closed"]) == ("3000", "", "")
    assert balances(anna) == ("69.5", "0")
    assert data(anna.client.get(f"payouts/{made['payout_id']}/")) == made
    moved = data(anna.client.get("ewallet/transactions/"))["transactions"][0]
    assert (moved["kind"], str(moved["amount"])) == ("payout", "-30.5")


def test_a_wallet_is_paid_out_to_its_last_cent_and_no_further(
    anna: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        refused(ask_payout(anna, "100.01"), 422, "1014")
    ask(anna, "100.00")
    with nothing_changes():
        refused(ask_payout(anna, "0.01"), 422, "1014")
    assert balances(anna) == ("0", "0")


def test_what_can_only_buy_is_not_paid_out(
    cast: Cast, give_epin: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    code = give_epin(cast.anna, "50.00")
    tell_bank(cast.anna)
    cast.anna.client.post("epin/payment/", payment_amount="50.00", epin_code=code)
    with nothing_changes():
        refused(ask_payout(cast.anna, "10.00"), 422, "1014")


def test_wrong_fields_are_named_all_at_once(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(payout_minimum=2000)
    call = anna.client.post
    with nothing_changes():
        refused(call("payouts/"), 422, "1004", "amount", "transaction_password")
        refused(call("payouts/", amount="5"), 422, "1004", "amount", "transaction_password")
        for amount in ("0", "-1", "1.001", "NaN", "1e3", "x", "20000000000"):
            refused(ask_payout(anna, amount), 422, "1004", "amount")


def test_the_office_sets_the_least_and_the_steps(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(payout_minimum=2000, payout_multiple=500)
    with nothing_changes():
        said = refused(ask_payout(anna, "19.99"), 422, "1004", "amount")
        assert said["amount"] == "The minimum payout is 20.00 EUR."
        said = refused(ask_payout(anna, "22.50"), 422, "1004", "amount")
        assert said["amount"] == "This must be a multiple of 5.00 EUR."
    assert ask_payout(anna, "20").status_code == ask_payout(anna, "25").status_code == 201


def test_a_payout_needs_bank_data(
    cast: Cast, fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(cast.anna, "100.00")
    with nothing_changes():
        refused(ask_payout(cast.anna, "10"), 422, "1004", "account_holder", "account_number")
    tell_bank(cast.anna, account_number="")
    with nothing_changes():
        said = refused(ask_payout(cast.anna, "10"), 422, "1004", "account_number")
    assert "profile/bank/" in said["account_number"]
    tell_bank(cast.anna)
    assert ask_payout(cast.anna, "10").status_code == 201


def test_a_payout_needs_the_transaction_password(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(transaction_password_limit_by_guesser=3)
    with nothing_changes():
        for _ in range(3):
            refused(ask_payout(anna, "10", transaction_password="wrong"), 422, "1015")
        answer = ask_payout(anna, "10")
        refused(answer, 429, "1104")
        assert int(answer.headers["Retry-After"]) > 0
    office_sets(transaction_password_limit_by_guesser=0)
    Member.objects.filter(pk=anna.id).update(transaction_password="")
    with nothing_changes():
        refused(ask_payout(anna, "10"), 422, "1015", "transaction_password")


def test_a_payout_without_kyc_is_1019_where_the_office_requires_it(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(kyc_needed_for=["payout"])
    for status in (None, KycStatus.SUBMITTED, KycStatus.REJECTED, KycStatus.EXPIRED):
        if status:
            verifying.review_kyc(UnitOfWork(Shell()), anna.id, status)
        with nothing_changes():
            refused(ask_payout(anna, "10"), 403, "1019")
    verifying.review_kyc(UnitOfWork(Shell()), anna.id, KycStatus.VERIFIED)
    assert ask_payout(anna, "10").status_code == 201


def test_the_office_can_switch_payouts_off(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    number = ask(anna, "10")["payout_id"]
    office_sets(payouts_open=False)
    with nothing_changes():
        refused(ask_payout(anna, "10"), 403, "1101")
    assert anna.client.delete(f"payouts/{number}/").status_code == 204, "the way back stays open"


def test_a_payout_under_a_key_is_made_once(anna: Player) -> None:
    headers = {"Idempotency-Key": "one-payout-and-no-more"}
    first, second = (
        anna.client.call("POST", "payouts/", data=REQUEST, headers=headers) for _ in range(2)
    )
    assert (first.status_code, second.text) == (201, first.text)
    assert second.headers["Idempotency-Hit"] == "true"
    assert len(data(anna.client.get("payouts/"))["payouts"]) == 1
    assert balances(anna) == ("70", "0")


def test_a_requested_payout_is_cancelled_to_the_cent(anna: Player) -> None:
    number = ask(anna, "33.33")["payout_id"]
    answer = anna.client.call(
        "DELETE", f"payouts/{number}/", headers={"Prefer": "return=representation"}
    )
    assert answer.status_code == 200
    assert data(answer)["status"] == "cancelled"
    assert data(answer)["closed"]
    assert balances(anna) == ("100", "0")
    moved = data(anna.client.get("ewallet/transactions/"))["transactions"][0]
    assert (moved["kind"], str(moved["amount"])) == ("payout_returned", "33.33")


@pytest.mark.parametrize("status", ["approved", "in_batch", "paid", "failed", "cancelled"])
def test_only_a_requested_payout_can_be_cancelled(
    anna: Player, status: str, bring_to: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    number = bring_to(anna, status)
    with nothing_changes():
        said = refused(anna.client.delete(f"payouts/{number}/"), 409, "1113", "payout_id")
    assert status.replace("_", " ") in said["payout_id"]
    assert data(anna.client.get(f"payouts/{number}/"))["status"] == status


def test_a_payout_of_nobody_or_of_somebody_else_is_1102(
    cast: Cast, anna: Player, nothing_changes: Callable[[], Any]
) -> None:
    number = ask(anna, "10")["payout_id"]
    with nothing_changes():
        for each in (number, "PO-000000000000", "1", "x" * 200):
            refused(cast.ben.client.get(f"payouts/{each}/"), 404, "1102")
            refused(cast.ben.client.delete(f"payouts/{each}/"), 404, "1102")
    assert data(cast.ben.client.get("payouts/"))["payouts"] == []


def test_payouts_are_listed_newest_first_in_pages(anna: Player) -> None:
    made = [ask(anna, amount)["payout_id"] for amount in ("1", "2", "3")]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = data(anna.client.get("payouts/", limit=2, cursor=cursor))
        assert len(page["payouts"]) <= 2
        seen += [each["payout_id"] for each in page["payouts"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


def test_what_became_of_a_payout_is_told_to_its_member(
    anna: Player, bring_to: Callable[..., str]
) -> None:
    for status, remaining in (
        ("paid", "90"),
        ("failed", "90"),
        ("returned", "90"),
        ("declined", "90"),
    ):
        number = bring_to(anna, status)
        shown = data(anna.client.get(f"payouts/{number}/"))
        assert (shown["status"], balances(anna)[0]) == (status, remaining)
        assert shown["reason"] == ("" if status == "paid" else "for a test")
        assert shown["closed"]
