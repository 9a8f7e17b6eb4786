"""The office's payouts: approved, batched, paid, failed or returned; the file for the bank."""

import csv
import io
import os
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from support.cast import Cast, Player
from support.client import data
from support.installation import PASSWORD, Installation
from support.logged import STAFF_RIGHTS, logged
from support.moves import IBAN, ask_payout, balances, tell_bank
from support.office import Visitor, problems
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.mailings.models import Mail
from upline.members.models import User
from upline.payouts.models import Payout


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def _payout(number: str) -> Any:
    return Payout.objects.get(number=number)


def _page(number: str) -> str:
    return f"/payouts/payout/{_payout(number).pk}/"


def _ask(member: Player, amount: str = "10.00") -> str:
    made: str = data(ask_payout(member, amount))["payout_id"]
    return made


def _mails(member: Player, kind: str) -> list[dict[str, Any]]:
    found = Mail.objects.filter(user_id=member.id, kind=kind)
    return [dict(facts) for facts in found.values_list("facts", flat=True)]


def test_a_payout_goes_from_the_request_to_the_bank(
    olga: Visitor, anna: Player, audited: Callable[..., dict[str, Any]]
) -> None:
    number = _ask(anna, "40.00")
    assert _mails(anna, "payout_requested") == [
        {"amount": 4000, "currency": "EUR", "number": number, "ending": "3000"}
    ]
    assert olga.press(f"{_page(number)}approve/") == (
        f"{number} is approved and goes into the next batch."
    )
    assert audited("payout.approved", f"payout:{number}").items() >= {"amount": 4000}.items()
    made = olga.send("/payouts/payout/make-batch/")
    assert made.status_code == 200
    batch = _payout(number).batch_id
    audited("payout_batch.made", f"payout_batch:{batch}")
    assert olga.press(f"{_page(number)}paid/") == f"{number} is paid."
    assert audited("payout.paid", f"payout:{number}").items() >= {"amount": 4000}.items()
    assert balances(anna) == ("60", "0")
    assert [each["number"] for each in _mails(anna, "payout_paid")] == [number]
    for gone in ("approve", "decline", "paid", "failed"):
        assert f"{gone}/" not in olga.get(_page(number)).text


def test_a_declined_payout_goes_back_with_its_reason(
    olga: Visitor, anna: Player, audited: Callable[..., dict[str, Any]]
) -> None:
    for is_approved in (False, True):
        number = _ask(anna)
        if is_approved:
            olga.press(f"{_page(number)}approve/")
        said = olga.press(f"{_page(number)}decline/", reason="not yet")
        assert said == (
            f"{number} is declined. 10.00 EUR is back in the wallet of {anna.username}."
        )
        assert balances(anna) == ("100", "0")
        shown = data(anna.client.get(f"payouts/{number}/"))
        assert (shown["status"], shown["reason"]) == ("declined", "not yet")
    assert len(_mails(anna, "payout_declined")) == 2


def test_a_failed_payout_goes_back_with_its_reason(
    olga: Visitor,
    anna: Player,
    bring_to: Callable[..., str],
    audited: Callable[..., dict[str, Any]],
) -> None:
    number = bring_to(anna, "in_batch", "33.33")
    answer = olga.send(f"{_page(number)}failed/", reason="")
    assert "required" in problems(answer)
    olga.press(f"{_page(number)}failed/", reason="account closed")
    facts = audited("payout.failed")
    assert (facts["amount"], facts["reason"]) == (3333, "account closed")
    assert facts["changes"]["status"] == {"before": "in_batch", "after": "failed"}
    assert balances(anna) == ("100", "0")
    facts = {"amount": 3333, "currency": "EUR", "number": number, "reason": "account closed"}
    assert _mails(anna, "payout_failed") == [facts]


def test_what_the_bank_returns_after_it_was_paid_goes_back_with_its_reason(
    olga: Visitor,
    anna: Player,
    bring_to: Callable[..., str],
    audited: Callable[..., dict[str, Any]],
) -> None:
    number = bring_to(anna, "paid", "33.33")
    paid_at = data(anna.client.get(f"payouts/{number}/"))["closed"]
    assert "required" in problems(olga.send(f"{_page(number)}returned/", reason=""))
    said = olga.press(f"{_page(number)}returned/", reason="account unknown")
    assert said == f"{number} is returned. 33.33 EUR is back in the wallet of {anna.username}."
    assert audited("payout.returned") == {
        "amount": 3333,
        "currency": "EUR",
        "reason": "account unknown",
        "changes": {"status": {"before": "paid", "after": "returned"}},
    }
    assert balances(anna) == ("100", "0")
    shown = data(anna.client.get(f"payouts/{number}/"))
    assert (shown["status"], shown["reason"]) == ("returned", "account unknown")
    assert shown["closed"] == paid_at
    assert shown["returned"]
    moved = data(anna.client.get("ewallet/transactions/"))["transactions"][0]
    assert (moved["kind"], str(moved["amount"])) == ("payout_sent_back", "33.33")
    facts = {"amount": 3333, "currency": "EUR", "number": number, "reason": "account unknown"}
    assert _mails(anna, "payout_returned") == [facts]
    assert number in olga.get("/payouts/payout/", status__exact="returned").text


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("requested", ["paid", "failed", "returned"]),
        ("approved", ["approve", "paid", "failed", "returned"]),
        ("in_batch", ["approve", "decline", "returned"]),
        ("paid", ["approve", "decline", "paid", "failed"]),
        ("returned", ["approve", "decline", "paid", "failed", "returned"]),
        ("failed", ["approve", "decline", "paid", "failed", "returned"]),
        ("cancelled", ["approve", "decline", "paid", "failed", "returned"]),
        ("declined", ["approve", "decline", "paid", "failed", "returned"]),
    ],
)
def test_a_step_that_does_not_follow_is_refused(
    status: str,
    steps: list[str],
    olga: Visitor,
    anna: Player,
    bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    number = bring_to(anna, status)
    with nothing_changes():
        for step in steps:
            answer = olga.send(f"{_page(number)}{step}/", reason="a reason")
            assert problems(answer) == f"This payout is {status.replace('_', ' ')}."


def test_nobody_works_on_a_payout_of_their_own(
    installation: Installation,
    anna: Player,
    bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    """A member who is staff too."""

    paid = bring_to(anna, "paid")
    number, batched = _ask(anna), bring_to(anna, "in_batch")
    with logged(STAFF_RIGHTS):
        User.objects.filter(pk=anna.id).update(is_staff=True, is_superuser=True)
    both = Visitor(installation.base_url)
    assert both.sign_in(anna.username, PASSWORD).status_code == 302
    batch = f"/payouts/batch/{_payout(batched).batch_id}/"
    with nothing_changes():
        for page in (f"{_page(number)}approve/", f"{_page(batched)}paid/",
                     f"{_page(batched)}failed/", f"{_page(paid)}returned/",
                     f"{batch}paid/", f"{batch}failed/"):  # fmt: skip
            assert "You cannot do this with your own account" in problems(
                both.send(page, reason="mine")
            )


def test_a_blocked_members_payout_is_neither_approved_nor_batched(
    olga: Visitor, anna: Player, bring_to: Callable[..., str], nothing_changes: Callable[[], Any]
) -> None:
    asked, approved = _ask(anna), bring_to(anna, "approved")
    blocking.block_member(UnitOfWork(Shell()), anna.id, "a test")
    with nothing_changes():
        answer = olga.send(f"{_page(asked)}approve/")
        assert problems(answer) == "The member is blocked."
    assert "The member is blocked." in olga.send("/payouts/payout/make-batch/").text
    assert _payout(approved).status == "approved"
    olga.press(f"{_page(approved)}decline/", reason="blocked")
    olga.press(f"{_page(asked)}decline/", reason="blocked")


def test_a_wrong_iban_keeps_its_payout_out_of_the_batch_with_a_sentence(
    olga: Visitor,
    anna: Player,
    cast: Cast,
    fill: Callable[[Player, str], None],
    bring_to: Callable[..., str],
) -> None:
    fill(cast.ben, "50.00")
    tell_bank(cast.ben, account_number="000123456789")
    wrong, right = bring_to(cast.ben, "approved"), bring_to(anna, "approved")
    sentence = "The account number is not an IBAN."
    preview = olga.send("/payouts/payout/make-batch/", preview="on").text
    assert sentence in preview
    assert wrong in preview
    assert _payout(right).status == "approved", "a preview changes nothing"
    assert sentence in olga.send("/payouts/payout/make-batch/").text
    assert (_payout(wrong).status, _payout(right).status) == ("approved", "in_batch")
    assert sentence in olga.get(_page(wrong)).text
    alone = problems(olga.send("/payouts/payout/make-batch/"))
    assert alone == f"No approved payout can go into a batch. {wrong}: {sentence}"
    olga.press(f"{_page(wrong)}decline/", reason="The IBAN is wrong.")


def test_a_change_of_bank_data_touches_no_payout_in_a_batch(
    olga: Visitor,
    anna: Player,
    bring_to: Callable[..., str],
    audited: Callable[..., dict[str, Any]],
) -> None:
    number = bring_to(anna, "in_batch")
    other = "GB29 NWBK 6016 1331 9268 19"
    tell_bank(anna, account_number=other, account_holder="Anna Else")
    later = bring_to(anna, "in_batch")
    shown = olga.send(f"{_page(number)}bank/").text
    assert IBAN in shown
    assert "Else" not in shown
    audited("payout.bank_view", f"payout:{number}")
    assert other in olga.send(f"{_page(later)}bank/").text


def test_the_office_sees_why_a_payout_waits(olga: Visitor, anna: Player) -> None:
    number = _ask(anna)
    assert "On hold" not in olga.get(_page(number)).text
    anna.client.put("profile/bank/", account_number="GB29 NWBK 6016 1331 9268 19")
    assert "Bank account changed just now, held until" in olga.get(_page(number)).text
    assert "held until" in problems(olga.send(f"{_page(number)}approve/"))
    olga.press(f"{_page(number)}decline/", reason="a test")


def test_the_bank_data_of_one_payout_open_no_other(
    olga: Visitor, anna: Player, bring_to: Callable[..., str]
) -> None:
    """As somebody inside the database might move them, past the trigger."""
    first = _payout(bring_to(anna, "approved"))
    tell_bank(anna, account_holder="Somebody Else")
    second = _payout(bring_to(anna, "approved"))
    _seal_as(first.pk, bytes(second.bank_sealed))
    try:
        answer = olga.send(f"{_page(first.number)}bank/")
        assert problems(answer) == "The bank data can no longer be read."
        olga.send("/payouts/payout/make-batch/")
        first.refresh_from_db()
        assert first.kept_out == "The bank data can no longer be read."
        assert _payout(second.number).status == "in_batch"
    finally:
        olga.press(f"{_page(first.number)}decline/", reason="a test")


def _seal_as(pk: int, sealed: bytes) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("ALTER TABLE payouts_payout DISABLE TRIGGER payouts_payout_steps")
        statement = "UPDATE payouts_payout SET bank_sealed = %s WHERE id = %s"
        owner.execute(statement, [sealed, pk])
        owner.execute("ALTER TABLE payouts_payout ENABLE TRIGGER payouts_payout_steps")


# --- The file ------------------------------------------------------------------------------


@pytest.fixture
def batch(
    olga: Visitor,
    anna: Player,
    cast: Cast,
    fill: Callable[[Player, str], None],
    bring_to: Callable[..., str],
    office_sets: Callable[..., None],
) -> tuple[str, list[str]]:
    """A batch of three payouts: the address of its page, and their numbers."""
    office_sets(payout_iban="DE02120300000000202051")
    fill(cast.ben, "50.00")
    tell_bank(cast.ben, account_holder="=HYPERLINK(1)", account_number="GB29NWBK60161331926819",
              ifsc="NWBKGB2L")  # fmt: skip
    numbers = [bring_to(anna, "approved", "12.34"), bring_to(cast.ben, "approved", "50.00")]
    tell_bank(anna, account_holder="Jürgen Łukaszewicz & Söhne")
    numbers.append(bring_to(anna, "in_batch", "0.01"))
    found = _payout(numbers[0]).batch
    assert found.quantity == 3
    return f"/payouts/batch/{found.pk}/", numbers


def test_the_csv_file_has_a_line_for_each_payout_and_no_formula(
    olga: Visitor, batch: tuple[str, list[str]], cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    page, numbers = batch
    answer = olga.send(f"{page}csv/")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [line["payout_id"] for line in lines] == numbers
    assert [line["amount"] for line in lines] == ["12.34", "50.00", "0.01"]
    assert {line["currency"] for line in lines} == {"EUR"}
    assert lines[0]["account_number"] == IBAN
    assert lines[1]["account_holder"] == "'=HYPERLINK(1)"
    assert lines[1]["username"] == cast.ben.username
    assert audited("payout.file") == {"kind": "csv"}


def test_a_file_made_again_is_the_same_until_a_payout_fails(
    olga: Visitor, batch: tuple[str, list[str]], office_sets: Callable[..., None]
) -> None:
    page, numbers = batch
    first = {kind: olga.send(f"{page}{kind}/").content for kind in ("csv", "sepa")}
    office_sets(payout_iban="GB29NWBK60161331926819")
    olga.press(f"{_page(numbers[0])}paid/")
    for kind, content in first.items():
        assert olga.send(f"{page}{kind}/").content == content
    olga.press(f"{_page(numbers[1])}failed/", reason="no such account")
    for kind in first:
        again = olga.send(f"{page}{kind}/").text
        assert numbers[1] not in again
        assert numbers[0] in again


def test_a_batch_of_failures_has_no_file(olga: Visitor, batch: tuple[str, list[str]]) -> None:
    page, _ = batch
    olga.press(f"{page}failed/", reason="refused by the bank")
    for kind in ("csv", "sepa"):
        answer = olga.send(f"{page}{kind}/")
        assert problems(answer) == "All payouts of this batch have failed or come back."


def test_a_sepa_file_needs_the_companys_own_account(
    olga: Visitor, anna: Player, bring_to: Callable[..., str], office_sets: Callable[..., None]
) -> None:
    page = f"/payouts/batch/{_payout(bring_to(anna, 'in_batch')).batch_id}/"
    assert "payout_iban" in problems(olga.send(f"{page}sepa/"))
    office_sets(payout_iban="DE02120300000000202051")
    assert olga.send(f"{page}sepa/").headers["Content-Type"] == "application/xml"


def test_a_whole_batch_is_paid_or_fails_at_once(
    olga: Visitor,
    batch: tuple[str, list[str]],
    anna: Player,
    cast: Cast,
    audited: Callable[..., dict[str, Any]],
) -> None:
    page, numbers = batch
    olga.press(f"{_page(numbers[0])}failed/", reason="no such account")
    assert olga.press(f"{page}paid/").startswith("2 payouts of batch ")
    states = [_payout(number).status for number in numbers]
    assert states == ["failed", "paid", "paid"]
    assert (balances(anna)[0], balances(cast.ben)[0]) == ("99.99", "0")
    assert "failed/" not in olga.get(page).text


def test_the_first_page_says_what_waits(
    olga: Visitor, anna: Player, staff: Callable[..., Visitor]
) -> None:
    _ask(anna)
    assert "Payouts to approve" in olga.get("/").text
    sam = staff("payouts.view_payout")
    listed = sam.get("/payouts/payout/", status__exact="requested").text
    assert anna.username in listed
    assert "Make a batch" not in listed
