"""What the office looks at in one commission run: where its money goes, who waits, who is at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from upline.base import sql
from upline.base.event_kinds import EventKind
from upline.commissions.models import Run
from upline.commissions.steps import lock_of
from upline.company import current as company
from upline.language import gettext
from upline.members.models import StepAsked, StepStatus
from upline.plan_documents import parse

_BONUSES = """
SELECT bonus, count(*) AS lines, count(DISTINCT member_id) AS members,
       sum(amount)::bigint AS amount, %(currency)s AS currency
FROM commissions_line WHERE day = %(day)s AND run_id = %(run)s AND bonus >= 0
GROUP BY bonus ORDER BY amount DESC, bonus
"""
# Where a run met several currencies, their sums stay apart.
_BONUSES_BY_CURRENCY = """
SELECT bonus, count(*) AS lines, count(DISTINCT line.member_id) AS members,
       sum(amount)::bigint AS amount, currency
FROM commissions_line line JOIN commissions_earning USING (run_id, member_id)
WHERE day = %(day)s AND run_id = %(run)s AND bonus >= 0
GROUP BY bonus, currency ORDER BY bonus, currency
"""
_SUMS = """
SELECT currency, sum(gross)::bigint AS gross, sum(ceiling)::bigint AS ceiling,
       sum(charges)::bigint AS charges, sum(tax)::bigint AS tax, sum(carried)::bigint AS carried,
       sum(total)::bigint AS total, sum(purchase)::bigint AS purchase,
       count(*) FILTER (WHERE member_id <= %(cursor)s) AS passed,
       count(*) FILTER (WHERE total > 0) AS gaining
FROM commissions_earning WHERE run_id = %(run)s GROUP BY currency ORDER BY currency
"""
_WITHHELD = """
SELECT earning.member_id, person.username, standing, total, earning.currency, forfeited_at,
       coalesce(forfeiter.username, '') AS forfeited_by, reason
FROM commissions_withheld withheld
JOIN commissions_earning earning USING (run_id, member_id)
JOIN members_member ON user_id = earning.member_id
JOIN members_user person ON person.id = user_id
LEFT JOIN members_user forfeiter ON forfeiter.id = forfeited_by_id
WHERE run_id = %(run)s ORDER BY forfeited_at NULLS FIRST, person.username LIMIT %(most)s
"""
_JOB = """
SELECT id AS job_id, args ->> 'step' AS step, status = 'failed' AS has_failed,
       (SELECT max(at) FROM procrastinate_events
        WHERE job_id = job.id AND type = 'started') AS begun
FROM procrastinate_jobs job
WHERE status IN ('todo', 'doing', 'failed') AND queueing_lock = %s ORDER BY id DESC LIMIT 1
"""


class _SumOfBonus(NamedTuple):
    """What one bonus, by its number in the plan, comes to in a run; in one currency."""

    bonus: int
    lines: int
    members: int
    amount: int
    currency: str


@dataclass(frozen=True)
class BonusTotals:
    """What one bonus comes to in a run, in minor units of a currency."""

    bonus: str
    lines: int
    members: int
    amount: int
    currency: str


class Sums(NamedTuple):
    """A run's gross in one currency, what is taken off it, and what is paid; how many of these
    members the payment has passed, and how many are paid something."""

    currency: str
    gross: int
    ceiling: int
    charges: int
    tax: int
    carried: int
    total: int
    purchase: int
    passed: int
    gaining: int


class Waiting(NamedTuple):
    """A member whom a run could not pay; `forfeited_at` None while it is kept for them."""

    member_id: int
    username: str
    standing: str
    total: int
    currency: str
    forfeited_at: datetime | None
    forfeited_by: str
    reason: str


def bonus_sums(run: Run) -> list[BonusTotals]:
    """The run's bonuses, the one that pays most in front."""
    bonuses = parse(run.plan.text, run.plan.name).bonuses
    statement = _BONUSES_BY_CURRENCY if run.markets.exists() else _BONUSES
    asked = {"run": run.pk, "day": run.last_day, "currency": company.current().plan_currency}
    return [
        BonusTotals(bonuses[row.bonus].name, row.lines, row.members, row.amount, row.currency)
        for row in sql.rows(_SumOfBonus, statement, asked)
    ]


def sums(run: Run) -> list[Sums]:
    """Of all members together, in each currency."""
    found = sql.rows(Sums, _SUMS, {"run": run.pk, "cursor": run.cursor})
    return found or [Sums(company.current().plan_currency, *[0] * (len(Sums._fields) - 1))]


def withheld(run: Run, most: int) -> list[Waiting]:
    """Whom the run could not pay: first those it is kept for."""
    return sql.rows(Waiting, _WITHHELD, {"run": run.pk, "most": most})


class Asked(NamedTuple):
    """A step that a worker was asked to do with a run and has not done. `has_failed`: it will not
    do it any more unless somebody asks again. `begun` is when it last began."""

    job_id: int
    step: str
    has_failed: bool
    begun: datetime | None


def asked_to_drop(run: Run) -> StepAsked | None:
    """What waits for a second person to drop the run."""
    found = StepAsked.objects.filter(event=EventKind.RUN_DROPPED, subject=f"run:{run.pk}")
    return found.filter(status=StepStatus.ASKED).select_related("actor").first()


def asked_for(run: Run) -> Asked | None:
    """What a worker was last asked to do with the run, where it is not done."""
    row = sql.one(Asked, _JOB, [lock_of(run.pk)])
    if row is None:
        return None
    done_at = run.computed_at if row.step == "compute" else run.paid_at
    is_done_since = row.has_failed and row.begun and done_at and done_at > row.begun
    return None if is_done_since else row


def dropped(run_id: int) -> str:
    """What somebody is told once two people have dropped a run."""
    return gettext("Run {run_id} is gone, and its days are open again.", run_id=run_id)
