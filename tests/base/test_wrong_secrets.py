"""Secrets of another installation: nothing starts with them, and nothing is read or written."""

import base64
import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from attacks.planted import copy_database
from support import warm
from support.cast import Cast
from support.installation import Installation, free_port

OTHER = {
    "UPLINE_MASTER_KEYS": base64.urlsafe_b64encode(b"o" * 32).decode(),
    "UPLINE_SECRET_KEY": "another installation " * 5,
}
WATCHED = ("members_user", "base_personkey", "base_keycheck", "company_apiclient")


@pytest.fixture
def copied(installation: Installation, cast: Cast) -> Iterator[dict[str, str]]:
    """The environment of programs that work in a copy of the tests' company."""
    copy_database(installation, "wrong_secrets")
    yield {
        "DATABASE_URL": installation.postgres.url("upline_app", "wrong_secrets"),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", "wrong_secrets"),
    }
    installation.postgres.drop_database("wrong_secrets")


def run(
    environment: dict[str, str], *words: str, module: str = "upline.launch.manage"
) -> "subprocess.CompletedProcess[str]":
    return warm.module([module, *words], environment)


def execute(environment: dict[str, str], statement: str) -> object:
    """What one statement says, past all rights."""
    address = environment["DATABASE_URL"].replace("upline_app", "postgres", 1)
    with psycopg.connect(address) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def everything(environment: dict[str, str]) -> list[object]:
    rows = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM"
    return [execute(environment, f"{rows} {name} t") for name in WATCHED]


@pytest.mark.parametrize("name", OTHER)
def test_nothing_starts_with_a_wrong_secret_and_a_sentence_names_it(
    copied: dict[str, str], name: str
) -> None:
    before = everything(copied)
    wrong = copied | {name: OTHER[name]}
    server = {"UPLINE_BASE_URL": "http://127.0.0.1", "PORT": str(free_port())}
    for words in (["serve"], ["serve", "--worker-only"]):
        started = run(wrong | server, *words, module="upline.launch")
        assert started.returncode == 1
        assert name in started.stderr
        assert "Nothing was started." in started.stderr
        assert "Traceback" not in started.stderr
    assert everything(copied) == before
    assert run(copied, "ready").returncode == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("UPLINE_MASTER_KEYS", ["rotate_keys"]),
        ("UPLINE_MASTER_KEYS", ["verify"]),
        ("UPLINE_SECRET_KEY", ["key", "create", "another till"]),
    ],
)
def test_a_command_refuses_a_wrong_secret(
    copied: dict[str, str], name: str, words: list[str]
) -> None:
    before = everything(copied)
    done = run(copied | {name: OTHER[name]}, *words)
    assert done.returncode == os.EX_CONFIG
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(copied) == before


def test_an_installation_older_than_the_check_value_is_told_by_its_people(
    copied: dict[str, str],
) -> None:
    execute(copied, "DELETE FROM base_keycheck")
    wrong = run(copied | {"UPLINE_MASTER_KEYS": OTHER["UPLINE_MASTER_KEYS"]}, "ready")
    assert "UPLINE_MASTER_KEYS" in wrong.stderr
    assert execute(copied, "SELECT count(*) FROM base_keycheck") == 0
    assert run(copied, "ready").returncode == 0
    assert execute(copied, "SELECT count(*) FROM base_keycheck") == 1


def test_verify_and_the_rotation_name_a_key_that_does_not_open(
    copied: dict[str, str], cast: Cast
) -> None:
    execute(copied, f"UPDATE base_personkey SET wrapped = 'x' WHERE user_id = {cast.ben.id}")
    execute(copied, "INSERT INTO members_secondfactor (user_id, sealed, last_step) "
                    f"VALUES ({cast.anna.id}, 'x', 0)")  # fmt: skip
    proved = run(copied, "verify")
    assert proved.returncode == 1
    assert f"person {cast.ben.id}\n" in proved.stdout
    assert f"second factor of person {cast.anna.id}\n" in proved.stdout
    rotated = run(copied, "rotate_keys")
    assert rotated.returncode == 1
    assert f"the key of person {cast.ben.id}" in rotated.stderr
    assert "Traceback" not in rotated.stderr
