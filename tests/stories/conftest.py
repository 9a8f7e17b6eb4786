"""A demo company in a database of its own, built as `./upline demo` builds it, with a server."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support import warm
from support.client import Client
from support.installation import MIGRATED, ROOT, Installation, free_port, stop_group
from upline.launch.postgres import PrivatePostgres

# The demo compiles what runs are calculated with once; so do these tests.
COMPILED = ROOT / "var" / "compiled"


class Demo:
    """One demo company: its folder, its database, its server once it is started. It has a year
    behind it, or a short one."""

    def __init__(self, installation: Installation, name: str, *, is_short: bool = False) -> None:
        self.installation = installation
        self.is_short = is_short
        self.postgres: PrivatePostgres = installation.postgres
        self.database = f"stories_{name}"
        self.folder = installation.folder / "stories" / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self) -> Path:
        return self.folder / "demo.json"

    def logins(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text())
        return found

    def environment(self) -> dict[str, str]:
        """Without the tests' cheap hashes: what is built here is what people run."""
        kept = {name: value for name, value in os.environ.items() if name != "UPLINE_CHEAP_HASHES"}
        return kept | {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"
            if self.is_short
            else str(ROOT / "src"),
            "DATA_DIR": str(self.folder),
            "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", str(COMPILED)),
            "DATABASE_URL": self.postgres.url("upline_app", self.database),
            "DATABASE_OWNER_URL": self.postgres.url("upline_owner", self.database),
            "UPLINE_BASE_URL": self.base_url,
        }

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command of Upline's."""
        module = "stories.short_year" if self.is_short else "upline.launch.manage"
        return subprocess.Popen(
            [sys.executable, "-u", "-m", module, *words],
            env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, *words: str, role: str = "") -> tuple[int, str]:
        """Run a command of Upline's to its end: its exit code, what it said. `role` is whose
        password of demo.json is typed: office, approver."""
        typed = f"{self.logins()[role]['password']}\n" if role else ""
        if words[0] != "demo_company":
            command = ["upline.launch.manage", *words]
            done = warm.module(command, self.environment(), typed=typed, timeout=200)
            return done.returncode, done.stdout + done.stderr
        # A process of its own, which has never heard of the tests' cheap hashes.
        process = self.start(*words)
        said, _ = process.communicate(typed, timeout=200)
        return process.returncode, said

    def says(self, *words: str, role: str = "") -> str:
        """What a command says that must succeed, as this staff user where one is named."""
        person = ("--as", self.logins()[role]["username"]) if role else ()
        code, said = self.run(*words, *person, role=role)
        assert code == 0, said
        return said

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C once it has begun to tell of members."""
        process = self.start("demo_company")
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        return process.returncode, first + rest

    def ask(self, statement: str) -> list[Any]:
        """Rows straight from the database."""
        with psycopg.connect(self.postgres.url("postgres", self.database)) as connection:
            return connection.execute(statement.encode()).fetchall()

    def plant(self, statement: str) -> None:
        """Change the database in a way that the application cannot."""
        with psycopg.connect(self.postgres.url("postgres", self.database)) as connection:
            connection.execute(statement.encode())

    def serve(self) -> None:
        """Start what `./upline demo` serves, or start it anew."""
        self.stop()
        left_out = {"UPLINE_CHEAP_HASHES": "off"}
        self.server = self.installation.start_server(
            self.port, app="demo_app", environment=self.environment() | left_out
        )

    def stop(self) -> None:
        if self.server is not None:
            stop_group(self.server)

    def client(self, api_key: str = "") -> Client:
        """A client with the demo's api_key, signed in as nobody."""
        if self.server is None:
            self.serve()
        return Client(self.base_url, api_key or self.logins()["api_key"])

    def signed_in(self, number: int) -> Client:
        """A client of one of the members whom demo.json names."""
        client, member = self.client(), self.logins()["members"][number]
        client.sign_in(member["username"], member["password"])
        return client


@pytest.fixture
def new_demo(installation: Installation) -> Iterator[Callable[[str], "Demo"]]:
    """Make databases that wait for a demo company with a short year: `new_demo("broken")`."""
    made = []

    def make(name: str) -> Demo:
        demo = Demo(installation, name, is_short=True)
        installation.postgres.create_database(demo.database, MIGRATED)
        made.append(demo)
        return demo

    yield make
    for demo in made:
        installation.postgres.drop_database(demo.database)


@pytest.fixture(scope="session")
def built_database(installation: Installation) -> Demo:
    """A demo company that nobody has used yet, to copy; built in one go."""
    built = Demo(installation, "built")
    installation.postgres.create_database(built.database, MIGRATED)
    code, said = built.run("demo_company")
    assert code == 0, said
    return built


def copy(installation: Installation, built: Demo, name: str) -> Demo:
    """The same company at an address of its own."""
    demo = Demo(installation, name)
    installation.postgres.create_database(demo.database, template=built.database)
    said = built.logins() | {"base_url": demo.base_url}
    said["office"]["url"] = f"{demo.base_url}/office/"
    shutil.copy(built.file, demo.file)
    demo.file.write_text(json.dumps(said))
    return demo


@pytest.fixture(scope="session")
def demo(installation: Installation, built_database: Demo) -> Iterator[Demo]:
    """The demo company that tests share: they leave its named members as they were."""
    shared = copy(installation, built_database, "demo")
    shutil.copy(built_database.file, shared.file)
    code, said = shared.run("demo_company")
    assert code == 0, said
    shared.serve()
    yield shared
    shared.stop()


@pytest.fixture
def fresh_demo(installation: Installation, built_database: Demo) -> Iterator[Demo]:
    """A demo company for one test alone."""
    own = copy(installation, built_database, "fresh")
    yield own
    own.stop()
    installation.postgres.drop_database(own.database)
