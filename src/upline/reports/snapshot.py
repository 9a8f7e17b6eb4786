"""What all reports read in, and how they write figures into sentences."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from upline import papers
from upline.base import databases, sql
from upline.base.amounts import Money, grouped
from upline.language import gettext
from upline.markets import current as markets
from upline.papers import Column

BASIS_POINTS = 10_000


@contextmanager
def snapshot() -> Iterator[None]:
    """All inside sees the books as they are at one moment, however long it reads."""
    with databases.atomic(durable=True):
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sql.run("SET LOCAL statement_timeout = 0")
        yield


def money(minor: int, currency: str) -> str:
    """An amount in a sentence."""
    return markets.money(Money(minor, currency))


def amount(currency: str) -> Callable[[str], Column]:
    """What makes a column of amounts in this currency, of its title."""
    decimals = markets.decimals_of(currency)
    return lambda title: papers.money(title, decimals)


def titled(title: str, currency: str) -> str:
    """A table's title; with the currency where there are several."""
    return f"{title}, {currency}" if len(markets.currencies()) > 1 else title


def in_currencies() -> tuple[str, str]:
    """The fact of a paper that says which currencies its amounts are in."""
    return gettext("Currency"), ", ".join(markets.currencies())


def share(part: int, whole: int) -> int | None:
    """A part of a whole in basis points, rounded down; None where there is no whole."""
    return part * BASIS_POINTS // whole if whole > 0 else None


def percent(part: int, whole: int) -> str:
    """The same in a sentence; nothing of nothing."""
    return f"{grouped(share(part, whole) or 0, 2)} %"


def mean(total: int, number: int) -> int | None:
    """Of so many, rounded to the nearest unit, halves up; None of nobody."""
    return (2 * total + number) // (2 * number) if number else None
