"""`./upline plan`, as a program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from upline.launch.plan import cache
from upline.plan_documents import ready

PROJECT = Path(__file__).resolve().parents[2]
WITHOUT_SECRETS = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT / "src")}
SOUND = 'name = "P"\n[[bonuses]]\nname = "pool"\nkind = "pool"\npercent = 1\n'
RECRUITING = SOUND + '[[bonuses]]\nname = "r"\nkind = "referral"\non = "joining"\namount = 5\n'


def plan(
    *words: str | Path, folder: Path = PROJECT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a plan command without a database, secrets or settings."""
    return subprocess.run(
        [sys.executable, "-m", "upline.shell.plan_commands", *map(str, words)],
        env=WITHOUT_SECRETS | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def launched(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `./upline plan …`."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "upline"), "plan", *words],
        env=WITHOUT_SECRETS | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_ready_made_plan_passes_by_its_name() -> None:
    done = plan("check", *ready())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("No errors, no warnings.") == len(ready())


def test_a_check_says_what_the_plan_is_and_what_it_pays_at_most() -> None:
    said = plan("check", "unilevel").stdout
    for part in (
        "Seven levels",
        "sponsor",
        "week, month",
        "Silver",
        "fast start",
        "35 % of points",
    ):
        assert part in said
    assert "In all at most: 37 % of points' worth." in said


def test_warnings_are_shown_and_the_plan_passes(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(RECRUITING)
    done = plan("check", "p.toml", folder=tmp_path)
    assert done.returncode == 0
    assert "r: pays only for joining" in done.stdout
    assert "No errors, 2 warnings." in done.stdout


def test_errors_go_to_stderr_with_file_and_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(SOUND.replace("percent = 1", "percnt = 1"))
    done = plan("check", "p.toml", "unilevel", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "p.toml:2: pool: percent: is missing.",
        'p.toml:5: pool: percnt: there is no such key here; did you mean "percent"?',
    ]
    assert "Seven levels" in done.stdout


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("none.toml", "none.toml: cannot be read: No such file or directory."),
        ("folder.toml", "folder.toml: cannot be read: Is a directory."),
        ("binry", '"binry" is neither a file nor a ready-made plan; did you mean "binary"?'),
        ("latin.toml", "latin.toml:2: is not UTF-8 text."),
        ("large.toml", "large.toml: is larger than a plan can be (1 MB)."),
        ("empty.toml", "empty.toml:1: name: is missing."),
        ("a/" * 5000, "cannot be read: File name too long."),
    ],
)
def test_a_file_that_is_no_plan_is_a_sentence(tmp_path: Path, word: str, sentence: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'name = "x"\ncurrency = "\xe9"\n')
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "empty.toml").touch()
    done = plan("check", word, folder=tmp_path)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [(), ("chekc",), ("check",), ("schema", "more")])
def test_a_wrong_command_line_is_shown_how_to_write(words: tuple[str, ...]) -> None:
    done = plan(*words)
    assert done.returncode == 2
    assert "usage: ./upline plan" in done.stderr


def test_the_schema_is_printed() -> None:
    done = plan("schema")
    assert done.returncode == 0
    assert done.stdout == (PROJECT / "docs" / "plans" / "schema.json").read_text()
    assert json.loads(done.stdout)["title"] == "Compensation plan of Upline"


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "upline.shell.plan_commands", "schema"]
    with subprocess.Popen(
        command, env=WITHOUT_SECRETS, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_ends_with_a_word(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.toml")
    command = [sys.executable, "-m", "upline.shell.plan_commands", "check", "binary", "slow.toml"]
    with subprocess.Popen(
        command,
        env=WITHOUT_SECRETS | {"PYTHONUNBUFFERED": "1"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while b"No errors" not in process.stdout.readline():
            pass
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
    assert process.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said


def test_upline_plan_needs_no_database_and_no_secrets(tmp_path: Path) -> None:
    wrong = {"DATABASE_URL": "mysql://a@b/c", "PORT": "none", "DATA_DIR": str(tmp_path / "var")}
    done = launched("check", "binary", **wrong)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "var" / "postgres").exists()
    assert not (tmp_path / "var" / "secrets.env").exists()


def test_upline_plan_passes_exit_codes_on(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path)}
    assert launched("check", "none.toml", **settings).returncode == 1
    assert launched("chekc", **settings).returncode == 2


def test_what_is_compiled_is_kept_in_a_folder_of_this_user_alone(tmp_path: Path) -> None:
    assert launched("check", "binary", DATA_DIR=str(tmp_path / "var")).returncode == 0
    folder = tmp_path / "var" / f"compiled-{os.geteuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    mine = tmp_path / f"compiled-{os.geteuid()}"
    assert set(cache().values()) == {str(mine)}
    mine.chmod(0o777)
    other = tmp_path / "elsewhere" / f"upline-compiled-{os.geteuid()}"
    assert set(cache().values()) == {str(other)}


def test_plans_are_checked_where_nothing_can_be_kept(tmp_path: Path) -> None:
    elsewhere = {"DATA_DIR": "/proc/none", "TMPDIR": str(tmp_path)}
    done = launched("check", "binary", **elsewhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / f"upline-compiled-{os.geteuid()}").is_dir()


def test_help_names_the_plan_commands() -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "upline"), "help"], capture_output=True, text=True
    )
    assert "./upline plan " in done.stdout
