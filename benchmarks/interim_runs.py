"""Interim runs on companies of growing size: what members earn so far, worked out and shown.

    .venv/bin/python benchmarks/interim_runs.py [--members 100000 1000000]

The companies and the plan are those of runs.py; the first month is paid, the second one is running
and all its orders are in. Given are the seconds of an interim run, of one that replaces it after
one more order, of a look that finds nothing changed, and of what one member is shown; the most
memory that the process held; how many rows are shown of all, and how much they take."""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import date
from pathlib import Path

import ready  # noqa: F401 - before what it looks for

# isort: split

from runs import FIRST, FIRST_ID, SETTLEMENT, _peak_memory, _seconds, fill, own_database

SIZES = [10_000, 100_000, 1_000_000]
OPENED, NOW = date(2026, 10, 2), date(2026, 10, 28)
ASKED = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="*", default=SIZES)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        _one(asked.one)
        return
    for members in asked.members:
        command = [sys.executable, __file__, "--one", str(members)]
        subprocess.run(command, check=True)


def _one(members: int) -> None:
    with own_database() as postgres:
        _measure(members, fill(members, postgres.owner_url))


def _measure(members: int, orders: int) -> None:
    from full_plan import full_plan

    from commissions import world
    from upline.flows import commission_run

    with world.noon(OPENED):
        world.people("olga", "otto")
        world.use_plan(FIRST, full_plan("Starter", "Business") + SETTLEMENT)
        (first,) = world.opened()
        world.approved(first)
    with world.noon(NOW):
        Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak starts anew
        new = _seconds(lambda: commission_run.interim(world.silent))
        memory = _peak_memory()
        same = _seconds(lambda: commission_run.interim(world.silent, only_if_changed=True))
        world.sell(f"m{FIRST_ID + members // 2}", NOW, 5_000, 5_000)
        again = _seconds(lambda: commission_run.interim(world.silent, only_if_changed=True))
        _print(members, orders, new, again, same, memory, _asking(members))


def _asking(members: int) -> float:
    """Seconds that one member's question takes, of a thousand members."""
    from upline.screens import earnings_so_far

    ids = range(FIRST_ID, FIRST_ID + members, max(members // ASKED, 1))
    return _seconds(lambda: [earnings_so_far.so_far(each) for each in ids]) / len(ids)


def _print(
    members: int, orders: int, new: float, again: float, same: float, memory: int, asking: float
) -> None:
    from upline.base import sql

    rows = sql.number("SELECT count(*) FROM commissions_interimearning")
    size = sql.number("SELECT pg_total_relation_size('commissions_interimearning')")
    print(f"{members:,} members, {orders:,} orders so far: {rows:,} rows, {size / 1e6:,.0f} MB")
    print(f"  worked out and written          {new:>8.2f} s, {memory:,} MB of memory")
    print(f"  again, in the place of it       {again:>8.2f} s")
    print(f"  looked and found unchanged      {same:>8.2f} s")
    print(f"  one member's question           {asking * 1000:>8.2f} ms", flush=True)


if __name__ == "__main__":
    main()
