"""The core can be imported alone: it knows of no database, no framework, no file and no clock."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
CORE = SOURCE / "upline" / "plans"
# Where compiled kernels are kept is named by the text of the core; one thread makes them ready.
OF_A_FILE = {"kernels/__init__.py": {"hashlib", "pathlib", "threading"}}
# A fraction is two integers, never rounded: exact arithmetic, which knows no clock and no file.
# Rates between currencies are kept as such until the one rounding.
ALLOWED = {
    "__future__",
    "calendar",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "fractions",
    "functools",
    "itertools",
    "math",
    "numba",
    "numpy",
    "numpy.typing",
    "operator",
    "typing",
}
LOADS_ALL = Path(__file__).with_name("loads_all.py")


def test_the_core_can_be_imported_alone() -> None:
    told = subprocess.run(
        [sys.executable, str(LOADS_ALL)],
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
        if name not in ALLOWED | OF_A_FILE.get(short(file), set())
        and not name.startswith("upline.plans")
    }
    assert not foreign


def short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


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


def test_kernels_compiled_for_one_version_of_the_core_are_not_those_of_another(
    tmp_path: Path,
) -> None:
    shutil.copytree(CORE, tmp_path / "upline" / "plans", ignore=shutil.ignore_patterns("*.pyc"))

    def folder() -> str:
        program = "from upline.plans.kernels import compiler; print(compiler().config.CACHE_DIR)"
        environment = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    before = folder()
    assert Path(before).parent == tmp_path / "kept"
    assert folder() == before
    changed = tmp_path / "upline" / "plans" / "trees.py"
    changed.write_text(f"{changed.read_text()}\nANOTHER = 1\n")
    assert folder() != before
