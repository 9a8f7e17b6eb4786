"""A CSV file as columns of text. What a file may look like is docs/plans/files.md."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from upline.explanations.texts import Texts
from upline.language import gettext, ngettext
from upline.plan_documents.errors import quoted
from upline.trials.files.complaints import HEADER_LINE, Complaints, and_so_in_more


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a file has: those that it must have, and those that it may have."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def known(self) -> str:
        """All of them, for a sentence."""
        return ", ".join(self.needed + self.optional)


def read_table(path: Path, columns: Columns, complaints: Complaints) -> dict[str, Texts]:
    """The file's columns by their names, nothing in them changed. Raises FileErrors.

    Rows keep the file's order without blank lines. A row with too few or too many fields is
    complained of and left out.
    """
    header = _header(path, columns, complaints)
    complaints.stop_if_any()
    table = _rows(path, header, complaints)
    if not table.num_rows and not complaints.kinds:
        complaints.line(HEADER_LINE, gettext("there is nothing below the header"))
    complaints.stop_if_any()
    return {name: table[name].combine_chunks() for name in header}


def _header(path: Path, columns: Columns, complaints: Complaints) -> list[str]:
    """The names in the first line that is not blank."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next((fields for fields in csv.reader(file) if fields), [])
    except UnicodeDecodeError:
        complaints.line(*_wrong_text(path))
        return []
    except OSError as error:
        complaints.line(None, gettext("cannot be read: {reason}", reason=error.strerror))
        return []
    if not header:
        complaints.line(None, gettext("the file is empty"))
    else:
        _check_header(header, columns, complaints)
    return header


def _check_header(header: list[str], columns: Columns, complaints: Complaints) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        sentence = gettext(
            "the columns have to be separated by commas: {header}", header=quoted(header[0])
        )
        complaints.line(HEADER_LINE, sentence)
        return
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            sentence = gettext("the column {name} is there twice", name=quoted(name))
            complaints.line(HEADER_LINE, sentence)
        if name not in columns.needed + columns.optional:
            sentence = gettext(
                "there is no column {name}; the columns are {names}",
                name=quoted(name),
                names=columns.known(),
            )
            complaints.line(HEADER_LINE, sentence)
    for name in columns.needed:
        if name not in header:
            sentence = gettext("the column {name} is missing", name=name)
            complaints.line(HEADER_LINE, sentence)


def _rows(path: Path, header: list[str], complaints: Complaints) -> pa.Table:
    uneven: list[int] = []

    def leave_out(row: pa.csv.InvalidRow) -> str:
        uneven.append(row.actual_columns)
        return "skip"

    try:
        table = pa.csv.read_csv(
            path,
            parse_options=pa.csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=leave_out
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        complaints.line(*_what_arrow_means(path, error))
        return pa.table({name: pa.array([], pa.string()) for name in header})
    if uneven:
        complaints.line(*_first_uneven(path, len(header), len(uneven)))
    return table


def _what_arrow_means(path: Path, error: pa.ArrowInvalid) -> tuple[int | None, str]:
    """The library's own words only where it is not one of the troubles that we know."""
    if "UTF8" in str(error):
        return _wrong_text(path)
    if "cannot infer number of columns" in str(error):
        return HEADER_LINE, gettext("there is nothing below the header")
    return None, str(error)


def _wrong_text(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = len((data[: error.start] + b"x").splitlines())
        return line, gettext("this is not UTF-8; save the file as CSV in UTF-8")
    raise AssertionError("the file has changed while it was read")


def _first_uneven(path: Path, width: int, count: int) -> tuple[int, str]:
    """The first line with too few or too many fields."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, line = csv.reader(file), 0
        for fields in reader:
            if fields and len(fields) != width:
                sentence = ngettext(
                    "{count} field where the header has {width}",
                    "{count} fields where the header has {width}",
                    len(fields),
                    width=width,
                )
                return line + 1, and_so_in_more(sentence, count - 1)
            line = reader.line_num
    raise AssertionError("the file has changed while it was read")
