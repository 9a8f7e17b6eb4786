"""Which periods follow each other: those of each plan in force, cut where the next one begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upline.plans.periods import Every, Period, date_of, day_of, in_turn, period_of
from upline.plans.plan import Plan

LONGEST = timedelta(days=62)
"""No period is longer: what ended before a run by more than this was opened before it."""


@dataclass(frozen=True)
class InForce:
    """A version of the plan with the first day that it holds for, and the last, if known."""

    version_id: int
    plan: Plan
    since: date
    until: date | None


@dataclass(frozen=True)
class Due:
    """A period that has ended, and the version of the plan that it belongs to."""

    version_id: int
    period: Period


def due(
    versions: Sequence[InForce], opened: set[tuple[str, date]], last: date | None, yesterday: date
) -> list[Due]:
    """What can be opened, in turn: by the last day, of two that end together the shorter first.

    `opened` names the runs that exist by their length and last day; `last` is the latest of
    these days."""
    after = last - LONGEST if last else date.min
    found = [
        Due(version.version_id, period)
        for version in versions
        if version.until is None or version.until >= after
        for period in _periods(version, after, yesterday)
        if (str(period.every), date_of(period.last_day)) not in opened
        and (last is None or date_of(period.last_day) >= last)
    ]
    return sorted(found, key=lambda one: in_turn(one.period))


def running(versions: Sequence[InForce], today: date) -> list[Due]:
    """The periods that are not over yet, of the plan that is in force today, in turn as they will
    end; none where no plan is in force today."""
    version = holding(versions, today)
    return running_of(version, today) if version else []


def holding(versions: Sequence[InForce], day: date) -> InForce | None:
    """The version that holds for a day, if one does."""
    held = (one for one in versions if one.since <= day and (one.until or day) >= day)
    return next(held, None)


def running_of(version: InForce, today: date) -> list[Due]:
    """The periods of a version that are not over today, in turn as they will end."""
    found = [_cut(version, day_of(today), every) for every in version.plan.lengths]
    return [Due(version.version_id, period) for period in sorted(found, key=in_turn)]


def _cut(version: InForce, day: int, every: Every) -> Period:
    """The period that contains a day, as far as it lies within the version."""
    whole = period_of(day, every, version.plan.week_starts)
    last = whole.last_day if version.until is None else min(whole.last_day, day_of(version.until))
    return Period(last, max(whole.first_day, day_of(version.since)), every)


def _periods(version: InForce, after: date, yesterday: date) -> Iterator[Period]:
    """The periods of one version that ended by yesterday, as far as they lie within it."""
    start = day_of(max(after, version.since))
    for every in version.plan.lengths:
        day = start
        while True:
            period = _cut(version, day, every)
            if period.last_day > day_of(yesterday) or period.last_day < day:
                break
            yield period
            day = period.last_day + 1
