"""Reading events, each once and none left out."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from upline.base import sql
from upline.base.event_kinds import EventKind


class Cursor(NamedTuple):
    """How far a reader has come: the event that was the last, by its transaction and its id."""

    transaction: int
    id: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.id}"


START = Cursor(0, 0)


def cursor_of(text: str) -> Cursor:
    """`812-5` as a cursor. Raises ValueError."""
    transaction, _, number = text.partition("-")
    return Cursor(int(transaction), int(number))


class ReadEvent(NamedTuple):
    """An event as a reader gets it."""

    cursor: Cursor
    kind: EventKind
    subject: str
    data: dict[str, Any]
    occurred_at: datetime


class _EventRow(NamedTuple):
    """An event; `data` is JSON."""

    id: int
    transaction: int
    kind: str
    subject: str
    data: str
    occurred_at: datetime


# Events appear when their transaction commits, which is neither the order of their ids nor that of
# their transactions. So a reader stops before the oldest transaction that still runs: whatever it
# commits comes after all that was read.
_READ = """
SELECT id, transaction, kind, subject, data, occurred_at FROM events_event
WHERE (transaction, id) > (%s, %s) AND transaction < events_settled()
ORDER BY transaction, id LIMIT %s
"""


def read(after: Cursor, limit: int) -> list[ReadEvent]:
    """The next events after a cursor, in order, at most `limit`. None is ever left out, and who
    goes on from the last one's cursor gets none twice. Those of a change that has just been made
    may come a moment later: they wait for every transaction that began before it."""
    return [
        ReadEvent(
            Cursor(row.transaction, row.id),
            EventKind(row.kind),
            row.subject,
            json.loads(row.data),
            row.occurred_at,
        )
        for row in sql.rows(_EventRow, _READ, [*after, limit])
    ]
