"""An approved run paid, in chunks: each chunk and the cursor that passes it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from upline.base import actors, audit, clock, sql
from upline.base.audit import AuditEvent
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.commissions import statements, steps
from upline.commissions.models import Run, RunStatus
from upline.company import current as company
from upline.events import actions as events

CHUNK = 10_000
"""Members paid in one transaction."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What one chunk came to: how many members were passed, and whether some may be left."""

    members: int
    is_last: bool


def pay_chunk(unit: UnitOfWork, run_id: int) -> Paid:
    """Pay the next members of a run, and withhold from those who are blocked. Raises RunNotFound,
    RunState."""
    run = steps.hold(run_id)
    steps.must_be(run, RunStatus.PAID, RunStatus.APPROVED)
    chunk = sql.one(
        statements.Chunk, statements.CHUNK, {"run": run_id, "after": run.cursor, "most": CHUNK}
    )
    if chunk is None or not chunk.number:
        return Paid(0, is_last=True)
    members = {"run": run_id, "after": run.cursor, "last": chunk.last}
    sql.run(statements.WITHHOLD, members)
    sql.run(statements.PAY, members | _now())
    sql.run(statements.MOVE_CURSOR, {"run": run_id, "last": chunk.last})
    return Paid(chunk.number, is_last=chunk.number < CHUNK)


def pay_released(unit: UnitOfWork, run_id: int) -> int:
    """Pay those who were withheld and are blocked no more. Returns how many."""
    steps.must_be(steps.hold(run_id), RunStatus.PAID, RunStatus.APPROVED)
    found = sql.rows(statements.Released, statements.RELEASE, {"run": run_id})
    released = [row.member_id for row in found]
    if released:
        sql.run(statements.PAY_RELEASED, {"run": run_id, "members": released} | _now())
    return len(released)


def finish(unit: UnitOfWork, run_id: int) -> Run:
    """The run is paid where nobody is left, neither after the cursor nor withheld."""
    run = steps.hold(run_id)
    before = run.status
    asked = {"run": run_id, "after": run.cursor, "most": 1}
    remaining = sql.one(statements.Chunk, statements.CHUNK, asked)
    withheld = run.withheld.filter(forfeited_at=None).count()
    is_unpaid = bool(remaining and remaining.number) or withheld > 0
    if run.status != RunStatus.APPROVED or is_unpaid:
        audit.record(unit, AuditEvent.RUN_PAY_PART, f"run:{run_id}", withheld=withheld)
        return run
    Run.objects.filter(pk=run_id).update(
        status=RunStatus.PAID, paid_at=clock.now(), paid_by_id=unit.actor_id
    )
    run.refresh_from_db()
    facts = {"withheld": withheld, "changes": audit.step("status", before, run.status)}
    events.record(unit, EventKind.RUN_PAID, f"run:{run_id}", steps.period_of(run), **facts)
    return run


def _now() -> dict[str, object]:
    now = clock.now()
    return {"day": company.current().day_of(now), "now": now, "by": actors.keys_now().row}
