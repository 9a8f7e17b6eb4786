"""How many connections to PostgreSQL this machine needs, and whether the server has as many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from upline.launch.errors import LaunchError

THREADS = 16
"""Threads of a web process. Each keeps one connection for as long as it lives."""
WORKER_CONNECTIONS = 6
"""The worker: one that works, one that listens for jobs, and four that look after jobs."""
SPARE = 20
"""For commands, backups and people who look."""


@dataclass(frozen=True)
class Need:
    """What runs on this machine: so many web processes, and perhaps the worker."""

    web_processes: int
    worker: bool

    @property
    def connections(self) -> int:
        """The most that these processes hold at any time."""
        return self.web_processes * THREADS + self.worker * WORKER_CONNECTIONS


def require(need: Need, database_url: str) -> None:
    """Refuse to start where PostgreSQL would turn some of our threads away.

    Behind a pooler nothing is said: it shares its few connections among many clients. Raises
    LaunchError with both figures."""
    with _connected(database_url) as connection:
        if _is_pooled(connection):
            return
        most = _most(connection)
    if most < need.connections:
        raise LaunchError(
            f"PostgreSQL lets this role have {most} connections, and these processes need up to "
            f"{need.connections} ({THREADS} for each of {need.web_processes} web processes, "
            f"{WORKER_CONNECTIONS} for a worker): raise max_connections, or lower "
            "UPLINE_WEB_WORKERS."
        )


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise LaunchError(f"The database cannot be reached: {error}".strip()) from error


def _is_pooled(connection: psycopg.Connection) -> bool:
    """Whether we talk to another process than the one that answers, as behind PgBouncer."""
    answering = connection.execute("SELECT pg_backend_pid()").fetchone()
    return answering != (connection.info.backend_pid,)


def _most(connection: psycopg.Connection) -> int:
    """The connections that this role may have at once; the server keeps some back for others."""
    row = connection.execute(
        """SELECT least(
               (SELECT sum(CASE name WHEN 'max_connections' THEN setting::int
                                     ELSE -setting::int END)
                FROM pg_settings WHERE name IN ('max_connections', 'reserved_connections',
                                                'superuser_reserved_connections')),
               (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
               (SELECT nullif(datconnlimit, -1) FROM pg_database
                WHERE datname = current_database()))::int"""
    ).fetchone()
    return int(row[0]) if row else 0
