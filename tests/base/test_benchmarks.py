"""Benchmarks start, and the company that they fill by SQL of their own is a whole one."""

import json
import os
import sys
from pathlib import Path

import pytest

from support import warm
from support.installation import FOUNDED, ROOT, Installation

BENCHMARKS = ROOT / "benchmarks"
PROGRAMS = sorted(path for path in BENCHMARKS.glob("*.py") if "__main__" in path.read_text())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_benchmark_tells_its_options(program: Path) -> None:
    said = warm.script(program, ["--help"], {})
    assert said.returncode == 0, said.stderr
    assert "--help" in said.stdout


def test_a_company_that_benchmarks_fill_breaks_no_promise(installation: Installation) -> None:
    name = "filled"
    installation.postgres.create_database(name, FOUNDED)
    environment = {
        "DATABASE_URL": installation.postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", name),
    }
    told = warm.program("from base.test_benchmarks import tell_filled; tell_filled()", environment)
    installation.postgres.drop_database(name)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == [30, {}, [True, True, True]]


def tell_filled() -> None:
    """Fill a company. How many members came, which promises are broken, and whether each question
    that `tree.py` asks is answered by a walk as by ours."""
    import django

    django.setup()
    sys.path.insert(0, str(BENCHMARKS))
    import filling
    import tree

    from upline.base import sql
    from upline.books import invariants

    filling.fill(os.environ["DATABASE_OWNER_URL"], 30, filling.spine)
    came = sql.value(
        int, "SELECT count(*) FROM members_member JOIN benchmark_member ON user_id = member_id"
    )
    same = [str(ours()) == str(walk()) for _, ours, walk in tree._questions()]
    print(json.dumps([came, invariants.check(), same]))
