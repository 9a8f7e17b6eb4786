"""Earnings: what each period came to, and why, down to the order and the rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404, HttpResponse

from upline.base.amounts import Money
from upline.language import gettext, ngettext, writing
from upline.markets import current as markets
from upline.portal.visiting import Visit, in_network
from upline.screens import earnings, shown
from upline.screens import statement as statements
from upline.screens.earnings import Earned, EarningNotFound
from upline.screens.statement import statement_file

if TYPE_CHECKING:
    from upline.commissions.explaining.lines import Explained

PERIODS_MOST = 24
LINES_MOST = 50
_KINDS = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


class PeriodShown(NamedTuple):
    """A period as the list has it: its days, what it came to, and its rank."""

    run_id: int
    days: str
    total: str
    rank: str


class SumShown(NamedTuple):
    """What one bonus paid, or one deduction took off, in a period."""

    name: str
    lines: str
    amount: str


class LineShown(NamedTuple):
    """A line: the bonus, why, how much, and the figures that it was worked out from."""

    number: int
    name: str
    sentence: str
    amount: str
    figures: list[tuple[str, str]]


@in_network
def overview(visit: Visit) -> HttpResponse:
    """`/earnings/`: the latest periods; `?before=` a run the ones before it."""
    before = _number(visit, "before")
    found = earnings.earned(visit.caller.member_id, before, PERIODS_MOST + 1)
    periods = found[:PERIODS_MOST]
    return visit.page(
        "portal/earnings.html",
        title=gettext("Earnings"),
        latest=markets.parts(Money(periods[0].total, periods[0].currency)) if periods else None,
        headline=_headline(periods) if not before else gettext("Earlier periods"),
        periods=[_period(each) for each in periods],
        older=periods[-1].id if len(found) > PERIODS_MOST else None,
    )


@in_network
def period(visit: Visit, run_id: str) -> HttpResponse:
    """`/earnings/RUN/`: the sums of one period, and its lines, so many at a time."""
    member_id = visit.caller.member_id
    earned = _find(visit, run_id)
    after = _number(visit, "after") or 0
    found = earnings.lines(earned.id, member_id, member_id, after, LINES_MOST + 1)
    activity = earnings.activity_in(earned.id, member_id)
    lines = found[:LINES_MOST]
    return visit.page(
        "portal/period.html",
        title=gettext("Earnings"),
        run_id=earned.id,
        total=markets.parts(Money(earned.total, earned.currency)),
        headline=gettext(
            "What you earned from {days}", days=_days(earned.first_day, earned.last_day)
        ),
        inactive=activity.sentence if activity and not activity.active else "",
        sums=[_sum(*each, earned.currency) for each in earnings.sums(earned.id, member_id)],
        lines=[_line(each, earned.currency) for each in lines],
        more=lines[-1].number if len(found) > LINES_MOST else None,
    )


@in_network
def paper(visit: Visit, run_id: str, kind: str) -> HttpResponse:
    """`/earnings/RUN/statement.pdf`, or `.csv`, which is always in English."""
    content = statement_file(visit.caller.member_id, _find(visit, run_id), kind)
    response = HttpResponse(content, content_type=_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="statement-{run_id}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _number(visit: Visit, name: str) -> int | None:
    """A number in the address; None where it is missing, or is none that we gave."""
    found = re.fullmatch(r"[0-9]{1,18}", visit.request.GET.get(name, ""))
    return int(found[0]) if found else None


def _find(visit: Visit, run_id: str) -> Earned:
    try:
        return earnings.earned_in(visit.caller.member_id, int(run_id))
    except EarningNotFound as error:
        raise Http404 from error


def _headline(periods: Sequence[Earned]) -> str:
    if not periods:
        return gettext(
            "You have not been paid yet. Your first period appears here once it is paid."
        )
    last = periods[0]
    return gettext("Your latest period: {days}", days=_days(last.first_day, last.last_day))


def _days(first: date, last: date) -> str:
    """The days of a period; no line breaks inside a date."""
    begin, end = (writing.named_day(each).replace(" ", "\u00a0") for each in (first, last))
    return begin if first == last else gettext("{first} to {last}", first=begin, last=end)


def _period(of: Earned) -> PeriodShown:
    days = _days(of.first_day, of.last_day)
    return PeriodShown(of.id, days, shown.money(of.total, of.currency), of.rank)


def _sum(bonus: str, lines: int, amount: int, currency: str) -> SumShown:
    counted = ngettext("{count} line", "{count} lines", lines, count=writing.whole(lines))
    return SumShown(earnings.called(bonus), counted, shown.money(amount, currency))


def _line(of: Explained, currency: str) -> LineShown:
    return LineShown(
        of.number,
        earnings.called(of.bonus),
        of.sentence,
        shown.money(of.amount, currency),
        statements.figures_of(of, currency),
    )
