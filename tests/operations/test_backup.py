"""A backup is one sealed file: it comes back whole, or not at all."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from support.cast import Cast, Player
from support.client import Client, data
from support.installation import (
    PASSWORD,
    ROOT,
    Installation,
    free_port,
    lets_everybody_in,
    stop_group,
)
from upline.launch.dump_tools import environment, find_tools
from upline.launch.errors import LaunchError


def upline(environment: dict[str, str], *words: object) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    return subprocess.run(
        [sys.executable, "-m", "upline.launch", *map(str, words)],
        env=kept | {"PYTHONPATH": str(ROOT / "src")} | environment,
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip


@pytest.fixture
def served(installation: Installation) -> dict[str, str]:
    """The tests' own company, as a server elsewhere."""
    return database(installation, "upline")


@pytest.fixture
def empty(installation: Installation) -> Iterator[dict[str, str]]:
    """An empty database with the two roles' rights."""
    installation.postgres.create_database("restored")
    yield database(installation, "restored")
    installation.postgres.drop_database("restored")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may pass; pytest closes its own to others."""
    with tempfile.TemporaryDirectory(prefix="upline-backup-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def database(installation: Installation, name: str) -> dict[str, str]:
    postgres = installation.postgres
    return {
        "DATABASE_URL": postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": postgres.url("upline_owner", name),
    }


def content(url: str) -> dict[str, str]:
    """Every table's rows and every sequence's place, with who may do what with it."""
    found = {}
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT relname, relkind::text, coalesce(relacl::text, '') FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
        ).fetchall()
        for name, kind, rights in names:
            what = "md5(string_agg(t::text, '|' ORDER BY t::text))"
            if kind == "S":
                what = "min(last_value::text || is_called::text)"
            row = connection.execute(f'SELECT {what} FROM "{name}" t').fetchone()
            assert row is not None
            found[name] = f"{row[0]} {rights}"
    return found


def backed_up(environment: dict[str, str], file: Path) -> str:
    done = upline(environment, "backup", "--to", file)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(
    os.geteuid() == 0 and not lets_everybody_in(ROOT / "src"),
    reason="./upline restore refuses a clone that PostgreSQL's user may not enter",
)
def test_what_is_restored_is_the_same_byte_for_byte_and_works(
    installation: Installation,
    cast: Cast,
    fill: Callable[[Player, str], None],
    served: dict[str, str],
    empty: dict[str, str],
    folder: Path,
) -> None:
    """From a server to a private database, and from there to a server again."""
    fill(cast.anna, "12.34")
    assert cast.anna.client.put("profile/bank/", pan="ABCDE1234F").status_code == 204
    first, second, home = folder / "first.backup", folder / "second.backup", folder / "home"
    said = backed_up(served, first)
    assert "keep both in a safe" in said
    assert first.stat().st_mode & 0o777 == 0o600

    private = {"DATA_DIR": str(home)}
    moved = upline(private, "restore", first)
    assert moved.returncode == 0, moved.stderr
    assert "BROKEN" not in moved.stdout
    backed_up(private, second)
    back = upline(empty, "restore", second)
    assert back.returncode == 0, back.stderr
    assert content(empty["DATABASE_OWNER_URL"]) == content(served["DATABASE_OWNER_URL"])

    port = free_port()
    server = installation.start_server(port, environment=empty)
    try:
        anna = Client(f"http://127.0.0.1:{port}", installation.api_key)
        anna.sign_in(cast.anna.username, PASSWORD)
        assert data(anna.get("profile/"))["pan"] == "ABCDE1234F"
        assert data(anna.get("ewallet/balance/"))["balance"] == Decimal("12.34")
    finally:
        stop_group(server)


def test_a_restore_never_overwrites(served: dict[str, str], cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "b.backup"
    backed_up(served, file)
    before = content(served["DATABASE_OWNER_URL"])
    refused = upline(served, "restore", file)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert content(served["DATABASE_OWNER_URL"]) == before
    again = upline(served, "backup", "--to", file)
    assert again.returncode == 1
    assert "exists" in again.stderr


def test_a_damaged_or_foreign_file_leaves_the_database_empty(
    served: dict[str, str], empty: dict[str, str], tmp_path: Path
) -> None:
    file, broken = tmp_path / "b.backup", tmp_path / "broken.backup"
    backed_up(served, file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for bytes_, says in (
        (whole[:-1], "damaged"),
        (flipped, "damaged"),
        (b"PGDMP", "not an Upline"),
    ):
        broken.write_bytes(bytes_)
        for words in (("restore", broken), ("backup", "--check", broken)):
            refused = upline(empty, *words)
            assert refused.returncode == 1
            assert says in refused.stderr
            assert "Traceback" not in refused.stderr
    for name, value in (("UPLINE_MASTER_KEYS", "b" * 43 + "="), ("UPLINE_SECRET_KEY", "s" * 60)):
        refused = upline(empty | {name: value}, "restore", file)
        assert refused.returncode == 1
        assert name in refused.stderr
    assert content(empty["DATABASE_OWNER_URL"]) == {}


def test_secrets_are_never_made_up_for_a_restore(tmp_path: Path) -> None:
    (tmp_path / "b.backup").write_bytes(b"")
    unset = {"DATA_DIR": str(tmp_path / "new")}
    kept = {name: os.environ.pop(name) for name in ("UPLINE_MASTER_KEYS", "UPLINE_SECRET_KEY")}
    try:
        refused = upline(unset, "restore", tmp_path / "b.backup")
    finally:
        os.environ.update(kept)
    assert refused.returncode == 1
    assert "from your safe" in refused.stderr
    assert not (tmp_path / "new").exists()


def test_a_missing_or_older_pg_dump_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LaunchError, match="pg_dump of this version or a newer one"):
        find_tools(99)
    monkeypatch.setattr("upline.launch.dump_tools.folders", lambda program: iter(()))
    with pytest.raises(LaunchError, match="here is none"):
        find_tools(17)


def test_a_password_of_the_database_is_no_argument() -> None:
    given = environment("postgresql://me:hidden@db.example:6543/acme?sslmode=require")
    shown = {name: given[name] for name in given if name.startswith("PG")}
    assert shown == {
        "PGUSER": "me", "PGPASSWORD": "hidden", "PGHOST": "db.example", "PGPORT": "6543",
        "PGDATABASE": "acme", "PGSSLMODE": "require",
    }  # fmt: skip


def test_a_backup_names_its_keys_and_holds_none_of_them(
    served: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "b.backup"
    backed_up(served, file)
    start = file.read_bytes()[:2000]
    header = json.loads(start[20 : 20 + int.from_bytes(start[16:20], "big")])
    assert {"made_at", "server", "master_key", "secret_key"} <= set(header)
    whole = file.read_bytes()
    for name in ("UPLINE_MASTER_KEYS", "UPLINE_SECRET_KEY"):
        assert os.environ[name].encode() not in whole
