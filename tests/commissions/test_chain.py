"""Runs follow each other: in turn, each takes over what the one before carries, and a period ends
early where another plan begins."""

import json

from commissions.conftest import Company

DAILY = """
PAIRS_DAILY = PLAN.replace('kind = "binary"', 'kind = "binary"\\\\nevery = "day"')
WEEKLY = PLAN.replace('kind = "levels"', 'kind = "levels"\\\\nevery = "week"')
""".replace("\\\\", "\\")
SHOW = """
from upline.commissions.models import Run
show = lambda: [[r.every, str(r.first_day), str(r.last_day)] for r in Run.objects.order_by("pk")]
"""


def test_days_weeks_and_months_end_in_turn_of_two_that_end_together_the_shorter_first(
    planned: Company,
) -> None:
    said = planned.program(
        DAILY
        + SHOW
        + """
from datetime import timedelta
use_plan(FIRST, PAIRS_DAILY)
with noon(LAST + timedelta(days=1)):
    opened()
print(json.dumps([show(), str(FIRST), str(LAST), (LAST - FIRST).days + 1]))
"""
    )
    runs, first, last, days = json.loads(said)
    assert len(runs) == days + 1
    assert runs[0] == ["day", first, first]
    assert runs[-2:] == [["day", last, last], ["month", first, last]]
    assert [run[2] for run in runs] == sorted(run[2] for run in runs)


def test_a_run_waits_until_the_one_before_it_is_approved(planned: Company) -> None:
    said = planned.program(
        DAILY
        + """
from datetime import timedelta
from upline.commissions import queries
use_plan(FIRST, PAIRS_DAILY)
with noon(FIRST + timedelta(days=2)):
    first, second = opened()
tried = [refused(lambda: computed(second))]
computed(first)
tried += [refused(lambda: computed(second)), queries.next_to_compute()]
approved(first)
print(json.dumps([*tried, queries.next_to_compute().pk == second, len(computed(second))]))
"""
    )
    early, still, none, is_next, done = json.loads(said)
    assert "is open: it is approved first" in early
    assert "is computed: it is approved first" in still
    assert (none, is_next, done) == (None, True, 2)


def test_what_one_run_carries_the_next_one_pays_also_after_members_joined(
    planned: Company,
) -> None:
    """ben's 40 and cleo's 25 points make two pairs: 20 and 5 are left for the next day."""
    said = planned.program(
        DAILY
        + """
from datetime import timedelta
from support.cast import enrol
use_plan(FIRST, PAIRS_DAILY)
day = FIRST.replace(day=10)
with noon(day + timedelta(days=1)):
    enrol("dan", "eva", "dan", "L")
sell("cleo", day + timedelta(days=1), 1_000, 1_500)
with noon(day + timedelta(days=2)):
    runs = opened()
for run in runs:
    approved(run)
from upline.base import sql
print(json.dumps([[str(r.last_day), r.number] for r in sql.rows('''
    SELECT last_day, sum(amount) / 200 AS number FROM commissions_line JOIN commissions_run
        ON commissions_run.id = run_id JOIN members_user ON members_user.id = member_id
    WHERE username = 'anna' AND bonus = 0 GROUP BY last_day ORDER BY last_day''')], default=int))
"""
    )
    assert [number for _, number in json.loads(said)] == [2, 2]


def test_a_period_ends_early_where_another_plan_begins(planned: Company) -> None:
    said = planned.program(
        SHOW
        + """
from datetime import timedelta
middle = FIRST.replace(day=15)
use_plan(middle, PLAN.replace("percents = [10, 5]", "percents = [20]"))
for day in (middle - timedelta(days=1), middle):
    sell("dan", day, 100_000, 0)
first, second = opened()
approved(first)
approved(second)
of = lambda run: [row for row in lines(run) if row[0] == 1 and row[1] == "ben"]
print(json.dumps([show(), [r[3] for r in of(first)], [r[3] for r in of(second)],
                  str(middle - timedelta(days=1)), str(middle), str(FIRST), str(LAST)]))
"""
    )
    runs, before, after, eve, middle, first, last = json.loads(said)
    assert runs == [["month", first, eve], ["month", middle, last]]
    # Of dan's 30.00 and 1,000.00 ten percent; of the next 1,000.00 twenty.
    assert sorted(before) == [300, 10_000]
    assert after == [20_000]


def test_ranks_keep_their_names_under_another_plan_and_carried_volume_its_bonus(
    planned: Company,
) -> None:
    said = planned.program(
        """
from upline.base import sql
middle = FIRST.replace(day=15)
STEP = '[[ranks.steps]]\\nname = "Bronze"'
LOWER = '[[ranks.steps]]\\nname = "Copper"\\nteam_points = 1\\n\\n' + STEP
assert STEP in PLAN
use_plan(middle, PLAN.replace(STEP, LOWER))
sell("cleo", middle, 100, 1_500)
first, second = opened()
approved(first)
approved(second)
titles = sql.rows('''SELECT username, title FROM commissions_earning
    JOIN members_user ON members_user.id = member_id WHERE run_id = %s AND title > 0''', [second])
pairs = [row[3] for row in lines(second) if row[0] == 0 and row[1] == "anna"]
print(json.dumps([dict(map(tuple, titles)), pairs]))
"""
    )
    titles, pairs = json.loads(said)
    assert titles["acme"] == titles["anna"] == 2, "Bronze is the second rank of this plan"
    assert pairs == [400], "20 and 5 were left of the first plan's, 15 came"


def test_no_two_runs_follow_the_same_one(planned: Company) -> None:
    said = planned.program(
        """
from django.db import IntegrityError
opened()
for chain, every in (("NULL", "day"), ("1", "day"), ("1", "week")):
    try:
        change(f'''INSERT INTO commissions_run (plan_id, previous_id, every, first_day, last_day,
            status, turnover, gross, paid, lines, members, refunds, cursor, opened_at)
            SELECT plan_id, {chain}, '{every}', first_day, last_day, 'open', 0, 0, 0, 0, 0, 0, 0,
                   opened_at FROM commissions_run WHERE id = 1''')
        print("taken")
    except IntegrityError as error:
        print(str(error).split(chr(10))[0])
"""
    )
    assert "runs_form_one_chain" in said


def test_the_worker_opens_and_computes_what_is_due_and_people_do_the_rest(
    planned: Company,
) -> None:
    said = planned.program(
        """
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
from upline.flows import commission_run as flow, configuring
from upline.flows.tasks import commission_runs
tell = lambda: list(Run.objects.values_list("status", "opened_by", "computed_by"))
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
print(json.dumps([*seen, Run.objects.get().status]))
"""
    )
    off, on, again, last = json.loads(said)
    assert off == []
    assert on == again == [["computed", None, None]]
    assert last == "approved"


def test_without_a_plan_the_worker_does_nothing(company: Company) -> None:
    said = company.program(
        """
from upline.flows import commission_run as flow
flow.on_schedule()
print(refused(opened))
"""
    )
    assert "No plan is in force" in said
