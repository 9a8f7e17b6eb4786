"""Counted attempts: guesses at secrets, and the few calls with a limit of their own.

An attempt is counted before the secret is looked at, in a commit of its own, and given back
when the secret was right. So parallel guesses never get more looks than the limit. While only
attempts in flight fill the limit, the next one waits for them instead of being refused.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from upline.base import clock, sql
from upline.base.errors import Refusal, TooManyRequests

_WAIT_SECONDS_MAX = 10
_POLL_SECONDS = 0.05
# A process that died in the middle leaves its attempt in flight; then it counts as wrong.
_FLIGHT_SECONDS_MAX = 60


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts of one `kind` on one `subject` within `seconds`."""

    kind: str
    subject: str
    most: int
    seconds: int


def count(limits: list[Limit]) -> list[int]:
    """Count one attempt against each limit. Returns the attempts' ids.

    Raises TooManyRequests with the seconds until the oldest one falls out of the window."""
    deadline = time.monotonic() + _WAIT_SECONDS_MAX
    while True:
        taken, wait = _try(limits)
        if taken:
            return taken
        if wait or time.monotonic() > deadline:
            raise TooManyRequests(retry_after=max(1, wait))
        time.sleep(_POLL_SECONDS)


def _try(limits: list[Limit]) -> tuple[list[int], int]:
    """Ids where every limit has room; else the seconds to wait, 0 while some are in flight."""
    with transaction.atomic():
        for limit in sorted(limits, key=lambda each: (each.kind, each.subject)):
            wait = _seconds_to_wait(limit)
            if wait is not None:
                return [], wait
        return [_insert(limit) for limit in limits], 0


def _seconds_to_wait(limit: Limit) -> int | None:
    """None where there is room. Holds the subject's lock until the transaction ends."""
    sql.one(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{limit.kind}:{limit.subject}"]
    )
    now = clock.now()
    row = sql.one(
        """SELECT count(*) AS all_of_them,
                  count(*) FILTER (WHERE NOT in_flight OR at < %s) AS wrong,
                  min(at) FILTER (WHERE NOT in_flight OR at < %s) AS oldest
           FROM base_attempt WHERE kind = %s AND subject = %s AND at > %s""",
        [
            *[now - timedelta(seconds=_FLIGHT_SECONDS_MAX)] * 2,
            limit.kind,
            limit.subject,
            now - timedelta(seconds=limit.seconds),
        ],
    )
    assert row is not None
    if row.all_of_them < limit.most:
        return None
    if row.wrong < limit.most:
        return 0
    return int((row.oldest + timedelta(seconds=limit.seconds) - now).total_seconds()) + 1


def _insert(limit: Limit) -> int:
    return int(
        sql.value(
            """INSERT INTO base_attempt (kind, subject, at, in_flight)
               VALUES (%s, %s, %s, true) RETURNING id""",
            [limit.kind, limit.subject, clock.now()],
        )
    )


def give_back(taken: list[int]) -> None:
    """The secret was right: these attempts do not count."""
    sql.run("DELETE FROM base_attempt WHERE id = ANY(%s)", [taken])


def keep(taken: list[int]) -> None:
    """The secret was wrong, or the call itself is what is counted: these attempts count."""
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
        keep(taken)
        raise
    if not is_right:
        keep(taken)
        raise wrong
    give_back(taken)


def forget_old(seconds: int) -> None:
    """Drop attempts that no limit looks at any more."""
    sql.run("DELETE FROM base_attempt WHERE at < %s", [clock.now() - timedelta(seconds=seconds)])
