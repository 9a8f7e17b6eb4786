"""Counted attempts: guesses at secrets, and the few calls with a limit of their own.

An attempt is counted before the secret is looked at, in a commit of its own, and given back
when the secret was right, or was never looked at. So parallel guesses never get more looks than
the limit. While only attempts in flight fill the limit, the next one waits for them instead of
being refused.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from upline.base import clock, sql
from upline.base.errors import Refusal, TooManyRequests

_WAIT_SECONDS_MAX = 10
_POLL_SECONDS = 0.05
# A process that died in the middle leaves its attempt in flight. It was never judged, so from
# then on it does not count.
_FLIGHT_SECONDS_MAX = 60


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts of one `kind` on one `subject` within `seconds`."""

    kind: str
    subject: str
    most: int
    seconds: int


def count(limits: list[Limit], *, stays: bool = False) -> list[int]:
    """Count one attempt against each limit. Returns the attempts' ids. With `stays` the call
    itself is what is counted: no right secret gives it back.

    Raises TooManyRequests with the seconds until all of them have room again."""
    deadline = time.monotonic() + _WAIT_SECONDS_MAX
    while True:
        taken, wait = _try(limits, stays)
        if taken:
            return taken
        if wait or time.monotonic() > deadline:
            raise TooManyRequests(retry_after=max(1, wait))
        time.sleep(_POLL_SECONDS)


class _Counted(NamedTuple):
    """The attempts' ids, or the seconds to wait."""

    taken: list[int] | None
    wait: int | None


def _try(limits: list[Limit], stays: bool) -> tuple[list[int], int]:
    """Ids where every limit has room; else the seconds to wait, 0 while some are in flight.

    One statement is one transaction here, so nobody waits for a lock longer than it lasts."""
    row = sql.one(
        _Counted,
        """SELECT taken, wait FROM base_count_attempt(
               %s::text[], %s::text[], %s::integer[], %s::interval[], %s, %s, %s)""",
        [
            [limit.kind for limit in limits],
            [limit.subject for limit in limits],
            [limit.most for limit in limits],
            [timedelta(seconds=limit.seconds) for limit in limits],
            clock.now(),
            timedelta(seconds=_FLIGHT_SECONDS_MAX),
            stays,
        ],
    )
    assert row is not None
    return row.taken or [], row.wait or 0


def give_back(taken: list[int]) -> None:
    """The secret was right, or nobody looked at it: these attempts do not count."""
    sql.run("SELECT base_give_back_attempts(%s)", [taken])


def keep(taken: list[int]) -> None:
    """The secret was wrong: these attempts count."""
    sql.run("UPDATE base_attempt SET in_flight = false WHERE id = ANY(%s)", [taken])


def guarded(limits: list[Limit], right: Callable[[], bool], wrong: Refusal) -> None:
    """Look at a secret under its limits: `right` says whether it is; if not, raise `wrong`.

    Runs outside any transaction. Raises TooManyRequests without a look where a limit is full."""
    if not limits:
        if not right():
            raise wrong
        return
    taken = count(limits)
    try:
        is_right = right()
    except BaseException:
        give_back(taken)
        raise
    if not is_right:
        keep(taken)
        raise wrong
    give_back(taken)


def clear(kinds: Collection[str], name: str) -> None:
    """Forget the wrong guesses of these kinds whose subject is `name`, or begins with it and a
    blank."""
    sql.run(
        """DELETE FROM base_attempt WHERE kind = ANY(%s) AND NOT in_flight
           AND (subject = %s OR starts_with(subject, %s))""",
        [list(kinds), name, f"{name} "],
    )
