"""What goes wrong before a command can work is said in a sentence, without a traceback."""

import os
import subprocess
import sys

import pytest

from support.installation import ROOT, Installation


def say(command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "upline"), command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_URL", "mail.example.com"),
        ("UPLINE_BASE_URL", "office.example.com"),
        ("UPLINE_BEHIND_PROXY", "1"),
        ("UPLINE_SECRET_KEY", "short"),
        ("UPLINE_MASTER_KEYS", "none"),
        ("DATABASE_URL", "mysql://host/name"),
        ("PORT", "eight thousand"),
    ],
)
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    done = say("verify", **{variable: value})
    assert done.returncode != 0
    assert variable in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_needs_a_proxy_in_front_of_a_public_address() -> None:
    """Nothing but the proxy ends requests whose body never arrives."""
    wrong = {"UPLINE_BASE_URL": "http://office.example.com"}
    for bind in ("0.0.0.0", "::", "192.0.2.1"):
        done = say("serve", UPLINE_BIND=bind, **wrong)
        assert done.returncode != 0
        assert f"UPLINE_BIND is {bind}" in done.stderr
        assert "UPLINE_BEHIND_PROXY=on" in done.stderr
    for fine in ({"UPLINE_BIND": "0.0.0.0", "UPLINE_BEHIND_PROXY": "on"}, {"UPLINE_BIND": "::1"}):
        done = say("serve", **fine, **wrong)
        assert done.returncode != 0, "for another reason"
        assert "UPLINE_BIND" not in done.stderr


def test_a_database_that_is_away_is_said() -> None:
    done = say("verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert done.returncode != 0
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_migrated_is_said(installation: Installation) -> None:
    installation.postgres.create_database("not_migrated")
    done = say("verify", DATABASE_URL=installation.postgres.url("upline_app", "not_migrated"))
    assert done.returncode != 0
    assert "Run ./upline migrate" in done.stderr
    assert "Traceback" not in done.stderr
