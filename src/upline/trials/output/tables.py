"""Aligned columns for people."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.texts import Texts, joined
from upline.trials.output.destination import bytes_of, in_pieces

GAP = "  "
Column = tuple[str, Texts, bool]
"""A heading, the texts, and whether they are numbers, which stand to the right."""


def write_table(file: BinaryIO, title: str, columns: list[Column]) -> None:
    """A title, the columns under their headings, and an empty line."""
    file.write(f"{title}\n".encode())
    widths = [
        max(len(name), longest(texts)) if is_number or texts is not columns[-1][1] else 0
        for name, texts, is_number in columns
    ]
    headings = [pa.array([name]) for name, _, _ in columns]
    file.write(bytes_of(_lines(headings, columns, widths)))
    file.writelines(
        in_pieces(
            len(columns[0][1]),
            lambda part: _lines([texts[part] for _, texts, _ in columns], columns, widths),
        )
    )
    file.write(b"\n")


def _lines(parts: list[Texts], columns: list[Column], widths: list[int]) -> Texts:
    cells = []
    for texts, (_, _, is_number), width in zip(parts, columns, widths, strict=True):
        pad = pc.utf8_lpad if is_number else pc.utf8_rpad
        cells += [pad(texts, width), GAP]
    return joined(*cells[:-1], "\n")


def longest(texts: Texts) -> int:
    """How long the longest of these texts is."""
    return pc.max(pc.utf8_length(texts)).as_py() or 0
