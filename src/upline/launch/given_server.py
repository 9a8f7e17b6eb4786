"""What a PostgreSQL must be for `serve` to start, and what is worth saying about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from upline.launch.binaries import OLDEST
from upline.launch.capacity import THREADS, WORKER_CONNECTIONS, Processes
from upline.launch.errors import LaunchError

# The server keeps some connections back for others. `reserved_connections` came with 16.
_FACTS = """
    SELECT current_setting('server_version') AS version,
           current_setting('server_version_num')::int / 10000 AS major,
           current_user AS role,
           pg_backend_pid() AS process,
           current_setting('statement_timeout') AS statement_timeout,
           to_regclass('wallet_transfer') IS NOT NULL
               AND has_table_privilege('wallet_transfer', 'UPDATE') AS rewrites_the_ledger,
           least(current_setting('max_connections')::int
                     - current_setting('superuser_reserved_connections')::int
                     - coalesce(current_setting('reserved_connections', true)::int, 0),
                 (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
                 (SELECT nullif(datconnlimit, -1) FROM pg_database
                  WHERE datname = current_database())) AS connections"""


def look(need: Processes, database_url: str) -> list[str]:
    """What to tell the person who starts `need` on this server, in sentences.

    Raises LaunchError where it is too old, or would turn some of our threads away."""
    with _connected(database_url) as connection:
        facts: Any = connection.execute(_FACTS).fetchone()
        # Behind a pooler another process answers than the one that we talk to.
        is_pooled = facts.process != connection.info.backend_pid
    if facts.major < OLDEST:
        raise LaunchError(
            f"Upline needs PostgreSQL {OLDEST} or newer, and this is {facts.version}."
        )
    if not is_pooled and facts.connections < need.connections:
        raise LaunchError(_too_few(facts.connections, need))
    return list(_remarks(facts, is_pooled))


def _remarks(facts: Any, is_pooled: bool) -> Iterator[str]:
    if facts.rewrites_the_ledger:
        yield (
            f"The role {facts.role} may rewrite the ledger, so nothing but the code protects it: "
            "docs/serving.md tells how to give the application a role of its own."
        )
    if is_pooled and facts.statement_timeout == "0":
        yield (
            f"Through this pooler no time-out holds for the role {facts.role}: run "
            "src/upline/launch/roles.sql in the database, which sets them on the role."
        )


def _too_few(most: int, need: Processes) -> str:
    return (
        f"PostgreSQL lets this role have {most} connections, and these processes need up to "
        f"{need.connections} ({THREADS} for each of {need.web_processes} web processes, "
        f"{WORKER_CONNECTIONS} for a worker): raise max_connections, or lower "
        "UPLINE_WEB_WORKERS."
    )


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Without our own settings for the connection: what holds for the role is looked at."""
    try:
        with psycopg.connect(
            url, autocommit=True, connect_timeout=10, row_factory=namedtuple_row
        ) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise LaunchError(f"The database cannot be reached: {error}".strip()) from error
