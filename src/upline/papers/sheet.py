"""A paper's tables as CSV (RFC 4180), for programs and spreadsheets."""

from collections.abc import Iterator, Sequence

from upline.base import csv_cells
from upline.papers.paper import Paper, Table


def as_csv(paper: Paper, *, excel: bool = False) -> str:
    """All tables of a paper. A single one is a line of titles, its rows, and its totals. Several
    stand below each other, each under a line with its own title, with an empty line between
    them; every line has as many fields as the widest table. For `excel` with the mark that it
    needs."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    return csv_cells.as_csv(_all_rows(tables), excel=excel)


def _all_rows(tables: Sequence[Table]) -> Iterator[list[str]]:
    widest = max((len(table.columns) for table in tables), default=0)
    for number, table in enumerate(tables):
        if number:
            yield [""] * widest
        for cells in _rows(table, headed=len(tables) > 1):
            yield cells + [""] * (widest - len(cells))


def _rows(table: Table, headed: bool) -> Iterator[list[str]]:
    if headed:
        yield [table.title]
    yield [column.title for column in table.columns]
    for row in table.all_rows:
        yield [column.plain(cell) for column, cell in zip(table.columns, row, strict=True)]
