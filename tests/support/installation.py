"""One Upline for the tests: private PostgreSQL, migrated database, company, web server, worker."""

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import httpx

from upline.launch.binaries import Binaries, find_binaries
from upline.launch.postgres import DATABASE, PrivatePostgres
from upline.launch.privileges import tether

ROOT = Path(__file__).resolve().parents[2]
THREADS = 24
# A database with all its tables and no company, of which others are copies.
MIGRATED = "migrated"
ROOT_MEMBER = "acme"
STAFF = "olga"
STAFF_PASSWORD = "the office opens at nine"
PASSWORD = "correct horse battery"
TRANSACTION_PASSWORD = "staple the wallet shut"

# Tests let many act at once, and are not about how many may wait for a password to be checked.
_SERVER_ENVIRONMENT = {"PYTHONPATH": str(ROOT / "src"), "UPLINE_PASSWORDS_WAITING": "64"}


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
        connections.close_all()
        self.postgres.create_database(MIGRATED, DATABASE)
        from support.company import found

        self.api_key, self.store_api_key = found()
        self.serve()

    def serve(self, **environment: str) -> None:
        """Start the shipped web server and wait until it answers."""
        self.processes.append(self.start_server(self.port, **environment))

    def start_server(
        self,
        port: int,
        log: IO[bytes] | None = None,
        idle_seconds: int = 30,
        **environment: str,
    ) -> "subprocess.Popen[bytes]":
        """A web server of its own on `port`, as `./upline serve` starts it. What it writes goes
        to `log`, where one is given. A thread that is idle for `idle_seconds` ends."""
        command = [
            *tether("KILL"), sys.executable, "-m", "granian", "--interface", "wsgi",
            "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", str(THREADS),
            "--blocking-threads-idle-timeout", str(idle_seconds), "--log-level", "error",
            "upline.launch.web_app:application",
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            env=os.environ | _SERVER_ENVIRONMENT | environment,
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
