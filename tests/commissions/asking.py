"""What members ask of their earnings: unfolded, compared, and order by order."""

from datetime import date
from typing import Any

from commissions.founding import FIRST, FOUNDED
from commissions.interims import interim
from commissions.world import noon, opened, paid, people, refund, sell, use_plan
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.explaining import so_far
from upline.commissions.models import Earning, Run
from upline.members.models import Member
from upline.members.queries import find_person, market_of
from upline.screens import differences, earnings, earnings_so_far, order_questions, unfolded


def _id(username: str) -> int:
    person = find_person(username)
    assert person is not None
    return person.id


def badly_unfolded() -> list[str]:
    """Earnings whose unfolded sums are not those that the run stored; none is right."""
    found = []
    for run in Run.objects.filter(status="closed"):
        for earning in Earning.objects.filter(run_id=run.pk):
            of = unfolded.of_run(earnings.earned_in(earning.member_id, run.pk), earning.member_id)
            lines = [line for bonus in of.bonuses for each in bonus.shares for line in each.lines]
            if of.total != earning.total or sum(each.amount for each in lines) != of.gross:
                found.append(f"{earning.member_id} in run {run.pk}")
    return found


def people_told(username: str) -> list[str]:
    """The names that a member's last period is unfolded into."""
    member_id = _id(username)
    last = earnings.earned(member_id, None, 1)[0]
    found = unfolded.of_run(last, member_id, with_fed=True)
    shares = [each for bonus in found.bonuses for each in bonus.shares]
    named = {each.person.firstname for each in shares if each.person}
    fed = {each.order.name for parts in found.fed.values() for each in parts if each.order}
    return sorted(named | fed)


def running_differs() -> list[str]:
    """What the lines of the running periods come to, where interim earnings say otherwise."""
    interim()
    unit, found = UnitOfWork(Shell()), []
    for member_id in Member.objects.filter(kind="member").values_list("pk", flat=True):
        shown = {
            (each.every, name): amount
            for each in earnings_so_far.so_far(member_id)
            for name, amount in each.amounts
            if amount
        }
        periods = unit.commit(lambda: so_far.lines_so_far(member_id, member_id), snapshot=True)  # noqa: B023
        sums: dict[tuple[str, str], int] = {}
        for period in periods:
            for line in period.lines:
                if not earnings.is_deduction(line.bonus):
                    key = period.every, line.bonus
                    sums[key] = sums.get(key, 0) + line.amount
        if sums != shown:
            found.append(f"{member_id}: {sums} is not {shown}")
        assert market_of(member_id)
    return found


def asked(username: str, question: str) -> list[list[str]]:
    """The answers to a question: verdict, sentence."""
    return [
        [each.verdict, each.sentence] for each in order_questions.answers(_id(username), question)
    ]


def why(username: str) -> list[str]:
    """Why the last period came to less than the one before."""
    member_id = _id(username)
    now = earnings.earned(member_id, None, 1, with_empty=True)[0]
    before = differences.period_before(now, member_id)
    assert before is not None
    cut = unfolded.of_run(now, member_id).cut
    return differences.why_less(now, before, member_id, cut)


def sold_and_paid(plan: str, orders: list[list[Any]]) -> list[str]:
    """Sales of two months, all paid: seller, `1` or `2` for the month, amount and points; a further
    `back` is refunded in the second month. The numbers of the orders."""
    people("olga", "otto")
    numbers = []
    for seller, month, amount, points, *_ in orders:
        numbers.append(sell(seller, _month(month).replace(day=20), amount, points))
    use_plan(FOUNDED, plan)
    with noon(FIRST.replace(day=2)):
        for run in opened():
            paid(run)
    for number, (_, _, _, _, *back) in zip(numbers, orders, strict=True):
        if back:
            refund(number, FIRST.replace(day=25))
    for run in opened():
        paid(run)
    return numbers


def _month(number: int) -> date:
    return FOUNDED if number == 1 else FIRST
