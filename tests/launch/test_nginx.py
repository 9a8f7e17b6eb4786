"""deploy/nginx.conf, in a real nginx before a real web server that tells what arrived."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launch import nginx_server

pytestmark = pytest.mark.skipif(
    not nginx_server.is_installed(), reason="nginx or its JavaScript module is not installed"
)


@pytest.fixture(scope="module")
def web_server() -> Iterator[int]:
    port = nginx_server.free_port()
    options = ["--interface", "wsgi", "--http", "1", "--no-ws", "--log-level", "error"]
    command = [sys.executable, "-m", "granian", *options, "--port", str(port), "echo:app"]
    process = subprocess.Popen(command, cwd=Path(__file__).parent)
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(15)


@pytest.fixture(scope="module")
def nginx(web_server: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with nginx_server.running_nginx(tmp_path_factory.mktemp("nginx"), web_server) as port:
        yield port


def ask(port: int, *headers: str, start: str = "GET / HTTP/1.1", body: bytes = b"") -> Any:
    """Send these very bytes; gives the status, the headers and the body's JSON."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        lines = [start, "Host: office.example.com", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, str(answer.headers), json.loads(answer.read())


@pytest.mark.parametrize("spelling", ["api_key", "api-key", "API_KEY", "Api-Key"])
def test_either_spelling_of_the_api_key_arrives(nginx: int, spelling: str) -> None:
    assert ask(nginx, f"{spelling}: K1")[2]["HTTP_API_KEY"] == "K1"


@pytest.mark.parametrize("spelling", ["access_token", "access-token"])
def test_either_spelling_of_the_access_token_arrives(nginx: int, spelling: str) -> None:
    assert ask(nginx, f"{spelling}: T1")[2]["HTTP_ACCESS_TOKEN"] == "T1"


@pytest.mark.parametrize(
    "pair",
    [
        ("api_key: K1", "api-key: K2"),
        ("api-key: K1", "api_key: K2"),
        ("api_key: K1", "api_key: K2"),
        ("Api-Key: K1", "Accept: */*", "api-key: K2"),
    ],
)
def test_two_different_api_keys_arrive_joined_so_that_they_are_refused(
    nginx: int, pair: tuple[str, ...]
) -> None:
    assert ask(nginx, *pair)[2]["HTTP_API_KEY"] == "K1, K2"


def test_two_different_access_tokens_arrive_joined(nginx: int) -> None:
    seen = ask(nginx, "access-token: T1", "access_token: T2")[2]
    assert seen["HTTP_ACCESS_TOKEN"] == "T1, T2"


def test_the_same_api_key_twice_is_one(nginx: int) -> None:
    assert ask(nginx, "api_key: K1", "api-key: K1")[2]["HTTP_API_KEY"] == "K1"


@pytest.mark.parametrize("twin", ["X_Forwarded_For", "X-Forwarded_For", "x-forwarded-for"])
def test_nobody_can_pretend_another_address(nginx: int, twin: str) -> None:
    assert ask(nginx, f"{twin}: 6.6.6.6")[2]["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"


def test_nobody_can_pretend_https(nginx: int) -> None:
    seen = ask(nginx, "X_Forwarded_Proto: https", "X-Forwarded-Proto: https")[2]
    assert seen["HTTP_X_FORWARDED_PROTO"] == "http"


def test_unlisted_names_do_not_arrive(nginx: int) -> None:
    seen = ask(nginx, "X-Odd: 1", "Forwarded: for=6.6.6.6", "X-Forwarded-Host: evil", "Proxy: x")[2]
    assert not {"HTTP_X_ODD", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_PROXY"} & set(seen)


def test_listed_names_arrive(nginx: int) -> None:
    listed = {
        "Authorization": "Bearer x",
        "Cookie": "a=1; b=2",
        "Idempotency-Key": "i-1",
        "X-CSRFToken": "c",
        "HX-Request": "true",
        "HX-Current-URL": "http://x/",
        "If-None-Match": '"e"',
        "Access-Control-Request-Method": "PUT",
        "X-Request-Id": "checkout-7",
    }
    seen = ask(nginx, *(f"{name}: {value}" for name, value in listed.items()))[2]
    arrived = {name: seen.get("HTTP_" + name.upper().replace("-", "_")) for name in listed}
    assert arrived == listed


def test_a_body_arrives_whole(nginx: int) -> None:
    body = b"x" * 300_000
    start = "POST / HTTP/1.1"
    length = f"Content-Length: {len(body)}"
    _, _, seen = ask(nginx, length, "Content-Type: text/plain", start=start, body=body)
    assert (seen["size"], seen["CONTENT_TYPE"]) == (len(body), "text/plain")


@pytest.mark.parametrize(
    ("start", "headers", "status", "code"),
    [
        ("POST / HTTP/1.1", ["Content-Length: 13000000"], 413, "1111"),
        ("GET /" + "a" * 20_000 + " HTTP/1.1", [], 414, "1100"),
        ("GET / HTTP/1.1", ["X-Long: " + "a" * 20_000], 431, "1100"),
        ("POST / HTTP/1.1", ["Content-Length: many"], 400, "1100"),
    ],
)
def test_what_nginx_refuses_wears_the_envelope(
    nginx: int, start: str, headers: list[str], status: int, code: str
) -> None:
    got, head, said = ask(nginx, *headers, start=start)
    assert (got, said["status"], said["error"]["code"]) == (status, False, code)
    assert "application/json" in head


def test_without_a_web_server_the_answer_is_503_and_try_again(tmp_path: Path) -> None:
    with nginx_server.running_nginx(tmp_path, nginx_server.free_port()) as port:
        status, head, said = ask(port)
    assert (status, said["error"]["code"]) == (503, "1112")
    assert "Retry-After: 1" in head


def test_a_mailed_links_secret_is_in_no_log_and_the_requests_id_is(
    web_server: int, tmp_path: Path
) -> None:
    """Also where nginx complains: its error log quotes addresses."""
    pages = [
        "/link/login-password/s3cret-of-ben/",
        "/link/confirm-email/s3cret-of-ben?x=s3cret-of-ben",
        "//link//login-password/s3cret-of-ben/",
        "/office/?q=s3cret-of-ben",
    ]
    for name, upstream in (("up", web_server), ("down", nginx_server.free_port())):
        folder = tmp_path / name
        folder.mkdir()
        with nginx_server.running_nginx(folder, upstream) as port:
            for page in pages:
                headers = ["X-Request-Id: checkout-7", "Referer: https://x/link/a/s3cret-of-ben/"]
                _, head, _ = ask(port, *headers, start=f"GET {page} HTTP/1.1")
                assert head.lower().count("x-request-id: checkout-7") == 1
        logs = "".join(file.read_text() for file in folder.glob("*.log"))
        assert "s3cret" not in logs
        assert logs.count("] checkout-7 GET /link/") == 2
        assert "/link/login-password/***" in logs


def test_health_is_for_the_machine_itself(nginx: int) -> None:
    assert ask(nginx, start="GET /health/ready HTTP/1.1")[0] == 200
    assert "deny  all;" in (nginx_server.DEPLOY / "nginx.conf").read_text()
