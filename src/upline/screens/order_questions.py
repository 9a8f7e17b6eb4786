"""Where is my commission for this order? Answered from what runs have stored, for the member who
asks and for the office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from babel.dates import parse_date

from upline.base import letters, sql
from upline.commissions import queries
from upline.commissions.models import Run
from upline.commissions.periods import holding
from upline.company import current as company
from upline.language import gettext
from upline.language.current import catalog
from upline.orders.models import OrderStatus
from upline.plans.bonus import Levels, Pairs
from upline.plans.plan import Plan
from upline.plans.sources import comes_from_orders
from upline.screens import bonus_titles, earnings, shown

ORDERS_MOST = 5
LONGEST = 100
"""Characters of a question."""
_NUMBER = re.compile(r"UP-?[0-9A-F]{4,16}|(?=[A-F]*[0-9])[0-9A-F]{8,16}", re.I)
"""An order's number, also without what all begin with."""


class Verdict(StrEnum):
    """What became of an order for the member who asks."""

    EARNED = "earned"
    COUNTED = "counted"
    TAKEN_BACK = "taken back"
    NOT_PAID = "not paid"
    CANCELLED = "cancelled"
    RUNNING = "running"
    NOT_APPROVED = "not approved"
    INACTIVE = "inactive"
    TOO_DEEP = "too deep"
    NOTHING = "nothing"


class AskedOrder(NamedTuple):
    """An order that is asked about: whose volume it is or would be (0: nobody's in a tree), who
    bought it, and in which leg of the first position of whoever asks it stands (None: in none)."""

    id: int
    number: str
    status: str
    business_date: date | None
    created_at: datetime
    whose_id: int
    buyer: str
    side: int | None


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """What is said of one order. `amount` in minor units of `currency` is what it came to in all;
    `run_id` the run to look at, None where there is none."""

    order: AskedOrder
    verdict: Verdict
    sentence: str
    amount: int
    currency: str
    run_id: int | None


class _Paid(NamedTuple):
    run_id: int
    number: int
    bonus: int
    amount: int


class _Distance(NamedTuple):
    levels: int


# Only orders of the member's own team: what others bought is as if it were not there.
_ORDERS = """
SELECT * FROM (
    SELECT found.id, found.number, found.status, found.business_date, found.created_at,
           coalesce(found.volume_member_id,
                    (SELECT id FROM genealogy_position WHERE id = found.member_id),
                    (SELECT sponsor_id FROM genealogy_sponsorfact
                     WHERE member_id = found.member_id ORDER BY since DESC, id DESC LIMIT 1), 0)
               AS whose_id,
           concat_ws(' ', buyer.firstname, nullif(buyer.lastname, '')) AS buyer,
           (SELECT leg.side FROM genealogy_position leg
            WHERE leg.parent_id = %(member)s AND found.volume_member_id IS NOT NULL
              AND (leg.id = coalesce(found.position_id, found.volume_member_id)
                   OR genealogy_in_team(leg.id,
                                        coalesce(found.position_id, found.volume_member_id)))
           ) AS side
    FROM orders_order found
    JOIN members_member buyer ON buyer.user_id = found.member_id
    JOIN members_user person ON person.id = found.member_id
    WHERE {which}
    ORDER BY found.id DESC LIMIT 200) asked
WHERE whose_id = %(member)s OR genealogy_in_team(%(member)s, whose_id)
ORDER BY id DESC LIMIT %(most)s
"""
_BY_NUMBER = "upper(found.number) = %(number)s"
_BY_DAY = "coalesce(found.business_date, (found.created_at AT TIME ZONE %(zone)s)::date) = %(day)s"
_BY_NAME = """
buyer.search @@ members_search_query(%(name)s)
AND concat_ws(' ', lower(buyer.firstname), lower(buyer.lastname), lower(person.username))
    LIKE ALL (%(parts)s)
"""
_PAID = """
SELECT run_id, number, bonus, amount FROM commissions_line
WHERE day = ANY (%(days)s) AND run_id = ANY (%(runs)s) AND member_id = %(member)s
  AND source_id = %(order)s
"""
_TAKEN_BACK = """
SELECT clawback.run_id, clawback.number, line.bonus, clawback.amount
FROM commissions_clawback clawback
JOIN commissions_run run ON run.id = clawback.run_id
JOIN commissions_line line ON line.day = run.last_day AND line.run_id = run.id
     AND line.member_id = %(member)s AND line.number = clawback.number
WHERE clawback.order_id = %(order)s AND run.status = ANY (%(statuses)s)
"""
_DISTANCE = """
WITH RECURSIVE up AS (
    SELECT sponsor_id, 1 AS levels FROM genealogy_position WHERE id = %(whose)s
    UNION ALL
    SELECT node.sponsor_id, up.levels + 1
    FROM up JOIN genealogy_position node ON node.id = up.sponsor_id
    WHERE up.sponsor_id <> %(member)s AND up.levels < 1000)
SELECT levels FROM up WHERE sponsor_id = %(member)s
"""


def answers(member_id: int, question: str) -> list[OrderAnswer]:
    """What became of the orders that a question names by number, buyer or day, the newest first;
    none where the member's own team has none such."""
    return [
        _answer(member_id, each)
        for each in _orders(member_id, letters.searchable(question[:LONGEST]))
    ]


def _orders(member_id: int, question: str) -> list[AskedOrder]:
    asked: dict[str, object] = {"member": member_id, "most": ORDERS_MOST}
    more: dict[str, object]
    day = _day_of(question)
    if _NUMBER.fullmatch(question.replace(" ", "")):
        digits = question.replace(" ", "").upper().removeprefix("UP").lstrip("-")
        which, more = _BY_NUMBER, {"number": f"UP-{digits}"}
    elif day:
        which, more = _BY_DAY, {"day": day, "zone": str(company.current().time_zone)}
    elif len(question) > 1:
        parts = [f"%{_plain(part)}%" for part in question.lower().split()]
        which, more = _BY_NAME, {"name": question, "parts": parts}
    else:
        return []
    return sql.rows(AskedOrder, _ORDERS.format(which=which), {**asked, **more})


def _plain(part: str) -> str:
    """For LIKE, where some characters stand for others."""
    return re.sub(r"([%_\\])", r"\\\1", part)


def _day_of(question: str) -> date | None:
    """A day as people write it in the language that is spoken; None for anything else."""
    if not re.search(r"\d", question):
        return None
    for form in ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(question, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    try:
        return parse_date(question, catalog().locale)
    except (ValueError, IndexError):
        return None


def _answer(member_id: int, order: AskedOrder) -> OrderAnswer:
    if order.status == OrderStatus.AWAITING_PAYMENT:
        said = gettext("Not yet: this order has not been paid. It counts from the day it is paid.")
        return _without(order, Verdict.NOT_PAID, said)
    if order.status == OrderStatus.CANCELLED or order.business_date is None:
        said = gettext("No: this order was cancelled before it was paid.")
        return _without(order, Verdict.CANCELLED, said)
    return _of_paid(member_id, order, order.business_date)


def _without(
    order: AskedOrder, verdict: Verdict, sentence: str, run_id: int | None = None
) -> OrderAnswer:
    return OrderAnswer(order, verdict, sentence, 0, "", run_id)


def _of_paid(member_id: int, order: AskedOrder, day: date) -> OrderAnswer:
    """An order that counts, by the runs that its day lies in."""
    runs = list(
        Run.objects.select_related("plan")
        .filter(first_day__lte=day, last_day__gte=day)
        .order_by("pk")
    )
    approved = [run for run in runs if run.status in queries.APPROVED]
    paid = list(_paid(member_id, order, approved))
    back = _taken_back(member_id, order)
    if back:
        return _returned(order, paid, back, approved or runs, member_id)
    if paid:
        return _earned(member_id, order, paid, approved)
    if order.status == OrderStatus.REFUNDED:
        said = gettext("No: this order was returned, so that it pays no commission.")
        return _without(order, Verdict.TAKEN_BACK, said)
    if len(approved) < len(runs):
        return _without(order, Verdict.NOT_APPROVED, _being_checked(runs))
    if not runs or _is_running(day, runs):
        return _without(order, Verdict.RUNNING, _not_yet(order))
    return _why_nothing(member_id, order, approved)


def _being_checked(runs: Sequence[Run]) -> str:
    run = next(each for each in runs if each.status not in queries.APPROVED)
    return gettext(
        "Soon: the commissions from {first} to {last} are being checked. They are paid once they "
        "are approved.",
        first=shown.day(run.first_day),
        last=shown.day(run.last_day),
    )


def _is_running(day: date, runs: Sequence[Run]) -> bool:
    """Whether a period that this day lies in has no run yet."""
    version = holding(queries.versions(), day)  # a run has a plan
    return version is not None and {*map(str, version.plan.lengths)} > {run.every for run in runs}


def _not_yet(order: AskedOrder) -> str:
    said = gettext("Not yet: the period of this order is still running.")
    return f"{said} {_in_leg(order.side)}" if order.side else said


def _paid(member_id: int, order: AskedOrder, runs: Sequence[Run]) -> Iterator[tuple[_Paid, str]]:
    """What the order paid, with the name of each bonus."""
    asked = {
        "days": [run.last_day for run in runs],
        "runs": [run.pk for run in runs],
        "member": member_id,
        "order": order.id,
    }
    plans = {run.pk: queries.plan_of(run.plan) for run in runs}
    for row in sql.rows(_Paid, _PAID, asked):
        bonuses = plans[row.run_id].bonuses
        if row.bonus >= 0 and comes_from_orders(bonuses[row.bonus]):
            yield row, bonuses[row.bonus].name


def _taken_back(member_id: int, order: AskedOrder) -> list[_Paid]:
    asked = {"member": member_id, "order": order.id, "statuses": list(queries.APPROVED)}
    return sql.rows(_Paid, _TAKEN_BACK, asked)


def _earned(
    member_id: int, order: AskedOrder, paid: Sequence[tuple[_Paid, str]], runs: Sequence[Run]
) -> OrderAnswer:
    run = next(each for each in runs if each.pk == paid[0][0].run_id)
    found = earnings.earned_in(member_id, run.pk)
    amount = sum(row.amount for row, _ in paid)
    said = gettext(
        "Yes: {amount} from {first} to {last} ({bonuses}).",
        amount=shown.money(amount, found.currency),
        first=shown.day(run.first_day),
        last=shown.day(run.last_day),
        bonuses=", ".join(dict.fromkeys(bonus_titles.title(name) for _, name in paid)),
    )
    return OrderAnswer(order, Verdict.EARNED, said, amount, found.currency, run.pk)


def _returned(
    order: AskedOrder,
    paid: Sequence[tuple[_Paid, str]],
    back: Sequence[_Paid],
    runs: Sequence[Run],
    member_id: int,
) -> OrderAnswer:
    """It had paid, was returned, and was taken back."""
    found = earnings.earned_in(member_id, back[-1].run_id)
    taken, before = sum(row.amount for row in back), sum(row.amount for row, _ in paid)
    said = gettext(
        "It was returned: {amount} of what it had paid was taken back from {first} to {last}.",
        amount=shown.money(-taken, found.currency),
        first=shown.day(found.first_day),
        last=shown.day(found.last_day),
    )
    return OrderAnswer(order, Verdict.TAKEN_BACK, said, before + taken, found.currency, found.id)


def _why_nothing(member_id: int, order: AskedOrder, runs: Sequence[Run]) -> OrderAnswer:
    """It counted, and paid this member nothing by itself."""
    run = runs[-1]
    activity = earnings.activity_in(run.pk, member_id)
    if activity and not activity.active:
        said = gettext("No: you were not active then. {why}", why=activity.sentence)
        return _without(order, Verdict.INACTIVE, said, run.pk)
    plans = [queries.plan_of(each.plan) for each in runs]
    if order.side is not None and any(_has_pairs(plan) for plan in plans):
        return _without(order, Verdict.COUNTED, _in_leg(order.side), run.pk)
    levels = max(_levels(plan) for plan in plans)
    distance = sql.one(_Distance, _DISTANCE, {"member": member_id, "whose": order.whose_id})
    if levels and distance and distance.levels > levels:
        said = gettext(
            "No: {buyer} is on your level {level}, and the plan pays {levels} levels.",
            buyer=order.buyer,
            level=distance.levels,
            levels=levels,
        )
        return _without(order, Verdict.TOO_DEEP, said, run.pk)
    said = gettext("No: the plan pays you nothing for this order by itself.")
    return _without(order, Verdict.NOTHING, said, run.pk)


def _in_leg(side: int) -> str:
    if side == 1:
        return gettext("It counts in your left leg and feeds your pairs.")
    return gettext("It counts in your right leg and feeds your pairs.")


def _has_pairs(plan: Plan) -> bool:
    return any(isinstance(bonus, Pairs) for bonus in plan.bonuses)


def _levels(plan: Plan) -> int:
    """How many levels of sponsors the plan pays on orders at most."""
    return max(
        (
            bonus.first_level - 1 + max(len(row) for row in bonus.rates.table)
            for bonus in plan.bonuses
            if isinstance(bonus, Levels)
        ),
        default=0,
    )
