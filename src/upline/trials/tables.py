"""Aligned columns for people."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.trials.csv_table import Texts
from upline.trials.destination import bytes_of
from upline.trials.figures import joined

GAP = "  "
Column = tuple[str, Texts, bool]
"""A heading, the texts, and whether they are numbers, which stand to the right."""


def write_table(file: BinaryIO, title: str, columns: list[Column]) -> None:
    """A title, the columns under their headings, and an empty line."""
    cells = []
    for name, texts, is_number in columns:
        is_last = texts is columns[-1][1]
        whole = pa.concat_arrays([pa.array([name]), texts])
        pad = pc.utf8_lpad if is_number else pc.utf8_rpad
        cells += [pad(whole, 0 if is_last and not is_number else longest(whole)), GAP]
    file.write(f"{title}\n".encode() + bytes_of(joined(*cells[:-1], "\n")) + b"\n")


def longest(texts: Texts) -> int:
    """How long the longest of these texts is."""
    return pc.max(pc.utf8_length(texts)).as_py() or 0
