"""Both passwords: changing them, and asking for a link to reset them."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cast import Player, unique
from support.client import Client, refused
from support.installation import PASSWORD, TRANSACTION_PASSWORD

NEW = "another horse entirely"
# The login password's own address, and the one that the document prints.
LOGIN_ADDRESSES = ("profile/password/", "profile/personal/")
FORGOT_ADDRESSES = ("profile/password/forget/", "profile/personal/")


def change(current: str = PASSWORD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"current_password": current, "new_password": new, "password_confirmation": again}


def mails_of(member: Player) -> list[tuple[str, str]]:
    from upline.mailings.models import Mail

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
    from upline.members.models import Member

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
    assert mails_of(mia) == []


def test_a_blocked_member_is_mailed_no_link(mia: Player, stranger: Client) -> None:
    from upline.base.unit import Unit
    from upline.flows import office

    office.block_member(Unit(), mia.id, "a test")
    assert stranger.post("profile/password/forget/", username=mia.username).status_code == 204
    assert mails_of(mia) == []


def test_staff_are_mailed_no_link_through_the_api(stranger: Client) -> None:
    from support.installation import STAFF
    from upline.mailings.models import Mail

    assert stranger.post("profile/password/forget/", username=STAFF).status_code == 204
    assert not Mail.objects.filter(user__username=STAFF).exists()


def test_a_forgotten_transaction_password_is_mailed_a_link(mia: Player, stranger: Client) -> None:
    assert mia.client.post("ewallet/password/forget/").status_code == 204
    assert mails_of(mia) == [("reset_transaction", f"{mia.username}@example.com")]
    refused(stranger.post("ewallet/password/forget/"), 401, "1002")
