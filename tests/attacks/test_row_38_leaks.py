"""No answer says what it was made with, or how it failed."""

import re
from collections.abc import Iterator

import httpx
import pytest

from support.cast import Cast
from support.installation import Installation, free_port, stop_group

# Names of what we are made of, with a version, and what only a debugger would print.
LEAKS = re.compile(
    r"Traceback|most recent call last|File \"|site-packages|/src/upline|DJANGO_SETTINGS|urlconf|"
    r"(?:Django|granian|psycopg|PostgreSQL|Python|nginx|CPython|gunicorn|uvicorn)[ /]v?\d|"
    r"OperationalError|ProgrammingError|DoesNotExist|psycopg\.",
    re.IGNORECASE,
)
TELLING_HEADERS = {"x-powered-by", "x-aspnet-version", "via", "x-runtime", "x-version"}
PATHS = (
    "", "api", "api/", "api/docs/", "api/openapi.json/", "api/profile/", "api/nowhere/",
    "api/orders/%00/", "api/orders/99999999999999999999/", "office/", "office/login/",
    "office/nowhere/", "office/members/member/abc/", "office/jsi18n/", "link/login-password/x/",
    "link/nowhere/x/", "pictures/nothing.png", "pictures/..%2f..%2fsettings.py",
    "static/nothing.css", "static/../settings.py", "static/%2e%2e/%2e%2e/settings.py", "metrics",
    "health", "health/", "health/live", "health/ready", "healthz", "status", "debug", "__debug__/",
    ".git/config", ".env", "admin/", "server-status", "favicon.ico", "robots.txt", "%ff%fe",
    "a" * 2000,
)  # fmt: skip
BODIES = (
    (b"", ""),
    (b"{", "application/json"),
    (b"[" * 5000, "application/json"),
    (b'{"username": {"a": [1]}, "password": 1e999}', "application/json"),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
    (b"a=1", "multipart/form-data"),
    (b"<x/>", "application/xml"),
)


def _tells_nothing(answer: httpx.Response) -> None:
    where = f"{answer.request.method} {answer.request.url}: {answer.status_code}"
    assert not TELLING_HEADERS & {name.lower() for name in answer.headers}, where
    for name, value in answer.headers.items():
        assert not LEAKS.search(value), f"{where} {name}: {value}"
    if answer.headers.get("Content-Type", "").startswith(("text/css", "text/javascript")):
        return
    found = LEAKS.search(answer.text)
    assert not found, f"{where}: {answer.text[max(0, found.start() - 60) : found.end() + 60]}"


def test_row_38_no_address_and_no_method_tells_what_answers(installation: Installation) -> None:
    with httpx.Client(base_url=installation.base_url) as http:
        for path in PATHS:
            for method in ("GET", "POST", "OPTIONS", "DELETE", "TRACE"):
                _tells_nothing(http.request(method, f"/{path}"))


def test_row_38_no_body_and_no_header_makes_an_answer_tell(
    installation: Installation, cast: Cast
) -> None:
    keys = {"api_key": installation.api_key, "access_token": cast.anna.client.access_token}
    strange = ({"Host": "evil.example"}, {"Prefer": "\xff" * 300},
               {"Idempotency-Key": "x" * 9000}, {"Cookie": "office=\x01; form=\x02"})  # fmt: skip
    with httpx.Client(base_url=installation.base_url, headers=keys) as http:
        for path in ("api/auth/access/", "api/signup/", "api/profile/personal/", "office/login/",
                     "link/login-password/x/"):  # fmt: skip
            for body, kind in BODIES:
                _tells_nothing(http.post(f"/{path}", content=body, headers={"Content-Type": kind}))
        for headers in strange:
            raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            try:
                _tells_nothing(http.get("/api/profile/", headers=raw))
            except httpx.TransportError:
                continue  # the server hung up, which tells nothing either


@pytest.fixture
def without_database(installation: Installation) -> Iterator[str]:
    """A server that started, and whose database then cannot be reached."""
    port = free_port()
    process = installation.start_server(
        port, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing"
    )
    yield f"http://127.0.0.1:{port}"
    stop_group(process)


def test_row_38_a_server_that_is_broken_says_so_and_nothing_else(
    without_database: str, installation: Installation
) -> None:
    for path in ("api/profile/", "api/packages/", "office/", "office/login/",
                 "link/login-password/x/", "pictures/nothing.png"):  # fmt: skip
        answer = httpx.get(
            f"{without_database}/{path}",
            headers={"api_key": installation.api_key},
            cookies={"office": "a" * 32},
        )
        assert answer.status_code in {302, 404, 500, 503}, path
        _tells_nothing(answer)
