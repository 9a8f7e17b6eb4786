"""Requests that meet: they leave at the same moment, and at a gate they wait for each other."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

import httpx
import psycopg

from support.installation import wait_for

T = TypeVar("T")

# Below the ten seconds after which whoever waits for a lock is sent away.
_MOST_SECONDS = 9
# Those who wait for this connection, and those who wait for them.
_WAITING = """
WITH RECURSIVE blocked AS (
    SELECT DISTINCT pid, pg_blocking_pids(pid) AS by FROM pg_locks WHERE NOT granted),
behind (pid) AS (
    SELECT pg_backend_pid()
    UNION SELECT blocked.pid FROM blocked JOIN behind ON behind.pid = ANY (by))
SELECT count(*) - 1 FROM behind
"""


@dataclass(frozen=True)
class Gate:
    """Tables in which nobody writes or holds a row until `number` want to. They have read what
    they decide by: whoever holds nothing meanwhile has read the same as all the others.

    `database` is its address for the owner of the tables, of the tests' own company unless given;
    `elsewhere` tells how many of them wait for another reason than the database."""

    number: int
    tables: str
    database: str = ""
    elsewhere: Callable[[], int] = lambda: 0

    @contextmanager
    def shut(self) -> Iterator[None]:
        """What begins inside goes through at the end. Fails where fewer than `number` came."""
        with psycopg.connect(self.database or os.environ["DATABASE_OWNER_URL"]) as owner:
            owner.execute(f"LOCK TABLE {self.tables} IN EXCLUSIVE MODE")

            def waiting() -> int:
                row = owner.execute(_WAITING).fetchone()
                assert row is not None
                return int(row[0]) + self.elsewhere()

            yield
            wait_for(lambda: waiting() >= self.number, _MOST_SECONDS)


def at_once(calls: Sequence[Callable[[], T]], gate: Gate | None = None) -> list[T]:
    """Run all of them in threads of their own, let go together; what each gave, in order."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        with gate.shut() if gate else nullcontext():
            running = [threads.submit(run, call) for call in calls]
        return [each.result() for each in running]


def times(number: int, call: Callable[[], T], gate: Gate | None = None) -> list[T]:
    """The same call so many times at once."""
    return at_once([call] * number, gate)


def outcomes(answers: Iterable[httpx.Response]) -> Counter[str]:
    """How often each answer came: a success by its status, a refusal by its code."""
    return Counter(
        answer.json()["error"]["code"] if answer.status_code >= 400 else str(answer.status_code)
        for answer in answers
    )
