"""`./upline` itself, as a program."""

from __future__ import annotations

import fcntl
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
AS_NOBODY = "exec unshare --user --map-user=65534 --map-group=65534 "


def run(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "upline"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def fresh_clone(folder: Path) -> Path:
    """What the first start needs, in a folder without an environment."""
    folder.mkdir(parents=True)
    for name in ("upline", "requirements.lock", "requirements-test.lock"):
        shutil.copy(PROJECT / name, folder)
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
    assert "no command `dmeo`" in done.stderr
    assert "./upline serve" in done.stderr


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
