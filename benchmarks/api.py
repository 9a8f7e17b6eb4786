"""The API beside pgbench: requests per second of four calls at some connections, with many
members, and how many times a second PostgreSQL alone does the same statements.

    .venv/bin/python benchmarks/api.py [--members 100000] [--seconds 10] [--connections 16]

Both sides run in turns on one durable database, so the ratio tells what the web server and
Python cost on this machine. Payment and signup are measured twice: as they are, and with
password hashing taken out (`no_hashing.py`), because the hashes alone would hide the rest."""

import argparse
import sys
import time
from pathlib import Path
from typing import NamedTuple

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import installation
import pgbench
from calls import Call, all_calls
from filling import Filled, fill
from load import Measured, drive
from recording import record

ROUNDS = 4
_HEAD = ("call", "requests/s", "p50 ms", "p99 ms", "server ms", "client ms", "pgbench/s", "ratio")


class Facts(NamedTuple):
    """What differs between two callers."""

    member_id: int
    username: str
    token: str
    address: str
    at_address: str


def main() -> None:
    asked = _arguments()
    with installation.installation() as postgres:
        began = time.monotonic()
        filled = fill(postgres.owner_url, asked.members)
        print(f"{asked.members} members in {time.monotonic() - began:.0f} s")
        calls = [call for call in all_calls() if call.name in asked.only]
        _print_row(*_HEAD)
        with (
            installation.web_server() as shipped,
            installation.web_server("no_hashing:application") as not_hashing,
        ):
            for call in calls:
                if not (call.hashes and asked.without_hashing):
                    _compare(asked, postgres.app_url, shipped, call, filled)
                if call.hashes:
                    _compare(asked, postgres.app_url, not_hashing, call, filled, ", no hashing")
        _verify()


def _arguments() -> argparse.Namespace:
    names = ["profile", "cart add", "wallet payment", "signup"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--only", nargs="+", default=names, choices=names)
    parser.add_argument(
        "--without-hashing", action="store_true", help="skip the runs that hash passwords"
    )
    return parser.parse_args()


def _compare(
    asked: argparse.Namespace,
    url: str,
    server: installation.Server,
    call: Call,
    filled: Filled,
    remark: str = "",
) -> None:
    """Measure a call and its statements in turns; print the row."""
    script = _script(call, filled)
    stretch = asked.seconds / ROUNDS
    served, tps = Measured(), 0.0
    for _ in range(ROUNDS):
        served.add(drive(server.port, call, filled, asked.connections, stretch, server.cpu_seconds))
        tps += (
            pgbench.measure(url, script, asked.connections, stretch, filled.members, call.visit)
            / ROUNDS
        )
    _print(call.name + remark, served, tps)


def _script(call: Call, filled: Filled) -> pgbench.Script:
    from upline.base import sql

    facts = []
    for number in (17, 23):
        row = sql.one(
            Facts,
            """SELECT member_id, username, token, address, '@' || address AS at_address
               FROM benchmark_member WHERE number = %s""",
            [number],
        )
        assert row is not None
        facts.append(row._asdict())
    record(call, filled, 17)
    recordings = record(call, filled, 17), record(call, filled, 23)
    return pgbench.Script(recordings, (facts[0], facts[1]))


def _print(name: str, served: Measured, tps: float) -> None:
    requests = len(served.latencies)
    _print_row(
        name,
        f"{served.per_second:.0f}",
        f"{served.percentile(0.5):.1f}",
        f"{served.percentile(0.99):.1f}",
        f"{served.server_cpu / requests * 1000:.2f}",
        f"{served.client_cpu / requests * 1000:.2f}",
        f"{tps:.0f}",
        f"{served.per_second / tps:.1%}",
    )
    if served.refused:
        print(f"  {served.refused} refused, the first: {served.first_refusal!r}")


def _print_row(name: str, *figures: str) -> None:
    print(f"{name:27}" + "".join(f"{figure:>11}" for figure in figures), flush=True)


def _verify() -> None:
    """The books and the tree must still be whole after all that."""
    from upline.books import invariants

    broken = invariants.check()
    print(f"broken: {broken}" if broken else "./upline verify: all promises hold")


if __name__ == "__main__":
    main()
