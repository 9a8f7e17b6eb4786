"""The search above all lists: whatever identifies a member, an order, a payout or an e-pin."""

from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.http import HttpRequest
from django.utils.html import format_html

from upline.office.buttons import TableBlock
from upline.office.desk import Desk
from upline.office.searching import OF_ONE_THING
from upline.office.templatetags.labels import in_words
from upline.screens.shown import NOTHING, listing

ROWS_MAX = 10
_COLUMNS_MAX = 5


def found(request: HttpRequest, desks: dict[type[Any], Desk], said: str) -> list[TableBlock]:
    """A table for each kind of thing of which something was found, of those that this staff
    user may see."""
    tables = [
        _table(request, desks[model], said)
        for model in OF_ONE_THING
        if desks[model].has_view_permission(request)
    ]
    return [table for table in tables if table.rows]


def _table(request: HttpRequest, desk: Desk, said: str) -> TableBlock:
    columns = desk.list_display[:_COLUMNS_MAX]
    rows, _ = desk.get_search_results(request, desk.get_queryset(request), said)
    things = list(rows.order_by("-pk")[: ROWS_MAX + 1])
    meta = desk.model._meta
    return TableBlock(
        desk.plural,
        [in_words(label_for_field(column, desk.model, desk)).capitalize() for column in columns],
        [_row(desk, thing, columns) for thing in things[:ROWS_MAX]],
        more=listing(f"{meta.app_label}_{meta.model_name}", q=said)
        if len(things) > ROWS_MAX
        else "",
    )


def _row(desk: Desk, thing: Any, columns: Any) -> list[Any]:
    first, *others = [_cell(desk, thing, column) for column in columns]
    link = format_html('<a href="{}">{}</a>', desk.address("change", thing.pk), first)
    return [link, *others]


def _cell(desk: Desk, thing: Any, column: str) -> Any:
    """As the list shows it: a choice in words, not its code."""
    field, _, value = lookup_field(column, thing, desk)
    said = dict(field.flatchoices).get(value, value) if field is not None else value
    return NOTHING if said is None else said
