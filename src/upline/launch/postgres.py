"""A private PostgreSQL: made, started and stopped together with the command that needs it.

It listens on no network, only on a socket. The launcher's user may connect as any role, the one
who serves as the application's, and nobody else. It is judged by connecting to it: a process
number proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from upline.launch import cluster, privileges
from upline.launch.binaries import Binaries, find_binaries
from upline.launch.errors import LaunchError
from upline.launch.locks import FileLock
from upline.launch.privileges import Privileges

DATABASE = "upline"
OWNER = "upline_owner"
APPLICATION = "upline_app"
ADMINISTRATOR = "postgres"
LEAST_CONNECTIONS = 150
SAFE = ("fsync", "full_page_writes", "synchronous_commit")
ROLES = Path(__file__).with_name("roles.sql")
START_SECONDS = 60.0
RECOVERY_SECONDS = 900.0
LOG_BYTES = 8 * 2**20


class PrivatePostgres:
    """The PostgreSQL of one data folder.

    `durable=False` trades safety against power loss for speed: for tests only.
    `server_user` is the user that runs a newly made one where we are root.
    `binaries`: another PostgreSQL than the one that would be chosen.
    `connections`: how many it lets in at least.
    `guest`: the number of another user, who may connect as the application's role.
    A second one on the same folder joins the first: it may use it, and never stops it.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        server_user: str | None = None,
        binaries: Binaries | None = None,
        connections: int = LEAST_CONNECTIONS,
        guest: int | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self.durable = durable
        self.server_user = server_user
        self.binaries = binaries
        self.connections = max(connections, LEAST_CONNECTIONS)
        self.guest = guest
        self.joined = False
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ownership = FileLock(self.data_dir / "postgres.lock")
        self._use = FileLock(self.data_dir / "postgres.users.lock")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def owner_url(self) -> str:
        """For migrations: the role that owns the database."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """For the application: rows only."""
        return self.url(APPLICATION)

    @property
    def admin_url(self) -> str:
        """The superuser, on the maintenance database `postgres`."""
        return self.url(ADMINISTRATOR, "postgres")

    def url(self, role: str, database: str = DATABASE) -> str:
        """A connection URL for any role and database of this server, once it is started."""
        if self._sockets is None:
            raise RuntimeError("start the database before asking for its URL")
        return f"postgresql://{role}@/{database}?host={self._sockets}&port={cluster.PORT}"

    def start(self, *, join: bool = True) -> None:
        """Start the server, or join the one that runs; return when it answers.

        `join=False` is for commands whose life the server must share: they wait for a
        short command to finish with it. Raises LaunchError with a sentence, and then nothing
        is left running.
        """
        self.data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not self._take_or_join(join):
            return
        try:
            self._start_own()
        except BaseException:
            self.stop()
            raise

    def stop(self, *, patience: float = 0) -> None:
        """Stop the server if it is ours, at once but in order (a fast shutdown).

        `patience`: seconds to let other commands that joined finish first.
        """
        if self._process is not None and patience:
            self._use.try_exclusive(patience)
        if self._process is not None:
            _end(self._process)
            self._process = None
            self._remove_socket_folder()
        self._use.release()
        self._ownership.release()
        self.joined = False

    def is_running(self) -> bool:
        """Whether it answers a query now."""
        try:
            with psycopg.connect(self.admin_url, connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def has_died(self) -> bool:
        """Whether the server that we started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def restart(self) -> None:
        """Start our server again after it died; roles and data are as they were."""
        self._process = None
        self._start_own()

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make another database with the same owner and rights, empty or as a copy."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template1")
        )
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)
        self._grant(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending its connections; harmless where there is none."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def _take_or_join(self, join: bool) -> bool:
        """Become the one who runs the server (True), or join the one who does (False)."""
        started = time.monotonic()
        told = False
        while not self._ownership.try_exclusive():
            if join and self._joins():
                return False
            waited = time.monotonic() - started
            if waited > START_SECONDS:
                raise LaunchError(f"Another command is using the database in {self.data_dir}.")
            if waited > 1 and not told:
                print("Another command is using the database; waiting for it …", file=sys.stderr)
                told = True
            time.sleep(0.1)
        return True

    def _joins(self) -> bool:
        """Use the server that another command runs, if it is ready for that."""
        if not self.cluster.exists() or not self._use.try_shared():
            return False
        chosen = privileges.choose(self.cluster, self.server_user)
        self._sockets = cluster.socket_folder(self.cluster, chosen)
        self.joined = self.is_running() and self._is_prepared()
        if not self.joined:
            self._use.release()
        return self.joined

    def _start_own(self) -> None:
        binaries = self.binaries or find_binaries(cluster.version_of(self.cluster))
        chosen = privileges.choose(self.cluster, self.server_user)
        privileges.require_access("PostgreSQL", chosen, binaries.folder, self.data_dir)
        _require_time_zones()
        if not self.cluster.exists():
            cluster.make_cluster(self.cluster, binaries, chosen)
        self._sockets = cluster.socket_folder(self.cluster, chosen)
        self._end_orphan()
        cluster.remove_stale_files(self.cluster, self._sockets)
        cluster.open_to(self._sockets, others=self.guest is not None)
        cluster.write_access(self.cluster, chosen, self._roles(chosen, binaries.major))
        self._launch(chosen.tethered([binaries.path("postgres"), *self._options()], "INT"))
        self._prepare()

    def _roles(self, chosen: Privileges, major: int) -> dict[str, list[str]]:
        """The users who may connect, each with the database roles that they may take."""
        every_role = ["all"] if major >= 16 else [ADMINISTRATOR, OWNER, APPLICATION]
        me = privileges.NOBODY if chosen.prefix == privileges.NAMESPACE else os.geteuid()
        roles = {privileges.name_of(me): every_role}
        if self.guest is not None:
            roles.setdefault(privileges.name_of(self.guest), [APPLICATION])
        return roles

    def _end_orphan(self) -> None:
        """End a server of this folder whose launcher is gone: nobody would stop it later.

        We hold the folder's lock, so no living launcher owns it. Where the kernel has
        already told it to stop, this only waits for it.
        """
        deadline = time.monotonic() + START_SECONDS
        while (orphan := cluster.running_postmaster(self.cluster)) is not None:
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"An old server (process {orphan}) does not stop. Stop it by hand."
                )
            os.kill(orphan, signal.SIGINT)
            time.sleep(0.1)

    def _options(self) -> list[str]:
        """The server's settings. Its log tells no statements and no values: they are personal."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700" if self.guest is None else "0777",
            "port": str(cluster.PORT),
            "max_connections": str(self.connections),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            **dict.fromkeys(SAFE, "on" if self.durable else "off"),
        }
        pairs = [("-c", f"{name}={value}") for name, value in settings.items()]
        return ["-D", str(self.cluster), *(word for pair in pairs for word in pair)]

    def _launch(self, command: list[str]) -> None:
        """Start the server and wait for it; again while a crashed one still lets go of memory."""
        deadline = time.monotonic() + START_SECONDS
        while not self._came_up(command):
            if time.monotonic() > deadline or "shared memory block" not in self._last_words():
                raise LaunchError(f"PostgreSQL did not start:\n{self._last_words()}")
            time.sleep(0.5)

    def _came_up(self, command: list[str]) -> bool:
        self._keep_log_small()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=cluster.clean_environment(),
            )
        return self._answers(self._process)

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until it answers; False when it ended instead. Recovery may take long."""
        started = time.monotonic()
        told = False
        while not self.is_running():
            waited = time.monotonic() - started
            if process.poll() is not None:
                return False
            if waited > RECOVERY_SECONDS:
                raise LaunchError(f"PostgreSQL does not answer. See {self.log}.")
            if waited > 10 and not told:
                print("PostgreSQL is still recovering …", file=sys.stderr)
                told = True
            time.sleep(0.03)
        return True

    def _keep_log_small(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-6:])

    def _is_prepared(self) -> bool:
        """Whether the one who started it has made the roles and the database."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba "
                "WHERE d.datname = %s AND r.rolname = %s",
                (DATABASE, OWNER),
            )
            return found.fetchone() is not None

    def _prepare(self) -> None:
        """Make roles and database where they are missing, and check the promise of safety."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        self._grant(DATABASE)
        if self.durable:
            self._require_safety()

    def _remove_socket_folder(self) -> None:
        """Leave nothing in the shared folder; a server that was killed leaves its socket."""
        if self._sockets is not None:
            with contextlib.suppress(OSError):
                self._sockets.rmdir()

    def _grant(self, database: str) -> None:
        with psycopg.connect(self.url(ADMINISTRATOR, database)) as connection:
            connection.execute(ROLES.read_bytes())

    def _require_safety(self) -> None:
        """Refuse a server that could lose acknowledged money in a power cut."""
        with psycopg.connect(self.url(APPLICATION)) as connection:
            for name in SAFE:
                shown = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name)))
                if shown.fetchone() != ("on",):
                    raise LaunchError(f"PostgreSQL's {name} is off, so money could be lost.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a server: fast, then at once, then by force with its whole group."""
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 5)):
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            continue
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _require_time_zones() -> None:
    """The wheel's server reads the machine's time zones; slim images have none."""
    if not Path("/usr/share/zoneinfo/UTC").exists():
        raise LaunchError("This machine has no time zones: install Debian's package `tzdata`.")
