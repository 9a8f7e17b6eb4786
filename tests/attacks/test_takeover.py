"""Somebody has a member's access_token, and nothing else: what they try, and what becomes of it."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from attacks.planted import faulty_server
from public_pages.conftest import Page, said
from support.cast import Cast, Player, unique
from support.client import Client, data, refused
from support.installation import PASSWORD, STAFF, TRANSACTION_PASSWORD, Installation, Server
from support.moves import (
    IBAN,
    ask_payout,
    balances,
    change_address,
    let_hours_pass,
    tell_bank,
    worker_looks_up,
)
from upline.base import clock, encryption, sql
from upline.base.actors import Shell
from upline.base.errors import Refusal
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.flows import (
    blocking,
    correcting,
    housekeeping,
    mailing,
    paying_out,
    permissions,
    protecting,
    verifying,
)
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.mailings.models import Mail
from upline.members.models import ProtectedChange, ProtectedKind, User

MAILBOX = "thief@example.org"
THEIRS = "GB29 NWBK 6016 1331 9268 19"
CHOSEN = "a thief's own choice"


@pytest.fixture
def anna(cast: Cast, fill: Callable[..., None]) -> Player:
    """Whose token it is: 100.00 in the wallet, and a bank account known for long."""
    fill(cast.anna, "100.00")
    tell_bank(cast.anna)
    return cast.anna


def link_of(mail: Any) -> str:
    """The link that a mail carries when it is sent; '' of a mail without one."""
    return mailing.link_for(mail)


def mails_to(member: Player, address: str, kind: str = "") -> list[Any]:
    found = Mail.objects.filter(user_id=member.id, to_address=address).order_by("-id")
    return list(found.filter(kind=kind) if kind else found)


def own_address(member: Player) -> str:
    return f"{member.username}@example.com"


def undo_link(member: Player, kind: str) -> Page:
    """The page of the link in the newest mail of a kind that the owner got."""
    return Page(link_of(mails_to(member, own_address(member), kind)[0]))


@dataclass
class Thief:
    """Has the token of `victim` and reads the mails to an address of their own."""

    victim: Player
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        known = self.victim.client
        self.client = Client(known.base_url, known.api_key, known.access_token)

    def change_email(self) -> None:
        change_address(self.victim, MAILBOX)

    def read_mails(self) -> None:
        """Use every link that came: confirm, and set passwords as far as the pages allow."""
        for mail in mails_to(self.victim, MAILBOX):
            if link := link_of(mail):
                page = Page(link)
                if re.search("<form", page.get().text):
                    page.send(password=CHOSEN, again=CHOSEN, login_password=CHOSEN)

    def confirm_again(self) -> None:
        self.client.post("profile/email/confirmation/")

    def forget_transaction_password(self) -> None:
        self.client.post("ewallet/password/forget/")

    def forget_password(self) -> None:
        self.client.post("profile/password/forget/", username=self.victim.username)
        self.client.post("profile/password/forget/", username=MAILBOX)
        worker_looks_up()

    def change_bank(self) -> None:
        sent = {"account_number": THEIRS, "account_holder": "A Thief"}
        assert self.client.put("profile/bank/", **sent).status_code == 204

    def change_name(self) -> None:
        sent = {"firstname": "A", "lastname": "Thief", "gender": "F", "date_of_birth": "1980-01-01"}
        assert self.client.put("profile/personal/", **sent).status_code == 204

    def guess_passwords(self) -> None:
        for path in ("profile/password/", "ewallet/password/"):
            self.client.put(path, current_password=CHOSEN, new_password=CHOSEN,
                            password_confirmation=CHOSEN)  # fmt: skip

    def ask_payout(self) -> None:
        answer = self.client.post("payouts/", amount="100.00", transaction_password=CHOSEN)
        assert answer.status_code in (422, 429), answer.text

    def sign_in(self) -> None:
        stranger = Client(self.client.base_url, self.client.api_key)
        answer = stranger.post("auth/access/", username=self.victim.username, password=CHOSEN)
        assert answer.status_code in (401, 429)


CHAIN = (Thief.change_email, Thief.confirm_again, Thief.read_mails,
         Thief.forget_transaction_password, Thief.forget_password, Thief.read_mails,
         Thief.change_bank, Thief.change_name, Thief.guess_passwords, Thief.ask_payout,
         Thief.sign_in)  # fmt: skip


def assert_nothing_was_taken(member: Player) -> None:
    """Neither money nor control: balance, mails and both passwords are the owner's."""
    assert balances(member) == ("100", "0")
    assert data(member.client.get("payouts/"))["payouts"] == []
    for kind in ("reset_login", "reset_transaction"):
        assert mails_to(member, MAILBOX, kind) == []
    member.client.sign_in(member.username, PASSWORD)
    wrong_again = member.client.post("payouts/", amount="1000", transaction_password=CHOSEN)
    refused(wrong_again, 422, "1015")


def test_row_6_a_token_alone_takes_neither_money_nor_account(anna: Player, staff_unit: Any) -> None:
    """Step by step: e-mail, link, transaction password, bank account, payout; then the owner."""
    thief = Thief(anna)
    thief.change_email()
    assert data(anna.client.get("profile/"))["email"] == MAILBOX
    thief.read_mails()
    thief.forget_transaction_password()
    assert len(mails_to(anna, own_address(anna), "reset_transaction")) == 1
    thief.read_mails()
    thief.change_bank()
    thief.ask_payout()
    assert_nothing_was_taken(anna)

    # The owner asks for a payout and sees why it waits; nobody can send it on its way.
    made = data(ask_payout(anna, "40.00"))
    assert re.fullmatch(r"Bank account changed just now, held until .+\.", made["hold"])
    assert made["held_until"]
    with pytest.raises(Refusal, match="held until"):
        paying_out.approve(staff_unit, made["payout_id"])

    # One link brings the account back, and ends the thief's token.
    page = undo_link(anna, "bank_changed")
    assert "ends in 3000" in page.get().text
    assert "All devices were signed out" in said(page.send())
    refused(thief.client.get("profile/"), 401, "1002")
    anna.client.sign_in(anna.username, PASSWORD)
    assert data(anna.client.get("profile/"))["account_number"] == IBAN
    said(undo_link(anna, "email_changed").send())
    anna.client.sign_in(anna.username, PASSWORD)
    assert data(anna.client.get("profile/"))["email"] == own_address(anna)

    # When the time is over the money goes to the owner's account.
    let_hours_pass(anna, 72)
    shown = data(anna.client.get(f"payouts/{made['payout_id']}/"))
    assert (shown["hold"], shown["held_until"]) == ("", "")
    paying_out.approve(staff_unit, made["payout_id"])
    paying_out.make_batch(staff_unit)
    assert paying_out.show_bank(staff_unit, made["payout_id"])["account_number"] == IBAN


@pytest.mark.parametrize("order", range(10))
def test_row_6_in_whatever_order_they_try(order: int, anna: Player) -> None:
    steps = list(CHAIN)
    random.Random(order).shuffle(steps)
    thief = Thief(anna)
    for step in steps:
        step(thief)
    thief.read_mails()
    assert_nothing_was_taken(anna)
    said(undo_link(anna, "bank_changed").send())
    refused(thief.client.get("profile/"), 401, "1002")


@pytest.fixture
def staff_unit() -> Any:
    return UnitOfWork(permissions.staff(User.objects.get(username=STAFF).pk))


# --- The e-mail address --------------------------------------------------------------------


def reset_goes_to(member: Player, stranger: Client) -> str:
    member.client.post("ewallet/password/forget/")
    sent = Mail.objects.filter(user_id=member.id, kind="reset_transaction").latest("id")
    return str(sent.to_address)


def minute_passes() -> None:
    housekeeping.let_time_pass()


def test_row_6_resets_go_to_a_new_address_only_when_it_is_confirmed_and_the_time_is_over(
    anna: Player, stranger: Client
) -> None:
    new = f"{anna.username}@new.example.org"
    change_address(anna, new)
    confirm = Page(link_of(mails_to(anna, new, "confirm_email")[0]))
    let_hours_pass(anna, 73)
    minute_passes()
    assert reset_goes_to(anna, stranger) == own_address(anna), "it is not confirmed"
    assert said(confirm.send()) == "Your e-mail address is confirmed."
    assert reset_goes_to(anna, stranger) == new


def test_row_6_each_change_starts_the_time_anew(anna: Player, stranger: Client) -> None:
    new = f"{anna.username}@new.example.org"
    change_address(anna, new)
    answer = Page(link_of(mails_to(anna, new, "confirm_email")[0])).send()
    assert "Mails go to it from" in said(answer)
    let_hours_pass(anna, 71)
    Thief(anna).change_bank()
    let_hours_pass(anna, 71)
    minute_passes()
    assert reset_goes_to(anna, stranger) == own_address(anna)
    let_hours_pass(anna, 1)
    minute_passes()
    assert reset_goes_to(anna, stranger) == new


def test_row_6_changing_the_address_in_a_loop_mails_few_strangers(
    anna: Player, office_sets: Callable[..., None]
) -> None:
    office_sets(forgot_limit=3)
    for number in range(8):
        change_address(anna, f"stranger{number}@example.org")
    found = Mail.objects.filter(user_id=anna.id, kind="confirm_email")
    assert found.count() == 3
    refused(anna.client.post("profile/email/confirmation/"), 429, "1104")
    assert found.count() == 3
    assert data(anna.client.get("profile/"))["email"] == "stranger7@example.org"


def test_the_link_that_confirms_an_address_can_be_mailed_again(anna: Player) -> None:
    again = "profile/email/confirmation/"
    assert anna.client.post(again).status_code == 204
    assert mails_to(anna, own_address(anna), "confirm_email") == [], "nothing to confirm"
    new = f"{anna.username}@new.example.org"
    change_address(anna, new)
    assert anna.client.post(again).status_code == 204
    assert len(mails_to(anna, new, "confirm_email")) == 2


# --- Undoing -------------------------------------------------------------------------------


def test_row_7_every_bank_link_brings_back_what_was_there_before_all_of_them(
    anna: Player,
) -> None:
    thief = Thief(anna)
    thief.change_bank()
    thief.client.put("profile/bank/", account_number="DE02120300000000202051")
    links = [link_of(mail) for mail in mails_to(anna, own_address(anna), "bank_changed")[:2]]
    said(Page(links[0]).send())
    anna.client.sign_in(anna.username, PASSWORD)
    assert data(anna.client.get("profile/"))["account_number"] == IBAN
    assert said(Page(links[0]).get()).startswith("This change has already been undone")
    assert said(Page(links[1]).get()).startswith("This change has already been undone")


def account_after_undoing(server: Server, member: Player) -> str:
    """The account number once the link of the latest of two changes was used on a server."""
    client = Client(server.base_url, member.client.api_key, member.client.access_token)
    for number in (THEIRS, "DE02120300000000202051"):
        assert client.put("profile/bank/", account_number=number).status_code == 204
    secret = unique("secret")
    with psycopg.connect(server.database) as connection:
        connection.execute(
            """INSERT INTO members_mailedlink (digest, purpose, user_id, email, about, expires_at)
               SELECT %s, 'undo_change', member_id, '', max(id)::text, %s
               FROM members_protectedchange WHERE member_id = %s GROUP BY member_id""",
            [encryption.digest("link", secret), clock.now() + timedelta(hours=1), member.id],
        )
    said(Page(f"{server.base_url}/link/undo-change/{secret}/").send())
    client.sign_in(member.username, PASSWORD)
    return str(data(client.get("profile/"))["account_number"])


def test_row_7_the_latest_link_brings_back_what_was_there_before_the_thief(
    anna: Player, installation: Installation
) -> None:
    assert account_after_undoing(installation.server, anna) == IBAN


def test_row_7_the_link_notices_an_undo_of_the_latest_change_alone(
    anna: Player, installation: Installation
) -> None:
    with faulty_server(installation, "undo") as server:
        assert account_after_undoing(server, anna) != IBAN


def change_bank_times(member: Player, times: int) -> None:
    for number in range(times):
        sent = {"account_number": THEIRS, "account_holder": f"A {'very ' * number}bold thief"}
        assert member.client.put("profile/bank/", **sent).status_code == 204


def sent_links(member: Player, kind: str) -> list[str]:
    """The links of the mails of a kind that wait for the owner, who gets them now."""
    mails = [
        each for each in mails_to(member, own_address(member), kind) if each.status == "queued"
    ]
    links = [link_of(mail) for mail in mails]
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(status="sent")
    return links


def test_row_7_a_flood_of_changes_mails_the_owner_six_times_and_each_link_undoes_all(
    anna: Player,
) -> None:
    sent_links(anna, "bank_changed")
    change_bank_times(anna, 6)
    links = sent_links(anna, "bank_changed")
    assert len(links) == 6
    change_bank_times(anna, 9)
    assert sent_links(anna, "bank_changed") == []
    # All changes but the last are too old by now, as after three days of it.
    sql.run(
        """UPDATE members_protectedchange SET at = at - interval '73 hours'
           WHERE member_id = %s
             AND id < (SELECT max(id) FROM members_protectedchange WHERE member_id = %s)""",
        [anna.id, anna.id],
    )
    assert "Your bank account was changed back." in said(Page(links[-1]).send())
    anna.client.sign_in(anna.username, PASSWORD)
    assert data(anna.client.get("profile/"))["account_number"] == IBAN
    for link in links[:-1]:
        assert said(Page(link).get()).startswith("This change has already been undone")


def test_row_7_a_mail_that_still_waits_undoes_what_came_after_it(anna: Player) -> None:
    sent_links(anna, "bank_changed")
    change_bank_times(anna, 9)
    latest = ProtectedChange.objects.filter(member_id=anna.id).latest("id")
    mails = mails_to(anna, own_address(anna), "bank_changed")
    waiting = [mail.facts["change"] for mail in mails if mail.status == "queued"]
    assert waiting == [latest.pk] * 6


def test_row_6_a_mailbox_of_many_members_is_told_little_and_loses_no_link(
    anna: Player, player: Callable[..., Player]
) -> None:
    nora = player("nora")
    User.objects.filter(pk=nora.id).update(email=own_address(anna).upper())
    sent_links(anna, "bank_changed")
    change_bank_times(nora, 9)
    assert len(mails_to(nora, own_address(anna).upper())) == 6
    change_bank_times(anna, 3)
    change_address(anna, MAILBOX)
    assert len(sent_links(anna, "bank_changed")) == 1, "the first, since no link undoes it"
    assert len(sent_links(anna, "email_changed")) == 1


def test_a_company_that_undoes_nothing_tells_of_six_changes_an_hour(
    anna: Player, office_sets: Callable[..., None]
) -> None:
    office_sets(protection_hours=0)
    sent_links(anna, "bank_changed")
    change_bank_times(anna, 9)
    assert sent_links(anna, "bank_changed") == [""] * 6


def test_row_6_an_address_that_mails_left_behind_is_sent_no_link_that_undoes(
    anna: Player, staff_unit: Any
) -> None:
    """Staff have verified another one. What still waited, or is sent again, goes to a stranger."""
    change_bank_times(anna, 1)
    (mail, *_) = mails_to(anna, own_address(anna), "bank_changed")
    assert link_of(mail)
    address = f"{anna.username}@new.example.org"
    correcting.correct(staff_unit, anna.id, {"email": address}, "a test", verified=True)
    mail.refresh_from_db()
    assert link_of(type(mail).objects.get(pk=mail.pk)) == ""


def test_row_6_an_owner_whom_the_office_blocked_undoes_all_the_same(
    anna: Player, stranger: Client, staff_unit: Any, nothing_changes: Any
) -> None:
    changed = {"current_password": PASSWORD, "new_password": CHOSEN}
    change_bank_times(anna, 2)
    change_address(anna, MAILBOX)
    anna.client.put("profile/password/", **changed, password_confirmation=CHOSEN)
    blocking.block_member(staff_unit, anna.id, "a takeover")
    assert "ends in 3000" in undo_link(anna, "bank_changed").get().text
    for kind in ("bank_changed", "email_changed"):
        said(undo_link(anna, kind).send())
    page = undo_link(anna, "password_changed")
    assert "We send a link" not in page.get().text
    assert "The office has blocked you." in said(page.send())
    assert mails_to(anna, own_address(anna), "reset_login") == [], "it would not work"
    for password in (CHOSEN, PASSWORD):
        answer = stranger.post("auth/access/", username=anna.username, password=password)
        refused(answer, 401, "1003")
    blocking.unblock_member(staff_unit, anna.id, "it was a takeover")
    stranger.post("profile/password/forget/", username=anna.username)
    worker_looks_up()
    Page(link_of(mails_to(anna, own_address(anna), "reset_login")[0])).set_password("all new here")
    anna.client.sign_in(anna.username, "all new here")
    shown = data(anna.client.get("profile/"))
    assert (shown["email"], shown["account_number"]) == (own_address(anna), IBAN)


def test_row_7_bank_data_put_back_as_they_are_are_no_change(anna: Player) -> None:
    shown = data(anna.client.get("profile/"))
    told = len(mails_to(anna, own_address(anna), "bank_changed"))
    names = ("bank_name", "branch_name", "account_holder", "account_number", "ifsc", "pan")
    assert anna.client.put("profile/bank/", **{name: shown[name] for name in names}).is_success
    assert len(mails_to(anna, own_address(anna), "bank_changed")) == told
    assert data(ask_payout(anna, "5"))["hold"] == ""


def test_row_7_the_audit_log_holds_what_changed_masked(anna: Player) -> None:
    Thief(anna).change_bank()
    said(undo_link(anna, "bank_changed").send())
    found = AuditEntry.objects.filter(subject=f"member:{anna.id}", event__startswith="bank.")
    undone, changed = (each.facts["changes"] for each in found.order_by("-id")[:2])
    assert changed["account_number"] == {"before": "…3000", "after": "…6819"}
    assert undone["account_number"] == {"before": "…6819", "after": "…3000"}
    assert set(changed) == set(undone) == {"account_number", "account_holder"}


def test_row_7_what_can_be_undone_stays_sealed_and_not_for_longer(anna: Player) -> None:
    Thief(anna).change_bank()
    kept = "SELECT before_sealed FROM members_protectedchange WHERE member_id = %s AND {}"
    recent = kept.format("undone_at IS NULL ORDER BY id DESC LIMIT 1")
    sealed = sql.value(bytes, recent, [anna.id])
    assert sealed
    assert IBAN.encode() not in sealed
    link = link_of(mails_to(anna, own_address(anna), "bank_changed")[0])
    let_hours_pass(anna, 73)
    housekeeping.let_time_pass()
    assert sql.value(bytes, recent, [anna.id]) is None
    assert "too old" in said(Page(link).get())


def test_a_changed_password_is_undone_by_ending_it(anna: Player, stranger: Client) -> None:
    changed = {"current_password": PASSWORD, "new_password": CHOSEN}
    anna.client.put("profile/password/", **changed, password_confirmation=CHOSEN)
    anna.client.sign_in(anna.username, CHOSEN)
    page = undo_link(anna, "password_changed")
    assert own_address(anna) in page.get().text
    assert "no longer works" in said(page.send())
    refused(anna.client.get("profile/"), 401, "1002")
    for password in (CHOSEN, PASSWORD):
        answer = stranger.post("auth/access/", username=anna.username, password=password)
        refused(answer, 401, "1003")
    Page(link_of(mails_to(anna, own_address(anna), "reset_login")[0])).set_password("all new here")
    anna.client.sign_in(anna.username, "all new here")


def test_a_changed_transaction_password_is_undone_by_ending_it(anna: Player) -> None:
    changed = {"current_password": TRANSACTION_PASSWORD, "new_password": CHOSEN}
    anna.client.put("ewallet/password/", **changed, password_confirmation=CHOSEN)
    said(undo_link(anna, "transaction_password_changed").send())
    refused(anna.client.get("profile/"), 401, "1002")
    anna.client.sign_in(anna.username, PASSWORD)
    for password in (CHOSEN, TRANSACTION_PASSWORD):
        refused(ask_payout(anna, "5", transaction_password=password), 422, "1015")
    link = link_of(mails_to(anna, own_address(anna), "reset_transaction")[0])
    Page(link).set_password("all new here")
    assert ask_payout(anna, "5", transaction_password="all new here").status_code == 201


def test_looking_at_a_link_that_undoes_changes_nothing(anna: Player, nothing_changes: Any) -> None:
    Thief(anna).change_bank()
    page = undo_link(anna, "bank_changed")
    with nothing_changes():
        assert page.get().status_code == page.get().status_code == 200
    assert anna.client.get("profile/").status_code == 200


def test_a_company_without_protection_holds_nothing(
    anna: Player, office_sets: Callable[..., None], stranger: Client
) -> None:
    office_sets(protection_hours=0)
    Thief(anna).change_bank()
    assert link_of(mails_to(anna, own_address(anna), "bank_changed")[0]) == ""
    assert data(ask_payout(anna, "5"))["hold"] == ""
    change_address(anna, f"{anna.username}@new.example.org")
    confirm = mails_to(anna, f"{anna.username}@new.example.org", "confirm_email")[0]
    assert said(Page(link_of(confirm)).send()) == "Your e-mail address is confirmed."
    assert reset_goes_to(anna, stranger) == f"{anna.username}@new.example.org"


# --- The transaction password --------------------------------------------------------------


def test_row_11_the_page_asks_for_the_login_password_and_counts_guesses(
    anna: Player, office_sets: Callable[..., None], nothing_changes: Any
) -> None:
    office_sets(login_limit_by_address=3)
    anna.client.post("ewallet/password/forget/")
    page = Page(link_of(mails_to(anna, own_address(anna), "reset_transaction")[0]))

    def guess(login: str) -> httpx.Response:
        return page.send(password=CHOSEN, again=CHOSEN, login_password=login)

    with nothing_changes():
        assert "This field is required" in guess("").text
        for _ in range(3):
            assert "This is not your login password." in guess("a guess").text
        locked = guess(PASSWORD)
    assert locked.status_code == 429


# --- The login password beside a change ----------------------------------------------------


CHANGES = {
    "profile/bank/": {"account_number": THEIRS},
    "profile/personal/": {"firstname": "A", "lastname": "Thief", "gender": "F",
                          "date_of_birth": "1980-01-01"},
    "profile/contact/": {"address_line1": "Hill 1", "country": "276", "city": "Bonn",
                         "email": MAILBOX, "mobile": "+49 170 1234567"},
}  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
def test_the_office_can_demand_the_login_password_with_such_a_change(
    path: str, anna: Player, office_sets: Callable[..., None], nothing_changes: Any
) -> None:
    def put(**proof: str) -> httpx.Response:
        return anna.client.put(path, **CHANGES[path], **proof)

    with nothing_changes():
        refused(put(current_password="wrong"), 422, "1004", "current_password")
    office_sets(current_password_required=True)
    with nothing_changes():
        refused(put(), 422, "1004", "current_password")
        refused(put(current_password=""), 422, "1004", "current_password")
    assert put(current_password=PASSWORD).status_code == 204
    if path != "profile/bank/":
        assert put().status_code == 204, "nothing of it is another one now"


def test_bank_data_take_the_login_password_at_the_printed_address_too(
    anna: Player, nothing_changes: Any
) -> None:
    put = anna.client.put
    with nothing_changes():
        answer = put("profile/personal/", account_number=THEIRS, current_password="wrong")
        refused(answer, 422, "1004", "current_password")
    answer = put("profile/personal/", account_number=THEIRS, current_password=PASSWORD)
    assert answer.status_code == 204


# --- Who the member is ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["profile/personal/", "profile/contact/"])
def test_row_5_a_verified_member_who_becomes_somebody_else_is_verified_no_more(
    path: str, anna: Player, office_sets: Callable[..., None], staff_unit: Any,
    nothing_changes: Any,
) -> None:  # fmt: skip
    office_sets(kyc_needed_for=["payout"])
    verifying.review_kyc(staff_unit, anna.id, KycStatus.VERIFIED)
    number = data(ask_payout(anna, "5"))["payout_id"]
    assert anna.client.put(path, **CHANGES[path]).status_code == 204
    assert status_of(anna.id) == "submitted"
    with nothing_changes():
        refused(ask_payout(anna, "5"), 403, "1019")
    let_hours_pass(anna, 100)
    assert "verified (KYC)" in data(anna.client.get(f"payouts/{number}/"))["hold"]
    with pytest.raises(Refusal, match="verified"):
        paying_out.approve(staff_unit, number)
    verifying.review_kyc(staff_unit, anna.id, KycStatus.VERIFIED)
    paying_out.approve(staff_unit, number)
    assert anna.client.put(path, **CHANGES[path]).status_code == 204
    assert status_of(anna.id) == "verified", "sent again, it is the same person"


# --- Payouts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("email", "E-mail address"), ("bank", "Bank account"), ("password", "Password"),
     ("transaction_password", "Transaction password"),
     ("identity", "Name, date of birth or country")],
)  # fmt: skip
def test_row_7_a_payout_waits_after_every_such_change(
    kind: str, sentence: str, anna: Player, staff_unit: Any, nothing_changes: Any
) -> None:
    approved, asked = (data(ask_payout(anna, "5"))["payout_id"] for _ in range(2))
    paying_out.approve(staff_unit, approved)
    UnitOfWork(Shell()).commit(lambda: protecting.note(anna.id, ProtectedKind(kind)))
    let_hours_pass(anna, 3)
    shown = data(anna.client.get("payouts/"))["payouts"]
    for each in shown:
        assert each["hold"].startswith(f"{sentence} changed 3 hours ago, held until ")
    with nothing_changes(), pytest.raises(Refusal, match="held until"):
        paying_out.approve(staff_unit, asked)
    with suppress(Refusal):  # others' payouts may go
        paying_out.make_batch(staff_unit)
    assert data(anna.client.get(f"payouts/{approved}/"))["status"] == "approved"
    let_hours_pass(anna, 70)
    paying_out.approve(staff_unit, asked)
    made = paying_out.make_batch(staff_unit)
    assert made.quantity == 2


def test_row_7_a_payout_goes_to_the_account_that_its_member_has_when_it_leaves(
    anna: Player, staff_unit: Any
) -> None:
    number = data(ask_payout(anna, "5"))["payout_id"]
    tell_bank(anna, account_number=THEIRS)
    assert paying_out.show_bank(staff_unit, number)["account_number"] == THEIRS
    paying_out.approve(staff_unit, number)
    made = paying_out.make_batch(staff_unit)
    tell_bank(anna)
    file = paying_out.bank_file(staff_unit, made.id, "csv").decode()
    assert THEIRS in file
    assert IBAN not in file
    assert data(anna.client.get(f"payouts/{number}/"))["account_ending"] == "6819"
