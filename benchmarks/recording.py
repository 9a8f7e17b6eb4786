"""Which statements a call sends to PostgreSQL, in which transactions: recorded while the
application answers it, so that pgbench runs the same ones."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from calls import Call
from filling import Filled


@dataclass
class Statement:
    """One statement as the application wrote it, with its parameters by position or name, and
    the first row that it answered. `BEGIN` and `COMMIT` are statements too."""

    text: str
    parameters: Any = None
    answered: dict[str, str] = field(default_factory=dict)


def record(call: Call, filled: Filled, number: int) -> list[Statement]:
    """The statements of one call by one member."""
    from django.test import Client

    with _recorder() as statements:
        answer = Client().generic(
            call.method,
            f"/api/{call.path}",
            call.parameters(number),
            content_type="application/x-www-form-urlencoded",
            headers={
                "host": "127.0.0.1",
                "api_key": filled.api_key,
                "access_token": filled.tokens[number],
                "x-forwarded-for": filled.address(number),
            },
        )
    assert answer.status_code < 300, answer.content
    return statements


@contextlib.contextmanager
def _recorder() -> Iterator[list[Statement]]:
    """Watch psycopg, which Django and our own SQL both go through."""
    statements: list[Statement] = []
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def watch(cursor: Any, query: Any, params: Any = None, **more: Any) -> Any:
        idle = psycopg.pq.TransactionStatus.IDLE
        if not cursor.connection.autocommit and cursor.connection.info.transaction_status == idle:
            statements.append(Statement("BEGIN"))
        statement = Statement(str(query), params)
        statements.append(statement)
        result = execute(cursor, query, params, **more)
        statement.answered = _first_row(cursor)
        return result

    def watch_commit(connection: Any) -> None:
        statements.append(Statement("COMMIT"))
        commit(connection)

    with (
        _replaced(psycopg.Cursor, "execute", watch),
        _replaced(psycopg.Connection, "commit", watch_commit),
    ):
        yield statements


@contextlib.contextmanager
def _replaced(owner: Any, name: str, by: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, by)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _first_row(cursor: Any) -> dict[str, str]:
    """The first row as PostgreSQL wrote it, by column name; whoever reads the cursor next still
    finds it."""
    result = cursor.pgresult
    if result is None or not result.ntuples:
        return {}
    return {
        result.fname(column).decode(): (result.get_value(0, column) or b"").decode()
        for column in range(result.nfields)
    }
