"""`./upline` itself, as a program."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.installation import wait_for

PROJECT = Path(__file__).resolve().parents[2]
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
AS_NOBODY = "exec unshare --user --map-user=65534 --map-group=65534 "


def run(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "upline"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def fresh_clone(folder: Path) -> Path:
    """What the first start needs, in a folder without an environment."""
    folder.mkdir(parents=True)
    locks = [lock.name for lock in PROJECT.glob("requirements*.lock")]
    for name in ("upline", "pyproject.toml", *locks):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(PROJECT / "src" / "upline", folder / "src" / "upline")
    return folder


def script(folder: Path) -> dict[str, Any]:
    return runpy.run_path(str(folder / "upline"), run_name="upline_script")


def test_without_a_command_help_is_shown_and_the_exit_code_is_2() -> None:
    done = run()
    assert done.returncode == 2
    assert "./upline demo" in done.stderr


def test_an_unknown_command_gets_the_list_and_exit_code_2() -> None:
    done = run("dmeo")
    assert done.returncode == 2
    assert "Unknown command `dmeo`" in done.stderr
    assert "./upline serve" in done.stderr


HELPFUL = ("backup", "demo", "help", "restore", "run", "secrets", "serve", "test", "verify")


@pytest.mark.parametrize("word", HELPFUL)
def test_asked_for_help_a_fresh_clone_helps_and_makes_nothing(word: str, tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "clone")
    before = sorted(clone.iterdir())
    done = run(word, "--help", folder=clone)
    assert done.returncode == 0, done.stderr
    assert f"./upline {word}" in done.stdout
    assert "UPLINE_SECRET_KEY=" not in done.stdout
    assert sorted(clone.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ["demo", "--port", "9000"],
        ["secrets", "now"],
        ["serve", "--bogus"],
        ["backup", "yesterday"],
        ["restore"],
        ["help-me"],
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_installed(
    words: list[str], tmp_path: Path
) -> None:
    clone = fresh_clone(tmp_path / "clone")
    before = sorted(clone.iterdir())
    done = run(*words, folder=clone)
    assert done.returncode == 2
    assert done.stdout == ""
    assert sorted(clone.iterdir()) == before


def test_a_command_of_djangos_refuses_before_a_database_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(given, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    done = run("run", "lits")
    assert done.returncode == 2
    assert "STEP: 'lits' is not one of 'list', 'open'" in done.stderr
    assert not (tmp_path / "var").exists()


def test_help_shows_a_commands_own_options_and_none_of_djangos() -> None:
    said = run("report", "--help").stdout
    assert "usage: ./upline report" in said
    assert "--year" in said
    assert "--settings" not in said
    assert "--traceback" not in said


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("run", "missing: STEP"),
        ("payout", "missing: WHAT"),
        ("run list --x", "unknown: --x"),
        ("report income --year abc", "--year: 'abc' is not a whole number"),
        ("report income --year", "--year: a value is missing"),
    ],
)
def test_a_wrong_argument_is_told_in_one_sentence(words: str, wrong: str) -> None:
    done = run(*words.split())
    assert done.returncode == 2
    assert wrong in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize("words", ["help", "secrets", "demo --help", "--version", "run --help"])
def test_a_reader_that_has_seen_enough_ends_it_without_a_traceback(words: str) -> None:
    said, closed = os.pipe()
    os.close(said)
    done = subprocess.run(
        [sys.executable, PROJECT / "upline", *words.split()],
        stdout=closed, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(closed)
    assert done.returncode == 141
    assert done.stderr == ""


@pytest.mark.parametrize("word", ["demo", "run"])
def test_help_of_a_command_is_what_the_command_says_of_itself(word: str) -> None:
    assert run("help", word).stdout == run(word, "--help").stdout != ""


def test_migrate_shows_none_of_djangos_options() -> None:
    said = run("migrate", "--help").stdout
    assert said.startswith("usage: ./upline migrate [-h]\n")
    assert "--fake" not in said


def test_it_tells_its_version(tmp_path: Path) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    done = run("--version", folder=fresh_clone(tmp_path / "clone"))
    assert (done.returncode, done.stdout) == (0, f"Upline {project['version']}\n")


def test_where_only_ascii_is_known_it_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("help").stdout
    for name, value in (("PYTHONUTF8", "0"), ("LC_ALL", "C"), ("PYTHONCOERCECLOCALE", "0")):
        monkeypatch.setenv(name, value)
    done = run("plan", "list", "--help")
    assert "Traceback" not in done.stderr
    assert run("help").stdout == said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_tests_leave_no_process_and_no_folder_behind(
    number: signal.Signals, tmp_path: Path
) -> None:
    mark = f"STOPPED_TEST={tmp_path}"
    name, _, value = mark.partition("=")
    tests = subprocess.Popen(
        [sys.executable, str(PROJECT / "upline"), "test", "tests/api/test_signup.py"],
        env=os.environ | {name: value, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(lambda: any("granian" in line for line in marked(mark)), 60)
    tests.send_signal(number)
    assert tests.wait(60) == 128 + number
    wait_for(lambda: marked(mark) == [])
    assert list(tmp_path.glob("upline-tests-*")) == []


def marked(mark: str) -> list[str]:
    """The command lines of all processes that have this in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().decode())
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80a"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("UPLINE_WEB_WORKERS", "many"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATA_DIR", ""),
        ("DATA_DIR", "/dev/null"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("PORT", "DATA_DIR", "DATABASE_URL", "DATABASE_OWNER_URL", "UPLINE_TEST"):
        monkeypatch.delenv(given, raising=False)
    monkeypatch.setenv(name, value)
    done = run("demo")
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_says_everything_that_is_missing_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UPLINE_BASE_URL", "UPLINE_SECRET_KEY", "UPLINE_MASTER_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://upline_app@127.0.0.1/upline")
    done = run("serve")
    assert done.returncode == 1
    for name in ("UPLINE_BASE_URL", "UPLINE_SECRET_KEY", "UPLINE_MASTER_KEYS"):
        assert name in done.stderr


def test_a_half_made_environment_is_not_ready_and_a_stamped_one_is(tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "a clone")
    upline = script(clone)
    locks = upline["wanted"]("demo")
    assert not upline["is_ready"](locks)
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert not upline["is_ready"](locks)
    (clone / ".venv" / "upline-stamp.json").write_text(json.dumps(locks))
    assert upline["is_ready"](locks)
    assert not upline["is_ready"](upline["wanted"]("test"))


def test_where_a_server_is_named_postgresql_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upline = script(fresh_clone(tmp_path / "clone"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert list(upline["wanted"]("demo")) == ["requirements.lock", "requirements-postgres.lock"]
    monkeypatch.setenv("DATABASE_URL", "postgresql://upline_app@db/upline")
    assert list(upline["wanted"]("serve")) == ["requirements.lock"]
    assert "celerp" not in (PROJECT / "requirements.lock").read_text()
    assert "requirements-test.lock" in upline["wanted"]("test")


def test_a_wheel_holds_every_file_that_is_not_python() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["setuptools"]
    package = PROJECT / "src" / "upline"
    packed = {file for glob in settings["package-data"]["upline"] for file in package.glob(glob)}
    others = {
        file
        for file in package.rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc", ".nbi", ".nbc")
    }
    assert others - packed == set()


def test_a_changed_lock_is_noticed(tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "clone")
    upline = script(clone)
    before = upline["wanted"]("demo")
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert upline["wanted"]("demo") != before


def test_a_second_start_waits_for_the_first(tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "clone")
    with (clone / "upline").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(subprocess.TimeoutExpired) as waiting:
            subprocess.run(
                [sys.executable, str(clone / "upline"), "demo"],
                capture_output=True,
                check=False,
                timeout=2,
            )
    assert b"Another start is preparing the environment" in (waiting.value.stderr or b"")


def test_without_the_venv_module_an_ordinary_user_reads_one_sentence(tmp_path: Path) -> None:
    """Debian without python3-venv has no `ensurepip`: it is covered by an empty folder here."""
    clone = fresh_clone(tmp_path / "clone")
    (tmp_path / "nothing").mkdir()
    base = Path(os.path.realpath(sys.executable))
    find = "import ensurepip, os; print(os.path.dirname(ensurepip.__file__))"
    real = subprocess.run([base, "-I", "-c", find], capture_output=True, text=True, check=False)
    covered = f'mount --bind "{tmp_path}/nothing" "{real.stdout.strip()}" || exit 77; {AS_NOBODY}'
    done = subprocess.run(
        [*NAMESPACE, "sh", "-c", f'{covered} "{base}" "{clone}/upline" demo'],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this machine allows no user namespaces")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "sudo apt-get install python3-venv" in done.stderr
