"""A run's archive, read back: whole, or column by column, and of each column only the stretches
that are asked for: who looks at one member of a million reads a few hundred kilobytes."""

from __future__ import annotations

import io
import json
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow.parquet as pq

from upline.base import sql
from upline.commissions.storing import results
from upline.commissions.storing.copy_format import Table
from upline.plans.arrays import Array, Indexes, Ints
from upline.plans.exchange import RunRates
from upline.plans.plan import Plan
from upline.plans.rates import RunRate

ALIKE = {
    "members": "members", "carry": "members", "figures": "members",
    "positions": "positions", "carried legs": "positions",
}  # fmt: skip
"""Parts that have a row for every member, or for every position, all in one order: the part that
they are looked up in."""


RATES = "rates"
"""The part with the rates that the run used, as JSON; none where all was in plan currency."""


class Piece(NamedTuple):
    """A piece of a part of an archive."""

    part: str
    content: bytes


ARCHIVED = """
SELECT part, bytes AS content FROM commissions_archivepiece
WHERE run_id = %s AND part = ANY (%s) ORDER BY part, number
"""


class PartSize(NamedTuple):
    """A part of an archive with its size in bytes."""

    part: str
    size: int


ARCHIVED_PARTS = """
SELECT part, sum(octet_length(bytes))::bigint AS size FROM commissions_archivepiece
WHERE run_id = %s GROUP BY part
"""


class NumberedPiece(NamedTuple):
    """A piece by its number."""

    number: int
    content: bytes


ARCHIVED_PIECES = """
SELECT number, bytes AS content FROM commissions_archivepiece
WHERE run_id = %s AND part = %s AND number = ANY (%s)
"""


def text(run_id: int, part: str) -> str:
    """A part of a run's archive that is text."""
    return _whole(run_id, [part])[part].decode()


def exchange(run_id: int, plan: Plan) -> RunRates | None:
    """The rates that a run used; None where all was in plan currency."""
    rates = json.loads(text(run_id, RATES))
    return RunRates(plan, tuple(RunRate(**rate) for rate in rates)) if rates else None


def tables(run_id: int, parts: list[str]) -> dict[str, Table]:
    """Parts that are tables, each as its columns; those that there are. Raises OtherFormat."""
    files = _whole(run_id, parts)
    return {part: _table(_opened(io.BytesIO(file), run_id)) for part, file in files.items()}


def _whole(run_id: int, parts: list[str]) -> dict[str, bytes]:
    pieces: dict[str, list[bytes]] = {}
    for piece in sql.rows(Piece, ARCHIVED, [run_id, parts]):
        pieces.setdefault(piece.part, []).append(piece.content)
    return {part: b"".join(found) for part, found in pieces.items()}


def _table(file: pq.ParquetFile) -> Table:
    read = file.read(use_threads=False)
    return _arrays(read, read.column_names)


class OtherFormat(Exception):
    """The run was archived by a version of Upline that gave the columns other names."""

    def __init__(self, run_id: int, number: int) -> None:
        super().__init__(
            f"Run {run_id} was archived in format {number}. "
            f"This version of Upline reads format {results.FORMAT}."
        )


class Archive:
    """The archive of one run; what reads a part of it raises OtherFormat. What was read of a part
    is kept for the next question."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self._files: dict[str, pq.ParquetFile] = {}
        self._indexes: dict[tuple[str, bytes], Indexes] = {}

    @cached_property
    def parts(self) -> dict[str, int]:
        """Every part with its size in bytes."""
        found = sql.rows(PartSize, ARCHIVED_PARTS, [self.run_id])
        return {row.part: row.size for row in found}

    def has(self, part: str, column: str) -> bool:
        """Whether a part has this column."""
        return column in self._file(part).schema_arrow.names

    def text(self, part: str) -> str:
        """A part that is text."""
        return text(self.run_id, part)

    def whole(self, part: str, columns: list[str]) -> Table:
        """Some columns of a part."""
        return _arrays(self._file(part).read(columns, use_threads=False), columns)

    def indexes(self, part: str, ids: Ints) -> Indexes:
        """The rows of a part that are of these members or positions, in the part's order."""
        key = ALIKE.get(part, part), ids.tobytes()
        if key not in self._indexes:
            self._indexes[key] = self._looked_up(key[0], ids)
        return self._indexes[key]

    def _looked_up(self, part: str, ids: Ints) -> Indexes:
        """Stretches whose least and greatest id leave these out are not read."""
        file, found, start = self._file(part), [np.zeros(0, np.int32)], 0
        for group in range(file.num_row_groups):
            stretch = file.metadata.row_group(group)
            known = stretch.column(0).statistics
            if known is None or np.any((ids >= known.min) & (ids <= known.max)):
                rows = file.read_row_group(group, [self._key(part)], use_threads=False)
                here = np.isin(rows.column(0).to_numpy(), ids)
                found.append((start + np.flatnonzero(here)).astype(np.int32))
            start += stretch.num_rows
        return np.concatenate(found)

    def at(self, part: str, columns: list[str], indexes: Indexes) -> Table:
        """Some columns at these rows, which are in order."""
        file = self._file(part)
        groups = range(file.num_row_groups)
        ends = np.cumsum([file.metadata.row_group(group).num_rows for group in groups])
        where = np.searchsorted(ends, indexes, "right")
        wanted = np.unique(where)
        starts = np.append(0, ends)[wanted]
        lengths = (ends[wanted] - starts).tolist()
        before = np.cumsum([0, *lengths])[:-1]
        rows = indexes - starts[np.searchsorted(wanted, where)]
        rows = rows + before[np.searchsorted(wanted, where)]
        read = file.read_row_groups(wanted.tolist(), columns, use_threads=False)
        return {name: column[rows] for name, column in _arrays(read, columns).items()}

    def of(self, part: str, columns: list[str], ids: Ints) -> Table:
        """Some columns of a part for these members or positions, each in its place; 0 for what has
        no row."""
        indexes, key = self.indexes(part, ids), self._key(part)
        found = self.at(part, [key, *columns], indexes)
        order = np.argsort(ids, kind="stable")
        to = order[np.searchsorted(ids, found[key], sorter=order)]
        table: Table = {}
        for name in columns:
            table[name] = np.zeros(len(ids), found[name].dtype)
            table[name][to] = found[name]
        return table

    def _key(self, part: str) -> str:
        """The column that says whose a row is, which stands first."""
        return str(self._file(part).schema_arrow.names[0])

    def _file(self, part: str) -> pq.ParquetFile:
        if part not in self._files:
            pieces = _Pieces(self.run_id, part, self.parts[part])
            self._files[part] = _opened(pieces, self.run_id)
        return self._files[part]


def _opened(file: io.IOBase, run_id: int) -> pq.ParquetFile:
    found = pq.ParquetFile(file, pre_buffer=False)
    number = int((found.metadata.metadata or {}).get(results.FORMAT_KEY, 1))
    if number != results.FORMAT:
        raise OtherFormat(run_id, number)
    return found


class _Column(Protocol):
    """A column as pyarrow, which has no types, reads it."""

    def to_numpy(self) -> Array: ...


class _Columns(Protocol):
    """A table as pyarrow reads it."""

    def column(self, name: str) -> _Column: ...


def _arrays(table: _Columns, columns: list[str]) -> dict[str, Array]:
    return {name: table.column(name).to_numpy() for name in columns}


class _Pieces(io.RawIOBase):
    """A part as a file that can be read anywhere: a piece is fetched when it is first needed."""

    def __init__(self, run_id: int, part: str, size: int) -> None:
        super().__init__()
        self.run_id, self.part, self.size = run_id, part, size
        self._at = 0
        self._pieces: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        stop = self.size if size < 0 else min(self._at + size, self.size)
        first, last = self._at // results.PIECE, max(stop - 1, self._at) // results.PIECE
        self._fetch(first, last)
        whole = b"".join(self._pieces[number] for number in range(first, last + 1))
        start = self._at - first * results.PIECE
        found = whole[start : start + stop - self._at]
        self._at += len(found)
        return found

    def _fetch(self, first: int, last: int) -> None:
        missing = [number for number in range(first, last + 1) if number not in self._pieces]
        if missing:
            asked = [self.run_id, self.part, missing]
            found = sql.rows(NumberedPiece, ARCHIVED_PIECES, asked)
            self._pieces |= {row.number: row.content for row in found}
