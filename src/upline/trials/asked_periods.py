"""Which runs are asked for, by `--period` or by what is in the files."""

from __future__ import annotations

import re

from upline.language import gettext, lazy
from upline.language.writing import day
from upline.plan_documents.errors import often, quoted
from upline.plans.company import Orders
from upline.plans.periods import DAYS_OF_A_WEEK, Every, Period, date_of, name_of, period_of
from upline.plans.plan import Plan
from upline.plans.run import runs
from upline.trials.files.complaints import FileErrors
from upline.trials.files.dates import FIRST, LAST, day_in, outside

A_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
FORMS = lazy("2026-01 for a month, 2026-01-15 for a day, 2026-01-05/2026-01-11 for a week")


def asked(text: str, week_starts: int) -> Period:
    """The period that a word on the command line names. Raises FileErrors."""
    try:
        first, every = _beginning(text)
    except ValueError:
        sentence = gettext("--period {period}: write {forms}", period=quoted(text), forms=FORMS)
        raise FileErrors([sentence]) from None
    if not FIRST <= first <= LAST:
        raise FileErrors([outside("--period", quoted(text))])
    period = period_of(first, every, week_starts)
    if name_of(period) != text:
        sentence = gettext(
            "--period {period}: a week of this plan is, for example, {week}",
            period=quoted(text),
            week=name_of(period),
        )
        raise FileErrors([sentence])
    return period


def _beginning(text: str) -> tuple[int, Every]:
    """The first day, and how long it goes on. Raises ValueError where the text is no period."""
    if A_MONTH.fullmatch(text):
        return day_in(f"{text}-01"), Every.MONTH
    first, slash, last = text.partition("/")
    if slash:
        day_in(last)
    return day_in(first), Every.WEEK if slash else Every.DAY


def runs_within(plan: Plan, period: Period) -> list[Period]:
    """The runs that end within a period. Raises FileErrors where there is none."""
    found = list(runs(plan, period.first_day, period.last_day))
    if not found:
        lengths = list(dict.fromkeys(often(bonus.every) for bonus in plan.bonuses))
        said = lengths[0]
        for each in lengths[1:]:
            said = gettext("{one} and {other}", one=said, other=each)
        sentence = gettext(
            "--period {period}: nothing ends within it, since this plan's bonuses are calculated "
            "{often}",
            period=name_of(period),
            often=said,
        )
        raise FileErrors([sentence])
    return found


def runs_of_orders(plan: Plan, orders: Orders, after: int | None) -> list[Period]:
    """Every run from the first order's month to the last one's, but none until `after`.

    A week that the last month's end divides is among them, so that no order is left out.
    """
    first = period_of(int(orders.day[0]), Every.MONTH).first_day
    last = period_of(int(orders.day[-1]), Every.MONTH).last_day
    within = runs(plan, first, last + DAYS_OF_A_WEEK - 1)
    found = [run for run in within if run.first_day <= last]
    return [run for run in found if after is None or run.last_day > after]


def check_after(periods: list[Period], until: int, carry_path: str) -> None:
    """What is carried over has to be older than the first run. Raises FileErrors."""
    if not periods:
        sentence = gettext(
            "{path}: reaches to {day}, and there are no orders after it",
            path=carry_path,
            day=day(date_of(until)),
        )
        raise FileErrors([sentence])
    if periods[0].last_day <= until:
        sentence = gettext(
            "{path}: reaches to {day}, but the first run is {run}, which is not after it",
            path=carry_path,
            day=day(date_of(until)),
            run=name_of(periods[0]),
        )
        raise FileErrors([sentence])
