"""`auth/access/` and `auth/logout/`."""

from typing import Any

import pytest

from support.cast import Player
from support.client import Client, data, refused
from support.installation import PASSWORD
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.members.models import AccessToken, User


def sign_in(client: Client, username: str, password: str) -> Any:
    return client.call("POST", "auth/access/", data={"username": username, "password": password})


def test_the_right_password_gives_a_token(mia: Player, stranger: Client) -> None:
    answer = sign_in(stranger, mia.username, PASSWORD)
    given = data(answer)
    assert answer.status_code == 200
    assert list(given) == ["access_token", "expires_in", "device_token"]
    stranger.access_token = given["access_token"]
    assert data(stranger.get("profile/"))["username"] == mia.username


def test_a_username_is_found_in_any_case(mia: Player, stranger: Client) -> None:
    assert sign_in(stranger, mia.username.upper(), PASSWORD).status_code == 200


@pytest.mark.parametrize("password", [PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, "x"])
def test_a_wrong_password_and_an_unknown_name_answer_alike(
    mia: Player, stranger: Client, password: str
) -> None:
    wrong = sign_in(stranger, mia.username, password)
    unknown = sign_in(stranger, f"nobody{mia.username}", password)
    refused(wrong, 401, "1003")
    assert wrong.text == unknown.text


def test_both_parameters_are_required(stranger: Client) -> None:
    refused(stranger.post("auth/access/"), 422, "1004", "username", "password")
    refused(stranger.post("auth/access/", username="mia", password=""), 422, "1004", "password")


def test_a_blocked_member_is_told_only_after_the_right_password(
    mia: Player, stranger: Client
) -> None:
    blocking.block_member(UnitOfWork(Shell()), mia.id, "a test")
    refused(sign_in(stranger, mia.username, "wrong"), 401, "1003")
    refused(sign_in(stranger, mia.username, PASSWORD), 403, "1005")
    blocking.unblock_member(UnitOfWork(Shell()), mia.id, "a test")
    assert sign_in(stranger, mia.username, PASSWORD).status_code == 200


def test_a_junk_token_does_not_stand_in_the_way_of_signing_in(mia: Player) -> None:
    junk = Client(mia.client.base_url, mia.client.api_key, "junk")
    assert sign_in(junk, mia.username, PASSWORD).status_code == 200


def test_signing_out_ends_this_token_and_no_other(mia: Player) -> None:
    other = Client(mia.client.base_url, mia.client.api_key)
    other.sign_in(mia.username, PASSWORD)
    assert other.call("POST", "auth/logout/").status_code == 204
    refused(other.get("profile/"), 401, "1002")
    assert mia.client.get("profile/").status_code == 200


def test_a_bearer_token_can_be_signed_out(mia: Player) -> None:
    headers = {"access_token": "", "Authorization": f"Bearer {mia.client.access_token}"}
    assert mia.client.call("POST", "auth/logout/", headers=headers).status_code == 204
    refused(mia.client.get("profile/"), 401, "1002")


def test_signing_out_needs_a_token(stranger: Client) -> None:
    refused(stranger.post("auth/logout/"), 401, "1002")


def test_no_token_or_password_is_kept_in_clear(mia: Player) -> None:
    digest = bytes(AccessToken.objects.get(user_id=mia.id).digest)
    assert mia.client.access_token.encode() not in digest
    assert User.objects.get(pk=mia.id).password.startswith("argon2$argon2id$")
