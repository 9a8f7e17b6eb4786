"""What others do instead of one pass over all members: a recursive query for each member, and an
UPDATE of each ancestor for each order. Both run for some seconds on the table `benchmark` that
runs.py fills; given is how long all members or orders would take at that pace."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg

SECONDS = 15.0
_PREPARE = """
ALTER TABLE benchmark ADD PRIMARY KEY (id);
CREATE INDEX ON benchmark (parent);
CREATE TABLE benchmark_volume (id bigint PRIMARY KEY, left_points bigint NOT NULL DEFAULT 0,
                               right_points bigint NOT NULL DEFAULT 0);
INSERT INTO benchmark_volume (id) SELECT id FROM benchmark;
ANALYZE benchmark, benchmark_volume;
"""
_LEGS_OF_ONE = """
WITH RECURSIVE team AS (
    SELECT id, side, points FROM benchmark WHERE parent = %s
    UNION ALL
    SELECT below.id, team.side, below.points FROM benchmark below JOIN team ON parent = team.id)
SELECT sum(points) FILTER (WHERE side = 0), sum(points) FILTER (WHERE side = 1) FROM team
"""
_ADD_TO_ALL_ABOVE = """
WITH RECURSIVE above AS (
    SELECT parent AS id, side FROM benchmark WHERE id = %(seller)s
    UNION ALL
    SELECT parent, one.side FROM benchmark one JOIN above ON one.id = above.id)
UPDATE benchmark_volume volume
SET left_points = left_points + CASE side WHEN 0 THEN %(points)s ELSE 0 END,
    right_points = right_points + CASE side WHEN 1 THEN %(points)s ELSE 0 END
FROM above WHERE volume.id = above.id
"""


def measure(address: str) -> dict[str, float]:
    """Seconds that all members, and all orders, would take, by what was done for each."""
    with psycopg.connect(address) as connection:
        connection.execute(_PREPARE)
        connection.commit()
        members = connection.execute("SELECT id FROM benchmark ORDER BY random()").fetchall()
        sellers = connection.execute(
            "SELECT id, points FROM benchmark WHERE points > 0 ORDER BY random()"
        ).fetchall()

        def query(member: Any) -> None:
            connection.execute(_LEGS_OF_ONE, member).fetchone()

        def update(seller: Any) -> None:
            facts = {"seller": seller[0], "points": seller[1]}
            connection.execute(_ADD_TO_ALL_ABOVE, facts)
            connection.commit()

        return {
            "a recursive query for each member": _all_of(members, query),
            "an UPDATE of each ancestor for each order": _all_of(sellers, update),
        }


def _all_of(items: list[Any], work: Callable[[Any], None]) -> float:
    """How long it takes for all, from those that can be done in a while."""
    started, done = time.perf_counter(), 0
    for item in items:
        work(item)
        done += 1
        if time.perf_counter() - started > SECONDS:
            break
    return (time.perf_counter() - started) / done * len(items)
