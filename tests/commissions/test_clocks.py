"""A clock that is wrong freezes no days; a run that was opened by mistake can be dropped."""

import json

from commissions.conftest import APPROVER, LAST, STAFF, Company

# What a process does whose clock is so many days ahead of the database's.
AHEAD = """
from datetime import datetime, timedelta
from upline.base import clock
class Moment(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime)
class Ahead(datetime, metaclass=Moment):
    @classmethod
    def now(cls, zone=None):
        return datetime.now(zone) + timedelta(days={days})
clock.datetime = Ahead
"""
STATE = """
from upline.base import sql
def status():
    return [str(value) for value in sql.one(
        "SELECT (SELECT count(*) FROM commissions_run), (SELECT max(last_day) FROM orders_frozen),"
        " (SELECT count(*) FROM commissions_archivepiece) AS pieces")]
"""
# Runs that were opened forty days too early, as a worker did that did not look at clocks.
EARLY = """
from upline.base import clock
from upline.flows import commission_run as flow
must_agree, clock.must_agree = clock.must_agree, lambda: None
from datetime import datetime, timedelta, UTC
with clock.pinned(datetime.now(UTC) + timedelta(days=40)):
    runs = opened()
clock.must_agree = must_agree
"""


def test_a_worker_whose_clock_is_ahead_opens_and_computes_nothing(planned: Company) -> None:
    look = """
from upline.flows import commission_run as flow
before = status()
flow.on_schedule()
flow.as_asked(1, "compute", people("olga")[0])
approving = refused(lambda: flow.approve(acting("otto"), 1))
print(json.dumps([before == status(), refused(opened), approving]))
"""
    unchanged, *sentences = json.loads(planned.program(STATE + AHEAD.format(days=9) + look))
    assert unchanged
    for sentence in sentences:
        assert "clock is ahead of the database's" in sentence


def test_no_server_starts_by_a_clock_that_is_behind(planned: Company) -> None:
    look = """
from django.core.management import call_command
try:
    call_command("ready")
except Exception as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""
    name, sentence = json.loads(planned.program(AHEAD.format(days=-1) + look))
    assert name == "ImproperlyConfigured"
    assert "clock is behind the database's" in sentence


def test_a_period_that_is_not_over_is_neither_computed_nor_approved(company: Company) -> None:
    company.says("plan", "use", company.plan(), "--from", str(LAST.replace(day=1)))
    look = """
approved(runs[0])
last = runs[1]
before = status()
tried = [refused(lambda: computed(last))]
sql.run("UPDATE commissions_run SET status = 'computed' WHERE id = %s", [last])
sql.run("UPDATE commissions_run SET status = 'reviewed', reviewed_by_id = %s WHERE id = %s",
        [people("mia")[0], last])
tried.append(refused(lambda: flow.approve(acting("otto"), last)))
print(json.dumps([*tried, before == status()]))
"""
    computing, approving, unchanged = json.loads(company.program(STATE + EARLY + look))
    assert "not over" in computing
    assert "not over" in approving
    assert unchanged


def test_two_people_drop_a_run_and_its_days_are_open_again(planned: Company) -> None:
    planned.says("run", "open", person=STAFF)
    planned.says("run", "compute", person=STAFF)
    drop = ("run", "drop", "1", "--reason", "The clock was wrong")
    assert "once another person agrees" in planned.says(*drop, person=STAFF)
    assert "Another person" in planned.refuses(*drop, person=STAFF)
    assert planned.value("SELECT count(*) FROM commissions_run") == 1
    assert "is gone" in planned.says(*drop, person=APPROVER)
    for table in ("run", "line", "earning", "archivepiece"):
        assert planned.value(f"SELECT count(*) FROM commissions_{table}") == 0
    sold_on = "(SELECT min(business_date) FROM orders_order)"
    assert planned.value(f"SELECT last_day < {sold_on} FROM orders_frozen") is True
    assert "BROKEN" not in planned.says("verify")
    assert "open" in planned.says("run", "open", person=STAFF)


def test_what_something_depends_on_is_not_dropped(planned: Company) -> None:
    look = """
from django.db import DatabaseError, transaction
first, second = runs[0], runs[-1]
ask = lambda name, run: refused(lambda: flow.drop(acting(name), run, "why"))
tried = [ask("olga", first)]
approved(first)
tried.append(ask("olga", first))
ask("olga", second)
before = status()
def by_hand(statement, *values):
    try:
        with transaction.atomic():
            return sql.value(statement, values)
    except DatabaseError as error:
        return type(error.__cause__).__name__
same = by_hand("SELECT commissions_drop_run(%s, %s)", second, people("olga")[0])
deleted = by_hand("DELETE FROM commissions_run WHERE id = %s RETURNING id", second)
print(json.dumps([*tried, same, deleted, before == status()]))
"""
    said = json.loads(planned.program(STATE + EARLY + look))
    depended_on, is_approved, by_same, deleted, unchanged = said
    assert "drop that one first" in depended_on
    assert "approved" in is_approved
    assert by_same is False
    assert deleted == "InsufficientPrivilege"
    assert unchanged
