"""How long a member's move takes with so many members below.

    .venv/bin/python benchmarks/moving.py [--members 100000]

Once all stand in one chain, and once they are spread at random. The member moves from one side of
the root to the other and back; everybody else waits for as long to sign up."""

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import installation
from filling import Shape, fill, spine


class First(NamedTuple):
    id: int
    parent_id: int
    side: int


def spread_below_one(index: int) -> tuple[int, int]:
    """All but the root below the first member."""
    return (random.randrange(1, index) if index > 1 else 0), random.choice((1, 2))


SHAPES = {"one chain": spine, "spread": spread_below_one}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--one", choices=SHAPES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        _measure(asked.one, SHAPES[asked.one], asked.members)
        return
    for name in SHAPES:
        # A process has one installation.
        more = ["--one", name, "--members", str(asked.members)]
        subprocess.run([sys.executable, __file__, *more], check=True)


def _measure(name: str, shape: Shape, members: int) -> None:
    with installation.installation() as postgres:
        fill(postgres.owner_url, members, shape)
        for _ in range(2):
            began = time.perf_counter()
            moved = _move()
            seconds = time.perf_counter() - began
            print(f"{name}: {moved} members moved in {seconds:.1f} s", flush=True)


def _move() -> int:
    from upline.base import sql
    from upline.base.actors import Shell
    from upline.base.unit import UnitOfWork
    from upline.flows import moving
    from upline.genealogy.moving import MoveRequest

    first = sql.one(First, "SELECT id, parent_id, side FROM genealogy_position WHERE depth = 1")
    assert first is not None
    wish = MoveRequest(first.id, parent_id=first.parent_id, side=3 - first.side)
    return moving.move(UnitOfWork(Shell()), wish, "benchmark").members


if __name__ == "__main__":
    main()
