"""A paper for a terminal."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

from upline.papers.paper import Column, Paper, Sentence, Table

WIDTH = 96
GAP = "  "


def as_text(paper: Paper) -> str:
    """The whole paper, numbers under each other."""
    return "\n".join(_lines(paper)).rstrip("\n") + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield _safe(paper.title)
    if paper.subtitle:
        yield _safe(paper.subtitle)
    yield ""
    if paper.facts:
        yield from _facts(paper.facts)
        yield ""
    for block in paper.blocks:
        if isinstance(block, Sentence):
            yield from textwrap.wrap(_safe(block.text), WIDTH)
        else:
            yield from _table(block)
        yield ""


def _facts(facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    labels = [_safe(label) for label, _ in facts]
    widest = max(map(_width, labels))
    for label, (_, fact) in zip(labels, facts, strict=True):
        yield f"{_padded(label, widest)}{GAP}{_safe(fact)}".rstrip()


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield _safe(table.title)
    titles = [_safe(column.title) for column in table.columns]
    shown = [_cells(table.columns, row) for row in table.all_rows]
    widths = [max(map(_width, column)) for column in zip(titles, *shown, strict=True)]
    line = GAP.join("-" * width for width in widths)
    for cells in (titles, None, *shown):
        if cells is None:
            yield line
            continue
        if table.totals is not None and cells is shown[-1]:
            yield line
        yield _line(table.columns, cells, widths)


def _cells(columns: Sequence[Column], row: Sequence[str | int | None]) -> list[str]:
    return [_safe(column.shown(cell)) for column, cell in zip(columns, row, strict=True)]


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        _padded(cell, width, to_the_right=column.is_number)
        for column, cell, width in zip(columns, cells, widths, strict=True)
    )
    return GAP.join(padded).rstrip()


def _safe(text: str) -> str:
    """What would break a line or move the cursor is written as its code."""
    return text if text.isprintable() else json.dumps(text)[1:-1]


def _width(text: str) -> int:
    """How many places a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, to_the_right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if to_the_right else text + space
