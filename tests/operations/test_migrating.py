"""`./upline migrate` on a database that others work with, and with one role for everything."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from support.installation import ROOT, Installation, wait_for
from upline.shell import earlier_versions

NAME = "to_be_migrated"
HELD_SECONDS = 4.5


@dataclass(frozen=True)
class Migrated:
    """A migration by one role for everything, while somebody did not end their transaction."""

    url: str
    code: int
    said: str
    longest_wait: float
    """Seconds that a reader of the same table waited meanwhile."""


@pytest.fixture(scope="module")
def migrated(installation: Installation) -> Iterator[Migrated]:
    postgres = installation.postgres
    postgres.create_database(NAME)
    url = postgres.url("upline_owner", NAME)
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    command = [sys.executable, str(ROOT / "upline"), "migrate", "--verbosity", "0"]
    migrating = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    longest_wait = longest_read_beside_a_writer(postgres.url("postgres", NAME))
    said = migrating.communicate(timeout=120)[1]
    yield Migrated(url, migrating.returncode, said, longest_wait)
    postgres.drop_database(NAME)


def longest_read_beside_a_writer(url: str) -> float:
    """Hold a table as soon as it is made, and read it again and again."""
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as reader:
        wait_for(lambda: hold(holder), seconds=60)
        longest, began = 0.0, time.monotonic()
        while time.monotonic() - began < HELD_SECONDS:
            asked = time.monotonic()
            reader.execute("SELECT count(*) FROM members_user")
            longest = max(longest, time.monotonic() - asked)
            time.sleep(0.05)
        return longest


def hold(connection: psycopg.Connection) -> bool:
    """Be somebody who writes to the table; False while it is not there yet."""
    try:
        connection.execute("LOCK TABLE members_user IN ROW EXCLUSIVE MODE")
    except psycopg.errors.UndefinedTable:
        connection.rollback()
        return False
    return True


def test_a_migration_does_not_make_others_wait_behind_a_long_transaction(
    migrated: Migrated,
) -> None:
    assert migrated.code == 0, migrated.said
    assert migrated.said == "A table is in use. Trying again in a moment.\n"
    assert migrated.longest_wait < HELD_SECONDS - 0.5


def test_one_role_for_everything_keeps_what_it_needs(migrated: Migrated) -> None:
    with psycopg.connect(migrated.url) as connection:
        may = connection.execute("SELECT has_table_privilege('wallet_transfer', 'INSERT')")
        assert may.fetchone() == (True,)


@pytest.mark.parametrize(
    ("of_another_version", "undone"),
    [
        (
            """INSERT INTO django_migrations (app, name, applied)
               VALUES ('base', '0003_append_only', now())""",
            "DELETE FROM django_migrations WHERE name = '0003_append_only'",
        ),
        (
            """UPDATE base_appliedmigration SET digest = 'x' || substr(digest, 2)
               WHERE app = 'wallet' AND name LIKE '%rules'""",
            "DELETE FROM base_appliedmigration WHERE digest LIKE 'x%'",
        ),
        (
            "ALTER TABLE base_appliedmigration RENAME TO put_away",
            "ALTER TABLE put_away RENAME TO base_appliedmigration",
        ),
    ],
    ids=["other migrations", "another wording", "no wording known"],
)
def test_a_database_of_an_earlier_version_is_left_alone_with_one_sentence(
    migrated: Migrated, of_another_version: str, undone: str
) -> None:
    applied = "SELECT app, name FROM django_migrations ORDER BY id"
    environment = os.environ | {"DATABASE_URL": migrated.url, "DATABASE_OWNER_URL": migrated.url}
    with psycopg.connect(migrated.url, autocommit=True) as connection:
        connection.execute(of_another_version)
        before = connection.execute(applied).fetchall()
        for command in ("migrate", "ready"):
            done = subprocess.run(
                [sys.executable, str(ROOT / "upline"), command],
                env=environment, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            assert done.returncode != 0
            assert done.stderr.strip() == earlier_versions.REFUSED
        assert connection.execute(applied).fetchall() == before
        connection.execute(undone)
