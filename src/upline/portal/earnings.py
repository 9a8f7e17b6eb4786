"""Earnings: what each period came to, and why, down to the order and the rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.http import Http404, HttpResponse

from upline.base.amounts import Money
from upline.base.errors import Refusal
from upline.language import gettext
from upline.markets import current as markets
from upline.portal import earnings_plot, unfolding
from upline.portal.visiting import Visit, in_network
from upline.screens import differences, earnings, earnings_so_far, order_questions, shown, unfolded
from upline.screens import statement as statements
from upline.screens.bonus_titles import title
from upline.screens.earnings import Earned, EarningNotFound
from upline.screens.earnings_so_far import EarningsSoFar
from upline.screens.order_questions import OrderAnswer, Verdict
from upline.screens.statement import statement_file
from upline.wallet import queries as wallet

PERIODS_MOST, OTHERS_MOST, PLOTTED_MOST = 12, 8, 70
_KINDS = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
_GOOD = (Verdict.EARNED, Verdict.COUNTED)


class PeriodShown(NamedTuple):
    """A period as the list has it: its days, its sums, and its rank."""

    run_id: int
    days: str
    gross: str
    deductions: str
    total: str
    rank: str
    is_here: bool
    is_nothing: bool


class AnswerShown(NamedTuple):
    """What became of an order: which one, of whom, and the sentence."""

    order: str
    buyer: str
    sentence: str
    is_good: bool
    run_id: int | None


class RunningShown(NamedTuple):
    """A running period: its name, when it ends, and all that it is made of."""

    days: str
    paper: unfolding.UnfoldedPaper


@in_network
def overview(visit: Visit) -> HttpResponse:
    """`/earnings/`: the latest periods; `?before=` a run the ones before it; `?order=` what became
    of an order."""
    before, member_id = _number(visit, "before"), visit.caller.member_id
    question = visit.request.GET.get("order", "").strip()
    found = earnings.earned(member_id, before, PLOTTED_MOST)
    periods = found[:PERIODS_MOST]
    running = earnings_so_far.so_far(member_id) if not before else []
    so_far = sum(each.total for each in running)
    return visit.page(
        "portal/earnings.html",
        title=gettext("Earnings"),
        latest=markets.parts(Money(periods[0].total, periods[0].currency)) if periods else None,
        headline=_headline(periods) if not before else gettext("Earlier periods"),
        so_far=shown.money(so_far, visit.caller.currency) if so_far else "",
        question=question[: order_questions.LONGEST],
        answers=_answers(member_id, question),
        plot=earnings_plot.plot(found) if not before else None,
        plot_height=earnings_plot.HEIGHT,
        periods=[_period(each) for each in periods],
        older=periods[-1].id if len(found) > PERIODS_MOST else None,
    )


@in_network
def period(visit: Visit, run_id: str) -> HttpResponse:
    """`/earnings/RUN/`: one period, unfolded down to its orders. `?open=all` has all of it open, to
    be printed."""
    member_id, earned = visit.caller.member_id, _find(visit, run_id)
    all_open = visit.request.GET.get("open") == "all"
    found = unfolded.of_run(earned, member_id, with_fed=all_open)
    activity = earnings.activity_in(earned.id, member_id)
    before = differences.period_before(earned, member_id)
    less = differences.why_less(earned, before, member_id, found.cut) if before else []
    return visit.page(
        "portal/period.html",
        title=gettext("Earnings"),
        run_id=earned.id,
        total=markets.parts(Money(earned.total, earned.currency)),
        headline=gettext("What you earned from {days}", days=_days(earned)),
        inactive=activity.sentence if activity and not activity.active else "",
        less=less,
        before=_days(before) if before else "",
        paper=unfolding.paper(found),
        all_open=all_open,
        paid=_paid(earned, member_id),
        periods=[
            _period(each, earned.id) for each in earnings.earned(member_id, None, OTHERS_MOST)
        ],
    )


@in_network
def so_far(visit: Visit) -> HttpResponse:
    """`/earnings/so-far/`: the running periods, worked out as things are now and unfolded."""
    found = visit.unit().commit(lambda: _running(visit), snapshot=True)
    at_last = [] if found else earnings_so_far.so_far(visit.caller.member_id)
    total = sum(each.unfolded.gross for each in found) + sum(each.total for each in at_last)
    return visit.page(
        "portal/so_far.html",
        title=gettext("Earnings"),
        headline=gettext("What you have earned so far"),
        total=markets.parts(Money(total, visit.caller.currency)),
        running=[RunningShown(_days(each), unfolding.paper(each.unfolded)) for each in found],
        sums=_sums(at_last),
        all_open=visit.request.GET.get("open") == "all",
    )


def _running(visit: Visit) -> list[unfolded.RunningPeriod]:
    """Nothing where it cannot be worked out now: then there are the sums of the interim run."""
    try:
        return unfolded.so_far(visit.caller.member_id, visit.caller.currency) or []
    except Refusal:
        return []


def _sums(periods: Sequence[EarningsSoFar]) -> list[tuple[str, str]]:
    """What each bonus came to at the last interim run."""
    return [
        (title(name), shown.money(amount, each.currency))
        for each in periods
        for name, amount in each.amounts
        if amount
    ]


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
    return gettext("Your latest period: {days}", days=_days(periods[0]))


def _days(of: Earned | unfolded.RunningPeriod) -> str:
    return shown.period(of.every, of.first_day, of.last_day)


def _period(of: Earned, here: int = 0) -> PeriodShown:
    gross, off, total = (
        shown.money(each, of.currency) for each in (of.gross, -of.deductions, of.total)
    )
    return PeriodShown(of.id, _days(of), gross, off, total, of.rank, of.id == here, not of.total)


def _paid(earned: Earned, member_id: int) -> list[tuple[str, str]]:
    """How the ledger settled the period's total; nothing before it is paid."""
    settled = wallet.of_run(earned.id, member_id, list(statements.SETTLED))
    return [
        (str(text), shown.money(settled[kind] * sign, earned.currency))
        for kind, (text, sign) in statements.SETTLED.items()
        if kind in settled
    ]


def _answers(member_id: int, question: str) -> list[AnswerShown]:
    return [_answer(each) for each in order_questions.answers(member_id, question)]


def _answer(of: OrderAnswer) -> AnswerShown:
    return AnswerShown(
        gettext("Order {number}", number=of.order.number),
        of.order.buyer,
        of.sentence,
        of.verdict in _GOOD,
        of.run_id,
    )
