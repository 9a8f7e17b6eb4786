"""What every call of the API answers, recorded, and compared with what it answers now.

    ./upline test tests/long/answers.py -s              compares
    .venv/bin/python tests/long/answers.py compare      the same
    .venv/bin/python tests/long/answers.py record       records anew, into tests/long/answers/

It founds a company on a fixed day, behind the shipped server, and sends the requests of
tests/recorded/scenes in their order. `compare` prints each difference with its kind: text (of an
error's description or fields), new key (at the end of an object), accepted (listed with its reason
in tests/recorded/comparing.py), or BREACH, which makes it end with 1.
"""

import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
RECORDED = Path(__file__).with_suffix("")
SOURCE = Path(__file__).with_name("shifted_clock.c")

pytestmark = pytest.mark.timeout(600)


def test_the_answers_are_those_that_were_recorded() -> None:
    assert subprocess.run([sys.executable, __file__, "compare"]).returncode == 0


def main(arguments: list[str]) -> int:
    """Record or compare; the process's exit code."""
    if arguments[:1] not in (["record"], ["compare"]) or len(arguments) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    if "CLOCK_SHIFT_FILE" not in os.environ:
        return _in_another_time(arguments)
    folder = Path(arguments[1]) if arguments[1:] else RECORDED
    return _record(folder) if arguments[0] == "record" else _compare(folder)


def _record(folder: Path) -> int:
    from recorded.company import company
    from recorded.scenes import every_call_was_answered, play

    with company() as made:
        play(made)
        every_call_was_answered(made)
        made.recorder.write(folder)
        print(f"{sum(map(len, made.recorder.scenes.values()))} answers are in {folder}.")
    return 0


def _compare(folder: Path) -> int:
    from recorded.company import company
    from recorded.recorder import read
    from recorded.scenes import play
    from recorded.telling import compare

    with company() as made, tempfile.TemporaryDirectory() as now:
        stopped = None
        try:
            play(made)
        except Exception as error:  # what was answered until then is told all the same
            stopped = error
            traceback.print_exc()
        made.recorder.write(Path(now))
        code = compare(read(folder), read(Path(now)))
        return 1 if stopped else code


def _in_another_time(arguments: list[str]) -> int:
    """The same with the shifted clock, which has to be there before a process begins."""
    with tempfile.TemporaryDirectory(prefix="upline-clock-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL may run as another user
        library, clock = folder / "shifted_clock.so", folder / "clock"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        clock.write_bytes(bytes(8))
        paths = os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)])
        environment = {"LD_PRELOAD": str(library), "CLOCK_SHIFT_FILE": str(clock),
                       "PYTHONPATH": paths}  # fmt: skip
        command = [sys.executable, __file__, *arguments]
        return subprocess.run(command, env=os.environ | environment).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
