"""Hand-written SQL, prepared once per connection.

Django's cursors bind parameters on the client, so nothing they run is ever prepared. These
helpers use psycopg's own cursor on the same connection and inside the same transaction.
Placeholders are `%s` or `%(name)s`. JSON columns arrive as text, as Django's connection has it.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from psycopg.rows import namedtuple_row

Parameters = Sequence[Any] | Mapping[str, Any]
Connection = psycopg.Connection[Any]
Cursor = psycopg.Cursor[Any]


def one(statement: str, parameters: Parameters = ()) -> Any | None:
    """The first row as a named tuple, or None."""
    return _run(_kept_cursor(statement), statement, parameters).fetchone()


def rows(statement: str, parameters: Parameters = ()) -> list[Any]:
    """All rows as named tuples."""
    return _run(_new_cursor(_connection()), statement, parameters).fetchall()


def value(statement: str, parameters: Parameters = ()) -> Any:
    """The first column of the first row, or None."""
    row = one(statement, parameters)
    return None if row is None else row[0]


def run(statement: str, parameters: Parameters = ()) -> int:
    """Run a statement that answers no rows. Returns the number of rows it changed."""
    return _run(_kept_cursor(statement), statement, parameters).rowcount


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
        connections[DEFAULT_DB_ALIAS].wrap_database_errors,
        cursor.copy(cast("Any", statement)) as copy,
    ):
        for frame in frames:
            copy.write(frame)


def distinct(table: str, column: str) -> list[Any]:
    """The different values of an indexed column, in order: one look into the index for each of
    them, where SELECT DISTINCT would read every row."""
    statement = f"""
        WITH RECURSIVE found AS (
            (SELECT {column} AS value FROM {table} ORDER BY {column} LIMIT 1)
            UNION ALL
            SELECT (SELECT {column} FROM {table} WHERE {column} > found.value
                    ORDER BY {column} LIMIT 1)
            FROM found WHERE found.value IS NOT NULL)
        SELECT value FROM found WHERE value IS NOT NULL"""  # noqa: S608 - names from our code
    return [row.value for row in rows(statement)]


@contextmanager
def refused_as(refusal: Exception) -> Iterator[None]:
    """Raise `refusal` where a unique constraint says that somebody else was first."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise refusal from error
        raise


def violated(error: IntegrityError) -> str | None:
    """The name of the constraint that a statement would have broken."""
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


def _run(cursor: Cursor, statement: str, parameters: Parameters) -> Cursor:
    try:
        return cursor.execute(cast("Any", statement), parameters)
    except psycopg.Error:
        with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
            raise


def _connection() -> Connection:
    database = connections[DEFAULT_DB_ALIAS]
    if database.connection is None:
        database.ensure_connection()
    return cast("Connection", database.connection)


def _new_cursor(connection: Connection) -> Cursor:
    return psycopg.Cursor(connection, row_factory=namedtuple_row)


class _Kept(threading.local):
    """This thread's cursors on its connection, by statement.

    A cursor that runs its statement again knows already how to write the parameters and how to
    read the columns. It also holds its last result, so what reads many rows is not kept."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.cursors: dict[str, Cursor] = {}


_kept = _Kept()


def _kept_cursor(statement: str) -> Cursor:
    connection = _connection()
    if _kept.connection is not connection:
        _kept.connection, _kept.cursors = connection, {}
    cursor = _kept.cursors.get(statement)
    if cursor is None:
        cursor = _kept.cursors[statement] = _new_cursor(connection)
    return cursor
