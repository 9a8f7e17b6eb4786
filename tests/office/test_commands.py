"""The commands of the shell: init, set, key, verify."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from support import warm
from support.cast import Cast, unique
from support.client import Client
from support.installation import PASSWORD, ROOT, STAFF_PASSWORD, Installation
from support.owner import as_owner
from upline.books import invariants
from upline.company import queries
from upline.company.models import ApiClient
from upline.company.settings import SINGLE, OfficeSettings
from upline.launch.postgres import APPLICATION, OWNER
from upline.orders.models import Order

INIT = ("init", "--name", "Nova", "--currency", "jpy", "--time-zone", "Asia/Tokyo",
        "--first-weekday", "sunday", "--plan", "matrix", "--width", "3", "--root",
        "nova", "--root-email", "nova@example.com", "--staff", "kenji")  # fmt: skip

PASSWORDS = f"{PASSWORD}\n{STAFF_PASSWORD}\n"

MORE_POINTS = "UPDATE orders_order SET total_points = total_points + %s WHERE member_id = %s"


def _run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


@pytest.fixture
def another(installation: Installation) -> Iterator[dict[str, str]]:
    """The environment of another Upline, on an empty database."""
    name = unique("another")
    installation.postgres.create_database(name)
    yield os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": installation.postgres.url(APPLICATION, name),
        "DATABASE_OWNER_URL": installation.postgres.url(OWNER, name),
    }
    installation.postgres.drop_database(name)


def _shell(
    environment: dict[str, str], *words: str, said: str = ""
) -> "subprocess.CompletedProcess[str]":
    return warm.module(["upline.launch.manage", *words], environment, typed=said)


def test_init_sets_a_company_up_once(another: dict[str, str]) -> None:
    assert _shell(another, "migrate", "--verbosity", "0").returncode == 0
    early = _shell(another, "set")
    assert early.returncode == 1
    assert early.stderr.strip().endswith("Run ./upline init first.")

    with psycopg.connect(another["DATABASE_OWNER_URL"]) as owner:
        owner.execute("INSERT INTO base_toldtime (id) VALUES (1)")  # of a demo never finished
    done = _shell(another, *INIT, said=PASSWORDS)
    assert done.returncode == 0, done.stderr
    assert "Nova is set up." in done.stdout
    with psycopg.connect(another["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT plan_currency, plan_exponent FROM company_company"
        ).fetchone()
        told = connection.execute("SELECT count(*) FROM base_toldtime").fetchone()
    assert told == (0,), "a company's database dates by its own clock"
    assert found == ("JPY", 0), "yen have no decimals, whoever forgets to say so"
    again = _shell(another, *INIT, said=PASSWORDS)
    assert again.returncode == 1
    assert "already set up" in again.stderr
    proved = _shell(another, "verify")
    assert proved.returncode == 0, proved.stdout


@pytest.mark.parametrize(
    ("changed", "typed", "said"),
    [({"--time-zone": "Mars/Base"}, PASSWORDS, "time zone Mars/Base does not exist"),
     ({"--currency": "euro"}, PASSWORDS, "three letters"),
     ({"--currency": "EUE"}, PASSWORDS, "ISO 4217"),
     ({"--width": "1"}, PASSWORDS, "--width from 2 to 100"),
     ({"--staff": "nova"}, PASSWORDS, "different usernames"),
     ({}, "password1\n", "too common"),
     ({}, "short\n", "at least 8")],
)  # fmt: skip
def test_init_says_what_it_cannot_use(
    changed: dict[str, str],
    typed: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    nothing_changes: Callable[[], Any],
) -> None:
    words = list(INIT)
    for name, value in changed.items():
        words[words.index(name) + 1] = value
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with nothing_changes(), pytest.raises(CommandError, match=said):
        _run(*words)


def test_set_lists_every_setting_with_its_meaning() -> None:
    said = _run("set")
    for name in SINGLE:
        field = OfficeSettings.model_fields[name]
        assert f"{name} = " in said
        assert str(field.description) in said


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("age_least", "21", "21"), ("public_signup", "on", "on"), ("public_signup", "false", "off"),
     ("payment_methods", "ewallet, epin", "ewallet, epin"), ("kyc_needed_for", "", ""),
     ("username_prefix", "NV", "NV")],
)  # fmt: skip
def test_set_changes_one_setting(
    name: str, value: str, shown: str, office_sets: Callable[..., None]
) -> None:
    office_sets(**{name: queries.load_company().office.model_dump(mode="json")[name]})
    assert f"{name} = {shown}\n" in _run("set", name, value)
    assert f"{name} = {shown}\n" in _run("set", name)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("no_such_thing", "1"), "no_such_thing does not exist"), (("no_such_thing",), "not exist"),
     (("age_least", "old"), "age_least"), (("payment_methods", "barter"), "payment_methods")],
)  # fmt: skip
def test_set_refuses_what_cannot_be(words: tuple[str, ...], said: str) -> None:
    before = queries.load_company()
    with pytest.raises(CommandError, match=said):
        _run("set", *words)
    assert queries.load_company() == before


def test_a_key_is_made_listed_and_revoked(installation: Installation) -> None:
    name = unique("till")
    key = _run(
        "key", "create", name, "--scope", "members:sign_in", "--scope", "orders:report"
    ).strip()

    def code() -> Any:
        client = Client(installation.base_url, key)
        return client.post("auth/access/", username="no", password="no").json()["error"]["code"]

    assert code() == "1003"
    listed = next(line for line in _run("key", "list").splitlines() if line.startswith(name))
    assert listed == f"{name}  …{key[-4:]}  live  members:sign_in orders:report"
    assert _run("key", "revoke", name) == f"{name} is revoked.\n"
    assert code() == "1001"
    with pytest.raises(CommandError, match="No active api key"):
        _run("key", "revoke", name)
    with pytest.raises(CommandError, match="already"):
        _run("key", "create", name)


def test_verify_says_ok_to_every_promise() -> None:
    lines = _run("verify").splitlines()
    assert [line[:2] for line in lines] == ["ok"] * len(invariants.ALL)


def test_verify_says_what_is_broken_and_ends_with_one(cast: Cast) -> None:
    order = Order.objects.filter(member_id=cast.anna.id)
    as_owner(MORE_POINTS, 1, cast.anna.id)
    said = io.StringIO()
    try:
        with pytest.raises(SystemExit, match="1"):
            call_command("verify", stdout=said)
    finally:
        as_owner(MORE_POINTS, -1, cast.anna.id)
    broken = [line for line in said.getvalue().splitlines() if line.startswith("BROKEN")]
    assert broken == ["BROKEN  Each order's totals are those of its lines"]
    assert order.get().number in said.getvalue()


@pytest.mark.parametrize("name", ["", " ", "x\ny", "x" * 101])
def test_a_key_needs_a_name_that_can_be_read(name: str) -> None:
    before = ApiClient.objects.count()
    with pytest.raises(CommandError, match=r"1 to 100 characters|not allowed"):
        call_command("key", "create", name)
    assert ApiClient.objects.count() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [(("key", "create", "An\u200bna"), "not allowed"),
     (("key", "create", "\u3164"), "not allowed"),
     (("key", "create", "..."), "letter or digit"),
     (("key", "create", "a" * 101), "1 to 100 characters"),
     (("staff", "invite", "tom", "tom@example.com\nBcc: all@example.com"), "not allowed"),
     (("staff", "invite", "tom", "tom"), "not a valid e-mail address"),
     (("staff", "invite", "tom", f"tom@{'a' * 60}.{'b' * 300}.com"), "1 to 254 characters"),
     (("set", "terms_version", "2\u202e1"), "not allowed"),
     (("run", "drop", "1", "--as", "olga", "--reason", "\u202egpj"), "not allowed"),
     (("run", "forfeit", "1", "ben", "--as", "olga", "--reason", "a" * 301), "1 to 300"),
     (("refund", "sent", "1", "--as", "olga", "--note", "a\x1b[31m"), "not allowed"),
     ((*INIT[:2], "No\x00va", *INIT[3:]), "not allowed"),
     ((*INIT[:-1], "kenji", "--staff-email", "a@b.c\u200b"), "e-mail address")],
)  # fmt: skip
def test_text_that_misleads_is_refused_at_the_shell(
    words: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    nothing_changes: Callable[[], Any],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORDS))
    with nothing_changes(), pytest.raises(CommandError) as found:
        _run(*words)
    assert said in str(found.value)


def test_half_of_a_letter_at_the_shell_is_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"upline.launch.manage", b"set", b"\xff", b"1"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"not allowed" in done.stderr
    assert b"Traceback" not in done.stderr
