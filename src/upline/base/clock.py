"""The only source of time. Rules never ask the database or the operating system."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

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
