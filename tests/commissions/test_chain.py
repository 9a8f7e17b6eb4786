"""Runs follow each other: in turn, each takes over what the one before carries, and a period ends
early where another plan begins."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError

from commissions.conftest import Company
from commissions.founding import FIRST, LAST, PLAN
from commissions.world import (
    acting,
    approved,
    change,
    computed,
    lines,
    noon,
    opened,
    refused,
    sell,
    use_plan,
)
from support.cast import enrol
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions import queries
from upline.commissions.models import Earning, Run
from upline.flows import commission_run as flow
from upline.flows import configuring
from upline.flows.tasks import commission_runs

PAIRS_DAILY = PLAN.replace('kind = "binary"', 'kind = "binary"\nevery = "day"')


def show() -> list[list[str]]:
    """All runs: the length of their period, its first and its last day."""
    return [[r.every, str(r.first_day), str(r.last_day)] for r in Run.objects.order_by("pk")]


def open_a_month_of_days() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    with noon(LAST + timedelta(days=1)):
        opened()
    return [show(), str(FIRST), str(LAST), (LAST - FIRST).days + 1]


def test_days_weeks_and_months_end_in_turn_of_two_that_end_together_the_shorter_first(
    planned: Company,
) -> None:
    said = planned.does(open_a_month_of_days)
    runs, first, last, days = said
    assert len(runs) == days + 1
    assert runs[0] == ["day", first, first]
    assert runs[-2:] == [["day", last, last], ["month", first, last]]
    assert [run[2] for run in runs] == sorted(run[2] for run in runs)


def compute_out_of_turn() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    with noon(FIRST + timedelta(days=2)):
        first, second = opened()
    tried: list[object] = [refused(lambda: computed(second))]
    computed(first)
    tried += [refused(lambda: computed(second)), queries.next_to_compute()]
    approved(first)
    due = queries.next_to_compute()
    return [*tried, due is not None and due.pk == second, len(computed(second))]


def test_a_run_waits_until_the_one_before_it_is_approved(planned: Company) -> None:
    said = planned.does(compute_out_of_turn)
    early, still, none, is_next, done = said
    assert "is open: it is approved first" in early
    assert "is computed: it is approved first" in still
    assert (none, is_next, done) == (None, True, 2)


def pairs_of_two_days() -> Any:
    use_plan(FIRST, PAIRS_DAILY)
    day = FIRST.replace(day=10)
    with noon(day + timedelta(days=1)):
        enrol("dan", "eva", "dan", "L")
    sell("cleo", day + timedelta(days=1), 1_000, 1_500)
    with noon(day + timedelta(days=2)):
        runs = opened()
    for run in runs:
        approved(run)
    return sql.values(
        int,
        """
        SELECT (sum(amount) / 200)::bigint FROM commissions_line JOIN commissions_run
            ON commissions_run.id = run_id JOIN members_user ON members_user.id = member_id
        WHERE username = 'anna' AND bonus = 0 GROUP BY last_day ORDER BY last_day""",
    )


def test_what_one_run_carries_the_next_one_pays_also_after_members_joined(
    planned: Company,
) -> None:
    """ben's 40 and cleo's 25 points make two pairs: 20 and 5 are left for the next day."""
    said = planned.does(pairs_of_two_days)
    assert said == [2, 2]


def change_the_plan_midway() -> Any:
    middle = FIRST.replace(day=15)
    use_plan(middle, PLAN.replace("percents = [10, 5]", "percents = [20]"))
    for day in (middle - timedelta(days=1), middle):
        sell("dan", day, 100_000, 0)
    first, second = opened()
    approved(first)
    approved(second)

    def of(run: int) -> list[list[Any]]:
        return [row for row in lines(run) if row[0] == 1 and row[1] == "ben"]

    return [
        show(),
        [r[3] for r in of(first)],
        [r[3] for r in of(second)],
        str(middle - timedelta(days=1)),
        str(middle),
        str(FIRST),
        str(LAST),
    ]


def test_a_period_ends_early_where_another_plan_begins(planned: Company) -> None:
    said = planned.does(change_the_plan_midway)
    runs, before, after, eve, middle, first, last = said
    assert runs == [["month", first, eve], ["month", middle, last]]
    # Of dan's 30.00 and 1,000.00 ten percent; of the next 1,000.00 twenty.
    assert sorted(before) == [300, 10_000]
    assert after == [20_000]


def add_a_rank_midway() -> Any:
    middle = FIRST.replace(day=15)
    step = '[[ranks.steps]]\nname = "Bronze"'
    lower = '[[ranks.steps]]\nname = "Copper"\nteam_points = 1\n\n' + step
    assert step in PLAN
    use_plan(middle, PLAN.replace(step, lower))
    sell("cleo", middle, 100, 1_500)
    first, second = opened()
    approved(first)
    approved(second)
    titles = Earning.objects.filter(run_id=second, title__gt=0).values_list(
        "member__user__username", "title"
    )
    pairs = [row[3] for row in lines(second) if row[0] == 0 and row[1] == "anna"]
    return [dict(titles), pairs]


def test_ranks_keep_their_names_under_another_plan_and_carried_volume_its_bonus(
    planned: Company,
) -> None:
    said = planned.does(add_a_rank_midway)
    titles, pairs = said
    assert titles["acme"] == titles["anna"] == 2, "Bronze is the second rank of this plan"
    assert pairs == [400], "20 and 5 were left of the first plan's, 15 came"


def follow_one_run_twice() -> Any:
    opened()
    said = []
    for chain, every in (("NULL", "day"), ("1", "day"), ("1", "week")):
        try:
            change(
                f"""INSERT INTO commissions_run (plan_id, previous_id, every, first_day, last_day,
                status, turnover, gross, paid, lines, members, refunds, cursor, opened_at)
                SELECT plan_id, {chain}, '{every}', first_day, last_day, 'open',
                       0, 0, 0, 0, 0, 0, 0, opened_at FROM commissions_run WHERE id = 1"""
            )
            said.append("taken")
        except IntegrityError as error:
            said.append(str(error).split("\n")[0])
    return said


def test_no_two_runs_follow_the_same_one(planned: Company) -> None:
    said = planned.does(follow_one_run_twice)
    first_of_all, next_one, beside = said
    assert "runs_form_one_chain" in first_of_all
    assert next_one == "taken"
    assert "runs_form_one_chain" in beside


def let_the_worker_run() -> Any:
    def tell() -> list[tuple[Any, ...]]:
        return list(Run.objects.values_list("status", "opened_by", "computed_by"))

    seen = []
    configuring.change_settings(UnitOfWork(Shell()), runs_by_schedule=False)
    commission_runs(0)
    seen.append(tell())
    configuring.change_settings(UnitOfWork(Shell()), runs_by_schedule=True)
    commission_runs(0)
    seen.append(tell())
    commission_runs(0)
    seen.append(tell())
    flow.review(acting("olga"), 1)
    flow.approve(acting("otto"), 1)
    return [*seen, Run.objects.get().status]


def test_the_worker_opens_and_computes_what_is_due_and_people_do_the_rest(
    planned: Company,
) -> None:
    said = planned.does(let_the_worker_run)
    off, on, again, last = said
    assert off == []
    assert on == again == [["computed", None, None]]
    assert last == "approved"


def open_without_a_plan() -> Any:
    flow.on_schedule()
    return refused(opened)


def test_without_a_plan_the_worker_does_nothing(company: Company) -> None:
    said = company.does(open_without_a_plan)
    assert "No plan is in force" in said
