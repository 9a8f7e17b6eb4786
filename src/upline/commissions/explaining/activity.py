"""Whether a member is active: today and in the periods that are running, and as a run saw it."""

# What reads archives costs a process time and memory: it is imported by those who ask.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from upline.base import sql
from upline.commissions import queries
from upline.commissions.computing import figures
from upline.commissions.explaining import statements
from upline.commissions.models import Run
from upline.commissions.periods import InForce, running_of
from upline.company import current as company
from upline.explanations.activity import MemberActivity, judged
from upline.genealogy.queries import is_closed
from upline.members.models import Member, Standing
from upline.plans import activity
from upline.plans.counting import FurtherFigure
from upline.plans.periods import Every, Period, date_of, day_of, period_of
from upline.plans.plan import Plan

Days = Sequence[tuple[int, int]]
"""Days with the points that a member's orders of this day count."""


@dataclass(frozen=True, slots=True)
class Now:
    """Whether a member is active today; up to which day that stays so without another order (None:
    without an end, or not active); and whether the run of each running period would find them
    active as things are now."""

    today: MemberActivity
    until: date | None
    periods: list[MemberActivity]


def now(member_id: int) -> Now | None:
    """A member, by the plan that is in force today; None where none is."""
    version = queries.in_force()
    return under(version, member_id) if version else None


def under(version: InForce, member_id: int) -> Now:
    """The same by a version of the plan that is in force today."""
    plan, today = version.plan, day_of(company.today())
    stopped = Member.objects.values_list("standing", flat=True).get(pk=member_id) != Standing.ACTIVE
    refunded = is_closed(member_id)
    periods = [due.period for due in running_of(version, company.today())]
    days = _days(member_id, plan, activity.counts_from(plan, today))

    def of(period: Period) -> MemberActivity:
        points = _points(days, plan, period.last_day)
        return judged(plan, period, points, stopped=stopped, refunded=refunded)

    found = of(Period(today, today, Every.DAY))
    until = _until(days, version, today) if found.active else None
    return Now(found, until, [of(period) for period in periods])


def _days(member_id: int, plan: Plan, first_day: int) -> Days:
    asked = {"member": member_id, "first_day": date_of(first_day), "last_day": date.max}
    basis = plan.active.measured_in
    figure = company.figure_index(basis.name) if isinstance(basis, FurtherFigure) else None
    return sql.rows(statements.DayPoints, figures.own_points(figure), asked)


def _points(days: Days, plan: Plan, last_day: int) -> int:
    first_day = activity.counts_from(plan, last_day)
    return sum(points for day, points in days if first_day <= day <= last_day)


def _until(days: Days, version: InForce, today: int) -> date | None:
    """The last day of the periods of the rule for which the points are enough."""
    plan = version.plan
    if not activity.asks_for_points(plan.active):
        return version.until
    last = today
    for _ in range(plan.active.periods):
        end = period_of(last, plan.active.every, plan.week_starts).last_day
        if not activity.is_enough(plan.active, _points(days, plan, end)):
            break
        last = end + 1
    until = date_of(last - 1)
    return min(until, version.until) if version.until else until


def in_run(run: Run, member_id: int) -> MemberActivity | None:
    """A member as a computed run found them; None where its archive does not tell."""
    import numpy as np

    from upline.commissions.computing.inputs import period_of_run
    from upline.commissions.storing import run_figures
    from upline.commissions.storing.archive import Archive

    archive, ids = Archive(run.pk), np.array([member_id], np.int64)
    if run_figures.PART not in archive.parts or not len(archive.indexes(run_figures.PART, ids)):
        return None
    plan, reached = queries.plan_of(run.plan), 0
    if activity.asks_for_points(plan.active):
        if not archive.has(run_figures.PART, run_figures.ACTIVE_POINTS):
            return None
        found = archive.of(run_figures.PART, [run_figures.ACTIVE_POINTS], ids)
        reached = int(found[run_figures.ACTIVE_POINTS][0])
    # A first position has the id of its member; where it is closed, the member counts as blocked.
    refunded = bool(archive.of("positions", ["closed"], ids)["closed"][0])
    stopped = bool(archive.of("members", ["blocked"], ids)["blocked"][0]) and not refunded
    return judged(plan, period_of_run(run), reached, stopped=stopped, refunded=refunded)
