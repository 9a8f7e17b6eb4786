"""An approved run of long ago, without a company that had waited for it."""

from datetime import date, timedelta
from typing import Any

from support import logged as logs
from support.logged import logged

PLAN = """
name = "Awards"
[[ranks.steps]]
name = "Bronze"
[[bonuses]]
name = "award"
kind = "rank_advancement"
amounts = {Bronze = "5.00"}
"""
FIRST_DAY, NEVER = date(1990, 1, 1), date(2990, 1, 1)
AWARD = 500


def approved_run(member_id: int) -> int:
    """A run in which this member alone earned 5.00, by one line, which is the first. Its number."""
    from django.db import transaction

    from upline.base import sql
    from upline.commissions.models import Earning, Run
    from upline.commissions.storing import results
    from upline.markets.current import home

    with transaction.atomic():
        run = _open()
        day = run.first_day
        Earning.objects.create(
            run=run, member_id=member_id, market_id=home().id, currency=home().currency,
            gross=AWARD, ceiling=0, charges=0, tax=0, carried=0, total=AWARD, purchase=0, rank=1,
            title=1,
        )  # fmt: skip
        sql.run(
            """INSERT INTO commissions_line (day, run_id, number, member_id, position_id, bonus,
                                             source_id, level, rate, base, amount)
               VALUES (%s, %s, 1, %s, 0, 0, 0, 1, 0, 0, %s)""",
            [day, run.pk, member_id, AWARD],
        )
        scalars = '{"pools": {}, "ceiling": null, "windows": null}'
        results.archive(run, {}, {"scalars": scalars, "rates": "[]"})
        for step in _steps():
            Run.objects.filter(pk=run.pk).update(**step)
    return int(run.pk)


def earning_so_far(member_id: int, amount: int) -> None:
    """This month is running, and an interim run has seen so much for this member."""
    from upline.base import clock
    from upline.commissions.models import Interim, InterimEarning
    from upline.company import current as company
    from upline.company import queries as companies
    from upline.markets.current import home

    with company.bound(companies.load_company()):
        today, currency = company.today(), home().currency
    its = {
        "plan_id": _plan(), "waiting": 0, "first_day": today.replace(day=1), "last_day": today,
        "at": clock.now(), "books": "", "bonuses": [[0, "levels", ""]], "ranks": [],
    }  # fmt: skip
    interim, _ = Interim.objects.update_or_create(every="month", defaults=its)
    InterimEarning.objects.create(
        interim=interim, member_id=member_id, bonus=0, position_id=0, amount=amount,
        left_volume=0, right_volume=0, left_brought=0, right_brought=0, currency=currency,
    )  # fmt: skip


def open_run() -> int:
    """A run that nobody has computed, after those that there are. Its number."""
    from django.db import transaction

    with transaction.atomic():
        return int(_open().pk)


def _open() -> Any:
    from upline.base import clock, sql
    from upline.commissions import queries
    from upline.commissions.models import Run
    from upline.orders import actions as orders

    before = queries.latest()
    day = before.last_day + timedelta(days=1) if before else FIRST_DAY
    sql.run("SELECT commissions_make_partition(%s)", [day])
    run = Run.objects.create(
        previous=before, first_day=day, last_day=day, plan_id=_plan(), every="day",
        opened_at=clock.now(),
    )  # fmt: skip
    orders.freeze(day)
    return run


def _plan() -> int:
    """In force when nobody sees it, so that no worker opens a run for each day since."""
    from upline.base import clock
    from upline.commissions.models import PlanVersion

    its = {"name": "Awards", "text": PLAN, "digest": b"", "put_at": clock.now()}
    with logged(logs.PLAN):
        made, _ = PlanVersion.objects.get_or_create(since=NEVER, defaults=its)
    return int(made.pk)


def _steps() -> list[dict[str, object]]:
    """A run's columns, step by step, until two people have let it be paid."""
    from upline.base import clock
    from upline.members.models import User

    with logged(logs.STAFF):
        reviews, approves = [
            User.objects.get_or_create(username=name, defaults={"is_staff": True})[0].pk
            for name in ("reviews-runs", "approves-runs")
        ]
    now = clock.now()
    return [
        {"status": "computed", "gross": AWARD, "paid": AWARD, "lines": 1, "members": 1,
         "computed_at": now},
        {"status": "reviewed", "reviewed_at": now, "reviewed_by_id": reviews},
        {"status": "approved", "approved_at": now, "approved_by_id": approves},
    ]  # fmt: skip
