"""All that is told of a run, in the company's own process: sums, lines, figures, transfers."""

from typing import Any


def tell(run_id: int) -> dict[str, Any]:
    """Of each member of a run what was earned, by which lines, and what the ledger paid."""
    from upline.commissions import queries
    from upline.commissions.models import Earning
    from upline.members.models import User

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
    from upline.commissions.explaining import ranks
    from upline.commissions.explaining.lines import lines_of
    from upline.screens import earnings
    from upline.wallet.models import Transfer

    sums = ("gross", "ceiling", "charges", "tax", "carried", "total", "purchase")
    lines = lines_of(run, earning.member_id, earnings.OFFICE)
    reference = f"run:{run.pk}:{earning.member_id}"
    transfers = Transfer.objects.filter(reference=reference)
    ranked = ranks.in_run(run, earning.member_id)
    return {
        "sums": {name: getattr(earning, name) for name in sums},
        "paid": {each.kind: each.amount for each in transfers},
        "lines": [_line(line) for line in lines],
        "rank": ranked.rank if ranked else "",
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "number": line.number,
        "bonus": line.bonus,
        "amount": line.amount,
        "sentence": line.sentence,
        "figures": {each.name: each.value for each in line.figures},
        "order": line.order.number if line.order else "",
        "of": line.order.username if line.order else line.username,
    }
