"""A full plan on companies of growing size, beside what one would write otherwise.

    .venv/bin/python benchmarks/plans.py [--members 100000 1000000 10000000] [--rounds 5]

The plan: a binary with carry and caps, seven levels with compression, three generations of
matching, five ranks, a pool. Six in ten members have one order and are active. Each size runs in a
process of its own, once to have a carry, then `--rounds` times with it; given are the median, the
lines, and the most memory that such a run held, its input included. Beside it: the two legs'
volumes of every member, and nothing else, by a walk up in Python from each order, by networkx, and
by a recursive query in PostgreSQL (its loading included), on as many members as they manage."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "upline-numba"))

import networkx
import numpy as np
import psycopg

from upline.launch.postgres import PrivatePostgres
from upline.plans.bonus import Cap, Compression, Items, Levels, Needs, Pairs, Pool, Rates, Share
from upline.plans.company import Members, Orders
from upline.plans.kernels.sums import sum_legs
from upline.plans.periods import Every, period_of
from upline.plans.plan import Have, Plan, Rank, Ranks
from upline.plans.run import run
from upline.simulation.growth import grow
from upline.simulation.shape import CompanyShape

DAY = 20_000
SPILLED = CompanyShape(
    members=0, months=1, first_day=0, growth=0.0, copying=0.5, churn=0.0, activity=1.0,
    builder_activity=1.0, first_orders=1.0, spill_over=1.0, outer_end=0.75, power_leg=0.5,
    package_shares=(1.0,), spending=(100,), spread=1.0, points_rate=10**6, point_value=100,
    customers=0.0, customers_each=0.0, preferred=0.0, width=2,
)  # fmt: skip

FULL = Plan(
    "full",
    (
        Pairs(
            "binary",
            unit=20_000,
            rates=Rates(((1_000,),), flat=True),
            caps=(Cap(Every.MONTH, (500_000,)),),
            needs=Needs(directs_each_side=1),
        ),
        Levels(
            "levels",
            rates=Rates(((100_000, 50_000, 30_000, 20_000, 20_000, 10_000, 10_000),)),
            compression=Compression.STANDARD,
        ),
        Levels(
            "matching",
            items=Items.EARNINGS,
            of=("binary",),
            rates=Rates(((100_000, 50_000, 50_000),)),
            compression=Compression.STANDARD,
        ),
        Pool("pool", rate=20_000, needs=Needs(rank=3), share=Share.GROUP_POINTS),
    ),
    ranks=Ranks(
        tuple(
            Rank(
                f"rank {step}",
                personal_points=5_000,
                group_points=5_000 * 4**step,
                directs=(Have(step, 0),),
                legs=(Have(2, step - 1),) if step > 1 else (),
            )
            for step in range(1, 6)
        )
    ),
)


def main() -> None:
    asked = _arguments()
    if asked.one:
        _one(asked.one, asked.chain, asked.rounds)
        return
    print("a full plan, one period, with carry")
    print(f"{'members':>12}{'orders':>12}{'lines':>12}{'seconds':>10}{'memory MB':>11}")
    for members in asked.members:
        _in_a_process(members, asked.rounds)
    _in_a_process(1_000_000, asked.rounds, "--chain")
    _beside()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
    parser.add_argument("--members", type=int, nargs="*", default=sizes)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--chain", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(members: int, rounds: int, *more: str) -> None:
    command = [sys.executable, __file__, "--one", str(members), "--rounds", str(rounds), *more]
    subprocess.run(command, check=True)


def _one(members: int, chain: bool, rounds: int) -> None:
    """Run one size and print its row."""
    company, orders = _company(members, chain=chain)
    period = period_of(DAY, Every.MONTH)
    carry, times = run(FULL, company, orders, period).carry, []
    Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak starts anew
    for _ in range(rounds):
        result = None
        started = time.perf_counter()
        result = run(FULL, company, orders, period, carry)
        times.append(time.perf_counter() - started)
    assert result is not None
    name = f"{members:,}" + (" chain" if chain else "")
    print(
        f"{name:>12}{len(orders):>12,}{result.number_of_lines():>12,}"
        f"{median(times):>10.2f}{_peak_memory():>11,}",
        flush=True,
    )


def _peak_memory() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


def _company(count: int, *, chain: bool = False) -> tuple[Members, Orders]:
    """Sponsors by a power law, three in four placed at the outer end of a leg; or one chain."""
    random = np.random.default_rng(1)
    if chain:
        above = np.arange(-1, count - 1, dtype=np.int32)
        sponsor, placement, side = above, above, np.zeros(count, np.int8)
    else:
        grown = grow(replace(SPILLED, members=count), random).members
        sponsor, placement, side = grown.sponsor, grown.placement, grown.side
    active = random.random(count, np.float32) < 0.6
    members = Members(
        sponsor=sponsor,
        placement=placement,
        side=side,
        joined=np.zeros(count, np.int32),
        package=np.zeros(count, np.int8),
        active=active,
    )
    member = np.flatnonzero(active).astype(np.int32)
    points = random.integers(1_000, 20_000, len(member))
    orders = Orders(
        member=member,
        day=np.full(len(member), DAY, np.int32),
        value=points,
        points=points,
        customer=np.full(len(member), 2, np.int8),
        first=np.ones(len(member), np.bool_),
    )
    return members, orders


def _beside() -> None:
    """What the others need for the legs alone, and how often a full plan of ours fits into it."""
    print("\nthe legs' volumes alone, seconds; in brackets how often our full plan fits into it")
    print(f"{'members':>12}{'full plan':>11}{'ours, legs':>12}{'':>3}others")
    with tempfile.TemporaryDirectory(prefix="upline-benchmark-") as folder:
        Path(folder).chmod(0o755)
        with PrivatePostgres(Path(folder), durable=False) as postgres:
            for count in (1_000, 10_000, 100_000):
                _beside_one(count, postgres.owner_url)


def _beside_one(count: int, database_url: str) -> None:
    members, orders = _company(count)
    period = period_of(DAY, Every.MONTH)
    carry = run(FULL, members, orders, period).carry
    full = _timed(lambda: run(FULL, members, orders, period, carry), 9)
    ours = _timed(lambda: _legs(members, orders), 9)
    expected = _legs(members, orders)
    cells = []
    for name, most, others in (
        ("walk", 100_000, lambda: _walk(members, orders)),
        ("networkx", 10_000, lambda: _networkx(members, orders)),
        ("query", 10_000, lambda: _query(members, orders, database_url)),
    ):
        if count <= most:
            answer: list[Both] = []
            took = _timed(partial(_keep, answer, others), 1)
            assert all(map(np.array_equal, answer[0], expected)), name
            cells.append(f"{name} {took:.3f} ({took / full:,.0f} x)")
    print(f"{count:>12,}{full:>11.4f}{ours:>12.5f}   {', '.join(cells)}", flush=True)


Both = tuple[np.ndarray, np.ndarray]


def _keep(answers: list[Both], ask: Callable[[], Both]) -> None:
    answers.append(ask())


def _timed(call: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return median(times)


def _own(members: Members, orders: Orders) -> np.ndarray:
    return np.bincount(orders.member, orders.points, len(members)).astype(np.int64)


def _legs(members: Members, orders: Orders) -> Both:
    left, right = np.zeros((2, len(members)), np.int64)
    sum_legs(members.placement, members.side, _own(members, orders), left, right)
    return left, right


def _walk(members: Members, orders: Orders) -> Both:
    """From each order up to the root, in dictionaries."""
    parent = dict(enumerate(members.placement.tolist()))
    side = dict(enumerate(members.side.tolist()))
    legs: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for member, points in zip(orders.member.tolist(), orders.points.tolist(), strict=True):
        at = member
        while (above := parent[at]) >= 0:
            leg = legs[side[at]]
            leg[above] = leg.get(above, 0) + points
            at = above
    return _as_arrays(legs, len(members))


def _as_arrays(legs: tuple[dict[int, int], dict[int, int]], count: int) -> Both:
    left, right = (np.array([leg.get(i, 0) for i in range(count)], np.int64) for leg in legs)
    return left, right


def _networkx(members: Members, orders: Orders) -> Both:
    """The descendants of each child of each member."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(len(members)))
    parent, side = members.placement.tolist(), members.side.tolist()
    graph.add_edges_from((above, i) for i, above in enumerate(parent) if above >= 0)
    own = _own(members, orders).tolist()
    legs: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for i, above in enumerate(parent):
        if above >= 0:
            team = own[i] + sum(own[j] for j in networkx.descendants(graph, i))
            legs[side[i]][above] = team
    return _as_arrays(legs, len(members))


RECURSIVE = """
WITH RECURSIVE up AS (
    SELECT node.parent, node.side, own.points FROM node JOIN own USING (id)
    UNION ALL
    SELECT node.parent, node.side, up.points FROM up JOIN node ON node.id = up.parent)
SELECT parent, side, sum(points)::bigint FROM up WHERE parent >= 0 GROUP BY parent, side
"""


def _query(members: Members, orders: Orders, database_url: str) -> Both:
    """One recursive query from every order to all above."""
    legs: tuple[dict[int, int], dict[int, int]] = ({}, {})
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TEMP TABLE node (id int PRIMARY KEY, parent int, side int)")
        connection.execute("CREATE TEMP TABLE own (id int, points bigint)")
        rows = enumerate(zip(members.placement.tolist(), members.side.tolist(), strict=True))
        with connection.cursor().copy("COPY node FROM STDIN") as copy:
            for i, (parent, side) in rows:
                copy.write_row((i, parent, side))
        with connection.cursor().copy("COPY own FROM STDIN") as copy:
            for row in zip(orders.member.tolist(), orders.points.tolist(), strict=True):
                copy.write_row(row)
        connection.execute("ANALYZE node, own")
        for parent, side, points in connection.execute(RECURSIVE):
            legs[side][parent] = points
    return _as_arrays(legs, len(members))


if __name__ == "__main__":
    main()
