"""Headers that lie: about credentials, about the caller's address, about our own name."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from attacks.hostile_files import picture
from launch import nginx_server
from support.cast import Cast
from support.client import Client, refused
from support.installation import Installation, free_port, stop_group
from support.moves import worker_looks_up
from upline.base import sql
from upline.flows import mailing
from upline.mailings.models import Mail

OURS = "office.example.com"
LIES = [
    {"X-Forwarded-For": "10.0.0.{n}"},
    {"X_Forwarded_For": "10.0.1.{n}"},
    {"X-Forwarded_For": "10.0.2.{n}", "X-Forwarded-For": "10.0.3.{n}"},
    {"x_forwarded_for": "10.0.4.{n}", "X-Forwarded-For": "10.0.5.{n}, 10.0.6.{n}"},
    {"Forwarded": "for=10.0.7.{n}", "X-Real-IP": "10.0.8.{n}", "True-Client-IP": "10.0.9.{n}"},
    {"X-Forwarded-For": "10.1.0.{n}" + ", 127.0.0.1" * 40},
    {"CF-Connecting-IP": "10.1.1.{n}", "X-Client-IP": "10.1.2.{n}", "Remote_Addr": "10.1.3.{n}"},
    {"REMOTE-ADDR": "10.1.4.{n}", "Remote-Addr": "10.1.5.{n}"},
]
HOSTS = [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Host": f"evil.example#{OURS}"},
    {"Host": f"evil.example?{OURS}"},
    {"Host": f"{OURS}.evil.example"},
    {"Host": f"{OURS}@evil.example"},
    {"Host": f"evil.example/{OURS}"},
    {"Host": f"{OURS}:80@evil.example"},
    {"Host": "localhost.evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "127.0.0.1:99999"},
    {"Host": "[::1]"},
    {"Host": "xn--vil-5xa.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X_Forwarded_Host": "evil.example"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Host": "evil.example", "X-Forwarded-Server": "evil.example"},
    {"X-Original-URL": "http://evil.example/", "X-Rewrite-URL": "http://evil.example/"},
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "4443", "X-Forwarded-Prefix": "//evil"},
]
with_nginx = pytest.mark.skipif(
    not nginx_server.is_installed(), reason="nginx or its JavaScript module is not installed"
)


@pytest.fixture
def behind_proxy(installation: Installation) -> Iterator[int]:
    """The port of a server that believes its proxy."""
    port = free_port()
    process = installation.start_server(
        port, UPLINE_BEHIND_PROXY="on", UPLINE_ALLOWED_HOSTS=f"{OURS},127.0.0.1"
    )
    yield port
    stop_group(process)


@pytest.fixture
def believing(behind_proxy: int) -> str:
    return f"http://127.0.0.1:{behind_proxy}"


@pytest.fixture
def nginx(behind_proxy: int, tmp_path: Path) -> Iterator[str]:
    """The base address of the shipped nginx.conf before that server."""
    with nginx_server.running_nginx(tmp_path, behind_proxy) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def forget_attempts() -> Iterator[None]:
    """All tests share one network address, whose wrong guesses are counted here."""
    yield
    sql.run("DELETE FROM base_attempt")


def guess(base_url: str, key: str, number: int, headers: dict[str, str]) -> httpx.Response:
    """A wrong password for a name of its own, with headers that claim another address."""
    lies = {name: value.format(n=number) for name, value in headers.items()}
    return httpx.post(
        f"{base_url}/api/auth/access/",
        data={"username": f"nobody-{number}", "password": "wrong"},
        headers={"api_key": key, **lies},
    )


def refusals(base_url: str, key: str, lies: list[dict[str, str]]) -> list[str]:
    answers = [guess(base_url, key, number, lie) for number, lie in enumerate(lies)]
    return [answer.json()["error"]["code"] for answer in answers]


# --- The caller's address ------------------------------------------------------------------


def test_without_a_proxy_no_header_changes_the_address_that_is_counted(
    installation: Installation, office_sets: Callable[..., None]
) -> None:
    office_sets(secret_limit_by_address=4)
    codes = refusals(installation.base_url, installation.api_key, LIES)
    assert codes == ["1003"] * 4 + ["1005"] * (len(LIES) - 4)


@with_nginx
def test_behind_nginx_no_header_changes_the_address_that_is_counted(
    nginx: str, installation: Installation, office_sets: Callable[..., None]
) -> None:
    office_sets(secret_limit_by_address=4)
    codes = refusals(nginx, installation.api_key, LIES)
    assert codes == ["1003"] * 4 + ["1005"] * (len(LIES) - 4)


def test_behind_a_proxy_the_address_that_it_added_last_is_counted(
    behind_proxy: int, installation: Installation, office_sets: Callable[..., None]
) -> None:
    office_sets(secret_limit_by_address=2)
    base_url = f"http://127.0.0.1:{behind_proxy}"
    one_guesser = [{"X-Forwarded-For": "10.9.9.{n}, 192.0.2.1"}] * 4
    assert refusals(base_url, installation.api_key, one_guesser) == ["1003", "1003", "1005", "1005"]
    others = [{"X-Forwarded-For": "192.0.2.1, 192.0.2.1{n}"}] * 4
    assert refusals(base_url, installation.api_key, others) == ["1003"] * 4


# --- Credentials that come twice -----------------------------------------------------------


def ask_raw(port: int, *headers: str, host: str = OURS) -> tuple[int, str]:
    """Send these header lines as they are; gives the status and the error code or ''."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        lines = ["GET /api/profile/ HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    code = re.search(rb'"code": "(\d+)"', answer)
    return int(answer.split()[1]), code[1].decode() if code else ""


@with_nginx
def test_behind_nginx_two_different_credentials_are_none(
    nginx: str, cast: Cast, installation: Installation
) -> None:
    port = int(nginx.rpartition(":")[2])
    key, token = installation.api_key, cast.anna.client.access_token
    other = cast.ben.client.access_token
    assert ask_raw(port, f"api_key: {key}", f"access_token: {token}")[0] == 200
    assert ask_raw(port, f"api-key: {key}", f"access-token: {token}")[0] == 200
    twice = ask_raw(port, f"api_key: {key}", f"api-key: {key}", f"access_token: {token}")
    assert twice[0] == 200, "the same one twice is one"
    for first, second in (("api_key", "api-key"), ("api-key", "api_key"), ("api_key", "api_key")):
        both = (f"{first}: {key}", f"{second}: {installation.store_api_key}")
        assert ask_raw(port, *both, f"access_token: {token}") == (401, "1001")
    for first, second in (("access_token", "access-token"), ("access-token", "access_token")):
        both = (f"{first}: {token}", f"{second}: {other}")
        assert ask_raw(port, f"api_key: {key}", *both) == (401, "1002")
    bearer = (f"access_token: {token}", f"Authorization: Bearer {other}")
    assert ask_raw(port, f"api_key: {key}", *bearer) == (401, "1002")


def test_without_nginx_a_twin_gives_nobody_more_than_one_of_the_two(
    cast: Cast, installation: Installation
) -> None:
    """Without a proxy the last of two twins counts: still one caller, never a mixture."""
    base = (f"api_key: {installation.api_key}",)
    token, other = cast.anna.client.access_token, cast.ben.client.access_token
    for pair in (
        (f"access_token: {token}", "access-token: wrong"),
        ("access-token: wrong", f"access_token: {token}"),
        (f"access_token: {token}", f"access-token: {other}"),
    ):
        status, code = ask_raw(installation.port, *base, *pair, host="127.0.0.1")
        assert (status, code) in {(200, ""), (401, "1002")}


# --- Our own name --------------------------------------------------------------------------


@pytest.mark.parametrize("lie", HOSTS, ids=lambda lie: next(iter(lie.values())))
def test_a_reset_mail_carries_our_own_address_only(
    cast: Cast, installation: Installation, lie: dict[str, str]
) -> None:
    answer = httpx.post(
        f"{installation.base_url}/api/profile/password/forget/",
        data={"username": cast.anna.username},
        headers={"api_key": installation.api_key, **lie},
    )
    if "Host" in lie and answer.status_code != 204:
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "1100"
        worker_looks_up()
        assert not Mail.objects.filter(user_id=cast.anna.id, kind="reset_login").exists()
        return
    assert answer.status_code == 204, answer.text
    worker_looks_up()
    mail = Mail.objects.get(user_id=cast.anna.id, kind="reset_login")
    assert "evil" not in json.dumps(mail.facts)
    subject, text = mailing.render(mail, mailing.link_for(mail))
    links = re.findall(r"https?://\S+", f"{subject} {text}")
    assert len(links) == 1
    assert links[0].startswith(f"{settings.BASE_URL}/link/login-password/")


@pytest.mark.parametrize("path", ["profile/", "openapi.json", "docs", "nowhere/"])
def test_an_unknown_host_is_answered_400_in_the_envelope(
    installation: Installation, path: str
) -> None:
    headers = {"Host": "evil.example", "api_key": installation.api_key}
    answer = httpx.get(f"{installation.base_url}/api/{path}", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "1100"
    assert "evil" not in answer.text


def test_a_picture_has_our_own_address_whatever_the_caller_calls_us(
    believing: str, cast: Cast, installation: Installation
) -> None:
    cast.anna.client.call("POST", "profile/image/", files={"image": picture()})
    client = Client(believing, installation.api_key, cast.anna.client.access_token)
    lies = {"Host": OURS, "X-Forwarded-Host": "evil.example"}
    shown = client.call("GET", "profile/", headers=lies).json()["data"]["profile_image"]
    assert shown.startswith(f"{installation.base_url}/pictures/")


# --- Answers that must arrive --------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 5_000, 500_000])
def test_a_refusal_arrives_though_the_body_comes_after_it(
    installation: Installation, size: int
) -> None:
    """A caller without a key is refused unread; its connection lives on all the same."""
    head = f"POST /api/profile/image/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", installation.port), 10) as connection:
        for _ in range(2):
            connection.sendall(head.encode())
            time.sleep(0.1)
            connection.sendall(b"x" * size)
            answer = b""
            while b"1001" not in answer:
                piece = connection.recv(65536)
                assert piece, "the connection was cut"
                answer += piece
            assert answer.startswith(b"HTTP/1.1 401")


def test_a_key_of_control_characters_is_no_key(installation: Installation) -> None:
    for key in ("a" * 5000, "k\u00e9y", "%00", "${jndi:ldap://x}", "a,b"):
        headers = {b"api_key": key.encode()}
        answer = httpx.get(f"{installation.base_url}/api/profile/", headers=headers)
        refused(answer, 401, "1001")
