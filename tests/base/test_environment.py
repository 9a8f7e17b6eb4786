"""Each wrong value of the environment is told in a sentence that names the variable."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from upline import environment

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
READERS: dict[str, Callable[[], object]] = {
    "text": lambda: environment.text("X"),
    "number": lambda: environment.whole_number("X", 5, 1, 10),
    "switch": lambda: environment.switch("X", default=True),
    "secret": lambda: environment.secret("X"),
    "keys": lambda: environment.master_keys("X"),
    "origin": lambda: environment.origin("X"),
    "database": lambda: environment.database("X"),
    "smtp": lambda: environment.smtp("X"),
    "sender": lambda: environment.sender("X", "a@example.com"),
}
WRONG = [
    *[("number", value) for value in ("", "0", "11", "-1", "1.5", "ten", "٣", "1e1")],
    *[("switch", value) for value in ("", "yes", "1", "true")],
    *[("secret", value) for value in ("", "short", "x" * 49)],
    *[("keys", value) for value in ("", ",", "short", KEY[:-4], f"{KEY},short", "schlüssel")],
    *[
        ("origin", value)
        for value in ("", "example.com", "ftp://example.com", "https://", "https://a.com/path",
                      "https://a.com?x=1", "https://a.com#x", "https://user@a.com",
                      "https://a.com:port", "https://a.com:99999", "https://[::1")
    ],
    *[
        ("database", value)
        for value in ("", "mysql://a/b", "postgresql://host", "postgresql://host/",
                      "postgresql://host:port/db")
    ],
    *[
        ("smtp", value)
        for value in ("mail.example.com", "smtp://", "http://mail.example.com",
                      "smtp://mail.example.com:port")
    ],
    *[("sender", value) for value in ("", "nobody", "Acme <>", "@example.com", "a@")],
]  # fmt: skip


@pytest.mark.parametrize(("reader", "value"), WRONG)
def test_a_wrong_value_is_told_in_a_sentence(
    reader: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured) as told:
        READERS[reader]()
    assert str(told.value).startswith("X ")
    assert str(told.value).endswith(".")


@pytest.mark.parametrize("reader", ["text", "secret", "keys", "origin", "database"])
def test_a_missing_value_is_told_in_a_sentence(
    reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="X is not set"):
        READERS[reader]()


def test_a_secret_is_never_repeated_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for reader, value in (("secret", "hush"), ("keys", "hush"), ("database", "hush://a:hush@b")):
        monkeypatch.setenv("X", value)
        with pytest.raises(ImproperlyConfigured) as told:
            READERS[reader]()
        assert "hush" not in str(told.value)


def test_a_value_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("x" * 50 + "\n")
    monkeypatch.setenv("X_FILE", str(file))
    assert environment.secret("X") == "x" * 50
    monkeypatch.setenv("X_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match=r"X_FILE names .*missing, which cannot be read"):
        environment.secret("X")


@pytest.mark.parametrize(
    ("value", "host", "port", "user", "ssl", "tls"),
    [
        ("smtp://127.0.0.1", "127.0.0.1", 25, "", False, False),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, "", False, False),
        ("smtps://a%40b:p%2Fw@mail.example.com", "mail.example.com", 465, "a@b", True, False),
        ("smtp+tls://u:p@mail.example.com", "mail.example.com", 587, "u", False, True),
    ],
)
def test_a_mail_server_is_named_by_an_address(
    value: str, host: str, port: int, user: str, ssl: bool, tls: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("X", value)
    found = environment.smtp("X")
    assert found is not None
    assert (found["host"], found["port"], found["username"]) == (host, port, user)
    assert (found["use_ssl"], found["use_tls"]) == (ssl, tls)


@pytest.mark.parametrize("value", ["", None])
def test_without_a_mail_server_there_is_none(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("X", raising=False)
    if value is not None:
        monkeypatch.setenv("X", value)
    assert environment.smtp("X") is None


def test_a_database_may_be_reached_by_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgresql://upline_app@/upline?host=/tmp/socket&port=5433")
    found = environment.database("X")
    assert (found["HOST"], found["PORT"]) == ("/tmp/socket", "5433")
    assert (found["USER"], found["NAME"], found["OPTIONS"]) == ("upline_app", "upline", {})
