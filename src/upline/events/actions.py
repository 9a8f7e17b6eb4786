"""Writing events, in the transaction of what happened."""

from psycopg.types.json import Jsonb

from upline.base import clock, sql
from upline.base.event_kinds import DESCRIBED, EventKind

Datum = str | int | bool | list[str] | None


def write(kind: EventKind, subject: str, **data: Datum) -> int:
    """Write one event. `subject` is what it happened to (`member:5`, `order:UP-…`), `data` what
    base/event_kinds.py says of the kind: no name and no address. Returns its id."""
    return sql.number(
        "INSERT INTO events_event (kind, subject, data, occurred_at) "
        "VALUES (%s, %s, %s, %s) RETURNING id",
        [kind, subject, Jsonb(checked(kind, data)), clock.now()],
    )


def checked(kind: EventKind, data: dict[str, Datum]) -> dict[str, Datum]:
    """The data of an event. Raises ValueError where they are others than its kind says."""
    if data.keys() != set(DESCRIBED[kind].data):
        raise ValueError(f"{kind} has {DESCRIBED[kind].data}, not {tuple(data)}")
    return data
