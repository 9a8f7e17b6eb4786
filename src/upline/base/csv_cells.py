"""CSV (RFC 4180) that people open with a spreadsheet. What programs read back is JSON."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""Excel reads a file in UTF-8 as such only where it begins with this."""

# What begins a formula, also in the wide letters of East Asia, and with spaces before it.
_SIGN = "\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]"
FORMULA = f"^{_SIGN}|[;\t\r\n]{_SIGN}|^[\t\r\n]"
"""Where a spreadsheet begins to work something out: at the start of a cell, and behind what may
split a cell in two, since a spreadsheet that expects semicolons ignores commas."""
_BEFORE_FORMULA = re.compile(f"(?:^|(?<=[;\t\r\n]))(?={_SIGN})|^(?=[\t\r\n])")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def csv_cell(text: str) -> str:
    """The text as a cell that no spreadsheet evaluates. A number stays as it is."""
    return text if _NUMBER.fullmatch(text) else _BEFORE_FORMULA.sub("'", text)


def as_csv(rows: Iterable[Sequence[str]], *, excel: bool = False) -> str:
    """The rows as the text of a file, with the mark that Excel needs where it is for `excel`."""
    written = io.StringIO()
    csv.writer(written).writerows([csv_cell(cell) for cell in row] for row in rows)
    return BOM + written.getvalue() if excel else written.getvalue()
