"""Days, weeks and months, as days counted from 1970-01-01."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EPOCH = date(1970, 1, 1)
DAYS_OF_A_WEEK = 7


class Every(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, week or month with its first and last day, both included."""

    last_day: int
    first_day: int
    every: Every


def day_of(moment: date) -> int:
    """The number of a date."""
    return (moment - EPOCH).days


def date_of(day: int) -> date:
    """The date of a number."""
    return EPOCH + timedelta(days=day)


def period_of(day: int, every: Every, week_starts: int = 0) -> Period:
    """The period that contains a day. `week_starts`: 0 is Monday."""
    moment = date_of(day)
    if every is Every.DAY:
        return Period(day, day, every)
    if every is Every.WEEK:
        first = day - (moment.weekday() - week_starts) % DAYS_OF_A_WEEK
        return Period(first + DAYS_OF_A_WEEK - 1, first, every)
    length = calendar.monthrange(moment.year, moment.month)[1]
    first = day - moment.day + 1
    return Period(first + length - 1, first, every)


def window(last_day: int, every: Every, periods: int, week_starts: int = 0) -> int:
    """The first day of the last so many periods, the one that contains `last_day` included."""
    first = period_of(last_day, every, week_starts).first_day
    for _ in range(periods - 1):
        first = period_of(first - 1, every, week_starts).first_day
    return first


def ending_within(
    first_day: int, last_day: int, every: Every, week_starts: int = 0
) -> Iterator[Period]:
    """The periods whose last day lies within these days, in turn."""
    period = period_of(first_day, every, week_starts)
    while period.last_day <= last_day:
        yield period
        period = period_of(period.last_day + 1, every, week_starts)


def name_of(period: Period) -> str:
    """2026-01 for a month, 2026-01-31 for a day, 2026-01-26/2026-02-01 for a week."""
    first, last = date_of(period.first_day), date_of(period.last_day)
    if period.every is Every.MONTH:
        return f"{first.year:04}-{first.month:02}"
    return str(first) if period.every is Every.DAY else f"{first}/{last}"


def in_turn(period: Period) -> tuple[int, int]:
    """What runs are sorted by: the last day; of two that end together the shorter comes first."""
    return period.last_day, list(Every).index(period.every)


def year_of(day: int, year_starts: tuple[int, int]) -> int:
    """The year that a day belongs to, named by the calendar year in which it starts."""
    moment = date_of(day)
    return moment.year - ((moment.month, moment.day) < year_starts)
