"""Writing events, in the transaction of what happened."""

from collections.abc import Mapping
from typing import NamedTuple

from psycopg.types.json import Jsonb

from upline.base import audit, clock, sql
from upline.base.event_kinds import DESCRIBED, EventKind
from upline.base.unit import UnitOfWork


class WrittenEvent(NamedTuple):
    """An event that was just written, for what is delivered of it."""

    id: int
    kind: EventKind


def write(kind: EventKind, subject: str, /, **data: object) -> WrittenEvent:
    """Write one event. `subject` is what it happened to (`member:5`, `order:UP-…`), `data` what
    base/event_kinds.py says of the kind: no name and no address."""
    event_id = sql.number(
        "INSERT INTO events_event (kind, subject, data, occurred_at) "
        "VALUES (%s, %s, %s, %s) RETURNING id",
        [kind, subject, Jsonb(dict(checked(kind, data))), clock.now()],
    )
    return WrittenEvent(event_id, kind)


def record(
    unit: UnitOfWork,
    kind: EventKind,
    subject: str,
    data: Mapping[str, object],
    /,
    **facts: object,
) -> WrittenEvent:
    """Write an event, and an entry of the audit log that says who did it. `data` as for `write`,
    `facts` as for `audit.record`; the entry names the member and the currency of the data."""
    member_id = data.get("member_id")
    assert member_id is None or isinstance(member_id, int), f"{member_id!r} is no member"
    if "currency" in data:
        facts["currency"] = data["currency"]
    audit.record(unit, kind, subject, member_id=member_id, **facts)
    return write(kind, subject, **data)


def checked(kind: EventKind, data: Mapping[str, object]) -> Mapping[str, object]:
    """The data of an event. Raises ValueError where they are others than its kind says."""
    if data.keys() != set(DESCRIBED[kind].data):
        raise ValueError(f"{kind} has {DESCRIBED[kind].data}, not {tuple(data)}")
    return data
