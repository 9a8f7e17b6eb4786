"""What a process imports before it is asked for anything: it costs each of them time and memory."""

import importlib
import os
import pkgutil
import subprocess
import sys

from support import calling
from support.installation import ROOT
from upline.shell.management import commands

# What calculates, draws and writes papers.
HEAVY = {"llvmlite", "matplotlib", "numba", "numpy", "pyarrow", "reportlab"}


def heavy_after(names: list[str]) -> list[str]:
    for name in names:
        importlib.import_module(name)
    return sorted(HEAVY & sys.modules.keys())


def in_a_new_interpreter(names: list[str]) -> list[str]:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "tests"))
    done = subprocess.run(
        [sys.executable, "-c", calling.program(heavy_after, (names,))],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = calling.answered(done.stdout)
    return found


def test_a_web_server_that_calculates_nothing_does_not_import_what_calculates() -> None:
    assert in_a_new_interpreter(["upline.wsgi", "upline.urls"]) == []


def test_no_command_imports_what_calculates_before_it_runs() -> None:
    modules = pkgutil.iter_modules(commands.__path__)
    assert in_a_new_interpreter([f"{commands.__name__}.{each.name}" for each in modules]) == []


def test_the_look_at_modules_notices_one_that_calculates() -> None:
    assert "numpy" in in_a_new_interpreter(["upline.plans.run"])
