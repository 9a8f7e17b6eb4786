"""One Upline for the tests: private PostgreSQL, migrated database, company, web server, worker."""

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

import httpx

from support.owner import as_owner
from upline.launch.binaries import Binaries, find_binaries
from upline.launch.postgres import DATABASE, PrivatePostgres
from upline.launch.privileges import tether

ROOT = Path(__file__).resolve().parents[2]
THREADS = 24
# A database with all its tables and no company, of which others are copies.
MIGRATED = "migrated"
# The tests' company as it was founded.
FOUNDED = "founded"
ROOT_MEMBER = "acme"
STAFF = "olga"
STAFF_PASSWORD = "the office opens at nine"
PASSWORD = "correct horse battery"
TRANSACTION_PASSWORD = "staple the wallet shut"

# Where files are kept in memory, and how much room there must be for databases.
MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3

# Tests let many act at once, and are not about how many may wait for a password to be checked.
_SERVER_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT / "src"),
    "UPLINE_PASSWORDS_WAITING": "64",
    "UPLINE_COMPONENT_PAGE": "on",
}


class Server(NamedTuple):
    """A web server, and the address of its database for the owner of the tables."""

    base_url: str
    database: str


class Installation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.smtp_port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        # UPLINE_TEST_POSTGRES=15 runs the tests on the machine's PostgreSQL of that version.
        major = os.environ.get("UPLINE_TEST_POSTGRES")
        self.binaries = find_binaries(int(major) if major else None)
        self.postgres = PrivatePostgres(folder, durable=False, binaries=self.binaries)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.api_key = ""
        self.store_api_key = ""
        self.beginnings = self.written = 0

    @property
    def server(self) -> Server:
        """The shipped one."""
        return Server(self.base_url, self.postgres.owner_url)

    @staticmethod
    def prepare_environment(folder: Path) -> None:
        """What the settings ask for, before Django is first imported."""
        os.environ.update(
            DJANGO_SETTINGS_MODULE="upline.settings",
            DATA_DIR=str(folder),
            UPLINE_SECRET_KEY="only for tests " * 5,
            UPLINE_MASTER_KEYS=base64.urlsafe_b64encode(b"k" * 32).decode(),
            UPLINE_CHEAP_HASHES="on",
            UPLINE_COUNT_STATEMENTS="on",
        )

    def start(self) -> None:
        self.postgres.start()
        self.prepare_environment(self.folder)
        os.environ.update(
            DATABASE_URL=self.postgres.app_url,
            DATABASE_OWNER_URL=self.postgres.owner_url,
            UPLINE_BASE_URL=self.base_url,
            SMTP_URL=f"smtp://127.0.0.1:{self.smtp_port}",
        )
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        as_owner("INSERT INTO base_toldtime (id) VALUES (1)")
        connections.close_all()
        self.postgres.create_database(MIGRATED, DATABASE)
        from support.company import found

        self.api_key, self.store_api_key = found()
        connections.close_all()
        self.postgres.create_database(FOUNDED, DATABASE)
        self.serve()

    def begin_anew(self) -> None:
        """Give the company its database as it was founded, where anything was written since.

        The web server notices that its connections are gone, and takes new ones. It keeps the
        settings of one version, so no version may come twice."""
        from django.db import connections

        from upline.base import sql

        written = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        if sql.number(written) == self.written:
            return
        connections.close_all()
        self.postgres.drop_database(DATABASE)
        self.postgres.create_database(DATABASE, FOUNDED)
        self.beginnings += 1
        sql.run("UPDATE company_company SET version = version + %s", [self.beginnings * 10_000])
        self.written = sql.number(written)

    def serve(self, **environment: str) -> None:
        """Start the shipped web server and wait until it answers."""
        self.processes.append(self.start_server(self.port, environment=environment))

    def start_server(
        self,
        port: int,
        log: IO[bytes] | None = None,
        idle_seconds: int = 30,
        app: str = "web_app",
        environment: Mapping[str, str] | None = None,
        **more: str,
    ) -> "subprocess.Popen[bytes]":
        """A web server of its own on `port`, as `./upline serve` starts it, or with `demo_app` as
        `./upline demo` does, with this `environment` and what `more` names. What it writes goes to
        `log`, where one is given. A thread that is idle for `idle_seconds` ends."""
        command = [
            *tether("KILL"), sys.executable, "-m", "granian", "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", str(THREADS),
            "--blocking-threads-idle-timeout", str(idle_seconds), "--log-level", "error",
            f"upline.launch.{app}:application",
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            env=os.environ | _SERVER_ENVIRONMENT | dict(environment or {}) | more,
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
        wait_for(lambda: httpx.get(f"http://127.0.0.1:{port}/api/openapi.json").is_success)
        return process

    def stop(self) -> None:
        from django.db import connections

        for process in self.processes:
            stop_group(process)
        if self.processes:
            connections.close_all()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def folder_for_tests() -> Path:
    """A new folder for an installation: in memory, where there is room and TMPDIR names no other
    place. Databases are copied by the hundred, and a copy is a thousand files."""
    has_room = "TMPDIR" not in os.environ and MEMORY.is_dir() and _room_in_memory() >= ROOM
    return Path(tempfile.mkdtemp(prefix="upline-tests-", dir=MEMORY if has_room else None))


def _room_in_memory() -> int:
    """Bytes that both the machine and its file system in memory have left."""
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    available = int(told["MemAvailable"].removesuffix("kB")) * 1024
    return min(available, shutil.disk_usage(MEMORY).free)


def lets_everybody_in(folder: Path) -> bool:
    """Whether every user may reach what is in this folder."""
    return all(place.stat().st_mode & 0o001 for place in folder.parents)


def binaries_for_anybody(folder: Path) -> Binaries:
    """PostgreSQL's programs where every user may run them: a copy in this folder, where ours are
    below one that others may not enter, as a clone in somebody's home."""
    found = find_binaries()
    if lets_everybody_in(found.folder):
        return found
    shutil.copytree(found.folder.parent, folder, symlinks=True)
    return Binaries(folder / found.folder.name, found.major)


def stop_group(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: object, seconds: float = 30) -> None:
    """Until `condition()` is true; connection errors count as not yet."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} seconds")
