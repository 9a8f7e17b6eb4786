"""A server with a planted fault, on a copy of the tests' database."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from support.installation import ROOT, Installation, free_port, stop_group

FAULTS = Path(__file__).parent / "faults"


@contextmanager
def faulty_server(installation: Installation, fault: str, **environment: str) -> Iterator[str]:
    """The base address of a server whose protection named `fault` is gone. Members, tokens and
    money are those of the installation at this moment; what happens there stays there."""
    database = f"fault_{fault}"
    copy_database(installation, database)
    _change_database(installation, database, FAULTS / f"{fault}.sql")
    port = free_port()
    process = installation.start_server(
        port,
        DATABASE_URL=installation.postgres.url("upline_app", database),
        DJANGO_SETTINGS_MODULE="attacks.faults.settings",
        PYTHONPATH=f"{ROOT / 'src'}:{ROOT / 'tests'}",
        PLANTED_FAULT=fault,
        **environment,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_group(process)
        installation.postgres.drop_database(database)


def copy_database(installation: Installation, name: str) -> None:
    """Copy the database while it is in use (a template must not be)."""
    installation.postgres.drop_database(name)
    installation.postgres.create_database(name)
    restore = [installation.binaries.path("psql"), "-qX", "-v", "ON_ERROR_STOP=1"]
    subprocess.run(
        [*restore, "-d", installation.postgres.url("postgres", name)],
        input=dump(installation),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def dump(installation: Installation) -> bytes:
    """The whole database as pg_dump writes it."""
    address = installation.postgres.url("postgres", "upline")
    command = [installation.binaries.path("pg_dump"), "-d", address]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _change_database(installation: Installation, database: str, statements: Path) -> None:
    if statements.exists():
        with psycopg.connect(installation.postgres.url("upline_owner", database)) as connection:
            connection.execute(statements.read_bytes())
