"""Tables in PDF files."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import LongTable, TableStyle

from upline.papers.letters import BOLD, PLAIN, broken, readable, width
from upline.papers.paper import Table

INK, GREY = HexColor("#1a1a1a"), HexColor("#5f5f5f")
LIGHT_GREY = HexColor("#b0b0b0")
SIZE, LEAST_SIZE = 8.0, 6.0
PADDING = 4.0
LEADING, PADDING_ABOVE = 1.25, 2.0
_LEAST_WIDTH = 40.0
_FACT_SIZE = 9.0


def narrowest(table: Table, size: float) -> float:
    """How wide the table is when only its titles are broken."""
    return sum(_widths(table, _shown(table), size))


def as_flowable(table: Table, size: float, room: float) -> LongTable:
    """The table, no wider than `room`: where it would be, texts are broken into lines."""
    shown = _shown(table)
    widths = _narrowed(table, _widths(table, shown, size), room)
    last = len(shown) - 1 if table.totals is not None else -1
    rows = [
        _broken(cells, widths, BOLD if number in (0, last) else PLAIN, size)
        for number, cells in enumerate(shown)
    ]
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), PLAIN, size, size * LEADING),
        ("FONT", (0, 0), (-1, 0), BOLD, size, size * LEADING),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, GREY),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, LIGHT_GREY),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), PADDING_ABOVE),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING_ABOVE),
    ]
    for number, column in enumerate(table.columns):
        if column.is_number:
            style.append(("ALIGN", (number, 0), (number, -1), "RIGHT"))
    if last > 0:
        style.append(("FONT", (0, last), (-1, last), BOLD, size, size * LEADING))
        style.append(("LINEABOVE", (0, last), (-1, last), 0.6, GREY))
    heights = [_height(cells, size) for cells in rows]
    return LongTable(rows, widths, heights, repeatRows=1, style=TableStyle(style), hAlign="LEFT")


def _height(cells: list[str], size: float) -> float:
    """How high a row is with the lines of its highest cell."""
    return (1 + max(cell.count("\n") for cell in cells)) * size * LEADING + 2 * PADDING_ABOVE


def table_of_facts(facts: Sequence[tuple[str, str]], room: float) -> LongTable:
    """Labels on the left, their texts beside them."""
    labels = [readable(label) for label, _ in facts]
    wide = min(max(width(label, PLAIN, _FACT_SIZE) for label in labels) + 16, room / 2)
    rows = [
        (
            broken(label, PLAIN, _FACT_SIZE, wide - 16),
            broken(readable(fact), PLAIN, _FACT_SIZE, room - wide),
        )
        for label, (_, fact) in zip(labels, facts, strict=True)
    ]
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), PLAIN, _FACT_SIZE, _FACT_SIZE * LEADING),
        ("TEXTCOLOR", (0, 0), (0, -1), GREY),
        ("TEXTCOLOR", (1, 0), (1, -1), INK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    return LongTable(rows, colWidths=[wide, room - wide], style=TableStyle(style), hAlign="LEFT")


def _shown(table: Table) -> list[list[str]]:
    """All cells as texts, the titles first."""
    titles = [readable(column.title) for column in table.columns]
    rows = [
        [readable(column.shown(cell)) for column, cell in zip(table.columns, row, strict=True)]
        for row in table.all_rows
    ]
    return [titles, *rows]


def _widths(table: Table, shown: list[list[str]], size: float) -> list[float]:
    """How wide each column is, of the titles only the longest word."""
    titles, *rows = shown
    last = len(rows) - 1 if table.totals is not None else -1
    widths = []
    for index, title in enumerate(titles):
        most = max(width(word, BOLD, size) for word in title.split() or [""])
        for number, cells in enumerate(rows):
            font = BOLD if number == last else PLAIN
            most = max(most, width(cells[index], font, size))
        widths.append(most + 2 * PADDING + 0.1)
    return widths


def _narrowed(table: Table, widths: list[float], room: float) -> list[float]:
    """The widths, and of texts no more than is left beside the numbers, the widest first."""
    too_much = sum(widths) - room
    texts = [index for index, column in enumerate(table.columns) if not column.is_number]
    if too_much <= 0 or not texts:
        return widths
    numbers = sum(width for index, width in enumerate(widths) if index not in texts)
    remaining = max(room - numbers, _LEAST_WIDTH * len(texts))
    narrowed = list(widths)
    for done, index in enumerate(sorted(texts, key=lambda index: widths[index])):
        narrowed[index] = min(widths[index], remaining / (len(texts) - done))
        remaining -= narrowed[index]
    return narrowed


def _broken(cells: list[str], widths: list[float], font: str, size: float) -> list[str]:
    return [
        broken(cell, font, size, width - 2 * PADDING)
        for cell, width in zip(cells, widths, strict=True)
    ]
