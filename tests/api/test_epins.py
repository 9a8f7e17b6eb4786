"""`epin/payment/` and `epins/`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support.cast import Player
from support.client import data, refused
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.epins.models import EPin
from upline.flows import epin_batches


def pay(member: Player, amount: str, code: str) -> Any:
    return member.client.post("epin/payment/", payment_amount=amount, epin_code=code)


def own(member: Player) -> list[tuple[str, str, str]]:
    """Amount, balance and status of each."""
    return [
        (str(each["amount"]), str(each["balance"]), each["status"])
        for each in data(member.client.get("epins/"))["epins"]
    ]


def test_an_epin_pays_in_parts_and_keeps_the_rest(
    mia: Player, give_epin: Callable[..., str]
) -> None:
    code = give_epin(mia, "50.00")
    answer = pay(mia, "20.5", code)
    assert (answer.status_code, answer.content) == (204, b"")
    assert str(data(mia.client.get("ewallet/balance/"))["purchase_balance"]) == "20.5"
    assert own(mia) == [("50", "29.5", "active")]
    assert pay(mia, "29.50", code).status_code == 204
    assert own(mia) == [("50", "0", "used")]


def test_a_code_is_read_without_regard_to_case_dashes_and_look_alikes(
    mia: Player, give_epin: Callable[..., str]
) -> None:
    code = give_epin(mia, "50.00")
    alike = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert pay(mia, "1", f" {alike} ").status_code == 204


def test_an_epin_that_cannot_pay_is_1016_and_never_says_why(
    mia: Player,
    player: Callable[..., Player],
    give_epin: Callable[..., str],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    used = give_epin(mia, "10.00")
    assert pay(mia, "10", used).status_code == 204
    blocked = give_epin(mia, "20.00")
    epin_batches.block_epins(
        UnitOfWork(Shell()), [EPin.objects.get(owner_id=mia.id, amount=2000).pk]
    )
    codes = [
        used,
        blocked,
        give_epin(mia, "30.00", expires_at=clock.now() - timedelta(seconds=1)),
        give_epin(mia, "0.99"),
        give_epin(player("nora"), "50.00"),
        "AAAA-BBBB-CCCC-DDDD",
    ]
    office_sets(epin_limit=0)
    answers = []
    with nothing_changes():
        for code in codes:
            answers.append(pay(mia, "1", code))
            refused(answers[-1], 422, "1016", "epin_code")
    assert len({answer.text for answer in answers}) == 1


def test_an_epin_works_until_the_moment_it_expires(
    mia: Player, give_epin: Callable[..., str]
) -> None:
    code = give_epin(mia, "10.00", expires_at=clock.now() + timedelta(minutes=1))
    assert pay(mia, "1", code).status_code == 204


def test_wrong_fields_are_named_all_at_once(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.post("epin/payment/")
        refused(answer, 422, "1004", "payment_amount", "epin_code")
        refused(pay(mia, "0", "x" * 41), 422, "1004", "payment_amount", "epin_code")


def test_an_epin_payment_without_kyc_is_1019_where_the_office_requires_it(
    mia: Player,
    give_epin: Callable[..., str],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    code = give_epin(mia, "10.00")
    office_sets(kyc_needed_for=["epin_payment"])
    with nothing_changes():
        refused(pay(mia, "1", code), 403, "1019")


def test_members_see_their_own_epins_newest_first(
    mia: Player, player: Callable[..., Player], give_epin: Callable[..., str]
) -> None:
    other = player("nora")
    codes = [give_epin(mia, "10.00"), give_epin(mia, "20.00"), give_epin(mia, "30.00")]
    give_epin(other, "40.00")
    ends = clock.now() - timedelta(days=1)
    EPin.objects.filter(owner_id=mia.id, amount=1000).update(expires_at=ends)
    EPin.objects.filter(owner_id=mia.id, amount=2000).update(blocked_at=ends)
    first = data(mia.client.get("epins/", limit=2))
    rest = data(mia.client.get("epins/", limit=2, cursor=first["next_cursor"]))
    shown = first["epins"] + rest["epins"]
    assert [each["code"] for each in shown] == codes[::-1]
    assert [each["status"] for each in shown] == ["active", "blocked", "expired"]
    assert [each["expires"] for each in shown] == ["", "", ends.strftime("%Y-%m-%dT%H:%M:%SZ")]
    assert rest["next_cursor"] is None
    assert len(data(other.client.get("epins/"))["epins"]) == 1


def test_codes_are_kept_encrypted(mia: Player, give_epin: Callable[..., str]) -> None:
    code = give_epin(mia, "10.00")
    kept = EPin.objects.get(owner_id=mia.id)
    for form in (code, code.replace("-", "")):
        assert form.encode() not in bytes(kept.sealed) + bytes(kept.digest)
    assert kept.last_four == code[-4:]
