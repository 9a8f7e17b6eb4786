"""On a phone a table's row is a card: each cell stands behind the name of its column."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def beside(cells: Iterable[Any], heads: Sequence[str]) -> list[tuple[Any, str]]:
    """Each cell of a row, and its column's name."""
    return list(zip(cells, heads, strict=True))


@register.filter
def labelled(cells: Iterable[SafeString], heads: Sequence[dict[str, Any]]) -> list[SafeString]:
    """The cells of a list's row, which Django has written, told their columns' names. The box to
    choose a row has none."""
    return [
        _labelled(cell, str(head["text"])) if head["sortable"] or "<" not in head["text"] else cell
        for cell, head in zip(cells, heads, strict=True)
    ]


def _labelled(cell: SafeString, name: str) -> SafeString:
    label = format_html(' data-label="{}">', name[:1].upper() + name[1:])
    return mark_safe(cell.replace(">", label, 1))  # noqa: S308 (both halves are escaped)
