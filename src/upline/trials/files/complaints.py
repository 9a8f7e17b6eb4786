"""What is wrong with a file, in sentences that name the file and the line."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from upline.language import ngettext
from upline.language.writing import whole
from upline.plans.arrays import Array

SHOWN_MAX = 20
HEADER_LINE = 1


class FileErrors(Exception):
    """Files that cannot be used; `sentences` say why, each with its file."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(shortened(sentences)))
        self.sentences = sentences


def shortened(sentences: list[str]) -> list[str]:
    """No more than can be read at once; the rest is counted."""
    rest = len(sentences) - SHOWN_MAX
    if rest <= 0:
        return sentences
    more = ngettext("… and {number} more.", "… and {number} more.", rest, number=whole(rest))
    return [*sentences[:SHOWN_MAX], more]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of trouble: its first row or line, how many more rows have it, what is said."""

    row: int | None
    line: int | None
    more: int
    sentence: str


@dataclass(slots=True)
class Complaints:
    """All that is wrong with one CSV file: the first row of each kind, and how many there are."""

    path: Path
    kinds: list[_Kind] = field(default_factory=list)

    def rows(self, wrong: Array, say: Callable[[int], str]) -> None:
        """Rows (a mask or indexes, from 0) that are wrong alike; `say` words the first of them."""
        rows = np.flatnonzero(wrong) if wrong.dtype == np.bool_ else wrong
        if len(rows):
            first = int(rows.min())
            self.kinds.append(_Kind(first, None, len(rows) - 1, say(first)))

    def line(self, line: int | None, sentence: str) -> None:
        """A line of the file, counted from 1, or the file as a whole."""
        self.kinds.append(_Kind(None, line, 0, sentence))

    def sentences(self) -> list[str]:
        """The sentences in the order of their lines."""
        rows = [kind.row for kind in self.kinds if kind.row is not None]
        lines = lines_of_rows(self.path, rows)
        said = [(lines[k.row] if k.row is not None else k.line, k) for k in self.kinds]
        said.sort(key=lambda pair: pair[0] or 0)
        return [_sentence(self.path, line, kind) for line, kind in said]

    def stop_if_any(self) -> None:
        """Raise FileErrors where something is wrong."""
        if self.kinds:
            raise FileErrors(self.sentences())


def _sentence(path: Path, line: int | None, kind: _Kind) -> str:
    spot = f"{path}:{line}" if line else str(path)
    return f"{spot}: {and_so_in_more(kind.sentence, kind.more)}"


def and_so_in_more(sentence: str, more: int) -> str:
    """A sentence about one row, with how many more rows it holds for."""
    if not more:
        return sentence
    return ngettext(
        "{sentence} (and so in {number} more)",
        "{sentence} (and so in {number} more)",
        more,
        sentence=sentence,
        number=whole(more),
    )


def lines_of_rows(path: Path, rows: list[int]) -> dict[int, int]:
    """The lines on which rows begin. Read again only where there is something to complain of."""
    wanted, found, row = set(rows), dict[int, int](), -1
    if not wanted:
        return found
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, width, line = csv.reader(file), 0, 0
        for fields in reader:
            if fields and not width:
                width = len(fields)
            elif len(fields) == width:
                row += 1
                if row in wanted:
                    found[row] = line + 1
                if len(found) == len(wanted):
                    break
            line = reader.line_num
    return found
