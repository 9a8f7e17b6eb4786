"""Which periods follow each other: those of each plan in force, cut where the next one begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upline.plans.periods import Period, date_of, day_of, in_turn, lengths, period_of
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


def _periods(version: InForce, after: date, yesterday: date) -> Iterator[Period]:
    """The periods of one version that ended by yesterday, as far as they lie within it."""
    first_of_all = day_of(version.since)
    last_of_all = None if version.until is None else day_of(version.until)
    start = max(first_of_all, day_of(max(after, version.since)))
    for every in lengths(version.plan):
        day = start
        while True:
            whole = period_of(day, every, version.plan.week_starts)
            last = whole.last_day if last_of_all is None else min(whole.last_day, last_of_all)
            if last > day_of(yesterday) or last < day:
                break
            yield Period(last, max(whole.first_day, first_of_all), every)
            day = last + 1
