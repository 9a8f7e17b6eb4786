"""Ids and names, made safe for the kind of text they are put into."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.base.csv_cells import FORMULA, csv_cell
from upline.explanations.texts import Texts

Escape = Callable[[str], str]


def for_people(text: str) -> str:
    """What would break a line or move the cursor is written as its code."""
    return text if text.isprintable() else json.dumps(text)[1:-1]


def for_json(text: str) -> str:
    """The inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def for_csv(text: str) -> str:
    """The inside of a quoted CSV field."""
    return text.replace('"', '""')


UNSAFE: dict[Escape, str] = {
    for_people: r"[^\x20-\x7e]",
    for_json: r'["\\\x00-\x1f\x7f]',
    for_csv: '"',
    csv_cell: FORMULA,
}
"""What has to be looked at more closely; all others are taken as they are."""


def escaped(texts: Texts, escape: Escape) -> Texts:
    """A column with the few texts escaped that need it."""
    rows = np.flatnonzero(pc.match_substring_regex(texts, UNSAFE[escape]))
    if not len(rows):
        return texts
    mask = np.zeros(len(texts), np.bool_)
    mask[rows] = True
    safe = [escape(text) for text in texts.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(safe, pa.string()))


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of members and orders, by their index, escaped; and how other names are."""

    members: Texts
    orders: Texts
    escape: Escape
    positions: Texts | None = None
    """Of all positions; None where each member has one, of the member's id."""

    def of_positions(self, indexes: np.ndarray) -> Texts:
        """The positions' ids."""
        names = self.members if self.positions is None else self.positions
        return names.take(pa.array(indexes))

    def of_members(self, indexes: np.ndarray) -> Texts:
        """The members' ids."""
        return self.members.take(pa.array(indexes))

    def of_orders(self, indexes: np.ndarray) -> Texts:
        """The orders' ids."""
        return self.orders.take(pa.array(indexes))


def names_for(
    members: Texts, orders: Texts, escape: Escape, positions: Texts | None = None
) -> Names:
    """Names that are safe in JSON, in CSV, or on a terminal."""
    of_positions = None if positions is None else escaped(positions, escape)
    return Names(escaped(members, escape), escaped(orders, escape), escape, of_positions)
