"""A paper as CSV (RFC 4180), for programs and spreadsheets."""

from collections.abc import Iterator, Sequence

from upline.base import csv_cells
from upline.papers.paper import Paper, Table

LANGUAGE = "en"
"""What papers are made in that become CSV: programs find columns and rows by their words."""


def as_csv(paper: Paper, *, excel: bool = False) -> str:
    """The tables of a paper. A single one is a line of titles, its rows, and its totals. Several
    stand below each other, each under a line with its own title, with an empty line between
    them, and above them the paper's title and its facts: whose it is, and of when. Every line
    then has as many fields as the widest table. For `excel` with the mark that it needs."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    blocks = [list(_rows(table, headed=len(tables) > 1)) for table in tables]
    if len(tables) > 1:
        blocks.insert(0, list(_head(paper)))
    return csv_cells.as_csv(_as_wide(blocks), excel=excel)


def _as_wide(blocks: Sequence[list[list[str]]]) -> Iterator[list[str]]:
    """All rows, those of each block after an empty one, filled up to the widest."""
    widest = max((len(row) for block in blocks for row in block), default=0)
    for number, block in enumerate(blocks):
        if number:
            yield [""] * widest
        for cells in block:
            yield cells + [""] * (widest - len(cells))


def _head(paper: Paper) -> Iterator[list[str]]:
    yield [paper.title]
    if paper.subtitle:
        yield [paper.subtitle]
    yield from ([label, fact] for label, fact in paper.facts)


def _rows(table: Table, headed: bool) -> Iterator[list[str]]:
    if headed:
        yield [table.title]
    yield [column.title for column in table.columns]
    for row in table.all_rows:
        yield [column.plain(cell) for column, cell in zip(table.columns, row, strict=True)]
