"""A database folder on disk: making it whole or not at all, and what a crash leaves in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from upline.launch.binaries import Binaries
from upline.launch.errors import LaunchError
from upline.launch.privileges import Privileges

UNFINISHED = "postgres.unfinished-"
PORT = 5432
# Not TMPDIR or XDG_RUNTIME_DIR: a second command must find the same socket from a cron
# job or another login. What a shared folder makes possible is checked in socket_folder.
SOCKETS = Path("/tmp")  # noqa: S108


def version_of(cluster: Path) -> int | None:
    """The major version that made this folder; None where there is no folder yet."""
    if not cluster.exists():
        return None
    try:
        return int((cluster / "PG_VERSION").read_text())
    except (OSError, ValueError):
        sentence = f"{cluster} is not a PostgreSQL database. Move it away and start again."
        raise LaunchError(sentence) from None


def make_cluster(cluster: Path, binaries: Binaries, privileges: Privileges) -> None:
    """Make the folder in one step: under another name first, renamed when it is whole."""
    for leftover in cluster.parent.glob(UNFINISHED + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = cluster.parent / f"{UNFINISHED}{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    privileges.give(folder)
    _initdb(folder, binaries, privileges)
    folder.rename(cluster)


def _initdb(folder: Path, binaries: Binaries, privileges: Privileges) -> None:
    """Run initdb. From 17 on the server's own C.UTF-8 sorts alike on every machine."""
    arguments = [binaries.path("initdb"), "--pgdata", str(folder), "--username=postgres"]
    arguments += ["--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
    if binaries.major >= 17:
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(
        privileges.tethered(arguments, "KILL"),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environment(),
    )
    if made.returncode:
        raise LaunchError(f"PostgreSQL could not create its folder:\n{made.stderr.strip()}")


def clean_environment() -> dict[str, str]:
    """Our environment without PG… variables, which would change what the server does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def write_access(cluster: Path, privileges: Privileges, roles: Mapping[str, Sequence[str]]) -> None:
    """Who may connect, written anew at each start: users of this machine as database roles.

    PostgreSQL asks the kernel who is at the other end (`peer`). In a user namespace everybody
    looks like nobody there, and the folder of the socket keeps others out.
    """
    lines = [f'upline "{user}" {role}\n' for user in roles for role in roles[user]]
    for name, text in (
        ("pg_ident.conf", "".join(lines)),
        ("pg_hba.conf", "local all all peer map=upline\n"),
    ):
        _replace(cluster / name, text, privileges)


def _replace(file: Path, text: str, privileges: Privileges) -> None:
    """Write a whole file or none, following no link: the folder is another user's."""
    draft = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, 0o600), "w") as handle:
        handle.write(text)
        if os.geteuid() == 0:
            os.fchown(handle.fileno(), privileges.uid, privileges.gid)
    draft.replace(file)


def socket_folder(cluster: Path, privileges: Privileges) -> Path:
    """The folder of the server's socket, made where it is missing.

    A socket's path ends at about 100 bytes, so it cannot lie in a data folder of any
    depth. No other user may write or look into it. Raises LaunchError where another user made it,
    who could then answer in the server's place.
    """
    name = hashlib.sha256(str(cluster.resolve()).encode()).hexdigest()[:16]
    folder = SOCKETS / f"upline-{privileges.uid}-{name}"
    try:
        folder.mkdir(mode=0o700)
        privileges.give(folder)
    except FileExistsError:
        _require_private(folder, privileges.uid)
    return folder


def _require_private(folder: Path, uid: int) -> None:
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o066:
        return
    raise LaunchError(
        f"{folder} should be a folder of the database's user alone, and is not: "
        "see who made it, then remove it and start again."
    )


def open_to(folder: Path, *, others: bool) -> None:
    """Let other users pass through the socket's folder, or nobody."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchmod(descriptor, 0o711 if others else 0o700)
    finally:
        os.close(descriptor)


def running_postmaster(cluster: Path) -> int | None:
    """The process that serves this folder, or None.

    The number in postmaster.pid may meanwhile belong to anybody (in a container it
    usually does), so the process itself is looked at: a server's working folder is its
    database folder. A zombie has none, and counts as gone.
    """
    try:
        number = int((cluster / "postmaster.pid").read_text().split()[0])
        if Path(f"/proc/{number}/cwd").samefile(cluster):
            return number
    except (OSError, ValueError, IndexError):
        pass
    return None


def remove_stale_files(cluster: Path, sockets: Path) -> None:
    """Remove what a server that is gone has left; only while we hold the folder's lock."""
    names = (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock")
    for leftover in (cluster / "postmaster.pid", *(sockets / name for name in names)):
        leftover.unlink(missing_ok=True)
