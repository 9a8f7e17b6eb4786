"""The tree's functions at great depth, beside a recursive walk.

    .venv/bin/python benchmarks/tree.py [--members 100000] [--seconds 3]

All members stand in one chain, each below the one before: the worst case. Asked are whether the
last one is in the first one's team, where the chain ends, and a new place at that end, each on
one connection; then the same with a WITH RECURSIVE walk over the parents or children."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import installation
from filling import fill, spine

_WALK_UP = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM genealogy_position WHERE id = %(bottom)s
    UNION ALL
    SELECT node.id, node.parent_id
    FROM above JOIN genealogy_position node ON node.id = above.parent_id
    WHERE above.id <> %(top)s)
SELECT EXISTS (SELECT FROM above WHERE id = %(top)s)
"""
_WALK_DOWN = """
WITH RECURSIVE leg AS (
    SELECT id, 0 AS steps FROM genealogy_position WHERE id = %(top)s
    UNION ALL
    SELECT node.id, leg.steps + 1
    FROM leg JOIN genealogy_position node ON node.parent_id = leg.id AND node.side = 1)
SELECT id FROM leg ORDER BY steps DESC LIMIT 1
"""


def main() -> None:
    asked = _arguments()
    with installation.installation() as postgres:
        fill(postgres.owner_url, asked.members, spine)
        print(f"a chain of {asked.members} members, one connection, milliseconds per call")
        print(f"{'':28}{'ours':>10}{'recursive walk':>17}{'ratio':>9}")
        for name, ours, walk in _questions():
            _compare(name, ours, walk, asked.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


Question = tuple[str, Callable[[], object], Callable[[], object]]


def _questions() -> list[Question]:
    from upline.base import sql
    from upline.genealogy import actions, queries

    top = sql.number("SELECT id FROM genealogy_position WHERE parent_id IS NULL")
    bottom = sql.number("SELECT id FROM genealogy_position ORDER BY depth DESC LIMIT 1")
    walk = {"top": top, "bottom": bottom}
    return [
        (
            "is the last in the team?",
            lambda: queries.in_team(top, bottom),
            lambda: sql.value(object, _WALK_UP, walk),
        ),
        (
            "where does the leg end?",
            lambda: actions.lock_outer_end(top, 1),
            lambda: sql.number(_WALK_DOWN, walk),
        ),
        (
            "a signup's place there",
            lambda: _place(lambda: actions.lock_outer_end(top, 1), top),
            lambda: _place(lambda: sql.number(_WALK_DOWN, walk), top),
        ),
    ]


def _place(find_end: Callable[[], int], top: int) -> None:
    """Make a person and place them at the end of the leg; then undo it, so that all find the
    same tree."""
    from django.db import transaction

    from upline.base import clock
    from upline.base.actors import Shell, acting_as
    from upline.base.unit import UnitOfWork
    from upline.genealogy import actions
    from upline.markets import current as markets
    from upline.members import actions as members

    new = members.NewMember(
        username="newcomer",
        password="",
        email="",
        firstname="",
        lastname="",
        date_of_birth=clock.now().date(),
        mobile="",
        terms_version="",
        market_id=markets.home().id,
    )
    unit = UnitOfWork(Shell())
    with transaction.atomic(), acting_as(unit.actor):
        member_id = members.join(unit, new, None)
        actions.place(member_id, top, find_end(), 1)
        transaction.set_rollback(True)


def _compare(
    name: str, ours: Callable[[], object], walk: Callable[[], object], seconds: float
) -> None:
    """Both in turns, for as many seconds each; they must answer alike."""
    assert ours() == walk()
    mine: list[float] = []
    others: list[float] = []
    while sum(mine) + sum(others) < 2 * seconds:
        behind, ask = (mine, ours) if sum(mine) <= sum(others) else (others, walk)
        began = time.perf_counter()
        ask()
        behind.append(time.perf_counter() - began)
    fast, slow = median(mine) * 1000, median(others) * 1000
    print(f"{name:28}{fast:10.3f}{slow:17.1f}{slow / fast:8.0f}x", flush=True)


if __name__ == "__main__":
    main()
