"""A server with a planted fault, on a copy of the tests' database."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections

from support.installation import ROOT, Installation, Server, free_port, stop_group
from upline.launch.postgres import DATABASE

FAULTS = Path(__file__).parent / "faults"


@contextmanager
def faulty_server(installation: Installation, fault: str, **environment: str) -> Iterator[Server]:
    """A server whose protection named `fault` is gone. Members, tokens and money are those of the
    installation at this moment; what happens there stays there."""
    database = f"fault_{fault}"
    copy_database(installation, database)
    owner_url = installation.postgres.url("upline_owner", database)
    _change_database(owner_url, "meeting", fault)
    port = free_port()
    process = installation.start_server(
        port,
        DATABASE_URL=installation.postgres.url("upline_app", database),
        DJANGO_SETTINGS_MODULE="attacks.faults.settings",
        PYTHONPATH=f"{ROOT / 'src'}:{ROOT / 'tests'}",
        PLANTED_FAULT=fault,
        environment=environment,
    )
    try:
        yield Server(f"http://127.0.0.1:{port}", owner_url)
    finally:
        stop_group(process)
        installation.postgres.drop_database(database)


def copy_database(installation: Installation, name: str) -> None:
    """Copy the database as it is now. All connections to it end: a template is used by nobody. Who
    works with it takes new ones."""
    connections.close_all()
    with psycopg.connect(installation.postgres.admin_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE]
        )
    installation.postgres.drop_database(name)
    installation.postgres.create_database(name, DATABASE)


def dump(installation: Installation) -> bytes:
    """The whole database as pg_dump writes it."""
    address = installation.postgres.url("postgres", "upline")
    command = [installation.binaries.path("pg_dump"), "-d", address]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _change_database(owner_url: str, *names: str) -> None:
    files = [FAULTS / f"{name}.sql" for name in names]
    with psycopg.connect(owner_url) as connection:
        for file in filter(Path.exists, files):
            connection.execute(file.read_bytes())
