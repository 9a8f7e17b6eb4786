"""What it costs to explain: one member's share of a run, out of a company of growing size.

    .venv/bin/python benchmarks/explaining.py [--members 100000 1000000]

The company and its plan are those of `runs.py`. Of the second month's run are asked, each in a
process that has asked before: the first page of a member in the middle and of the one with the most
lines, one line of pairs with the orders that fed them, the ranks, and a statement as PDF."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import ready  # noqa: F401 - before what it looks for

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests"), str(HERE)]
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "upline-numba"))

import runs  # noqa: E402
from full_plan import full_plan  # noqa: E402 - what it compiles is kept where the line above says

SIZES = [100_000, 1_000_000]
PAGE = 51
TIMES = 5


class MostLines(NamedTuple):
    member_id: int
    lines: int


class NumberedLine(NamedTuple):
    member_id: int
    number: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="*", default=SIZES)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        _one(asked.one)
        return
    for members in asked.members:
        subprocess.run([sys.executable, __file__, "--one", str(members)], check=True)


def _one(members: int) -> None:
    """Fill a database of this size, compute and approve two months, ask about the second."""
    with runs.own_database() as postgres:
        runs.fill(members, postgres.owner_url)
        print(f"{members:,} members", flush=True)
        _ask(_second_run())


def _second_run() -> int:
    from commissions import world

    with world.noon(runs.AFTER):
        world.people("olga", "otto")
        plan = full_plan("Starter", "Business") + runs.SETTLEMENT
        world.use_plan(runs.FIRST, plan)
        first, second = world.opened()
        world.approved(first)
        world.approved(second)
    return int(second)


def _ask(run: int) -> None:
    from upline.base import sql
    from upline.papers import as_pdf
    from upline.screens import earnings
    from upline.screens.statement import statement

    most = sql.one(
        MostLines,
        """SELECT member_id, count(*) AS lines FROM commissions_line WHERE run_id = %s
           GROUP BY member_id ORDER BY 2 DESC LIMIT 1""",
        [run],
    )
    middle = sql.one(
        NumberedLine,
        """SELECT member_id, number FROM commissions_line WHERE run_id = %s AND bonus = 0
           ORDER BY number OFFSET 1000 LIMIT 1""",
        [run],
    )
    assert most is not None
    assert middle is not None
    one, leader = middle.member_id, most.member_id
    _timed("a page of a member", lambda: earnings.lines(run, one, one, 0, PAGE))
    _timed(f"a page of {most.lines:,} lines", lambda: earnings.lines(run, leader, leader, 0, PAGE))
    _timed("one line of pairs", lambda: earnings.line(run, one, one, middle.number))
    _timed("ranks", lambda: earnings.ranks_of(one))
    _timed("ranks of that leader", lambda: earnings.ranks_of(leader))
    earned = earnings.earned_in(one, run)
    _timed("a statement as PDF", lambda: as_pdf(statement(one, earned, one)))
    of_leader = earnings.earned_in(leader, run)
    _timed("that leader's", lambda: as_pdf(statement(leader, of_leader, leader)))


def _timed(what: str, work: Callable[[], object]) -> None:
    first = _seconds(work)
    rest = sorted(_seconds(work) for _ in range(TIMES))
    print(f"    {what:<28}{rest[TIMES // 2]:>8.3f} s, the first time {first:.3f} s", flush=True)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
