"""`./upline test`: every check of the project, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from upline.launch import debian, privileges, secret_keys
from upline.launch.binaries import OLDEST, find_binaries, has_binaries
from upline.launch.environment import PROJECT
from upline.launch.errors import LaunchError
from upline.launch.postgres import PrivatePostgres
from upline.launch.processes import run_to_end

PROCESSES = "2"
WITHOUT_TESTS = "--checks"
TYPED = ("src/upline", "benchmarks", "tests")
SLOWEST = ("--durations", "20", "--durations-min", "1")
ON_THE_OLDEST = ("tests/attacks/test_races.py", "tests/attacks/test_statements.py")


@dataclass(frozen=True)
class Check:
    """One check: its name, its command line, and what it needs in the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def test(arguments: list[str]) -> int:
    """Run all checks; all but the tests for `--checks`; only pytest for other arguments. 0 if all
    went well.

    pytest comes last, so that its summary is the end of the output.
    """
    _require_database()
    if arguments == [WITHOUT_TESTS]:
        os.chdir(PROJECT)
        return 1 if _static_checks() else 0
    debian.provide(arguments)
    os.chdir(PROJECT)
    if arguments:
        return _run(Check("pytest", _python("pytest", *arguments)), quiet=True)
    failed = [*_static_checks(), *_tests()]
    if failed and failed != ["pytest"]:
        print(f"\nFailed: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def _require_database() -> None:
    """Make sure that PostgreSQL runs for this user. Raises LaunchError where it cannot."""
    chosen = privileges.choose(PROJECT / "nothing", None)
    tried = chosen.command([find_binaries().path("postgres"), "--version"])
    if subprocess.run(tried, capture_output=True, check=False).returncode:
        raise LaunchError(
            f"PostgreSQL refuses to run as root, and another user may not enter {PROJECT}: start "
            "./upline test as an ordinary user, or put this folder where all may enter, such as "
            "/srv/upline."
        )


def _static_checks() -> list[str]:
    """The names of the steps that failed. Django's two get an empty database of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="upline-checks-") as folder,
        PrivatePostgres(_passable(Path(folder)), durable=False) as postgres,
    ):
        return [step.name for step in _steps(postgres.owner_url) if _run(step)]


def _passable(folder: Path) -> Path:
    """Let the user pass who runs PostgreSQL where root cannot make a user namespace."""
    folder.chmod(0o711)
    return folder


def _steps(database_url: str) -> list[Check]:
    production = {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "upline.settings",
        "UPLINE_BASE_URL": "https://upline.example",
        **secret_keys.new_secrets(),
    }
    django = _python("django")
    migrations = [*django, "makemigrations", "--check", "--dry-run"]
    return [
        Check("ruff check", _python("ruff", "check", ".", "upline")),
        Check("ruff format", _python("ruff", "format", "--check", ".", "upline")),
        Check("mypy", _python("mypy", *TYPED), production),
        Check(
            "lint-imports", [sys.executable, str(Path(sys.executable).with_name("lint-imports"))]
        ),
        Check("migrations complete", migrations, production),
        Check(
            "check --deploy",
            [*django, "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    ]


def _tests() -> list[str]:
    """The tests, the ones that depend on PostgreSQL's version on the oldest one too."""
    workers = ("-n", PROCESSES, *SLOWEST)
    steps = [Check("pytest", _python("pytest", *workers))]
    if has_binaries(OLDEST):
        oldest = Check(
            f"pytest on PostgreSQL {OLDEST}",
            _python("pytest", "-n", PROCESSES, *ON_THE_OLDEST),
            {"UPLINE_TEST_POSTGRES": str(OLDEST)},
        )
        steps.insert(0, oldest)
    return [step.name for step in steps if _run(step, quiet=True)]


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _run(step: Check, *, quiet: bool = False) -> int:
    """Run one step and say how it went; `quiet` leaves the last word to the step."""
    print(f"── {step.name}", flush=True)
    started = time.monotonic()
    code = run_to_end(step.command, {**os.environ, "UPLINE_TEST": "1", **step.environment})
    took = time.monotonic() - started
    if not quiet:
        print(f"   {'failed' if code else 'ok'}, {took:.1f} s", flush=True)
    return code
