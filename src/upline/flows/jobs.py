"""Jobs of the worker that did not end well: taken up again, or kept for a person to decide."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError
from procrastinate.jobs import Status as JobStatus

from upline.base import audit, databases, sql
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, NotFound
from upline.base.unit import UnitOfWork
from upline.commissions.steps import WORK
from upline.flows.permissions import Right, needs
from upline.language import gettext

MOST_TRIES = 3
log = logging.getLogger("upline.flows")

# Workers tell every ten seconds that they live. Whatever a job does takes a lock of its own, so
# one that is taken for dead and lives is in nobody's way.
_STALLED = """
SELECT job.id, task_name, attempts FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = worker_id
WHERE status = 'doing' AND (worker.id IS NULL OR last_heartbeat < now() - interval '1 minute')
ORDER BY job.id
"""


class _Stalled(NamedTuple):
    """A job whose worker is gone, and how often it was begun."""

    id: int
    task_name: str
    attempts: int


_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_GIVE_UP = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"
_FORGET_STALLED = "DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'doing'"
_FORGET_DONE = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT id FROM procrastinate_jobs job WHERE status IN ('succeeded', 'cancelled', 'aborted')
       AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)
           < now() - interval '1 day' LIMIT 1000)
"""


class JobNotFailed(Conflict):
    """Only what has failed is tried again."""


def take_up_stalled() -> None:
    """What a worker was at when it was killed. A step of a commission run is begun again, three
    times at most; all others come by themselves: the minute's work, mails. Needs no right: time
    brings it, and the worker does it."""
    for job in sql.rows(_Stalled, _STALLED):
        if job.task_name != WORK:
            sql.run(_FORGET_STALLED, [job.id])
        elif job.attempts + 1 < MOST_TRIES and _begun_again(job.id):
            log.warning("job %s was left by its worker and is begun again", job.id)
        else:
            sql.run(_GIVE_UP, [job.id])
            log.error("job %s was left by its worker %s times: a person decides", job.id,
                      job.attempts + 1)  # fmt: skip


@needs(Right.REDO_JOBS)
def try_again(unit: UnitOfWork, job_id: int) -> None:
    """Let a worker do a failed job again, as a person wants it. Raises NotFound, JobNotFailed."""
    status = sql.value(str, "SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
    if status is None:
        raise NotFound(gettext("This job does not exist."))
    if status != JobStatus.FAILED.value:
        raise JobNotFailed(
            gettext("Job {job_id} has not failed: it is {status}.", job_id=job_id, status=status)
        )

    def again() -> None:
        if not _begun_again(job_id):
            raise JobNotFailed(gettext("The same job is already waiting."))
        audit.record(unit, AuditEvent.JOB_AGAIN, f"job:{job_id}")

    unit.commit(again)


@dataclass(frozen=True)
class Failed:
    """A job that failed, when it last did, and what it was asked with."""

    id: int
    name: str
    at: datetime
    args: dict[str, object]


class _Count(NamedTuple):
    """How many jobs are in a state."""

    status: str
    number: int


class _FailedJob(NamedTuple):
    """A job that failed; `args` is JSON."""

    id: int
    name: str
    args: str
    at: datetime


def counts() -> dict[str, int]:
    """How many jobs there are in each state."""
    found = sql.rows(
        _Count,
        """SELECT status::text AS status, count(*) AS number FROM procrastinate_jobs
           GROUP BY status ORDER BY status""",
    )
    return {row.status: row.number for row in found}


def failed() -> list[Failed]:
    """The last hundred jobs that failed, the newest first."""
    found = sql.rows(
        _FailedJob,
        """SELECT id, split_part(task_name, '.', -1) AS name, args,
                  (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) AS at
           FROM procrastinate_jobs job WHERE status = 'failed' ORDER BY id DESC LIMIT 100""",
    )
    return [Failed(row.id, row.name, row.at, json.loads(row.args)) for row in found]


def forget_done() -> None:
    """Jobs that ended well, a day later. Needs no right: time brings it, and the worker does it."""
    while sql.run(_FORGET_DONE):
        continue


def _begun_again(job_id: int) -> bool:
    """False where the same work is asked for already, and this one would wait beside it."""
    try:
        with databases.atomic():
            sql.run(_AGAIN, [job_id])
    except IntegrityError:
        return False
    return True
