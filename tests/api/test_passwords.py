"""Both passwords: changing them, and asking for a link to reset them."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.contrib.auth.hashers import make_password

from support.cast import Player, unique
from support.client import Client, refused
from support.installation import PASSWORD, STAFF, TRANSACTION_PASSWORD, Installation
from support.moves import ADDRESS, let_minutes_pass, payment, signup_fields, worker_looks_up
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.mailings.models import Mail
from upline.members import actions
from upline.members.models import LinkPurpose, Member, User

NEW = "another horse entirely"
# The login password's own address, and the published one.
LOGIN_ADDRESSES = ("profile/password/", "profile/personal/")
FORGOT_ADDRESSES = ("profile/password/forget/", "profile/personal/")


def change(current: str = PASSWORD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"current_password": current, "new_password": new, "password_confirmation": again}


def mails_of(member: Player) -> list[tuple[str, str]]:
    found = Mail.objects.filter(user_id=member.id).exclude(kind="welcome").order_by("id")
    return [(mail.kind, mail.to_address) for mail in found]


@pytest.mark.parametrize("path", LOGIN_ADDRESSES)
def test_a_changed_login_password_ends_every_token(
    mia: Player, stranger: Client, path: str
) -> None:
    other = Client(mia.client.base_url, mia.client.api_key)
    other.sign_in(mia.username, PASSWORD)
    answer = mia.client.put(path, **change())
    assert (answer.status_code, answer.content) == (204, b"")
    for client in (mia.client, other):
        refused(client.get("profile/"), 401, "1002")
    refused(stranger.post("auth/access/", username=mia.username, password=PASSWORD), 401, "1003")
    assert stranger.post("auth/access/", username=mia.username, password=NEW).status_code == 200
    assert mails_of(mia) == [("password_changed", f"{mia.username}@example.com")]


@pytest.mark.parametrize("path", LOGIN_ADDRESSES)
def test_a_wrong_current_login_password_is_1004(
    mia: Player, path: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put(path, **change(current="wrong"))
        refused(answer, 422, "1004", "current_password")
    assert mia.client.get("profile/").status_code == 200


def test_a_changed_transaction_password_leaves_tokens_alone(mia: Player) -> None:
    answer = mia.client.put("ewallet/password/", **change(TRANSACTION_PASSWORD))
    assert answer.status_code == 204
    assert mia.client.get("profile/").status_code == 200
    again = mia.client.put("ewallet/password/", **change(TRANSACTION_PASSWORD))
    refused(again, 422, "1015", "current_password")
    assert mia.client.put("ewallet/password/", **change(NEW)).status_code == 204


def test_a_wrong_current_transaction_password_is_1015(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        answer = mia.client.put("ewallet/password/", **change(PASSWORD))
        refused(answer, 422, "1015", "current_password")


def test_a_transaction_password_not_yet_set_is_1015(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    Member.objects.filter(pk=mia.id).update(transaction_password="")
    with nothing_changes():
        answer = mia.client.put("ewallet/password/", **change(TRANSACTION_PASSWORD))
        refused(answer, 422, "1015", "current_password")
        payment = mia.client.post(
            "ewallet/payment/", payment_amount="1", purpose="purchase",
            ewallet_username=mia.username, transaction_password=TRANSACTION_PASSWORD,
        )  # fmt: skip
        refused(payment, 422, "1015", "transaction_password")


WRONG = [
    ({}, ("current_password", "new_password", "password_confirmation")),
    (change(new="short77", again="short77"), ("new_password",)),
    (change(new="password", again="password"), ("new_password",)),
    (change(new="x" * 129, again="x" * 129), ("new_password", "password_confirmation")),
    (change(again=NEW.upper()), ("password_confirmation",)),
    (change(current=""), ("current_password",)),
]


@pytest.mark.parametrize("path", [*LOGIN_ADDRESSES[:1], "ewallet/password/"])
def test_a_new_password_is_checked_before_the_old_one(
    mia: Player, path: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for body, fields in WRONG:
            refused(mia.client.put(path, **body), 422, "1004", *fields)


@pytest.mark.parametrize("parameter", ["username", "ccccc", "CCCCC", "Username"])
@pytest.mark.parametrize("path", FORGOT_ADDRESSES)
def test_a_forgotten_password_is_mailed_a_link(
    mia: Player, stranger: Client, path: str, parameter: str
) -> None:
    answer = stranger.call("POST", path, data={parameter: mia.username.upper()})
    assert (answer.status_code, answer.content) == (204, b"")
    worker_looks_up()
    assert mails_of(mia) == [("reset_login", f"{mia.username}@example.com")]


@pytest.mark.parametrize("path", FORGOT_ADDRESSES)
def test_an_unknown_username_is_not_told_from_a_known_one(
    mia: Player, stranger: Client, path: str, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        unknown = stranger.post(path, username=unique("nobody"))
    known = stranger.post(path, username=mia.username)
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    assert set(unknown.headers) == set(known.headers)


@pytest.mark.parametrize("path", FORGOT_ADDRESSES)
def test_a_forgotten_password_needs_a_username_and_an_api_key(
    mia: Player, stranger: Client, path: str
) -> None:
    refused(stranger.post(path), 422, "1004", "username")
    refused(stranger.post(path, ccccc=""), 422, "1004", "ccccc")
    refused(stranger.call("POST", path, json={"username": ["x"]}), 422, "1004", "username")
    nobody = Client(stranger.base_url, "")
    refused(nobody.post(path, username=mia.username), 401, "1001")
    worker_looks_up()
    assert mails_of(mia) == []


def test_a_blocked_member_is_mailed_no_link(mia: Player, stranger: Client) -> None:
    blocking.block_member(UnitOfWork(Shell()), mia.id, "a test")
    assert stranger.post("profile/password/forget/", username=mia.username).status_code == 204
    worker_looks_up()
    assert mails_of(mia) == []


def test_staff_are_mailed_no_link_through_the_api(stranger: Client) -> None:
    assert stranger.post("profile/password/forget/", username=STAFF).status_code == 204
    worker_looks_up()
    mailed = Mail.objects.filter(user__username=STAFF, kind__in=("reset_login", "usernames"))
    assert not mailed.exists()


def test_a_forgotten_transaction_password_is_mailed_a_link(mia: Player, stranger: Client) -> None:
    assert mia.client.post("ewallet/password/forget/").status_code == 204
    assert mails_of(mia) == [("reset_transaction", f"{mia.username}@example.com")]
    refused(stranger.post("ewallet/password/forget/"), 401, "1002")


# --- One judge and one way of writing for all doors -----------------------------------------

SPELLINGS = [
    ("Zoe\u0308 rides at dawn", "Zo\u00eb rides at dawn"),
    ("\ufb01ve horses in line", "five horses in line"),
    ("a\u00b2 plus b\u00b2 is c\u00b2", "a2 plus b2 is c2"),
    ("and so on\u2026 for ever", "and so on... for ever"),
    ("no\u00a0break in here", "no break in here"),
]


@pytest.mark.parametrize(("typed", "written"), SPELLINGS)
def test_a_password_works_in_each_spelling_wherever_it_was_set(
    mia: Player, stranger: Client, installation: Installation, typed: str, written: str
) -> None:
    secret = actions.make_link(mia.id, LinkPurpose.LOGIN_PASSWORD)
    set_by_link(f"{installation.base_url}/link/login-password/{secret}/", typed, written)
    for spelling in (typed, written):
        stranger.sign_in(mia.username, spelling)


def set_by_link(url: str, password: str, again: str) -> str:
    """The page after a new password was typed into it."""
    browser = httpx.Client(timeout=30)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(url).text)
    assert found
    form = {"csrfmiddlewaretoken": found[1], "password": password, "again": again}
    form["login_password"] = PASSWORD
    return browser.post(url, data=form).text


def test_a_password_that_a_page_once_stored_as_typed_works_too(
    mia: Player, stranger: Client
) -> None:
    typed = SPELLINGS[0][0]
    User.objects.filter(pk=mia.id).update(password=make_password(typed))
    stranger.sign_in(mia.username, typed)
    refused(stranger.post("auth/access/", username=mia.username, password=typed[1:]), 401, "1003")


def easy_to_guess(member: Player) -> list[str]:
    name = member.username
    return [
        name, name.upper(), f"{name}1", f"{name}@example.com", f"my{name}!", "example.com",
        f"example-{name}",
        "Acme2026", "acme-acme", "\uff21\uff23\uff2d\uff25 2026",
    ]  # fmt: skip


def test_what_a_name_gives_away_is_refused_by_the_api(
    mia: Player, nothing_changes: Callable[[], Any]
) -> None:
    with nothing_changes():
        for easy in easy_to_guess(mia):
            answer = mia.client.put("profile/password/", **change(new=easy, again=easy))
            refused(answer, 422, "1004", "new_password")
            sent = change(TRANSACTION_PASSWORD, easy, easy)
            refused(mia.client.put("ewallet/password/", **sent), 422, "1004", "new_password")


def test_what_a_name_gives_away_is_refused_by_signup_and_pages(
    mia: Player, product: Callable[[str], int], installation: Installation, stranger: Client
) -> None:
    for easy in ("Acme2026", "nora@example.com"):
        fields = signup_fields(mia.username, product("starter"))
        fields |= {"password": easy, "password_confirmation": easy}
        refused(mia.client.post("signup/", **fields), 422, "1004", "password")
    secret = actions.make_link(mia.id, LinkPurpose.LOGIN_PASSWORD)
    url = f"{installation.base_url}/link/login-password/{secret}/"
    for easy in easy_to_guess(mia):
        assert "too similar" in set_by_link(url, easy, easy)
    for odd, said in (("a tab\tin between", "not allowed"), ("12345678", "too common")):
        assert said in set_by_link(url, odd, odd)
        answer = mia.client.put("profile/password/", **change(new=odd, again=odd))
        assert said in refused(answer, 422, "1004")["new_password"]
    stranger.sign_in(mia.username, PASSWORD)


def test_row_10_the_two_passwords_differ_wherever_they_are_set(
    mia: Player, installation: Installation, nothing_changes: Callable[[], Any]
) -> None:
    wallet = change(new=TRANSACTION_PASSWORD, again=TRANSACTION_PASSWORD)
    login = change(TRANSACTION_PASSWORD, PASSWORD, PASSWORD)
    secret = actions.make_link(mia.id, LinkPurpose.TRANSACTION_PASSWORD)
    with nothing_changes():
        answer = mia.client.put("profile/password/", **wallet)
        assert "must differ" in refused(answer, 422, "1004", "new_password")["new_password"]
        refused(mia.client.put("ewallet/password/", **login), 422, "1004", "new_password")
        url = f"{installation.base_url}/link/transaction-password/{secret}/"
        assert "must differ" in set_by_link(url, PASSWORD, PASSWORD)


def pay(member: Player, password: str) -> Any:
    return member.client.post(
        "ewallet/payment/", **payment(member.username, "1", transaction_password=password)
    )


def test_row_9_a_mailed_link_tells_nobody_the_transaction_password(
    mia: Player, installation: Installation, fill: Callable[[Player, str], None]
) -> None:
    """A thief of the mailbox tries one after the other: each is answered like any, and the right
    one has stopped working by that."""
    fill(mia, "10.00")
    pages = []
    for chosen in ("a first guess of a thief", TRANSACTION_PASSWORD):
        secret = actions.make_link(mia.id, LinkPurpose.LOGIN_PASSWORD)
        url = f"{installation.base_url}/link/login-password/{secret}/"
        pages.append(set_by_link(url, chosen, chosen).replace(secret, ""))
    assert pages[0] == pages[1]
    mia.client.sign_in(mia.username, TRANSACTION_PASSWORD)
    refused(pay(mia, TRANSACTION_PASSWORD), 422, "1015")
    kinds = [kind for kind, _ in mails_of(mia)]
    assert "passwords_alike" in kinds, "the owner is told, with a link to set another one"


def test_row_8_setting_a_login_password_gives_no_more_guesses_at_the_other_than_the_wallet(
    mia: Player, fill: Callable[[Player, str], None]
) -> None:
    fill(mia, "10.00")
    for _ in range(2):
        refused(pay(mia, "a guess"), 422, "1015")
    answer = mia.client.put("profile/password/", **change(new="some horse", again="some horse"))
    assert answer.status_code == 204
    mia.client.sign_in(mia.username, "some horse")
    refused(pay(mia, TRANSACTION_PASSWORD), 429, "1104")
    # The guesses are used up: the owner can change the password still, and nothing is said.
    sent = change("some horse", TRANSACTION_PASSWORD, TRANSACTION_PASSWORD)
    assert mia.client.put("profile/password/", **sent).status_code == 204
    mia.client.sign_in(mia.username, TRANSACTION_PASSWORD)
    let_minutes_pass(15)
    refused(pay(mia, TRANSACTION_PASSWORD), 422, "1015")


def test_row_10_setting_a_transaction_password_gives_no_more_guesses_at_the_login_password(
    mia: Player,
) -> None:
    current = TRANSACTION_PASSWORD
    for number in range(5):
        guess = f"{number} wild guesses"
        assert mia.client.put("ewallet/password/", **change(current, guess, guess)).is_success
        current = guess
    refused(mia.client.put("ewallet/password/", **change(current, PASSWORD, PASSWORD)), 429, "1104")


def test_blanks_around_a_transaction_password_are_part_of_it_in_every_call(
    mia: Player, product: Callable[[str], int], fill: Callable[[Player, str], None]
) -> None:
    padded = "  a horse in the stable  "
    sent = change(TRANSACTION_PASSWORD, padded, padded)
    assert mia.client.put("ewallet/password/", **sent).status_code == 204
    fill(mia, "200.00")
    mia.client.post("cart/products/", product_id=product("soap"), quantity=1)
    mia.client.post("cart/shipping_address/", **ADDRESS)
    pay = {"payment_method": "ewallet", "ewallet_username": mia.username}
    for password, status in ((padded.strip(), 422), (padded, 204)):
        answer = mia.client.post("cart/checkout/", **pay, transaction_password=password)
        assert answer.status_code == status, answer.text


def test_a_mailbox_that_many_accounts_name_gets_few_mails(
    mia: Player,
    stranger: Client,
    product: Callable[[str], int],
    office_sets: Callable[..., None],
) -> None:
    """Whoever signs up many members with a stranger's address has the stranger mailed little."""
    office_sets(forgot_limit=3, forgot_limit_by_name=2)
    mailbox, names = f"{unique('stranger')}@example.com", [mia.username]
    for _ in range(4):
        fields = {"email": mailbox, "username": unique("many"), "placement_username": names[-1]}
        body = signup_fields(mia.username, product("starter"), **fields)
        assert mia.client.post("signup/", **body).status_code == 201
        names.append(fields["username"])
    for name in (*names[1:], mailbox):
        stranger.post("profile/password/forget/", username=name)
    worker_looks_up()
    kinds = list(Mail.objects.filter(to_address=mailbox).values_list("kind", flat=True))
    assert (len(kinds), kinds.count("welcome")) == (5, 2)
    assert kinds.count("usernames") == 1, "past the limit, one with a link for each of them"
