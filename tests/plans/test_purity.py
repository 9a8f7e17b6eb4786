"""The core can be imported alone: it knows of no database, no framework, no file and no clock."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
CORE = SOURCE / "upline" / "plans"
ALLOWED = {
    "__future__",
    "calendar",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "math",
    "numba",
    "numpy",
    "numpy.typing",
    "operator",
    "typing",
}
LOADS_ALL = """
import json, pkgutil, sys
import upline.plans
for module in pkgutil.walk_packages(upline.plans.__path__, "upline.plans."):
    __import__(module.name)
print(json.dumps(sorted(sys.modules)))
"""


def test_the_core_can_be_imported_alone() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADS_ALL],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(told.stdout)
    ours = {name for name in loaded if name.split(".")[0] == "upline"}
    assert "upline.plans.run" in ours
    assert all(name == "upline" or name.startswith("upline.plans") for name in ours)
    roots = {name.split(".")[0] for name in loaded}
    assert not roots & {"django", "psycopg", "pydantic", "pyarrow", "procrastinate"}


def test_the_core_imports_only_numbers_and_itself() -> None:
    files = sorted(CORE.rglob("*.py"))
    assert len(files) > 10
    foreign = {
        (file.name, name)
        for file in files
        for name in imported_by(file)
        if name not in ALLOWED and not name.startswith("upline.plans")
    }
    assert not foreign


def imported_by(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_core_asks_no_clock_and_opens_no_file() -> None:
    asked = set()
    for file in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                asked.add(ast.unparse(node.func))
    assert not asked & {
        "open",
        "print",
        "input",
        "date.today",
        "datetime.now",
        "np.load",
        "np.save",
    }
