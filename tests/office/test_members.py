"""What the office does with members."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from attacks.parallel import Gate, times
from support.cast import Cast, Player, minor
from support.client import Client, data, refused
from support.installation import PASSWORD, Installation
from support.moves import tell_bank
from support.office import Visitor, hidden, problems
from upline.base.actors import Shell
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.genealogy.models import Position
from upline.kyc.queries import status_of
from upline.mailings.models import Mail
from upline.members.models import MailedLink, Member
from upline.screens import leaving


def _page(player: Player, button: str = "") -> str:
    return f"/members/member/{player.id}/{button}{'/' if button else ''}"


def _wallet(player: Player) -> str:
    return str(data(player.client.get("ewallet/balance/"))["balance"])


def test_a_credit_is_on_the_wallet_with_its_reason(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    said = olga.press(_page(cast.anna, "credit"), amount="49.90", reason="cash at the fair")
    assert said == f"49.90 EUR was added to the wallet of {cast.anna.username}."
    assert _wallet(cast.anna) == "49.9"
    history = data(cast.anna.client.get("ewallet/transactions/"))["transactions"]
    assert [each["note"] for each in history] == ["cash at the fair"]
    facts = audited("wallet.credited", f"member:{cast.anna.id}")
    changes = {"balance": {"before": 0, "after": minor("49.90")}}
    assert facts == {"amount": minor("49.90"), "currency": "EUR", "reason": "cash at the fair",
                     "changes": changes}  # fmt: skip


def test_a_debit_leaves_the_wallet(
    olga: Visitor,
    cast: Cast,
    fill: Callable[[Player, str], None],
    audited: Callable[..., dict[str, Any]],
) -> None:
    fill(cast.anna, "50.00")
    olga.press(_page(cast.anna, "debit"), amount="20", reason="paid out in cash")
    assert _wallet(cast.anna) == "30"
    changes = {"balance": {"before": minor("50"), "after": minor("30")}}
    facts = {"amount": minor("20"), "currency": "EUR", "reason": "paid out in cash",
             "changes": changes}  # fmt: skip
    assert audited("wallet.debited") == facts


def test_a_debit_of_more_than_there_is_is_refused(
    olga: Visitor,
    cast: Cast,
    fill: Callable[[Player, str], None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "5.00")
    with nothing_changes():
        answer = olga.send(_page(cast.anna, "debit"), amount="5.01", reason="too much")
        assert problems(answer) == "The balance does not cover the amount."


@pytest.mark.parametrize(
    "amount", ["", "0", "-5", "1.001", "NaN", "Infinity", "five", "1e30", "1e3", "1,000", "1.2.3"]
)
def test_an_amount_that_makes_no_sense_is_refused(
    amount: str, olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = olga.send(_page(cast.anna, "credit"), amount=amount, reason="a reason")
        assert answer.status_code == 200
        assert problems(answer)


def test_money_moves_only_after_a_look_at_the_wallet_before_and_after(
    olga: Visitor,
    cast: Cast,
    fill: Callable[[Player, str], None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.anna, "10.00")
    page = _page(cast.anna, "credit")
    form = olga.open(page) | {"amount": "1.059,90", "reason": "a transfer"}
    with nothing_changes():
        answer = olga.post(page, form)
        for expected in ("Before", "10.00 EUR", "1,059.90 EUR", "After", "1,069.90 EUR"):
            assert expected in answer.text
    seen = form | hidden(answer.text)
    with nothing_changes():
        another = olga.post(page, seen | {"amount": "60"})
        assert "70.00 EUR" in another.text, "another amount is shown before it moves, too"
    fill(cast.anna, "1.00")
    with nothing_changes():
        stale = olga.post(page, seen)
        assert "1,070.90 EUR" in stale.text, "so is a balance that was another one"
    assert olga.post(page, form | hidden(stale.text)).status_code == 302
    assert _wallet(cast.anna) == "1070.9"


@pytest.mark.parametrize("button", ["credit", "debit"])
def test_more_than_the_offices_limit_is_refused(
    button: str,
    olga: Visitor,
    cast: Cast,
    nothing_changes: Callable[[], Any],
    office_sets: Callable[..., None],
) -> None:
    office_sets(credit_max=5000)
    with nothing_changes():
        said = problems(olga.send(_page(cast.anna, button), amount="50.01", reason="too much"))
        assert said == "This is too much: the office's limit is 50.00 EUR at once."


def test_a_form_gone_back_to_is_sent_as_something_new(olga: Visitor, cast: Cast) -> None:
    page = _page(cast.anna, "credit")
    form = olga.filled(page, amount="10.00", reason="once")
    assert olga.post(page, form).status_code == 302
    again = olga.post(page, form | {"amount": "11.00"})
    fresh = form | {"amount": "11.00"} | hidden(again.text)
    assert olga.post(page, olga.previewed(page, fresh)).status_code == 302
    assert _wallet(cast.anna) == "21"


def test_a_credit_needs_a_reason(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        assert problems(olga.send(_page(cast.anna, "credit"), amount="5", reason="  "))


def test_a_form_sent_twice_pays_once(olga: Visitor, cast: Cast) -> None:
    page = _page(cast.anna, "credit")
    form = olga.filled(page, amount="10.00", reason="once")
    for _ in range(3):
        assert olga.post(page, form).status_code == 302
    assert _wallet(cast.anna) == "10"
    assert "already done" in olga.get(_page(cast.anna)).text


def test_a_form_sent_again_with_another_amount_is_refused(olga: Visitor, cast: Cast) -> None:
    page = _page(cast.anna, "credit")
    form = olga.filled(page, amount="10.00", reason="once")
    assert olga.post(page, form).status_code == 302
    again = olga.post(page, form | {"amount": "11.00"})
    assert problems(again).startswith("You have already sent this form")
    assert "Idempotency" not in again.text
    assert _wallet(cast.anna) == "10"


def test_a_blocked_member_is_out_until_unblocked(
    olga: Visitor, cast: Cast, stranger: Client, audited: Callable[..., dict[str, Any]]
) -> None:
    olga.press(_page(cast.anna, "block"), reason="a complaint")
    refused(cast.anna.client.get("profile/"), 401, "1002")
    sent = {"username": cast.anna.username, "password": PASSWORD}
    refused(stranger.post("auth/access/", **sent), 403, "1005")
    assert audited("member.blocked") == {
        "reason": "a complaint",
        "changes": {"standing": {"before": "active", "after": "blocked"}},
    }
    assert "a complaint" in olga.get(_page(cast.anna)).text

    olga.press(_page(cast.anna, "unblock"), reason="it was settled")
    assert stranger.post("auth/access/", **sent).status_code == 200
    assert audited("member.unblocked") == {
        "reason": "it was settled",
        "changes": {"standing": {"before": "blocked", "after": "active"}},
    }


def test_who_is_blocked_is_not_blocked_again(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    page = _page(cast.anna, "block")
    stale = olga.open(page) | {"reason": "from a page that was open for long"}
    olga.press(page, reason="first")
    with nothing_changes():
        assert problems(olga.post(page, stale)) == "This member is blocked."


def test_who_is_closed_stays_out_for_good_and_keeps_the_place_in_the_tree(
    olga: Visitor, cast: Cast, stranger: Client, audited: Callable[..., dict[str, Any]]
) -> None:
    olga.press(_page(cast.ben, "block"), reason="a complaint")
    olga.press(_page(cast.ben, "close"), reason="it was true", known=still_has(olga, cast.ben))
    sent = {"username": cast.ben.username, "password": PASSWORD}
    assert stranger.post("auth/access/", **sent).status_code in (401, 403)
    assert audited("member.closed") == {
        "reason": "it was true",
        "changes": {"standing": {"before": "blocked", "after": "closed"}},
    }
    assert Position.objects.filter(pk=cast.ben.id).exists()
    form = olga.open(_page(cast.ben, "unblock")) | {"reason": "too late"}
    assert problems(olga.post(_page(cast.ben, "unblock"), form)) == "This member is closed."


def still_has(olga: Visitor, member: Player) -> str:
    """What the page says before it closes a membership."""
    found = re.search(r"This member still has [^<]*\.", olga.get(_page(member, "close")).text)
    assert found is not None
    return html.unescape(found[0])


def test_closing_says_what_the_member_still_has_and_wants_it_confirmed(
    olga: Visitor,
    cast: Cast,
    fill: Callable[[Player, str], None],
    give_epin: Callable[..., str],
    bring_to: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(cast.ben, "200.00")
    tell_bank(cast.ben)
    bring_to(cast.ben, "requested", "30.00")
    give_epin(cast.ben, "50.00")
    olga.press(_page(cast.ben, "block"), reason="a complaint")
    said = still_has(olga, cast.ben)
    for part in ("170.00 EUR in the wallet", "1 e-pin (50.00 EUR)", "1 unpaid order (110.00 EUR)",
                 "1 open payout (30.00 EUR)"):  # fmt: skip
        assert part in said
    page = _page(cast.ben, "close")
    stale = olga.open(page) | {"reason": "gone", "known": said}
    with nothing_changes():
        assert "Confirm" in problems(olga.send(page, reason="gone"))
    fill(cast.ben, "1.00")
    with nothing_changes():
        assert "just changed" in problems(olga.post(page, stale))
    olga.press(page, reason="gone", known=still_has(olga, cast.ben))


def test_a_confirmation_of_what_is_no_longer_so_closes_nothing(
    cast: Cast, fill: Callable[[Player, str], None]
) -> None:
    blocking.block_member(UnitOfWork(Shell()), cast.ben.id, "a complaint")
    before = leaving.remains(cast.ben.id)
    fill(cast.ben, "5.00")
    with pytest.raises(blocking.StillHas, match=r"5\.00 EUR in the wallet"):
        blocking.close_member(UnitOfWork(Shell()), cast.ben.id, "gone", before)
    assert Member.objects.get(pk=cast.ben.id).standing == "blocked"


@pytest.mark.parametrize("when", ["before the preview", "after the preview"])
def test_row_5_nobody_is_verified_as_somebody_whom_the_page_did_not_show(
    when: str, cast: Cast, olga: Visitor, nothing_changes: Callable[[], Any]
) -> None:
    """Members may change their name while the office looks at their papers."""

    path = _page(cast.anna, "verify")
    form = hidden(olga.get(path).text) | {"note": "passport seen"}
    if when == "after the preview":
        form = olga.previewed(path, form)
    Member.objects.filter(pk=cast.anna.id).update(lastname="Somebodyelse")
    with nothing_changes():
        if when == "before the preview":
            form = olga.previewed(path, form)
        answer = olga.post(path, form)
        if when == "after the preview":
            assert answer.status_code == 200, "the preview is another one now"
            answer = olga.post(path, form | hidden(answer.text))
    assert "has changed since you opened" in problems(answer)
    assert status_of(cast.anna.id) != "verified"
    olga.press(path)
    assert status_of(cast.anna.id) == "verified"


def test_kyc_is_verified_and_rejected_with_a_note(
    olga: Visitor,
    cast: Cast,
    audited: Callable[..., dict[str, Any]],
    office_sets: Callable[..., None],
) -> None:
    olga.press(_page(cast.anna, "verify"), note="passport seen")
    assert status_of(cast.anna.id) == "verified"
    assert audited("kyc.verified") == {
        "note": "passport seen",
        "changes": {"kyc": {"before": "none", "after": "verified"}},
    }
    assert problems(olga.send(_page(cast.anna, "reject"), note="")), "a rejection says why"
    olga.press(_page(cast.anna, "reject"), note="passport expired")
    assert status_of(cast.anna.id) == "rejected"
    assert audited("kyc.rejected") == {
        "note": "passport expired",
        "changes": {"kyc": {"before": "verified", "after": "rejected"}},
    }
    page = olga.get(_page(cast.anna)).text
    assert "passport seen" in page
    assert "passport expired" in page


def test_of_two_who_decide_on_kyc_the_second_is_told(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    page = _page(cast.anna, "verify")
    stale = olga.open(page) | {"note": "passport seen"}
    olga.press(_page(cast.anna, "reject"), note="passport expired")
    with nothing_changes():
        answer = olga.post(page, olga.previewed(page, stale))
        assert "“rejected” since you opened the page" in problems(answer)
    again = olga.previewed(page, stale | hidden(answer.text))
    assert olga.post(page, again).status_code == 302
    assert status_of(cast.anna.id) == "verified"


@pytest.mark.parametrize(
    ("button", "kind"), [("reset-login", "reset_login"), ("reset-transaction", "reset_transaction")]
)
def test_a_reset_link_is_mailed_and_never_shown(
    button: str, kind: str, olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    olga.press(_page(cast.anna, button))
    mail = Mail.objects.get(user_id=cast.anna.id, kind=kind)
    assert mail.to_address == f"{cast.anna.username}@example.com"
    audited(f"{kind}.send", f"user:{cast.anna.id}")
    page = olga.get(f"/mailings/mail/{mail.pk}/").text
    assert "the link is made when the mail is sent" in page
    assert not MailedLink.objects.filter(user_id=cast.anna.id).exists(), "looking makes no link"


def test_a_blocked_member_gets_no_reset_link(
    olga: Visitor, cast: Cast, nothing_changes: Callable[[], Any]
) -> None:
    page = _page(cast.anna, "reset-login")
    form = olga.open(page)
    olga.press(_page(cast.anna, "block"), reason="a complaint")
    with nothing_changes():
        assert problems(olga.post(page, form)) == "This member is blocked."


def test_bank_data_are_shown_on_demand_and_that_is_recorded(
    olga: Visitor, cast: Cast, audited: Callable[..., dict[str, Any]]
) -> None:
    bank = {"bank_name": "First Bank", "account_number": "DE02120300000000202051",
            "account_holder": "Anna Example", "ifsc": "BYLADEM1001", "pan": "ABCDE1234F",
            "branch_name": "Main"}  # fmt: skip
    assert cast.anna.client.put("profile/bank/", **bank).status_code == 204
    page = olga.get(_page(cast.anna)).text
    assert bank["account_number"] not in page
    looked = AuditEntry.objects.filter(event="bank.view", subject=f"user:{cast.anna.id}")
    assert not looked.exists()

    shown = olga.send(_page(cast.anna, "bank"))
    assert shown.status_code == 200
    for value in bank.values():
        assert value in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    facts = audited("bank.view", f"user:{cast.anna.id}")
    assert bank["account_number"] not in str(facts)


def test_a_members_page_shows_money_place_orders_and_e_pins(
    olga: Visitor, cast: Cast, fill: Callable[[Player, str], None], give_epin: Callable[..., str]
) -> None:
    fill(cast.ben, "12.34")
    code = give_epin(cast.ben, "50.00")
    page = olga.get(_page(cast.ben)).text
    for expected in ("12.34 EUR", cast.anna.username, cast.dan.username, "Starter",
                     f"…{code[-4:]}", "50.00 EUR", "awaiting payment", "welcome"):  # fmt: skip
        assert expected in page
    assert code not in page


def test_members_are_found_by_username_mail_and_name(olga: Visitor, cast: Cast) -> None:
    for words in (cast.ben.username, f"{cast.ben.username}@example.com",
                  f"{cast.ben.username} example"):  # fmt: skip
        page = olga.get("/members/member/", q=words).text
        assert f"/office/members/member/{cast.ben.id}/" in page
        assert f"/office/members/member/{cast.erik.id}/" not in page


def test_members_are_filtered_by_standing_and_package(
    olga: Visitor, cast: Cast, product: Callable[[str], int]
) -> None:
    olga.press(_page(cast.ben, "block"), reason="a complaint")
    blocked = olga.get("/members/member/", standing__exact="blocked").text
    assert cast.ben.username in blocked
    assert cast.anna.username not in blocked
    for package, expected in (("starter", True), ("business", False)):
        page = olga.get("/members/member/", package=product(package), q=cast.anna.username).text
        assert (f"/office/members/member/{cast.anna.id}/" in page) == expected


def test_a_page_of_nobody_is_not_there(olga: Visitor) -> None:
    assert olga.get("/members/member/999999999/").status_code == 404
    assert olga.get(f"/members/member/{10**30}/").status_code == 404


def test_two_at_once_from_one_form_pay_once(
    olga: Visitor, cast: Cast, installation: Installation
) -> None:
    page = _page(cast.anna, "credit")
    form = olga.filled(page, amount="10.00", reason="once")
    answers: list[int] = []

    def press() -> None:
        answers.append(olga.post(page, form).status_code)

    # One wants to pay, and all others are told that somebody does.
    times(8, press, Gate(8, "wallet_account", elsewhere=lambda: len(answers)))
    assert set(answers) <= {200, 302}
    assert _wallet(cast.anna) == "10"
