"""As root: PostgreSQL, web server and worker run as others, who may do no more than they need."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.test_postgres import ask
from support.installation import binaries_for_anybody, wait_for
from upline.launch import privileges
from upline.launch.binaries import Binaries
from upline.launch.errors import LaunchError
from upline.launch.postgres import PrivatePostgres
from upline.launch.processes import Child

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
GUEST = "daemon"
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may pass through, whatever others do with pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="upline-users-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def binaries(folder: Path) -> Binaries:
    """PostgreSQL's programs, which every user may run wherever this clone lies."""
    return binaries_for_anybody(folder / "programs")


def private(folder: Path, binaries: Binaries, guest: int | None = None) -> PrivatePostgres:
    """PostgreSQL as root starts it where there is no user namespace."""
    return PrivatePostgres(
        folder, durable=False, server_user="nobody", binaries=binaries, guest=guest
    )


def connects(user: str, url: str, binaries: Binaries) -> str:
    """What psql says that this user is in the database, or why they are not let in."""
    psql = binaries.path("psql")
    runs_as = ["setpriv", "--reuid", user, "--clear-groups"]
    command = [*runs_as, psql, "--no-psqlrc", "-At", url, "-c", "SELECT current_user"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.stdout.strip() or done.stderr.strip()


def test_the_private_database_lets_in_root_and_the_one_who_serves(
    folder: Path, binaries: Binaries
) -> None:
    guest = privileges.uid_of(GUEST)
    with private(folder, binaries, guest=guest) as postgres:
        assert connects("root", postgres.owner_url, binaries) == "upline_owner"
        assert connects(GUEST, postgres.app_url, binaries) == "upline_app"
        for user, url in (
            (GUEST, postgres.owner_url),
            (GUEST, postgres.admin_url),
            ("nobody", postgres.app_url),
            ("nobody", postgres.admin_url),
            ("bin", postgres.app_url),
        ):
            assert "Peer authentication failed" in connects(user, url, binaries), (user, url)


def test_without_one_who_serves_nobody_else_reaches_it(folder: Path, binaries: Binaries) -> None:
    with private(folder, binaries) as postgres:
        assert "Permission denied" in connects(GUEST, postgres.app_url, binaries)
        assert "Peer authentication failed" in connects("nobody", postgres.admin_url, binaries)


def test_a_folder_that_let_everybody_in_lets_in_as_few(folder: Path, binaries: Binaries) -> None:
    """One made before connections were checked: the rules are written at each start."""
    with private(folder, binaries) as postgres:
        ask(postgres.owner_url, "CREATE TABLE kept (id int)")
    (folder / "postgres" / "pg_hba.conf").write_text("local all all trust\n")
    with private(folder, binaries) as postgres:
        assert "Peer authentication failed" in connects("nobody", postgres.admin_url, binaries)
        assert ask(postgres.owner_url, "SELECT count(*) FROM kept") == 0


def test_who_serves_has_no_rights_of_root(folder: Path) -> None:
    user = privileges.to_serve(GUEST)
    note = folder / "note"
    note.touch()
    os.chown(note, user.uid, user.gid)
    child = Child("noter", ["sh", "-c", f"cat /proc/$$/status > {note}"], {}, prefix=user.prefix)
    child.look()
    wait_for(lambda: "Seccomp" in note.read_text())
    said = dict(line.split(":\t", 1) for line in note.read_text().splitlines() if ":\t" in line)
    assert set(said["Uid"].split()) == {str(user.uid)}
    assert {int(said[name], 16) for name in ("CapPrm", "CapEff", "CapBnd")} == {0}
    assert (said["NoNewPrivs"], said["Groups"].strip()) == ("1", "")
    child.await_stop(5)


@pytest.mark.parametrize(("user", "said"), [("root", "must not be root"), ("zork", "not know")])
def test_a_user_who_cannot_serve_is_named(user: str, said: str) -> None:
    with pytest.raises(LaunchError, match=f"UPLINE_WEB_USER .*{said}"):
        privileges.to_serve(user)
