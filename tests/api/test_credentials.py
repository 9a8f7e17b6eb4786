"""Who calls: the two headers in all their spellings, and the order in which they are checked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from support import wire
from support.cast import Player
from support.client import Client, check_contract, data, refused
from support.installation import PASSWORD, STAFF, STAFF_PASSWORD, Installation
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import api_keys, blocking
from upline.members.models import AccessToken

KEY_NAMES = ("api_key", "api-key", "API_KEY", "Api-Key")
TOKEN_NAMES = ("access_token", "access-token", "ACCESS_TOKEN", "Access-Token")


def with_headers(client: Client, *headers: tuple[str, str], path: str = "profile/") -> Any:
    """A GET with exactly these headers."""
    answer = httpx.get(f"{client.base_url}/api/{path}", headers=list(headers))
    check_contract(client.base_url, "GET", path, answer)
    return answer


@pytest.mark.parametrize("token_name", [*TOKEN_NAMES, "Authorization", "authorization"])
@pytest.mark.parametrize("key_name", KEY_NAMES)
def test_both_credentials_are_read_in_every_spelling(
    mia: Player, key_name: str, token_name: str
) -> None:
    scheme = "Bearer " if token_name.lower() == "authorization" else ""
    answer = with_headers(
        mia.client, (key_name, mia.client.api_key), (token_name, scheme + mia.client.access_token)
    )
    assert data(answer)["username"] == mia.username


def test_the_word_bearer_is_read_in_any_case(mia: Player) -> None:
    headers = (
        ("api_key", mia.client.api_key),
        ("Authorization", f"bEARER {mia.client.access_token}"),
    )
    assert with_headers(mia.client, *headers).status_code == 200


def test_the_same_token_may_come_in_two_headers(mia: Player) -> None:
    token = mia.client.access_token
    answer = with_headers(
        mia.client,
        ("api_key", mia.client.api_key),
        ("access_token", token),
        ("Authorization", f"Bearer {token}"),
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["", "no", "upk_" + "x" * 43, "\u00e9", "a" * 3000])
def test_a_missing_or_unknown_api_key_is_1001(mia: Player, key: str) -> None:
    headers = [("access_token", mia.client.access_token)]
    headers += [("api_key", key)] if key else []
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    answer = httpx.get(f"{mia.client.base_url}/api/profile/", headers=encoded)
    refused(answer, 401, "1001")


def test_two_api_keys_merged_with_a_comma_are_1001(mia: Player, installation: Installation) -> None:
    token = ("access_token", mia.client.access_token)
    both = f"{installation.api_key},{installation.store_api_key}"
    refused(with_headers(mia.client, ("api_key", both), token), 401, "1001")
    twice = ("api_key", installation.api_key), ("api_key", installation.store_api_key)
    refused(with_headers(mia.client, *twice, token), 401, "1001")


def test_a_revoked_api_key_is_1001(mia: Player) -> None:
    name = f"key of {mia.username}"
    client = Client(mia.client.base_url, api_keys.create_key(UnitOfWork(Shell()), name))
    client.sign_in(mia.username, PASSWORD)
    assert client.get("profile/").status_code == 200
    api_keys.revoke_key(UnitOfWork(Shell()), name)
    refused(client.get("profile/"), 401, "1001")


@pytest.mark.parametrize("token", ["", "no", "upt_" + "x" * 43, "\u00e9", "a" * 3000])
def test_a_missing_or_unknown_access_token_is_1002(mia: Player, token: str) -> None:
    headers = [("api_key", mia.client.api_key)] + ([("access_token", token)] if token else [])
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    refused(httpx.get(f"{mia.client.base_url}/api/profile/", headers=encoded), 401, "1002")


def test_two_access_tokens_are_1002(mia: Player) -> None:
    key, good = ("api_key", mia.client.api_key), mia.client.access_token
    mia.client.sign_in(mia.username, PASSWORD)
    other = mia.client.access_token
    pairs = [
        [("access_token", f"{good},{other}")],
        [("access_token", good), ("access_token", other)],
        [("access_token", good), ("Authorization", f"Bearer {other}")],
        [("Authorization", f"Bearer {good},Bearer {other}")],
    ]
    for pair in pairs:
        refused(with_headers(mia.client, key, *pair), 401, "1002")


def test_a_token_without_the_word_bearer_is_1002(mia: Player) -> None:
    key = ("api_key", mia.client.api_key)
    for words in (mia.client.access_token, f"Basic {mia.client.access_token}"):
        refused(with_headers(mia.client, key, ("Authorization", words)), 401, "1002")


def test_an_expired_access_token_is_1002(mia: Player) -> None:
    assert mia.client.get("profile/").status_code == 200
    AccessToken.objects.filter(user_id=mia.id).update(expires_at=clock.now())
    refused(mia.client.get("profile/"), 401, "1002")


def test_a_token_lives_for_the_seconds_that_were_promised(mia: Player) -> None:
    answer = mia.client.post("auth/access/", username=mia.username, password=PASSWORD)
    token = AccessToken.objects.filter(user_id=mia.id).latest("created_at")
    assert data(answer)["expires_in"] == 86_400
    assert token.expires_at - token.created_at == timedelta(seconds=86_400)


def test_a_token_works_only_with_the_api_client_that_obtained_it(
    mia: Player, installation: Installation
) -> None:
    other = Client(mia.client.base_url, installation.store_api_key, mia.client.access_token)
    refused(other.get("profile/"), 401, "1002")
    assert mia.client.get("profile/").status_code == 200


def test_several_tokens_live_at_once(mia: Player) -> None:
    first = mia.client.access_token
    mia.client.sign_in(mia.username, PASSWORD)
    assert mia.client.access_token != first
    for token in (first, mia.client.access_token):
        client = Client(mia.client.base_url, mia.client.api_key, token)
        assert client.get("profile/").status_code == 200


def test_a_blocked_members_tokens_are_1002(mia: Player) -> None:
    blocking.block_member(UnitOfWork(Shell()), mia.id, "a test")
    refused(mia.client.get("profile/"), 401, "1002")


def test_staff_have_no_business_with_the_api(stranger: Client) -> None:
    answer = stranger.post("auth/access/", username=STAFF, password=STAFF_PASSWORD)
    refused(answer, 401, "1003")


@pytest.mark.parametrize("path", ["openapi.json", "openapi.json/", "docs", "docs/"])
def test_the_documentation_is_open_to_everybody(installation: Installation, path: str) -> None:
    answer = httpx.get(f"{installation.base_url}/api/{path}")
    assert answer.status_code == 200
    assert httpx.head(f"{installation.base_url}/api/{path}").content == b""
    refused(httpx.post(f"{installation.base_url}/api/{path}"), 405, "1103")


# Each call breaks its own rule and all those after it; the first one in order is named.
ORDER: list[tuple[str, str, str, str, bytes, int, str]] = [
    ("POST", "no/such/", "", "", b"{", 404, "1102"),
    ("PATCH", "cart/products/", "", "", b"{", 405, "1103"),
    ("POST", "cart/products/", "", "", b"{", 401, "1001"),
    ("POST", "cart/products/", "wrong", "wrong", b"{", 401, "1001"),
    ("POST", "cart/products/", "right", "", b"{", 401, "1002"),
    ("POST", "cart/products/", "right", "wrong", b"{", 401, "1002"),
    ("POST", "cart/products/", "right", "right", b"{", 400, "1100"),
    ("POST", "cart/products/", "right", "right", b'{"product_id": 0}', 422, "1004"),
    ("POST", "cart/products/", "right", "right", b'{"product_id": 0, "quantity": 1}', 422, "1012"),
]


@pytest.mark.parametrize(("method", "path", "key", "token", "body", "status", "code"), ORDER)
def test_the_checks_come_in_the_promised_order(
    mia: Player,
    nothing_changes: Callable[[], Any],
    method: str,
    path: str,
    key: str,
    token: str,
    body: bytes,
    status: int,
    code: str,
) -> None:
    headers = {
        "api_key": mia.client.api_key if key == "right" else key,
        "access_token": mia.client.access_token if token == "right" else token,
        "Content-Type": "application/json",
    }
    with nothing_changes():
        answer = mia.client.call(method, path, headers=headers, content=body)
    refused(answer, status, code)


def test_header_bytes_that_are_no_text_are_refused_not_crashed_on(
    installation: Installation,
) -> None:
    for name in (
        b"api_key",
        b"access_token",
        b"Authorization",
        b"Idempotency-Key",
        b"X-Request-Id",
    ):
        request = b"GET /api/profile/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        status, _, body = wire.send(installation.base_url, request + name + b": \xff\xfe\r\n\r\n")
        assert status in {400, 401}, body
