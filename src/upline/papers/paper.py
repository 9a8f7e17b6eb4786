"""What a paper is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from upline.base import amounts

Cell = str | int | None
Row = Sequence[Cell]


class ColumnKind(StrEnum):
    """What a column holds. All but texts are integers, and stand to the right."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its title. `decimals`: how many of an integer's digits are behind the
    point. A cell that is None stays empty."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    decimals: int = 0

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind is not ColumnKind.TEXT

    def shown(self, cell: Cell) -> str:
        """A cell for people, in the language that is spoken."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        percent = " %" if self.kind is ColumnKind.PERCENT else ""
        return amounts.grouped(cell, self.decimals) + percent

    def plain(self, cell: Cell) -> str:
        """A cell for programs: numbers with a point, without thousands and percent signs."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        return amounts.as_text(cell, self.decimals)


def texts(title: str) -> Column:
    """A column of texts."""
    return Column(title)


def money(title: str, exponent: int) -> Column:
    """A column of minor units of a currency with so many decimals."""
    return Column(title, ColumnKind.MONEY, exponent)


def counts(title: str) -> Column:
    """A column of whole numbers."""
    return Column(title, ColumnKind.COUNT)


def points(title: str) -> Column:
    """A column of points, in hundredths."""
    return Column(title, ColumnKind.COUNT, amounts.POINT_DECIMALS)


def percents(title: str, decimals: int = 2) -> Column:
    """A column of percentages: basis points, or with four decimals millionths."""
    return Column(title, ColumnKind.PERCENT, decimals)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a few, a paragraph of their own."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns; `totals` is one more row below a line."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    title: str = ""
    totals: Row | None = None

    @property
    def all_rows(self) -> list[Row]:
        """The rows, and the totals where there are some."""
        return [*self.rows, self.totals] if self.totals is not None else list(self.rows)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper from its title to its last table. `facts` are labels with their texts."""

    title: str
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Sentence | Table] = field(default_factory=list)
