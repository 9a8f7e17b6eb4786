"""A paper's tables as CSV (RFC 4180), for programs and spreadsheets."""

import csv
import io
from collections.abc import Iterator, Sequence

from upline.base.csv_cells import csv_cell
from upline.papers.paper import Column, Paper, Row, Table


def as_csv(paper: Paper) -> str:
    """All tables of a paper. A single one is a line of titles, its rows, and its totals. Several
    stand below each other, each under a line with its own title, with an empty line between
    them; every line has as many fields as the widest table."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    written = io.StringIO()
    csv.writer(written).writerows(_all_rows(tables))
    return written.getvalue()


def _all_rows(tables: Sequence[Table]) -> Iterator[list[str]]:
    widest = max((len(table.columns) for table in tables), default=0)
    for number, table in enumerate(tables):
        if number:
            yield [""] * widest
        for cells in _rows(table, headed=len(tables) > 1):
            yield cells + [""] * (widest - len(cells))


def _rows(table: Table, headed: bool) -> Iterator[list[str]]:
    if headed:
        yield [csv_cell(table.title)]
    yield [csv_cell(column.title) for column in table.columns]
    for row in table.all_rows:
        yield _cells(table.columns, row)


def _cells(columns: Sequence[Column], row: Row) -> list[str]:
    """The cells of a row: numbers as they are, texts so that no spreadsheet works them out."""
    return [
        column.plain(cell) if column.is_number and not isinstance(cell, str)
        else csv_cell(column.plain(cell))
        for column, cell in zip(columns, row, strict=True)
    ]  # fmt: skip
