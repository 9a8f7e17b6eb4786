"""The private PostgreSQL, with real starts, stops and deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from support.installation import binaries_for_anybody, wait_for
from upline.launch import cluster, privileges
from upline.launch.binaries import Binaries, find_binaries, wheel_folder
from upline.launch.errors import LaunchError
from upline.launch.postgres import PrivatePostgres

OWN_PROGRAM = Path(__file__).with_name("own_postgres.py")


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PrivatePostgres]:
    with PrivatePostgres(tmp_path, durable=False) as running:
        yield running


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        row = found.fetchone() if found.description else None
        return row[0] if row else None


def make_table(postgres: PrivatePostgres) -> None:
    ask(postgres.owner_url, "CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")
    ask(postgres.app_url, "INSERT INTO thing (name) VALUES ('kept')")


def in_own_program(data_dir: Path) -> subprocess.Popen[str]:
    """Another launcher on this folder, which has its server ready."""
    program = subprocess.Popen(
        [sys.executable, str(OWN_PROGRAM), str(data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def postmaster(data_dir: Path) -> int:
    number = cluster.running_postmaster(data_dir / "postgres")
    assert number is not None
    return number


def test_what_was_written_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path) as postgres:
        make_table(postgres)
    assert cluster.running_postmaster(tmp_path / "postgres") is None
    with PrivatePostgres(tmp_path) as postgres:
        assert ask(postgres.app_url, "SELECT name FROM thing") == "kept"


def test_a_durable_one_is_safe_against_power_loss_and_rot(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path) as postgres:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert ask(postgres.app_url, f"SHOW {setting}") == "on"


def test_it_listens_on_no_network_and_its_folder_is_private(postgres: PrivatePostgres) -> None:
    assert ask(postgres.admin_url, "SHOW listen_addresses") == ""
    folder = Path(str(ask(postgres.admin_url, "SHOW unix_socket_directories")))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_text_is_unicode_and_sorts_alike_everywhere(postgres: PrivatePostgres) -> None:
    assert ask(postgres.app_url, "SHOW server_encoding") == "UTF8"
    assert ask(postgres.app_url, "SELECT 'Z' < 'a' AND 'z' < 'é'") is True


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE thing",
        "DROP TABLE thing",
        "ALTER TABLE thing ADD COLUMN more int",
        "CREATE TABLE other (id int)",
        "CREATE SCHEMA other",
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "SET ROLE upline_owner",
        "SET ROLE postgres",
        "COPY thing TO PROGRAM 'true'",
    ],
)
def test_the_application_may_not_change_what_tables_there_are(
    shared: PrivatePostgres, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(shared.app_url, statement)
    assert ask(shared.app_url, "SELECT count(*) FROM thing") == 1


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePostgres]:
    folder = tmp_path_factory.mktemp("shared")
    with PrivatePostgres(folder, durable=False) as running:
        make_table(running)
        yield running


def test_the_application_may_work_with_rows_and_call_functions(shared: PrivatePostgres) -> None:
    ask(shared.owner_url, "CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2'")
    ask(shared.app_url, "INSERT INTO thing (name) VALUES ('new')")
    ask(shared.app_url, "UPDATE thing SET name = 'newer' WHERE name = 'new'")
    ask(shared.app_url, "DELETE FROM thing WHERE name = 'newer'")
    assert ask(shared.app_url, "SELECT two()") == 2


def test_the_owner_is_no_superuser(shared: PrivatePostgres) -> None:
    assert ask(shared.owner_url, "SHOW is_superuser") == "off"
    assert ask(shared.app_url, "SHOW is_superuser") == "off"


def test_a_copied_database_has_the_same_tables_and_rights(shared: PrivatePostgres) -> None:
    shared.create_database("copy", "upline")
    app = shared.url("upline_app", "copy")
    assert ask(app, "SELECT name FROM thing") == "kept"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(app, "TRUNCATE thing")
    shared.drop_database("copy")


def test_a_killed_server_is_survived(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path) as postgres:
        make_table(postgres)
        os.kill(postmaster(tmp_path), signal.SIGKILL)
        wait_for(postgres.has_died)
    with PrivatePostgres(tmp_path) as postgres:
        assert ask(postgres.app_url, "SELECT name FROM thing") == "kept"


def test_a_server_that_dies_can_be_started_again_in_place(postgres: PrivatePostgres) -> None:
    os.kill(postmaster(postgres.data_dir), signal.SIGKILL)
    wait_for(postgres.has_died)
    postgres.restart()
    assert postgres.is_running()


def test_a_stale_process_number_that_lives_on_in_another_is_survived(tmp_path: Path) -> None:
    with PrivatePostgres(tmp_path, durable=False) as postgres:
        pid_file = tmp_path / "postgres" / "postmaster.pid"
        old = pid_file.read_text()
        sockets = Path(str(ask(postgres.admin_url, "SHOW unix_socket_directories")))
    number = str(os.getpid())
    pid_file.write_text(old.replace(old.split()[0], number, 1))
    sockets.mkdir(mode=0o700)
    (sockets / ".s.PGSQL.5432.lock").write_text(f"{number}\n")
    with PrivatePostgres(tmp_path, durable=False) as postgres:
        assert postgres.is_running()


def test_a_crash_while_the_folder_was_made_leaves_nothing_half_made(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.unfinished-0000"
    (unfinished / "base").mkdir(parents=True)
    with PrivatePostgres(tmp_path, durable=False) as postgres:
        assert postgres.is_running()
    assert not unfinished.exists()


def test_two_in_two_folders_live_side_by_side(tmp_path: Path) -> None:
    with (
        PrivatePostgres(tmp_path / "one", durable=False) as one,
        PrivatePostgres(tmp_path / "two", durable=False) as two,
    ):
        assert one.app_url != two.app_url
        assert one.is_running()
        assert two.is_running()


def test_a_second_on_the_same_folder_joins_and_does_not_stop_the_first(
    postgres: PrivatePostgres,
) -> None:
    with PrivatePostgres(postgres.data_dir, durable=False) as second:
        assert second.joined
        assert second.app_url == postgres.app_url
        assert second.is_running()
    assert postgres.is_running()


def test_a_very_long_path_with_spaces_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("a long name with spaces " * 8).strip() / "data"
    with PrivatePostgres(folder, durable=False) as postgres:
        assert postgres.is_running()


def test_a_killed_launcher_leaves_no_server_behind(tmp_path: Path) -> None:
    launcher = in_own_program(tmp_path)
    server = postmaster(tmp_path)
    launcher.kill()
    launcher.wait()
    wait_for(lambda: not _lives(server))


def test_a_start_right_after_a_killed_launcher_succeeds(tmp_path: Path) -> None:
    launcher = in_own_program(tmp_path)
    launcher.kill()
    launcher.wait()
    with PrivatePostgres(tmp_path, durable=False) as postgres:
        assert not postgres.joined
        assert postgres.is_running()


def _lives(process: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    chosen = privileges.choose(tmp_path / "postgres", None)
    squatted = cluster.socket_folder(tmp_path / "postgres", chosen)
    squatted.chmod(0o777)
    with pytest.raises(LaunchError, match="folder of the database's user alone"):
        PrivatePostgres(tmp_path, durable=False).start()
    squatted.rmdir()


def test_a_folder_of_another_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(LaunchError, match="made by PostgreSQL 9"):
        PrivatePostgres(tmp_path, durable=False).start()


def test_the_wheel_comes_before_the_machine() -> None:
    if wheel_folder():
        assert find_binaries().folder == wheel_folder()[0]


def test_the_machines_own_postgresql_serves_where_there_is_no_wheel(
    tmp_path: Path,
) -> None:
    machines = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not machines:
        pytest.skip("this machine has no PostgreSQL of its own")
    found = Binaries(machines[-1].parent, int(machines[-1].parts[-3]))
    with PrivatePostgres(tmp_path, durable=False, binaries=found) as postgres:
        version = str(ask(postgres.app_url, "SHOW server_version"))
        assert int(version.split(".")[0]) == found.major
        assert ask(postgres.app_url, "SELECT 'Z' < 'a' AND 'z' < 'é'") is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_root_another_user_can_run_it(tmp_path: Path) -> None:
    programs = binaries_for_anybody(tmp_path / "programs")
    with PrivatePostgres(
        tmp_path, durable=False, server_user="nobody", binaries=programs
    ) as postgres:
        server = postmaster(tmp_path)
        assert Path(f"/proc/{server}").stat().st_uid == privileges.uid_of("nobody")
        assert ask(postgres.app_url, "SELECT 1") == 1
    assert (tmp_path / "postgres").stat().st_uid == privileges.uid_of("nobody")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_root_an_unreachable_folder_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    programs = binaries_for_anybody(tmp_path / "programs")
    unreachable = PrivatePostgres(
        closed / "data", durable=False, server_user="nobody", binaries=programs
    )
    with pytest.raises(LaunchError, match=f"may not enter {closed}"):
        unreachable.start()
