"""The only source of time. Rules never ask the database or the operating system."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from upline.base import sql
from upline.base.errors import Unavailable

MOST_APART = timedelta(seconds=5)
_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The moment, in UTC. The demo company pins it, since its year lies in the past."""
    return _pinned.get() or datetime.now(UTC)


@contextmanager
def pinned(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment`."""
    token = _pinned.set(moment)
    try:
        yield
    finally:
        _pinned.reset(token)


class ClockDiffers(Unavailable):
    """This machine's clock is not the database's."""


def must_agree() -> None:
    """Raise ClockDiffers where this process's clock is more than a few seconds away from the
    database's: what depends on days would happen on the wrong one."""
    before = datetime.now(UTC)
    there = sql.value(datetime, "SELECT clock_timestamp()")
    assert there is not None, "a clock always tells"
    ahead, behind = before - there, there - datetime.now(UTC)
    if max(ahead, behind) > MOST_APART:
        how = "ahead of" if ahead > behind else "behind"
        raise ClockDiffers(
            f"This machine's clock is {how} the database's: {before:%Y-%m-%d %H:%M:%S} here, "
            f"{there:%Y-%m-%d %H:%M:%S} there, in UTC. Correct the one that is wrong."
        )
