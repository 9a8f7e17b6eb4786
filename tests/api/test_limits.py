"""Limits on guesses: counted before the look, given back when right. And on requests."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from attacks.planted import faulty_server
from support.cast import Player, unique
from support.client import Client, refused
from support.installation import PASSWORD, TRANSACTION_PASSWORD, Installation
from support.moves import let_minutes_pass, payment, signup_fields, worker_looks_up
from upline.base import clock
from upline.base.models import Attempt
from upline.company.settings import OfficeSettings
from upline.mailings.models import Mail

QUARTER_SECONDS = 15 * 60


def sign_in(client: Client, username: str, password: str) -> Any:
    return client.call("POST", "auth/access/", data={"username": username, "password": password})


def pay_by_wallet(member: Player, password: str, amount: str = "1") -> Any:
    sent = payment(member.username, amount, transaction_password=password)
    return member.client.post("ewallet/payment/", **sent)


def pay_by_epin(member: Player, code: str) -> Any:
    return member.client.post("epin/payment/", payment_amount="1", epin_code=code)


def assert_locked(answer: Any, code: str, seconds_most: int) -> None:
    refused(answer, 429, code)
    assert 1 <= int(answer.headers["Retry-After"]) <= seconds_most


def test_five_wrong_logins_lock_the_name_at_one_address_for_a_quarter_of_an_hour(
    mia: Player, stranger: Client
) -> None:
    for _ in range(5):
        refused(sign_in(stranger, mia.username, "wrong"), 401, "1003")
    assert_locked(sign_in(stranger, mia.username, "wrong"), "1005", QUARTER_SECONDS)
    assert_locked(sign_in(stranger, mia.username.upper(), PASSWORD), "1005", QUARTER_SECONDS)
    let_minutes_pass(15)
    assert sign_in(stranger, mia.username, PASSWORD).status_code == 200


def test_unknown_names_lock_alike(stranger: Client) -> None:
    nobody = unique("nobody")
    for _ in range(5):
        refused(sign_in(stranger, nobody, "wrong"), 401, "1003")
    assert_locked(sign_in(stranger, nobody, "wrong"), "1005", QUARTER_SECONDS)


def test_right_logins_are_given_back(mia: Player, stranger: Client) -> None:
    for _ in range(4):
        sign_in(stranger, mia.username, "wrong")
    for _ in range(7):
        assert sign_in(stranger, mia.username, PASSWORD).status_code == 200
    refused(sign_in(stranger, mia.username, "wrong"), 401, "1003")
    assert_locked(sign_in(stranger, mia.username, PASSWORD), "1005", QUARTER_SECONDS)


def test_a_lock_opens_when_the_oldest_guess_is_a_quarter_of_an_hour_old(
    mia: Player, stranger: Client
) -> None:
    sign_in(stranger, mia.username, "wrong")
    let_minutes_pass(10)
    for _ in range(4):
        sign_in(stranger, mia.username, "wrong")
    assert_locked(sign_in(stranger, mia.username, PASSWORD), "1005", 5 * 60)
    let_minutes_pass(5)
    assert sign_in(stranger, mia.username, PASSWORD).status_code == 200


def test_a_lock_on_one_name_leaves_others_alone(
    mia: Player, player: Callable[..., Player], stranger: Client
) -> None:
    other = player("nora")
    for _ in range(11):
        sign_in(stranger, mia.username, "wrong")
    assert sign_in(stranger, other.username, PASSWORD).status_code == 200


def test_guesses_from_one_address_are_limited_over_all_names(
    stranger: Client, office_sets: Callable[..., None]
) -> None:
    let_minutes_pass(60)
    office_sets(secret_limit_by_address=4)
    for _ in range(4):
        refused(sign_in(stranger, unique("nobody"), "wrong"), 401, "1003")
    assert_locked(sign_in(stranger, unique("nobody"), "wrong"), "1005", QUARTER_SECONDS)
    let_minutes_pass(60)


def test_parallel_guesses_get_no_more_looks_than_the_limit(mia: Player, stranger: Client) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: sign_in(stranger, mia.username, "wrong"), range(20)))
    codes = sorted(answer.json()["error"]["code"] for answer in answers)
    assert codes == ["1003"] * 5 + ["1005"] * 15


def test_who_finds_the_limit_full_of_attempts_in_flight_waits_and_is_let_in(
    mia: Player, stranger: Client
) -> None:
    in_flight = [
        Attempt(kind="login", subject=mia.username, at=clock.now(), in_flight=True)
        for _ in range(10)
    ]
    Attempt.objects.bulk_create(in_flight)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(sign_in, stranger, mia.username, PASSWORD)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        Attempt.objects.filter(subject=mia.username)[0].delete()
        assert waiting.result(timeout=5).status_code == 200
    Attempt.objects.filter(subject=mia.username).delete()


def test_sixteen_right_logins_at_once_all_succeed(mia: Player, stranger: Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: sign_in(stranger, mia.username, PASSWORD), range(16)))
    assert {answer.status_code for answer in answers} == {200}


def test_what_was_in_flight_when_a_process_died_does_not_count(
    mia: Player, stranger: Client
) -> None:
    """Right passwords among them: nobody has judged any."""

    remaining = clock.now() - timedelta(seconds=61)
    Attempt.objects.bulk_create(
        Attempt(kind="login", subject=mia.username, at=remaining, in_flight=True) for _ in range(10)
    )
    for _ in range(4):
        refused(sign_in(stranger, mia.username, "wrong"), 401, "1003")
    assert sign_in(stranger, mia.username, PASSWORD).status_code == 200


def test_a_wrong_current_password_is_counted_apart_from_strangers_guesses(
    mia: Player, stranger: Client
) -> None:
    body = {"current_password": "wrong", "new_password": "a new horse 7",
            "password_confirmation": "a new horse 7"}  # fmt: skip
    right = body | {"current_password": PASSWORD}
    for _ in range(6):
        sign_in(stranger, mia.username, "wrong")
    for _ in range(5):
        refused(mia.client.put("profile/password/", **body), 422, "1004", "current_password")
    assert_locked(mia.client.put("profile/password/", **right), "1005", QUARTER_SECONDS)
    let_minutes_pass(15)
    for _ in range(6):
        sign_in(stranger, mia.username, "wrong")
    assert mia.client.put("profile/password/", **right).status_code == 204


def test_row_10_three_wrong_transaction_passwords_of_the_owner_lock_the_wallet_and_no_login(
    mia: Player, stranger: Client, fill: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    fill(mia, "10.00")
    with nothing_changes():
        for _ in range(3):
            refused(pay_by_wallet(mia, "wrong"), 422, "1015", "transaction_password")
        assert_locked(pay_by_wallet(mia, TRANSACTION_PASSWORD), "1104", QUARTER_SECONDS)
        body = {"current_password": TRANSACTION_PASSWORD, "new_password": "a new horse 7",
                "password_confirmation": "a new horse 7"}  # fmt: skip
        assert_locked(mia.client.put("ewallet/password/", **body), "1104", QUARTER_SECONDS)
    assert sign_in(stranger, mia.username, PASSWORD).status_code == 200
    let_minutes_pass(15)
    assert pay_by_wallet(mia, TRANSACTION_PASSWORD).status_code == 204


def test_right_transaction_passwords_are_given_back(mia: Player, fill: Callable[..., None]) -> None:
    fill(mia, "10.00")
    for _ in range(2):
        pay_by_wallet(mia, "wrong")
    for _ in range(3):
        assert pay_by_wallet(mia, TRANSACTION_PASSWORD).status_code == 204
        refused(pay_by_wallet(mia, TRANSACTION_PASSWORD, "999"), 422, "1014")
    refused(pay_by_wallet(mia, "wrong"), 422, "1015")
    assert_locked(pay_by_wallet(mia, TRANSACTION_PASSWORD), "1104", QUARTER_SECONDS)


def pay_from(guesser: Player, owner: Player, password: str) -> Any:
    """The guesser pays from the owner's wallet."""
    sent = payment(owner.username, "1", transaction_password=password)
    return guesser.client.post("ewallet/payment/", **sent)


def test_row_14_strangers_get_five_guesses_at_a_wallet_and_never_lock_its_owner(
    mia: Player,
    player: Callable[..., Player],
    fill: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    fill(mia, "10.00")
    guessers = [player(f"gus{number}") for number in range(4)]
    with nothing_changes():
        answers = [pay_from(guesser, mia, "wrong") for guesser in guessers for _ in range(5)]
        codes = [answer.json()["error"]["code"] for answer in answers]
        assert (codes.count("1015"), codes.count("1104")) == (5, 15)
        assert codes[:5] == ["1015"] * 3 + ["1104"] * 2, "three of one guesser"
        assert_locked(pay_from(guessers[3], mia, TRANSACTION_PASSWORD), "1104", QUARTER_SECONDS)
    assert pay_by_wallet(mia, TRANSACTION_PASSWORD).status_code == 204


def test_row_14_one_guesser_with_one_password_for_many_wallets_gets_ten_guesses(
    mia: Player, player: Callable[..., Player]
) -> None:
    owners = [player(f"own{number}") for number in range(12)]
    assert spray(mia, owners) == ["1015"] * 10 + ["1104"] * 2
    refused(pay_by_wallet(mia, TRANSACTION_PASSWORD), 422, "1014")


def spray(guesser: Player, owners: list[Player]) -> list[str]:
    """The codes of one password tried on many wallets."""
    answers = [pay_from(guesser, owner, "a common one") for owner in owners]
    return [answer.json()["error"]["code"] for answer in answers]


def test_row_14_the_ten_guesses_notice_a_guesser_who_is_not_counted(
    mia: Player, player: Callable[..., Player], installation: Installation
) -> None:
    owners = [player(f"own{number}") for number in range(12)]
    with faulty_server(installation, "spraying") as server:
        there = Client(server.base_url, mia.client.api_key, mia.client.access_token)
        assert spray(Player(mia.id, mia.username, there), owners) == ["1015"] * 12


def test_five_unknown_epins_lock_the_guesser(
    mia: Player,
    player: Callable[..., Player],
    give_epin: Callable[..., str],
    nothing_changes: Callable[[], Any],
) -> None:
    own, foreign = give_epin(mia, "10.00"), give_epin(player("nora"), "10.00")
    with nothing_changes():
        for code in ("AAAA-BBBB-CCCC-DDDD", "x", foreign, foreign, "y"):
            refused(pay_by_epin(mia, code), 422, "1016", "epin_code")
        assert_locked(pay_by_epin(mia, own), "1104", QUARTER_SECONDS)
    let_minutes_pass(15)
    assert pay_by_epin(mia, own).status_code == 204


def test_a_known_epin_that_cannot_pay_is_no_guess(
    mia: Player, give_epin: Callable[..., str]
) -> None:
    code = give_epin(mia, "0.50")
    for _ in range(7):
        refused(pay_by_epin(mia, code), 422, "1016")
    assert pay_by_epin(mia, give_epin(mia, "2.00")).status_code == 204


def mails_to(member: Player, kind: str) -> int:
    return Mail.objects.filter(user_id=member.id, kind=kind).count()


def test_a_fourth_forgotten_password_in_an_hour_is_204_without_a_mail(
    mia: Player, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(forgot_limit=3, forgot_limit_by_name=6)
    for _ in range(5):
        answer = stranger.post("profile/password/forget/", username=mia.username)
        assert answer.status_code == 204
    worker_looks_up()
    assert mails_to(mia, "reset_login") == 3
    for _ in range(5):
        assert mia.client.post("ewallet/password/forget/").status_code == 204
    assert mails_to(mia, "reset_transaction") == 3
    let_minutes_pass(60)
    stranger.post("profile/password/forget/", username=mia.username)
    worker_looks_up()
    assert mails_to(mia, "reset_login") == 4


def test_the_default_limits_are_those_of_the_docs() -> None:
    office = OfficeSettings()
    secrets = (office.login_limit, office.login_limit_by_address,
               office.transaction_password_limit, office.transaction_password_limit_by_guesser,
               office.guesser_limit, office.epin_limit)  # fmt: skip
    assert secrets == (10, 5, 5, 3, 10, 5)
    others = (office.forgot_limit, office.forgot_limit_by_name, office.signup_limit,
              office.picture_limit, office.request_limit)  # fmt: skip
    assert others == (3, 6, 20, 10, 1200)
    assert office.secret_limit_by_address > office.login_limit


def test_signups_are_limited_by_the_hour_right_or_wrong(
    mia: Player,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
    nothing_changes: Callable[[], Any],
) -> None:
    office_sets(signup_limit=3)
    body = signup_fields(mia.username, product("starter"))
    assert mia.client.post("signup/", **body).status_code == 201
    for _ in range(2):
        refused(mia.client.post("signup/", **body), 422, "1008")
    with nothing_changes():
        free = body | {"position": "R", "username": unique("nora")}
        assert_locked(mia.client.post("signup/", **free), "1104", 3600)
    let_minutes_pass(60)
    assert mia.client.post("signup/", **free).status_code == 201


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(target, "PNG")
    return target.getvalue()


def test_pictures_are_limited_by_the_hour(
    mia: Player, office_sets: Callable[..., None], nothing_changes: Callable[[], Any]
) -> None:
    office_sets(picture_limit=2)
    for _ in range(2):
        answer = mia.client.call("POST", "profile/image/", files={"image": picture()})
        assert answer.status_code == 204
    with nothing_changes():
        again = mia.client.call("POST", "profile/image/", files={"image": picture()})
        assert_locked(again, "1104", 3600)


def test_all_requests_are_limited_by_the_minute_and_member(
    mia: Player, player: Callable[..., Player], office_sets: Callable[..., None]
) -> None:
    other = player("nora")
    office_sets(request_limit=6)
    # Two windows at most are touched, so one of these is past the limit.
    answers = [mia.client.get("signup/fee/") for _ in range(13)]
    locked = [answer for answer in answers if answer.status_code == 429]
    assert locked
    assert_locked(locked[0], "1104", 60)
    assert other.client.get("signup/fee/").status_code == 200


def test_another_spelling_of_a_name_is_nobodys_and_gains_no_guesses(
    player: Callable[..., Player], stranger: Client
) -> None:
    # The database folds İ onto i; usernames are ASCII, so such a name is no member's.
    nina = player("nina")
    odd = nina.username.replace("i", "İ", 1)
    refused(sign_in(stranger, odd, PASSWORD), 401, "1003")
    assert sign_in(stranger, nina.username, PASSWORD).status_code == 200


def test_a_crafted_name_uses_up_nobody_elses_reset_mails(
    mia: Player, stranger: Client, office_sets: Callable[..., None]
) -> None:
    office_sets(forgot_limit=3)
    for crafted in (f"{mia.username}:transaction", "@127.0.0.1") * 3:
        answer = stranger.post("profile/password/forget/", username=crafted)
        assert answer.status_code == 204
    assert mia.client.post("ewallet/password/forget/").status_code == 204
    assert stranger.post("profile/password/forget/", username=mia.username).status_code == 204
    worker_looks_up()
    kinds = Mail.objects.filter(user_id=mia.id, kind__startswith="reset").values_list("kind")
    assert sorted(kind for (kind,) in kinds) == ["reset_login", "reset_transaction"]


def test_a_members_wrong_epins_do_not_lock_public_signups_out(
    mia: Player, stranger: Client, newcomer: dict[str, Any], office_sets: Callable[..., None]
) -> None:
    office_sets(public_signup=True, secret_limit_by_address=50)
    for _ in range(5):
        refused(pay_by_epin(mia, "0000-0000-0000-0000"), 422, "1016")
    signup = newcomer | {"payment_method": "epin", "epin_code": "0000-0000-0000-0000"}
    for _ in range(6):
        refused(stranger.call("POST", "signup/", data=signup), 422, "1016", "epin_code")
