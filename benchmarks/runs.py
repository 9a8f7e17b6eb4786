"""Commission runs from PostgreSQL to PostgreSQL, on companies of growing size.

    .venv/bin/python benchmarks/runs.py [--members 10000 100000 1000000 3000000]

The plan has everything: a binary with carry and caps, seven levels with compression, three
generations of matching, ranks, a pool, service charge, tax, a purchase share. Six in ten members
order each month. Each size has a private PostgreSQL (durable, default settings) and a process of
its own; the second month is measured, which takes over the first one's carry. Given are the
seconds of each part, of the whole computation (written, indexed, archived, committed), of paying
everybody, and the most memory that the process held; then of a run that takes back what one in a
hundred refunded orders had earned; and beside it what walks.py would take for the legs alone. The
last table puts all sizes side by side. A small company comes first, for which everything is
compiled; it is not measured."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import ready  # noqa: F401 - before what it looks for

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests"), str(HERE)]
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / "upline-numba"))

import numpy as np  # noqa: E402 - what it compiles is kept where the line above says
import psycopg  # noqa: E402
import walks  # noqa: E402
from full_plan import full_plan  # noqa: E402

FIRST, AFTER, TAKEN_BACK = date(2026, 9, 1), date(2026, 11, 2), date(2026, 12, 2)
SIZES = [10_000, 100_000, 1_000_000, 3_000_000]
COMPILED_FOR = 1_000
FIRST_ID = 1_000


class Paid(NamedTuple):
    lines: int
    members: int
    status: str


SETTLEMENT = """
[settlement]
service_charge = 5
purchase_share = 10

[[settlement.taxes]]
from = 2020-01-01
percent = 5
"""
_FILL = """
INSERT INTO members_user (id, username, email, password, is_staff, is_active, is_superuser,
                          date_joined)
SELECT id, 'm' || id, '', '', false, true, false, %(then)s FROM benchmark;
INSERT INTO members_member (user_id, market_id, kind, member_since, rank_name, standing, firstname,
    lastname, gender, address_line1, address_line2, city, zip_code, email, mobile, landline,
    transaction_password, preferred_side, joined_at, terms_version, terms_agreed_at, terms_address)
SELECT id, (SELECT min(id) FROM markets_market), 'member', %(then)s, '', 'active', 'Anna', '', '',
       '', '', '', '', '', '', '', '', 1, %(then)s, '1', %(then)s, '' FROM benchmark ORDER BY id;
INSERT INTO members_standingfact (member_id, standing, since, reason, by_kind)
SELECT id, 'active', %(then)s, 'joined', 'shell' FROM benchmark ORDER BY id;
INSERT INTO members_packagefact (member_id, package_id, since, order_number, by_kind)
SELECT id, (SELECT min(id) FROM catalog_package), %(then)s, '', 'shell' FROM benchmark ORDER BY id;
INSERT INTO genealogy_sponsorfact (member_id, sponsor_id, since, by_kind)
SELECT id, nullif(sponsor, 0), %(then)s, 'shell' FROM benchmark ORDER BY id;
INSERT INTO genealogy_position (id, member_id, number, opened_at, sponsor_id, parent_id, side,
                                depth)
SELECT id, id, 1, %(then)s, nullif(sponsor, 0), nullif(parent, 0), side + 1,
       CASE parent WHEN 0 THEN 0 ELSE 1 END
FROM benchmark ORDER BY id;
INSERT INTO genealogy_placementfact (position_id, member_id, parent_id, side, since, by_kind)
SELECT id, id, nullif(parent, 0), side + 1, %(then)s, 'shell' FROM benchmark ORDER BY id;
INSERT INTO wallet_account (member_id, kind, currency, balance)
SELECT id, kind, (SELECT code FROM markets_currency), 0
FROM benchmark, unnest(ARRAY['wallet', 'deposits', 'purchase', 'owed']) AS kind
ORDER BY id;
INSERT INTO orders_order (id, number, member_id, volume_member_id, market_id, kind, status,
                          total_amount, total_quantity, total_points, address, created_at,
                          completed_at, business_date)
SELECT 2 * id + month, 'UP-' || 2 * id + month, id, id, (SELECT id FROM markets_market),
       'checkout', 'complete', points, 1, points, '{}', %(then)s, %(then)s,
       %(first)s::date + 30 * month + 5
FROM benchmark, unnest(ARRAY[0, 1]) AS month WHERE points > 0 ORDER BY month, benchmark.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE orders_orderline DISABLE TRIGGER orders_orderline_while_open;
INSERT INTO orders_orderline (order_id, name, quantity, price, commissionable_value, points, tax,
                              buyer, refunded_quantity, tax_rate, order_type, figures)
SELECT id, 'Soap', 1, total_amount, total_amount, total_points, 0, 'member', 0, 0, 'standard', '{}'
FROM orders_order
ORDER BY id;
ALTER TABLE orders_orderline ENABLE TRIGGER orders_orderline_while_open;
"""


_REFUND = """
WITH refunded AS (
    INSERT INTO orders_refund (order_id, amount, reason, at, business_date)
    SELECT orders_order.id, total_amount, 'sent back', %(at)s, %(day)s
    FROM orders_order JOIN commissions_run run
         ON run.id = %(run)s AND business_date BETWEEN first_day AND last_day
    WHERE orders_order.id %% 200 = 1 RETURNING id, order_id),
pieces AS (
    INSERT INTO orders_refundline (refund_id, line_id, quantity)
    SELECT refunded.id, line.id, line.quantity
    FROM refunded JOIN orders_orderline line ON line.order_id = refunded.order_id
    RETURNING line_id)
UPDATE orders_orderline SET refunded_quantity = quantity WHERE id IN (SELECT line_id FROM pieces)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="*", default=SIZES)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        asked.to.write_text(json.dumps(_one(asked.one)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number, members in enumerate([COMPILED_FOR, *asked.members]):
            found = Path(folder) / str(number)
            command = [sys.executable, __file__, "--one", str(members), "--to", str(found)]
            subprocess.run(command, check=True, stdout=None if number else subprocess.DEVNULL)
            if number:
                rows.append({"members": members} | json.loads(found.read_text()))
    _print_growth(rows)


def _print_growth(rows: list[dict[str, float]]) -> None:
    print()
    for name in rows[0]:
        shown = "".join(f"{row[name]:>14,.{0 if row[name] > 100 else 1}f}" for row in rows)
        print(f"{name:<46}{shown}")


def _one(members: int) -> dict[str, float]:
    """Fill a database of this size, run two months, print the second one's times."""
    with own_database() as postgres:
        orders = fill(members, postgres.owner_url)
        row = _run_twice(members, orders)
        peers = walks.measure(postgres.owner_url)
        return row | {f"{name}, s": seconds for name, seconds in peers.items()}


@contextmanager
def own_database() -> Iterator[Any]:
    """A private PostgreSQL that this process works in; gone afterwards."""
    from django.db import connections

    from support.installation import Installation
    from upline.launch.postgres import PrivatePostgres

    with tempfile.TemporaryDirectory(prefix="upline-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Installation.prepare_environment(folder)
        with PrivatePostgres(folder) as postgres:
            os.environ["DATABASE_URL"] = postgres.app_url
            os.environ["DATABASE_OWNER_URL"] = postgres.owner_url
            yield postgres
            connections.close_all()


def fill(members: int, owner_url: str) -> int:
    """The company, its members in trees that grew by themselves, their orders. How many orders
    there are in a month."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from plans import _company
    from support.company import found
    from upline.commissions.storing.copy_format import frames

    found()
    company, orders = _company(members)
    points = np.zeros(members, np.int64)
    points[orders.member] = orders.points
    ids = np.arange(FIRST_ID, FIRST_ID + members)
    above = np.append(ids, 0)
    table = {
        "id": ids, "sponsor": above[company.sponsor], "parent": above[company.placement],
        "side": company.side.astype(np.int16), "points": points,
    }  # fmt: skip
    days = {"then": datetime(2026, 8, 1, tzinfo=UTC), "first": FIRST}
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "CREATE TABLE benchmark (id bigint, sponsor bigint, parent bigint, side smallint, "
            "points bigint)"
        )
        with connection.cursor().copy("COPY benchmark FROM STDIN (FORMAT BINARY)") as copy:
            for frame in frames(table):
                copy.write(frame)
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_FILL.encode(), days)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return len(orders)


def _run_twice(members: int, orders: int) -> dict[str, float]:
    from commissions import world

    with world.noon(AFTER):
        world.people("olga", "otto")
        world.use_plan(FIRST, full_plan("Starter", "Business") + SETTLEMENT)
        first, second = world.opened()
        world.approved(first)
        times = _timed_parts()
        Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak starts anew
        whole = _seconds(lambda: world.computed(second))
        memory = _peak_memory()
        parts = dict(times)
        row = _pay(members, orders, second, whole, memory, parts)
    return row | _take_back(second)


def _pay(
    members: int, orders: int, run: int, whole: float, memory: int, parts: dict[str, float]
) -> dict[str, float]:
    """Approve and pay the run, and print all."""
    from commissions import world
    from upline.base import sql
    from upline.flows import commission_run

    commission_run.review(world.acting("olga"), run)
    approving = _seconds(lambda: commission_run.approve(world.acting("otto"), run))
    paying = _seconds(lambda: commission_run.pay(world.acting("olga"), run, world.silent))
    row = sql.one(Paid, "SELECT lines, members, status FROM commissions_run WHERE id = %s", [run])
    transfers = sql.number("SELECT count(*) FROM wallet_transfer")
    archive = sql.number(
        "SELECT sum(length(bytes))::bigint FROM commissions_archivepiece WHERE run_id = %s", [run]
    )
    assert row is not None
    assert row.status == "paid"
    print(
        f"{members:,} members, {orders:,} orders a month: {row.lines:,} lines for {row.members:,}"
    )
    for name, seconds in parts.items():
        print(f"    {name:<30}{seconds:>8.2f} s")
    print(f"  computed, written, committed    {whole:>8.2f} s, {memory:,} MB of memory, "
          f"archive {archive / 1e6:,.1f} MB")  # fmt: skip
    print(f"  approved                        {approving:>8.2f} s")
    print(f"  paid, {transfers:>12,} transfers  {paying:>8.2f} s", flush=True)
    return {
        "lines": row.lines, "computed, s": whole, "memory, MB": memory, "transfers": transfers,
        "paid, s": paying,
    }  # fmt: skip


def _take_back(run: int) -> dict[str, float]:
    """Refund one in a hundred of the run's orders; the month's end takes back what they earned."""
    from commissions import world
    from upline.base import sql

    refunded = _refund(run)
    with world.noon(TAKEN_BACK):
        (third,) = world.opened()
        seconds = _seconds(lambda: world.computed(third))
    lines = sql.number("SELECT count(*) FROM commissions_line WHERE bonus = -5")
    print(
        f"  {refunded:,} orders refunded: {lines:,} lines taken back, {seconds:>8.2f} s", flush=True
    )
    return {"lines taken back": lines, "computed with these, s": seconds}


def _refund(run: int) -> int:
    """The money's way is not measured here, so it is left out."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        facts = {"run": run, "day": AFTER, "at": datetime(2026, 11, 2, tzinfo=UTC)}
        return connection.execute(_REFUND, facts).rowcount


def _timed_parts() -> dict[str, float]:
    """From now on how long each part took, by its name."""
    from upline.commissions.computing import compute, takeover
    from upline.commissions.storing import results

    times: dict[str, float] = {}

    def watch(module: Any, function: str, name: str) -> None:
        real: Callable[..., Any] = getattr(module, function)

        def timed(*arguments: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return real(*arguments, **more)
            finally:
                times[name] = times.get(name, 0.0) + time.perf_counter() - started

        setattr(module, function, timed)

    watch(compute, "load", "load members and orders")
    watch(compute, "carried", "load what is carried")
    watch(compute, "work_out", "work out")
    watch(results, "lines_of", "put the lines in order")
    watch(results, "earnings_of", "sum the earnings")
    watch(takeover, "tables", "columns of what is carried")
    watch(results, "digest", "hashes")
    watch(results, "write_lines", "write and index the lines")
    watch(results, "write_earnings", "write the earnings")
    watch(results, "archive", "archive")
    return times


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak_memory() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main()
