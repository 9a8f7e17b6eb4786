"""What all reports read in, and how they write figures into sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from upline.base import databases, sql
from upline.base.amounts import as_text
from upline.company import current as company

BASIS_POINTS = 10_000


@contextmanager
def snapshot() -> Iterator[None]:
    """All inside sees the books as they are at one moment, however long it reads."""
    with databases.atomic(durable=True):
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sql.run("SET LOCAL statement_timeout = 0")
        yield


def money(amount: int) -> str:
    """An amount of minor units in a sentence."""
    return company.current().money(amount)


def share(part: int, whole: int) -> int | None:
    """A part of a whole in basis points, rounded down; None where there is no whole."""
    return part * BASIS_POINTS // whole if whole > 0 else None


def percent(part: int, whole: int) -> str:
    """The same in a sentence; nothing of nothing."""
    return f"{as_text(share(part, whole) or 0, 2)} %"


def mean(total: int, number: int) -> int | None:
    """Of so many, rounded to the nearest unit, halves up; None of nobody."""
    return (2 * total + number) // (2 * number) if number else None
