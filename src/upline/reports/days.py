"""The days of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upline.commissions import queries as commissions
from upline.commissions.errors import NoPlan
from upline.company import current as company
from upline.language import gettext
from upline.language.writing import day
from upline.reports.errors import DaysWrong

FIRST_YEAR, LAST_YEAR = 1900, 9000
JANUARY = (1, 1)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; `name` is the year's where it is one."""

    first: date
    last: date
    name: str = ""

    def __str__(self) -> str:
        days = gettext("{first} to {last}", first=day(self.first), last=day(self.last))
        return f"{self.name} ({days})" if self.name else days

    @property
    def since(self) -> datetime:
        """The moment at which the first day begins."""
        return commissions.end_of(self.first - timedelta(days=1))

    @property
    def until(self) -> datetime:
        """The moment at which the last day is over."""
        return commissions.end_of(self.last)

    def parameters(self, currency: str) -> dict[str, date | datetime | str]:
        """What the statements of reports ask for, about one currency."""
        return {
            "first": self.first,
            "last": self.last,
            "since": self.since,
            "until": self.until,
            "currency": currency,
        }


def between(first: date, last: date) -> Days:
    """These days. Raises DaysWrong."""
    if first > last:
        raise DaysWrong(
            gettext(
                "{first} is after {last}: the first day comes before the last one.",
                first=day(first),
                last=day(last),
            )
        )
    return Days(first, last)


def calendar_year(year: int | None) -> Days:
    """A year from January on; without a number the one that today is in. Raises DaysWrong."""
    return _year(company.today().year if year is None else year, JANUARY)


def tax_year(year: int | None) -> Days:
    """A year that begins on the day that the plan says (the one in force today, or at the end of
    the calendar year), and has the number of the calendar year it begins in; without a number the
    one that today is in. Raises DaysWrong."""
    if year is not None:
        return _year(year, _beginning(_year(year, JANUARY).last))
    today = company.today()
    starts = _beginning(today)
    return _year(today.year - ((today.month, today.day) < starts), starts)


def _year(year: int, starts: tuple[int, int]) -> Days:
    last = _first_of(year + 1, starts) - timedelta(days=1)
    return Days(_first_of(year, starts), last, str(year))


def _first_of(year: int, starts: tuple[int, int]) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        raise DaysWrong(
            gettext("A year is a number from {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR)
        )
    return date(year, *starts)


def _beginning(on: date) -> tuple[int, int]:
    """On which month and day a tax year begins by the plan that is in force on this day, by the
    first plan before there is one; in January where there is none at all."""
    try:
        versions = commissions.versions()
    except NoPlan:
        return JANUARY
    in_force = [each for each in versions if each.since <= on] or versions[:1]
    return in_force[-1].plan.settlement.year_starts
