"""`./upline plan try` on files of a million members and as many orders, beside a plain program.

    .venv/bin/python benchmarks/trying.py [--members 1000000] [--format json|csv|table] [--seed 1]

The plan has everything: a binary with carry, 7 levels with compression, 3 matching generations,
ranks, a pool. Beside it: csv.DictReader and a walk up a dict, which works out the 7 levels alone,
writes no sentences, and puts floats where we put integers. Each is a process of its own; the
kernels are compiled before."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import ready  # noqa: F401 - before what it looks for

# isort: split

import numpy as np
import pyarrow as pa
import pyarrow.csv
from full_plan import full_plan

SOURCE = Path(__file__).resolve().parents[1] / "src"
FIRST_DAY = date(2026, 1, 1)
DAYS_OF_ALL_JOININGS = 2000
WARM_UP_MEMBERS = 1000


def main() -> None:
    asked = _arguments()
    if asked.part:
        {"parts": _parts, "plain": _plain}[asked.part](asked.folder, asked.format)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder / "compiled"))
        _make_files(folder, WARM_UP_MEMBERS, asked.seed)
        _measured("compiling, once", _command(folder, asked.format))
        _make_files(folder, asked.members, asked.seed)
        print(f"{asked.members:,} members and as many orders: {_size(folder):,} MB of CSV")
        print(f"{'':44}{'seconds':>10}{'CPU s':>10}{'MB':>10}")
        what = f"plan try --format {asked.format}, files in and out"
        _measured(what, _command(folder, asked.format))
        _measured("the same, part by part", _again("parts", folder, asked.format))
        _measured("csv.DictReader and dicts, 7 levels only", _again("plain", folder, asked.format))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--format", choices=["table", "json", "csv"], default="json")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _make_files(folder: Path, count: int, seed: int) -> None:
    """A company that grew at random, in an order that is no help, and orders of one month."""
    random = np.random.default_rng(seed)
    ids = np.array([f"M{number:08}" for number in range(count)])
    sponsor = (random.random(count) * np.arange(count)).astype(np.int64)
    placement, side = _binary_places(count)
    joined = FIRST_DAY - timedelta(days=DAYS_OF_ALL_JOININGS)
    days = (np.arange(count) * DAYS_OF_ALL_JOININGS // count).astype("timedelta64[D]")
    members = {
        "id": ids,
        "sponsor": np.where(np.arange(count) > 0, ids[sponsor], ""),
        "placement": np.where(np.arange(count) > 0, ids[placement], ""),
        "position": np.where(np.arange(count) > 0, np.array(["L", "R"])[side], ""),
        "joined": (np.datetime64(joined) + days).astype(str),
    }
    value = random.integers(20, 300, count)
    orders = {
        "id": [f"O{number:08}" for number in range(count)],
        "member": ids[random.integers(0, count, count)],
        "date": (np.datetime64(FIRST_DAY) + random.integers(0, 31, count)).astype(str),
        "amount": np.char.mod("%d.50", value),
        "pv": value,
        "customer": np.array(["retail", "preferred", "member"])[random.integers(0, 3, count)],
    }
    for name, columns in (("members", members), ("orders", orders)):
        table = pa.table({key: pa.array(column) for key, column in columns.items()})
        pyarrow.csv.write_csv(table.take(random.permutation(count)), folder / f"{name}.csv")
    (folder / "plan.toml").write_text(full_plan())


def _binary_places(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Who comes next takes the next open place, level by level."""
    numbers = np.arange(count)
    return np.maximum(numbers - 1, 0) // 2, (numbers + 1) % 2


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.csv")) // 1_000_000


def _command(folder: Path, form: str) -> list[str]:
    files = ["--members", folder / "members.csv", "--orders", folder / "orders.csv"]
    output = ["--format", form, "--output", folder / "output"]
    words = [sys.executable, "-m", "upline.shell.plan_commands", "try", folder / "plan.toml"]
    return [str(word) for word in [*words, *files, *output]]


def _again(part: str, folder: Path, form: str) -> list[str]:
    return [sys.executable, __file__, "--part", part, "--folder", str(folder), "--format", form]


def _measured(what: str, command: list[str]) -> None:
    """Run a program and print its seconds and its largest memory."""
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{what}: did not end well")
    seconds, cpu = time.perf_counter() - started, used.ru_utime + used.ru_stime
    print(f"{what:44}{seconds:10.1f}{cpu:10.1f}{used.ru_maxrss / 1024:10,.0f}", flush=True)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started, cpu_before = time.perf_counter(), time.process_time()
    yield
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_before
    print(f"    {what:40}{seconds:10.1f}{cpu:10.1f}", flush=True)


def _parts(folder: Path, form: str) -> None:
    """What the command does, one part after the other."""
    with _timed("start: importing"):
        from upline.explanations.facts import RunFacts
        from upline.explanations.names import names_for
        from upline.plan_documents import read
        from upline.plans.carry import nothing_carried
        from upline.plans.periods import Every, period_of
        from upline.plans.run import run
        from upline.trials.command import ONE_FILE
        from upline.trials.files.members_file import read_members
        from upline.trials.files.orders_file import read_orders
        from upline.trials.output.outcome import nothing_yet
    plan = read(folder / "plan.toml")
    with _timed("members.csv to arrays, in order"):
        people = read_members(folder / "members.csv", plan)
    with _timed("orders.csv to arrays, in order"):
        bought = read_orders(folder / "orders.csv", plan, people)
    period = period_of(int(bought.orders.day[0]), Every.MONTH)
    with _timed("the run"):
        result = run(plan, people.members, bought.orders, period)
    kind, escape = ONE_FILE[form]
    with _timed("sentences and writing"), (folder / "output").open("wb") as file:
        names = names_for(people.names, bought.names, escape)
        writer = kind(file, names)
        writer.lines(RunFacts(plan, people.members, bought.orders, result, names))
        outcome = nothing_yet(plan, nothing_carried(len(people.members)))
        outcome.add(result)
        writer.end(outcome)
    size = (folder / "output").stat().st_size // 1_000_000
    print(f"    ({result.number_of_lines():,} lines, {size:,} MB)", flush=True)


def _plain(folder: Path, _form: str) -> None:
    """The 7 levels as they are often written: dicts, a loop, floats. No other bonus."""
    import csv

    with (folder / "members.csv").open() as file:
        sponsor = {row["id"]: row["sponsor"] for row in csv.DictReader(file)}
    with (folder / "orders.csv").open() as file:
        orders = list(csv.DictReader(file))
    points: dict[str, float] = {}
    for order in orders:
        points[order["member"]] = points.get(order["member"], 0) + float(order["pv"])
    active = {member for member, own in points.items() if own >= 40}
    with (folder / "plain.csv").open("w") as file:
        writer = csv.writer(file)
        for order in orders:
            above, level = sponsor[order["member"]], 0
            while above and level < 7:
                if above in active:
                    amount = float(order["amount"]) * (5, 4, 3, 2, 1, 1, 1)[level] / 100
                    writer.writerow([above, amount, order["id"], level + 1])
                    level += 1
                above = sponsor[above]


if __name__ == "__main__":
    main()
