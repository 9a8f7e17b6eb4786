"""Bursts of clients at a web server whose connections to PostgreSQL can be told from others."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from support.client import Client
from support.installation import THREADS, Installation, free_port, stop_group
from upline.base import sql

NAME = "bursts"


@dataclass(frozen=True)
class Server:
    """A web server as `./upline serve` starts it. `process` leads its group."""

    url: str
    process: int

    def burst(self, caller: Client) -> list[int]:
        """As many clients at once as there are threads, each request on a connection of its own;
        the statuses."""
        headers = {"api_key": caller.api_key, "access_token": caller.access_token}

        def ask(_: int) -> int:
            return httpx.get(f"{self.url}/api/profile/", headers=headers).status_code

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(ask, range(4 * THREADS)))

    def connections(self) -> int:
        """Its connections to PostgreSQL now."""
        return sql.number(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME]
        )

    def memory(self) -> int:
        """Bytes that the processes of its group hold in memory."""
        return sum(map(self._memory_of, Path("/proc").glob("[0-9]*")))

    def _memory_of(self, folder: Path) -> int:
        """Nothing where the process is of another group, or has ended meanwhile."""
        with suppress(OSError):
            group = (folder / "stat").read_text().rpartition(") ")[2].split()[2]
            if group == str(self.process):
                pages = int((folder / "statm").read_text().split()[1])
                return pages * os.sysconf("SC_PAGE_SIZE")
        return 0


def cut(application: str) -> int:
    """End all connections of an application, as a restart of PostgreSQL does. Returns how many
    there were."""
    statement = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = %s"""
    return len(sql.values(bool, statement, [application]))


@contextmanager
def bursts(installation: Installation, idle_seconds: int = 30) -> Iterator[Server]:
    """A server for bursts, which ends a thread that is idle for `idle_seconds`."""
    port = free_port()
    url = f"{installation.postgres.app_url}&application_name={NAME}"
    process = installation.start_server(port, idle_seconds=idle_seconds, DATABASE_URL=url)
    try:
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        stop_group(process)
