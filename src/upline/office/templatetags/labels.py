"""How tables are drawn: figures stand at the end of their column, so that their digits are below
each other; on a phone a row is a card, and each cell stands behind the name of its column."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from upline.language import gettext, lazy
from upline.language.sentences import LazySentence
from upline.office.buttons import TableBlock
from upline.screens.shown import NOTHING

register = template.Library()
# What columns and filters are called that are named by a field of the database.
_OF_FIELDS = (
    lazy("kind"), lazy("to address"), lazy("tries"), lazy("last error"), lazy("username"),
    lazy("email"), lazy("note"), lazy("member"), lazy("reference"), lazy("order number"),
    lazy("name"), lazy("code"), lazy("currency"), lazy("seller"), lazy("category"),
    lazy("number"), lazy("quantity"), lazy("package"), lazy("status"), lazy("standing"),
    lazy("actor"), lazy("address"), lazy("active"), lazy("each"), lazy("owner"), lazy("ID"),
    lazy("created by"),
)  # fmt: skip
_FIGURE = re.compile(r"[-\u2212]?\d[\d.,\u00a0\u202f]*([ \u00a0](%|[A-Z]{3}))?")


@register.filter
def in_words(label: Any) -> str:
    """What a column, a filter or a search box is called, which may be the name of a field."""
    return str(label) if isinstance(label, LazySentence) else gettext(str(label))


@register.filter
def drawn(table: TableBlock) -> dict[str, Any]:
    """The heads of a table and its rows, each cell as its content, its head, and whether it
    stands in a column of figures."""
    columns = _figure_columns([[str(cell) for cell in row] for row in table.rows])
    are_figures = [number in columns for number in range(len(table.heads))]
    return {
        "heads": list(zip(table.heads, are_figures, strict=True)),
        "rows": [list(zip(row, table.heads, are_figures, strict=True)) for row in table.rows],
    }


@register.filter
def are_figures(rows: Iterable[tuple[str, Any]]) -> bool:
    """Whether all that a block of facts says are figures: then they stand below each other."""
    return bool(_figure_columns([["", str(value)] for _, value in rows]))


@register.filter
def figure_columns(results: Iterable[Iterable[SafeString]]) -> set[int]:
    """The numbers of the columns of a list, whose cells Django has written, that hold figures."""
    return _figure_columns([list(row) for row in results])


@register.simple_tag
def labelled(
    cells: Iterable[SafeString], heads: Sequence[dict[str, Any]], figures: Collection[int]
) -> SafeString:
    """The cells of a list's row, which Django has written, told their columns' names and whether
    they hold figures. The box to choose a row has no name."""
    return mark_safe(  # noqa: S308 (the parts are escaped)
        "".join(
            _labelled(cell, in_words(head["text"]), number in figures)
            if head["sortable"] or "<" not in head["text"]
            else cell
            for number, (cell, head) in enumerate(zip(cells, heads, strict=True))
        )
    )


def _labelled(cell: SafeString, name: str, is_figure: bool) -> str:
    label = format_html(' data-label="{}"', name[:1].upper() + name[1:])
    return cell.replace(">", f"{label}{' data-figure' if is_figure else ''}>", 1)


def _figure_columns(rows: Sequence[Sequence[str]]) -> set[int]:
    """The columns in which each cell is a figure or empty. The first one names its row."""
    columns = list(zip(*([_first_line(cell) for cell in row] for row in rows), strict=True))
    return {
        number
        for number, cells in enumerate(columns)
        if number
        and any(_FIGURE.fullmatch(cell) for cell in cells)
        and all(_FIGURE.fullmatch(cell) or cell in ("", NOTHING) for cell in cells)
    }


def _first_line(cell: str) -> str:
    return strip_tags(cell.partition("<br>")[0]).strip()
