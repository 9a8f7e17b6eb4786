"""Children that must always run, watched by a real launcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.installation import wait_for

LAUNCHER = Path(__file__).with_name("launching.py")


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "NOTE": str(tmp_path / "note"), "PYTHONPATH": "src"}
    program = subprocess.Popen(
        [sys.executable, str(LAUNCHER)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield program
    program.kill()
    program.communicate()


def started(folder: Path, times: int) -> int:
    """Wait for the child's so-manyth start; gives its process number."""
    note = folder / "note"
    wait_for(lambda: note.exists() and note.read_text().count("\n") >= times)
    return int(note.read_text().split()[times - 1])


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_child_that_died_is_started_again_and_that_is_said(
    launcher: subprocess.Popen[str], tmp_path: Path
) -> None:
    os.kill(started(tmp_path, 1), signal.SIGKILL)
    started(tmp_path, 2)
    launcher.terminate()
    said = launcher.communicate(timeout=20)[1]
    assert "The sleeper ended (signal 9); starting it again in 1 s." in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(
    launcher: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    child = started(tmp_path, 1)
    launcher.send_signal(number)
    out, err = launcher.communicate(timeout=20)
    assert (launcher.returncode, out) == (0, "stopped in order\n")
    assert "Traceback" not in err
    assert gone(child)


def test_a_killed_launcher_leaves_no_child_behind(
    launcher: subprocess.Popen[str], tmp_path: Path
) -> None:
    child = started(tmp_path, 1)
    launcher.kill()
    launcher.wait()
    wait_for(lambda: gone(child))
