"""What happens in a company of the tests, and all that is told of a run then: sums, lines, figures,
transfers. Its imports are in functions, since `conftest.py` names these before Django is set up."""

from typing import Any

from commissions.founding import FIRST, FOUNDED
from commissions.world import found, grow, opened, paid, people, sell, use_plan
from upline.commissions import queries
from upline.commissions.explaining import ranks
from upline.commissions.explaining.lines import lines_of
from upline.commissions.models import Earning, Run, RunStatus
from upline.members.models import User
from upline.screens import earnings
from upline.wallet.models import Transfer


def sell_in_the_last_month(staff: list[str]) -> None:
    """Found the company, with sales in its last month."""
    found(FOUNDED)
    people(*staff)
    for seller, amount, points in (
        ("acme", 10_000, 4_000), ("anna", 20_000, 8_000), ("ben", 5_000, 3_000),
        ("cleo", 4_000, 2_500), ("dan", 3_000, 1_000),
    ):  # fmt: skip
        sell(seller, FIRST.replace(day=10), amount, points)


def two_months(plan: str) -> list[dict[str, Any]]:
    """Many more members and sales, and two months paid by this plan; each run as it is told."""
    grow(FOUNDED.replace(day=5), 24)
    for seller, points in (("acme", 1_500), ("anna", 3_500), ("ben", 2_500)):
        sell(seller, FOUNDED.replace(day=6), 10_000, points)
    for seller, amount, points in (
        ("cleo", 40_000, 19_000), ("mia3", 33_333, 7_777), ("mia18", 2_000, 1_200),
        ("mia20", 30_000, 1_500),
    ):  # fmt: skip
        sell(seller, FIRST.replace(day=11), amount, points)
    use_plan(FOUNDED, plan)
    runs = opened()
    for run in runs:
        paid(run)
    return [tell(run) for run in runs]


def tell_closed() -> list[dict[str, Any]]:
    """Every run that is closed."""
    closed = Run.objects.filter(status=RunStatus.CLOSED).order_by("pk")
    return [tell(run.pk) for run in closed]


def tell(run_id: int) -> dict[str, Any]:
    """Of each member of a run what was earned, by which lines, and what the ledger paid."""
    run = queries.run(run_id)
    plan = queries.plan_of(run.plan)
    names = dict(User.objects.values_list("id", "username"))
    members = Earning.objects.filter(run_id=run_id).order_by("member_id")
    return {
        "run": run_id,
        "paid": run.paid,
        "purchase_share": plan.settlement.purchase_share,
        "minimum": plan.settlement.minimum,
        "members": {names[each.member_id]: _of_member(run, each) for each in members},
    }


def _of_member(run: Any, earning: Any) -> dict[str, Any]:
    sums = ("gross", "ceiling", "charges", "tax", "carried", "total", "purchase")
    lines = lines_of(run, earning.member_id, earnings.OFFICE)
    reference = f"run:{run.pk}:{earning.member_id}"
    transfers = Transfer.objects.filter(reference=reference)
    ranked = ranks.in_run(run, earning.member_id)
    return {
        "sums": {name: getattr(earning, name) for name in sums},
        "paid": {each.kind: each.amount for each in transfers},
        "lines": [_line(line, earning.currency) for line in lines],
        "rank": ranked.rank if ranked else "",
    }


def _line(line: Any, currency: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "bonus": line.bonus,
        "amount": line.amount,
        "currency": currency,
        "sentence": line.sentence,
        "figures": {each.name: each.value for each in line.figures},
        "order": line.order.number if line.order else "",
        "of": line.order.username if line.order else line.username,
    }
