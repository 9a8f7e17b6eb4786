"""`./upline backup` and `./upline restore`: the whole database as one sealed file, and back."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from upline.launch import dump_tools, programs, secret_keys
from upline.launch.arguments import parser
from upline.launch.database import Surroundings, require_secrets, surroundings
from upline.launch.environment import Settings
from upline.launch.errors import LaunchError
from upline.launch.privileges import tether
from upline.launch.processes import run_to_end
from upline.launch.sealed_files import Tell, name_of, read_header, seal, unseal

_TELL_SECONDS = 2.0
_NOT_EMPTY = """
SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
               AND relkind IN ('r', 'p', 'v', 'm', 'S'))
"""


def backup(settings: Settings, arguments: list[str]) -> int:
    """Write a backup, or prove that one is whole. Raises LaunchError with a sentence."""
    asked = parser("backup").parse_args(arguments)
    secrets = _secrets(settings)
    if asked.check:
        _prove(asked.check, secrets)
        print(f"{asked.check} is complete, and UPLINE_MASTER_KEYS opens it.")
        return 0
    now = datetime.now(UTC)
    file = asked.to or Path(f"upline-{now:%Y%m%d-%H%M%S}.backup")
    if file.exists():
        raise LaunchError(f"{file} already exists. Choose a new file.")
    with surroundings(settings, server_user=settings.server_user) as around:
        _write(around.environment["DATABASE_OWNER_URL"], file, secrets, now)
    print(_said(file, secrets))
    return 0


def restore(settings: Settings, arguments: list[str]) -> int:
    """Bring a backup into an empty database. Raises LaunchError with a sentence."""
    file = parser("restore").parse_args(arguments).file
    secrets = _secrets(settings)
    about = _prove(file, secrets)
    with surroundings(settings, server_user=settings.server_user) as around:
        url = around.environment["DATABASE_OWNER_URL"]
        _require_room(url, about)
        _read(url, file, secrets)
        _finish(around)
    print(f"Restored the company as it was on {about['made_at']}.")
    return 0


def _secrets(settings: Settings) -> dict[str, str]:
    """Both secrets. They are never made up here: a backup belongs to those it was made with."""
    require_secrets(settings)
    lacking = secret_keys.missing(settings.data_dir)
    if lacking:
        raise LaunchError(
            f"{' and '.join(lacking)} must be set, or {settings.data_dir / secret_keys.FILE} must "
            "be there: put the file from your safe into this folder first."
        )
    return secret_keys.values(settings.data_dir)


def _master_keys(secrets: dict[str, str]) -> list[str]:
    return [key.strip() for key in secrets["UPLINE_MASTER_KEYS"].split(",") if key.strip()]


# --- Writing ---------------------------------------------------------------------------------


def _write(url: str, file: Path, secrets: dict[str, str], now: datetime) -> None:
    """The file appears under its name only when it is whole and was read again."""
    server = dump_tools.server_version(url)
    tools = dump_tools.find_tools(server)
    about = {
        "made_at": f"{now:%Y-%m-%d %H:%M:%S} UTC",
        "server": server,
        "secret_key": name_of(secrets["UPLINE_SECRET_KEY"]),
    }
    command = [tools.path("pg_dump"), "--format=custom"]
    draft = file.with_name(f".{file.name}.unfinished")
    try:
        draft.touch(0o600)
        with (
            draft.open("wb") as target,
            _running(command, url, stdout=subprocess.PIPE) as dump,
        ):
            assert dump.stdout is not None
            seal(dump.stdout, target, _master_keys(secrets)[0], about, _progress("written"))
            target.flush()
            os.fsync(target.fileno())
        _prove(draft, secrets)
        draft.rename(file)
    except OSError as error:
        raise LaunchError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _said(file: Path, secrets: dict[str, str]) -> str:
    megabytes = file.stat().st_size / 1e6
    return (
        f"{file}: {megabytes:,.1f} MB, written and checked. To restore it you need the master key "
        f"{name_of(_master_keys(secrets)[0])} and the secret key "
        f"{name_of(secrets['UPLINE_SECRET_KEY'])}. The backup contains neither: keep both in a "
        "safe place, apart from the backups."
    )


# --- Reading ---------------------------------------------------------------------------------


def _prove(file: Path, secrets: dict[str, str]) -> dict[str, Any]:
    """Read all of it. Returns its header; raises LaunchError where it is damaged or foreign."""
    try:
        with file.open("rb") as opened:
            about = read_header(opened, file).header
        progress = _progress("proved", file.stat().st_size)
        for _ in unseal(file, _master_keys(secrets), progress):
            pass
    except OSError as error:
        raise LaunchError(f"{file} cannot be read: {error.strerror}.") from error
    ours = name_of(secrets["UPLINE_SECRET_KEY"])
    if about["secret_key"] != ours:
        raise LaunchError(
            f"{file} was made with the secret key {about['secret_key']}, and UPLINE_SECRET_KEY is "
            f"{ours}: set the one from your safe, or no token, api key or e-pin will be found."
        )
    return about


def _require_room(url: str, about: dict[str, Any]) -> None:
    """An empty database, of a server that is not older than the one that was backed up."""
    server = dump_tools.server_version(url)
    if server < about["server"]:
        raise LaunchError(
            f"The backup is of PostgreSQL {about['server']}, and this server is {server}: restore "
            "into the same version or a newer one."
        )
    with dump_tools.connect(url) as connection:
        row = connection.execute(_NOT_EMPTY).fetchone()
    if row != (False,):
        raise LaunchError(
            "The database is not empty, and a restore never overwrites anything. Set DATA_DIR to "
            "a new folder, or DATABASE_URL and DATABASE_OWNER_URL to a new database. Nothing was "
            "changed."
        )


def _read(url: str, file: Path, secrets: dict[str, str]) -> None:
    """All or nothing, as the owner; the rights come with `migrate`."""
    tools = dump_tools.find_tools(dump_tools.server_version(url))
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    name = dump_tools.environment(url)["PGDATABASE"]
    command = [tools.path("pg_restore"), *options, f"--dbname={name}"]
    progress = _progress("restored", file.stat().st_size)
    with _running(command, url, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        # Where it ends early, it says why itself.
        with contextlib.suppress(BrokenPipeError):
            for chunk in unseal(file, _master_keys(secrets), progress):
                process.stdin.write(chunk)
            process.stdin.close()


def _finish(around: Surroundings) -> None:
    steps = (
        ("Updating it to this version, with its rights", ["migrate", "--verbosity", "0"]),
        ("Verifying the restored data", ["verify"]),
    )
    for sentence, words in steps:
        _say(f"{sentence} …")
        if run_to_end(programs.django(*words), around.environment):
            raise LaunchError(f"{sentence} failed. The lines above say why.")


# --- Both ------------------------------------------------------------------------------------


@contextlib.contextmanager
def _running(command: list[str], url: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs; it is ended with us, and its failure is ours."""
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [*tether("TERM"), *command], env=dump_tools.environment(url), **pipes
    )
    try:
        yield process
        if process.wait():
            raise LaunchError(f"{Path(command[0]).name} failed. The lines above say why.")
    finally:
        process.kill()
        process.wait()


def _progress(done: str, total: int = 0) -> Tell:
    """Says on stderr, every two seconds, how far it has come."""
    last = time.monotonic()

    def tell(count: int) -> None:
        nonlocal last
        if time.monotonic() - last < _TELL_SECONDS:
            return
        last = time.monotonic()
        share = f" of {total / 1e6:,.0f}" if total else ""
        _say(f"{count / 1e6:,.0f}{share} MB {done} …")

    return tell


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
