"""PostgreSQL's binary COPY as numpy arrays, and back, where each column has one width."""

from collections.abc import Iterator, Mapping

import numpy as np

from upline.plans.arrays import Array

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
FIELD_COUNT, WIDTH, ARRAY_HEADER = 2, 4, 20
"""Bytes: how many fields a row has, how long a field is, what stands before an array's elements."""
ROWS_AT_ONCE = 200_000
Table = dict[str, Array]
"""Columns of one length by their names."""


def in_one_row(select: str, columns: int) -> str:
    """A SELECT of one row that has each of so many columns as an array: a program takes a million
    rows of a COPY one by one, and an array at once."""
    names = [f"column{number}" for number in range(columns)]
    arrays = ", ".join(f"array_agg({name})" for name in names)
    return f"SELECT {arrays} FROM ({select}) found ({', '.join(names)})"  # noqa: S608 - ours


def read(data: bytes, columns: Mapping[str, str]) -> Table:
    """The columns of a binary COPY of such a row. `columns` are numpy's names of their types."""
    if not data.startswith(SIGNATURE) or not data.endswith(TRAILER):
        raise ValueError("this is no whole binary COPY")
    at, found = len(SIGNATURE) + FIELD_COUNT, {}
    for name, kind in columns.items():
        width = int.from_bytes(data[at : at + WIDTH], "big", signed=True)
        at += WIDTH
        found[name] = _array(data[at : at + max(width, 0)], kind)
        at += max(width, 0)
    return found


def _array(data: bytes, kind: str) -> Array:
    """The elements of an array; none where there was no row."""
    if not data:
        return np.empty(0, kind)
    element = np.dtype([("width", ">i4"), ("value", f">{kind}")])
    count, rest = divmod(len(data) - ARRAY_HEADER, element.itemsize)
    elements = np.frombuffer(data, element, count, ARRAY_HEADER)
    if rest or (elements["width"] != element["value"].itemsize).any():
        raise ValueError("a column is NULL or has another width")
    return elements["value"].astype(kind)


def frames(table: Table) -> Iterator[bytes]:
    """A binary COPY of these columns, some hundred thousand rows at a time."""
    columns = {name: column.dtype.str[1:] for name, column in table.items()}
    frame, count = _frame(columns), len(next(iter(table.values())))
    yield SIGNATURE
    for start in range(0, count, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, count)
        rows = np.empty(stop - start, frame)
        rows["fields"] = len(columns)
        for name, column in table.items():
            rows[f"width of {name}"] = column.itemsize
            rows[name] = column[start:stop]
        yield rows.tobytes()
    yield TRAILER


def _frame(columns: Mapping[str, str]) -> np.dtype[np.void]:
    """How one row lies in the stream: big-endian, each column after its width."""
    fields = [("fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"width of {name}", ">i4"), (name, f">{kind}")]
    return np.dtype(fields)
