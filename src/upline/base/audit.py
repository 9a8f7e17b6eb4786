"""The audit log: who changed what, when, from where. Append-only, by trigger."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from upline.base import clock, sql
from upline.base.unit import UnitOfWork

Change = dict[str, Any]
"""What a field held: `before` and `after`."""

_PERSON = "user:"


def record(
    unit: UnitOfWork, event: str, subject: str, *, member_id: int | None = None, **facts: Any
) -> None:
    """Write one entry in the unit's transaction.

    `event` is `domain.verb`, `subject` what it happened to (`user:5`, `order:UP-…`), `member_id`
    the person whom it concerns where that is not the subject, `facts` plain values, and
    under `changes` what `changes()` answers; secrets are never among them, of bank data the
    last four alone."""
    if subject.startswith(_PERSON):
        member_id = int(subject.removeprefix(_PERSON))
    sql.run(
        """INSERT INTO base_auditentry
               (at, actor_id, client_id, address, request_id, event, subject, member_id, facts)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            clock.now(),
            unit.actor_id,
            unit.client_id,
            unit.address,
            unit.request_id,
            event,
            subject,
            member_id,
            Jsonb(facts),
        ],
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    """The fields of `after` that differ from `before`, each with both values."""
    return {
        name: {"before": _plain(before.get(name)), "after": _plain(value)}
        for name, value in after.items()
        if before.get(name) != value
    }


def step(name: str, before: Any, after: Any) -> dict[str, Change]:
    """The change of one field."""
    return changes({name: before}, {name: after})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def events() -> list[str]:
    """The events there are."""
    return sql.distinct("base_auditentry", "event")
