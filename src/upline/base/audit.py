"""The audit log: who changed what, when, from where. Append-only, by trigger."""

from typing import Any

from psycopg.types.json import Jsonb

from upline.base import clock, sql
from upline.base.unit import Unit


def record(unit: Unit, event: str, subject: str, **facts: Any) -> None:
    """Write one entry in the unit's transaction.

    `event` is `domain.verb`, `subject` what it happened to (`user:5`, `order:UP-…`), `facts` plain
    values; secrets and bank data are never among them."""
    sql.run(
        """INSERT INTO base_auditentry
               (at, actor_id, client_id, address, request_id, event, subject, facts)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            clock.now(),
            unit.actor_id,
            unit.client_id,
            unit.address,
            unit.request_id,
            event,
            subject,
            Jsonb(facts),
        ],
    )


def events() -> list[str]:
    """The events there are."""
    return sql.distinct("base_auditentry", "event")
