"""Hand-written SQL, prepared once per connection.

Django's cursors bind parameters on the client, so nothing they run is ever prepared. These
helpers use psycopg's own cursor on the same connection and inside the same transaction.
Placeholders are `%s` or `%(name)s`. JSON columns arrive as text, as Django's connection has it.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

import psycopg
from django.conf import settings
from django.db import IntegrityError, connections
from psycopg.rows import BaseRowFactory, tuple_row

from upline.base import databases

Row = TypeVar("Row", bound=tuple[Any, ...])
T = TypeVar("T")
Reads = BaseRowFactory[Any]
Parameters = Sequence[Any] | Mapping[str, Any]
Connection = psycopg.Connection[Any]
Cursor = psycopg.Cursor[Any]


def one(shape: type[Row], statement: str, parameters: Parameters = ()) -> Row | None:
    """The first row as a `shape`, a NamedTuple that names the statement's columns in their order;
    or None."""
    cursor = _run(_kept_cursor(_reads(shape), statement), statement, parameters)
    return cast("Row | None", cursor.fetchone())


def rows(shape: type[Row], statement: str, parameters: Parameters = ()) -> list[Row]:
    """All rows, as `one` gives the first."""
    return _run(_new_cursor(_reads(shape)), statement, parameters).fetchall()


def value(kind: type[T], statement: str, parameters: Parameters = ()) -> T | None:
    """The first column of the first row, which is of this kind; None where there is no row, or
    NULL."""
    row = _run(_kept_cursor(tuple_row, statement), statement, parameters).fetchone()
    if row is None or row[0] is None:
        return None
    return _checked(kind, row[0], statement)


def values(kind: type[T], statement: str, parameters: Parameters = ()) -> list[T]:
    """The first column of each row, which is of this kind and never NULL."""
    found = _run(_new_cursor(tuple_row), statement, parameters)
    return [_checked(kind, row[0], statement) for row in found]


def _checked(kind: type[T], found: Any, statement: str) -> T:
    if not isinstance(found, kind):
        raise TypeError(f"{kind.__name__} was expected, and {found!r} came of {statement}")
    return found


def number(statement: str, parameters: Parameters = ()) -> int:
    """The whole number in the first column of the first row: there is always one."""
    found = value(int, statement, parameters)
    assert found is not None, f"a number was expected of {statement}"
    return found


def run(statement: str, parameters: Parameters = ()) -> int:
    """Run a statement that answers no rows. Returns the number of rows it changed."""
    return _run(_kept_cursor(tuple_row, statement), statement, parameters).rowcount


def copy_out(select: str, parameters: Parameters = ()) -> bytes:
    """All rows of a SELECT as PostgreSQL's binary COPY writes them."""
    statement = f"COPY ({select}) TO STDOUT (FORMAT BINARY)"
    cursor = psycopg.Cursor(_connection())
    with cursor.copy(cast("Any", statement), parameters) as copy:
        return b"".join(copy)


def copy_in(table: str, columns: Sequence[str], frames: Iterable[bytes]) -> None:
    """Add rows to a table from a binary COPY; both names come from our code."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    cursor = psycopg.Cursor(_connection())
    with (
        connections[databases.current()].wrap_database_errors,
        cursor.copy(cast("Any", statement)) as copy,
    ):
        for frame in frames:
            copy.write(frame)


def distinct(table: str, column: str) -> list[str]:
    """The different texts of an indexed column, in order: one look into the index for each of
    them, where SELECT DISTINCT would read every row."""
    statement = f"""
        WITH RECURSIVE found AS (
            (SELECT {column} AS value FROM {table} ORDER BY {column} LIMIT 1)
            UNION ALL
            SELECT (SELECT {column} FROM {table} WHERE {column} > found.value
                    ORDER BY {column} LIMIT 1)
            FROM found WHERE found.value IS NOT NULL)
        SELECT value FROM found WHERE value IS NOT NULL"""  # noqa: S608 - names from our code
    return values(str, statement)


@contextmanager
def refused_as(refusal: Exception) -> Iterator[None]:
    """Raise `refusal` where a unique constraint says that another request was first."""
    try:
        with databases.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise refusal from error
        raise


def violated(error: IntegrityError) -> str | None:
    """The name of the constraint that a statement would have broken."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


@contextmanager
def only_one() -> Iterator[None]:
    """Where settings.STATEMENTS_COUNTED, as in tests: more than one statement inside, ours or
    Django's, is an AssertionError."""
    if not settings.STATEMENTS_COUNTED:
        yield
        return
    ran: list[str] = []

    def count(execute: Callable[..., Any], statement: str, *details: Any) -> Any:
        ran.append(statement)
        return execute(statement, *details)

    _kept.seen = ran
    try:
        with connections[databases.current()].execute_wrapper(count):
            yield
    finally:
        _kept.seen = None
    assert len(ran) <= 1, f"One statement was promised, and {len(ran)} ran: {ran}"


def _run(cursor: Cursor, statement: str, parameters: Parameters) -> Cursor:
    if _kept.seen is not None:
        _kept.seen.append(statement)
    try:
        return cursor.execute(cast("Any", statement), parameters)
    except psycopg.Error:
        with connections[databases.current()].wrap_database_errors:
            raise


def _connection() -> Connection:
    database = connections[databases.current()]
    if database.connection is None:
        database.ensure_connection()
    return cast("Connection", database.connection)


def _new_cursor(reads: Reads) -> Cursor:
    return psycopg.Cursor(_connection(), row_factory=reads)


@cache
def _reads(shape: type[Row]) -> Reads:
    """How a cursor makes a `shape` of each row. That its names are the columns' is looked at
    whenever a statement has run; their types are compared by a test."""
    names = tuple(name.encode() for name in shape._fields)  # type: ignore[attr-defined]
    make: Callable[[Sequence[Any]], Row] = shape._make  # type: ignore[attr-defined]

    def reads(cursor: Any) -> Callable[[Sequence[Any]], Row]:
        result = cursor.pgresult
        if result is not None and result.nfields:
            columns = tuple(map(result.fname, range(result.nfields)))
            if columns != names:
                raise TypeError(f"{shape.__name__} has other fields than the columns {columns}")
        return make

    return reads


class _Kept(threading.local):
    """This thread's cursors on its connection, by statement.

    A cursor that runs its statement again knows already how to write the parameters and how to
    read the columns. It also holds its last result, so what reads many rows is not kept."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.cursors: dict[tuple[Reads, str], Cursor] = {}
        self.seen: list[str] | None = None


_kept = _Kept()


def _kept_cursor(reads: Reads, statement: str) -> Cursor:
    connection = _connection()
    if _kept.connection is not connection:
        _kept.connection, _kept.cursors = connection, {}
    cursor = _kept.cursors.get((reads, statement))
    if cursor is None:
        cursor = _kept.cursors[reads, statement] = _new_cursor(reads)
    return cursor
