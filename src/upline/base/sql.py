"""Hand-written SQL, prepared once per connection.

Django's cursors bind parameters on the client, so nothing they run is ever prepared. These
helpers use psycopg's own cursor on the same connection and inside the same transaction.
Placeholders are `%s` or `%(name)s`. JSON columns arrive as text, as Django's connection has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from psycopg.rows import namedtuple_row

Parameters = Sequence[Any] | Mapping[str, Any]


def one(statement: str, parameters: Parameters = ()) -> Any | None:
    """The first row as a named tuple, or None."""
    return _run(statement, parameters).fetchone()


def rows(statement: str, parameters: Parameters = ()) -> list[Any]:
    """All rows as named tuples."""
    return _run(statement, parameters).fetchall()


def value(statement: str, parameters: Parameters = ()) -> Any:
    """The first column of the first row, or None."""
    row = one(statement, parameters)
    return None if row is None else row[0]


def run(statement: str, parameters: Parameters = ()) -> int:
    """Run a statement that answers no rows. Returns the number of rows it changed."""
    return _run(statement, parameters).rowcount


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


def _run(statement: str, parameters: Parameters) -> "psycopg.Cursor[Any]":
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    cursor = psycopg.Cursor(
        cast("psycopg.Connection[Any]", database.connection), row_factory=namedtuple_row
    )
    with database.wrap_database_errors:
        return cursor.execute(cast("Any", statement), parameters)
