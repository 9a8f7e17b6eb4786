"""Plans in force and runs, looked up."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from upline.base import clock, sql
from upline.commissions import statements
from upline.commissions.errors import NoPlan, RunNotFound
from upline.commissions.models import Interim, PlanVersion, Run, RunStatus
from upline.commissions.periods import Due, InForce, due, holding, running
from upline.company import current as company
from upline.plan_documents import parse
from upline.plans.plan import Plan

APPROVED = (RunStatus.APPROVED, RunStatus.PAID, RunStatus.CLOSED)


def versions() -> list[InForce]:
    """All plans that are or will be in force, the earliest first. Raises NoPlan."""
    found = list(PlanVersion.objects.order_by("since"))
    if not found:
        raise NoPlan()
    ends = [version.since - timedelta(days=1) for version in found[1:]]
    return [
        InForce(version.pk, plan_of(version), version.since, until)
        for version, until in zip(found, [*ends, None], strict=True)
    ]


def in_force() -> InForce | None:
    """The plan that is in force today, if one is."""
    try:
        return holding(versions(), company.today())
    except NoPlan:
        return None


def plan_of(version: PlanVersion) -> Plan:
    """A version's plan, as the core understands it; the last few are kept."""
    return _parsed(version.text, version.name)


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> Plan:
    return parse(text, name)


def latest() -> Run | None:
    """The last run of the chain."""
    return Run.objects.order_by("-pk").first()


def last_frozen_day() -> date | None:
    """The last day of all runs; up to it each day keeps its plan."""
    return Run.objects.order_by("-last_day").values_list("last_day", flat=True).first()


def due_periods() -> list[Due]:
    """The periods that ended before today and have no run yet, in turn. Raises NoPlan."""
    yesterday = company.today() - timedelta(days=1)
    opened = {(run.every, run.last_day) for run in Run.objects.only("every", "last_day")}
    return due(versions(), opened, last_frozen_day(), yesterday)


def running_periods() -> list[Due]:
    """The periods that are not over today, in turn as they will end. Raises NoPlan."""
    return running(versions(), company.today())


def run(run_id: int) -> Run:
    """One run. Raises RunNotFound."""
    found = Run.objects.select_related("plan").filter(pk=run_id).first()
    if found is None:
        raise RunNotFound()
    return found


def first_waiting(*statuses: RunStatus) -> Run | None:
    """The earliest run in one of these statuses."""
    return Run.objects.filter(status__in=statuses).order_by("pk").first()


def end_of(last_day: date) -> datetime:
    """The moment at which a day is over where the company is."""
    midnight = time(tzinfo=company.current().time_zone)
    return datetime.combine(last_day + timedelta(days=1), midnight)


def refunds_within(first_day: date, last_day: date) -> int:
    """How many refunds there are of orders of these days."""
    days = {"first_day": first_day, "last_day": last_day}
    return sql.number(statements.REFUNDS, days)


def next_to_compute() -> Run | None:
    """The first run that nobody has computed, where the one before it is approved."""
    run = (
        Run.objects.select_related("previous").filter(status=RunStatus.OPEN).order_by("pk").first()
    )
    if run is None or (run.previous and run.previous.status not in APPROVED):
        return None
    return run


def interim_is_older_than(minutes: int) -> bool:
    """Whether no interim run was made in the last so many minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    return not Interim.objects.filter(at__gt=since).exists()
