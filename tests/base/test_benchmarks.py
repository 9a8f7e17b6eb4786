"""Benchmarks start, and the company that they fill by SQL of their own is a whole one."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from commissions import world
from support import warm
from support.installation import FOUNDED, MIGRATED, ROOT, Installation
from support.other_company import does_in
from upline.base import sql
from upline.books import invariants

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
    try:
        assert does_in(environment, tell_filled) == [30, {}, [True, True, True]]
    finally:
        installation.postgres.drop_database(name)


def test_measured_calls_send_no_more_statements_than_they_need(installation: Installation) -> None:
    """A statement more is a round trip more for each of them: raise a figure only for a reason."""
    name = "counted"
    installation.postgres.create_database(name, MIGRATED)
    environment = {
        "DATABASE_URL": installation.postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", name),
    }
    try:
        counted = does_in(environment, tell_statements)
    finally:
        installation.postgres.drop_database(name)
    assert counted == {"profile": 2, "cart add": 2, "signup": 39, "wallet payment": 5}


def test_a_company_that_benchmarks_fill_runs_and_pays_what_is_due(
    installation: Installation,
) -> None:
    name = "filled_for_runs"
    installation.postgres.create_database(name, MIGRATED)
    environment = {
        "DATABASE_URL": installation.postgres.url("upline_app", name),
        "DATABASE_OWNER_URL": installation.postgres.url("upline_owner", name),
    }
    try:
        came, orders, lines, transfers = does_in(environment, tell_run)
    finally:
        installation.postgres.drop_database(name)
    assert came == 100
    assert min(orders, lines, transfers) > 0


def tell_filled() -> list[Any]:
    """Fill a company. How many members came, which promises are broken, and whether each question
    that `tree.py` asks is answered by a walk as by ours."""
    sys.path.insert(0, str(BENCHMARKS))
    import filling
    import tree

    filling.fill(os.environ["DATABASE_OWNER_URL"], 30, filling.spine)
    came = sql.value(
        int, "SELECT count(*) FROM members_member JOIN benchmark_member ON user_id = member_id"
    )
    same = [str(ours()) == str(walk()) for _, ours, walk in tree._questions()]
    return [came, invariants.check(), same]


def tell_statements() -> dict[str, int]:
    """How many statements each call of `api.py` sends, `BEGIN` and `COMMIT` among them."""
    sys.path.insert(0, str(BENCHMARKS))
    import filling
    import installation
    from calls import all_calls
    from recording import record

    installation.found_company()
    filled = filling.fill(os.environ["DATABASE_OWNER_URL"], 30, filling.spine)
    calls = all_calls()
    for call in calls:
        record(call, filled, 6)  # what is looked up once is known afterwards
    return {call.name: len(record(call, filled, 8)) for call in calls}


def tell_run() -> list[int]:
    """Fill a company as `runs.py` does and pay its first month. How many members came, how many
    orders they have, and how many lines and transfers the run made."""
    sys.path.insert(0, str(BENCHMARKS))
    import runs
    from full_plan import full_plan

    orders = runs.fill(100, os.environ["DATABASE_OWNER_URL"])
    with world.noon(runs.AFTER):
        world.people("olga", "otto")
        world.use_plan(runs.FIRST, full_plan("Starter", "Business") + runs.SETTLEMENT)
        world.paid(world.opened()[0])
    came = "SELECT count(*) FROM members_member JOIN benchmark ON user_id = id"
    made = ("commissions_line", "wallet_transfer")
    return [
        sql.number(came),
        orders,
        *(sql.number(f"SELECT count(*) FROM {each}") for each in made),
    ]
