"""Small plots that are drawn on the server, with the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_HEIGHT, _STEP, _WIDE = 100, 10, 7
_LEAST = 2
"""What is not nothing is seen, however small."""


class DrawnBar(NamedTuple):
    """Where one bar stands, in a picture 100 high."""

    x: int
    y: int
    height: int
    is_last: bool


class BarRow(NamedTuple):
    """A line of the table."""

    label: str
    texts: list[str]


@dataclass(frozen=True)
class Bars:
    """What `<c-bars>` shows."""

    rows: list[BarRow]
    drawn: list[DrawnBar]
    wide: int = _WIDE

    @property
    def width(self) -> int:
        """How wide the picture is."""
        return max(len(self.rows), 1) * _STEP

    @property
    def first(self) -> str:
        """What stands below the first bar."""
        return self.rows[0].label if self.rows else ""

    @property
    def last(self) -> str:
        """What stands below the last one."""
        return self.rows[-1].label if len(self.rows) > 1 else ""


def bars(rows: Sequence[tuple[str, int, list[str]]]) -> Bars:
    """A bar for each label, as high as its value beside the highest; nothing below zero is drawn.
    The texts are what the table says."""
    highest = max((value for _, value, _ in rows), default=0)
    drawn = []
    for index, (_, value, _) in enumerate(rows):
        height = max(value * _HEIGHT // highest, _LEAST) if value > 0 else 0
        x = index * _STEP + (_STEP - _WIDE) // 2
        drawn.append(DrawnBar(x, _HEIGHT - height, height, index == len(rows) - 1))
    return Bars([BarRow(label, texts) for label, _, texts in rows], drawn)
