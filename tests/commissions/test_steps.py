"""A run from open to closed, in the shell and step by step."""

import json

from commissions.conftest import APPROVER, FIRST, LAST, STAFF, Company

# By hand: sales of 100.00 (40 points) by acme, 200.00 (80) by anna, 50.00 (30) by ben, 40.00
# (25) by cleo, 30.00 (10) by dan. Levels: 10 and 5 percent. Pairs: of anna's 40 and 25 points
# two pairs of 10 at 2.00. Off it 10 percent charge and 5 percent tax, rounded down each.
GROSS = {"acme": 2450, "anna": 1450, "ben": 300}
CHARGES = {"acme": 245, "anna": 145, "ben": 30}
TAX = {"acme": 122, "anna": 72, "ben": 15}
TOTAL = {name: GROSS[name] - CHARGES[name] - TAX[name] for name in GROSS}
PURCHASE = {name: total * 20 // 100 for name, total in TOTAL.items()}


def test_a_run_goes_from_open_to_closed_in_the_shell(planned: Company) -> None:
    days = f"month  {FIRST} to {LAST}"
    assert f"{days}  open" in planned.says("run", "open", person=STAFF)
    assert "Nothing is due" in planned.says("run", "open", person=STAFF)
    computed = planned.says("run", "compute", person=STAFF)
    assert f"{days}  computed  35.71 to 3 members, 14 lines" in computed
    assert "is reviewed" in planned.says("run", "review", person=STAFF)
    assert "is approved" in planned.says("run", "approve", person=APPROVER)
    assert f"{days}  paid" in planned.says("run", "pay", person=STAFF)
    assert "is closed" in planned.says("run", "close", person=STAFF)
    assert f"{days}  closed" in planned.says("run", "list")
    assert "BROKEN" not in planned.says("verify")


def test_every_member_is_paid_what_is_due_to_the_cent_and_to_the_right_account(
    planned: Company,
) -> None:
    said = planned.program(
        """
(run,) = opened()
paid(run)
from upline.base import sql
rows = sql.rows('''
    SELECT transfer.kind, coalesce(debit.member_id, 0) AS debit_member, debit.kind AS debit,
           coalesce(credit.member_id, 0) AS credit_member, credit.kind AS credit,
           username, amount, business_date = (now() AT TIME ZONE 'Europe/Berlin')::date AS today
    FROM wallet_transfer transfer JOIN wallet_account debit ON debit.id = debit_id
    JOIN wallet_account credit ON credit.id = credit_id
    JOIN members_user ON members_user.id = split_part(reference, ':', 3)::bigint
    WHERE transfer.kind LIKE 'commission%%' AND reference LIKE 'run:%%' ''')
assert all(row.debit == 'commissions' and row.today for row in rows)
assert all(row.credit_member in (0, sql.value(
    'SELECT id FROM members_user WHERE username = %s', [row.username])) for row in rows)
print(json.dumps([[row.kind, row.credit, row.username, row.amount] for row in rows]))
"""
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, account, name, amount in json.loads(said):
        found.setdefault((kind, account), {})[name] = amount
    assert found == {
        ("commission", "wallet"): {name: TOTAL[name] - PURCHASE[name] for name in TOTAL},
        ("commission_purchase", "purchase"): PURCHASE,
        ("commission_charge", "charges"): CHARGES,
        ("commission_tax", "tax_withheld"): TAX,
    }


def test_who_reached_a_rank_has_it_once_the_run_is_approved(planned: Company) -> None:
    said = planned.program(
        """
from upline.base import sql
RANKED = '''SELECT username FROM members_member JOIN members_user ON members_user.id = user_id
            WHERE rank_name = 'Bronze' ORDER BY username'''
(run,) = opened()
computed(run)
before = sql.rows(RANKED)
approved(run)
facts = sql.value("SELECT count(*) FROM members_rankfact WHERE rank_name = 'Bronze'")
print(json.dumps([before, [row.username for row in sql.rows(RANKED)], facts]))
"""
    )
    assert json.loads(said) == [[], ["acme", "anna"], 2]


def test_nobody_approves_a_run_that_they_opened_or_reviewed(planned: Company) -> None:
    said = planned.program(
        """
from upline.flows import commission_run as flow
people("mia")
(run,) = opened("otto")
computed(run)
flow.review(acting("olga"), run)
tried = [refused(lambda: flow.approve(acting(name), run)) for name in ("olga", "otto")]
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
tried.append(refused(lambda: flow.approve(UnitOfWork(Shell()), run)))
from upline.commissions.models import Run
tried.append(Run.objects.get().status)
flow.approve(acting("mia"), run)
print(json.dumps([*tried, Run.objects.get().status]))
"""
    )
    by_reviewer, by_opener, by_nobody, before, after = json.loads(said)
    assert by_reviewer == by_opener
    assert "someone other than" in by_opener
    assert "not allowed to do this" in by_nobody
    assert (before, after) == ("reviewed", "approved")


def test_the_database_itself_refuses_one_person_for_both(planned: Company) -> None:
    said = planned.program(
        """
from django.db import IntegrityError
(run,) = opened()
computed(run)
from upline.flows import commission_run as flow
flow.review(acting("olga"), run)
try:
    change('''UPDATE commissions_run SET status = 'approved', approved_by_id = reviewed_by_id''')
except IntegrityError as error:
    print(str(error).split(chr(10))[0])
"""
    )
    assert "run_approved_by_another_person" in said


def test_no_step_is_left_out(planned: Company) -> None:
    said = planned.program(
        """
from upline.flows import commission_run as flow
(run,) = opened()
later = [lambda: flow.review(acting("otto"), run), lambda: flow.approve(acting("otto"), run),
         lambda: flow.pay(acting("otto"), run, silent), lambda: flow.close(acting("otto"), run)]
of_open = [refused(step) for step in later]
computed(run)
of_computed = [refused(step) for step in later[1:]]
flow.review(acting("olga"), run)
of_reviewed = [refused(later[0]), *(refused(step) for step in later[2:])]
flow.approve(acting("otto"), run)
of_approved = [refused(later[0]), refused(later[1]), refused(later[3])]
of_approved.append(refused(lambda: computed(run)))
print(json.dumps([of_open, of_computed, of_reviewed, of_approved]))
"""
    )
    for status, sentences in zip(
        ("open", "computed", "reviewed", "approved"), json.loads(said), strict=True
    ):
        assert all(sentence.startswith(f"Run 1 is {status};") for sentence in sentences), sentences
    assert planned.value("SELECT status FROM commissions_run") == "approved"
    assert planned.value("SELECT count(*) FROM wallet_transfer WHERE kind = 'commission'") == 0


def test_each_step_has_a_permission_of_its_own(planned: Company) -> None:
    said = planned.program(
        """
from django.contrib.auth.models import Permission
from upline.members.models import User
from upline.flows import commission_run as flow
everything = Permission.objects.filter(content_type__app_label="commissions")
otto = User.objects.get(username="otto")
otto.is_superuser = False
otto.save()
steps = dict(
    compute=lambda: flow.compute(acting("otto"), 1, silent),
    review=lambda: flow.review(acting("otto"), 1), approve=lambda: flow.approve(acting("otto"), 1),
    pay=lambda: flow.pay(acting("otto"), 1, silent), close=lambda: flow.close(acting("otto"), 1),
    open=lambda: flow.open_due(acting("otto")))
answers = {}
for name, step in steps.items():
    otto.user_permissions.set(everything.exclude(codename=f"{name}_run"))
    without = refused(step)
    otto.user_permissions.set(everything.filter(codename=f"{name}_run"))
    answers[name] = [without, refused(step)]
print(json.dumps(answers))
"""
    )
    answers = json.loads(said)
    assert len(answers) == 6
    for without, only_with in answers.values():
        assert "not allowed to do this" in without
        assert "not allowed to do this" not in only_with


def test_a_run_is_opened_only_when_its_last_day_is_over_where_the_company_is(
    planned: Company,
) -> None:
    said = planned.program(
        """
from datetime import datetime, timedelta
from upline.base import clock
midnight = datetime.combine(LAST + timedelta(days=1), time(), ZONE)
with clock.pinned(midnight - timedelta(seconds=1)):
    early = opened()
with clock.pinned(midnight):
    print(json.dumps([early, len(opened())]))
"""
    )
    assert json.loads(said) == [[], 1]


def test_a_closed_run_and_what_it_came_to_never_change(planned: Company) -> None:
    said = planned.program(
        """
from django.db import DatabaseError
from upline.flows import commission_run as flow
(run,) = opened()
paid(run)
flow.close(acting("olga"), run)
tried = [refused(lambda: computed(run)), refused(lambda: flow.pay(acting("olga"), run, silent))]
for statement in (
        "UPDATE commissions_run SET paid = 0", "DELETE FROM commissions_run",
        "DELETE FROM commissions_line", "UPDATE commissions_line SET amount = 1",
        f"DELETE FROM commissions_line_{LAST:%Y_%m}",
        f"UPDATE commissions_line_{LAST:%Y_%m} SET amount = 1",
        "DELETE FROM commissions_earning", "UPDATE commissions_earning SET total = 0",
        "DELETE FROM commissions_archivepiece", "TRUNCATE commissions_line"):
    try:
        change(statement)
        tried.append(f"done: {statement}")
    except DatabaseError as error:
        tried.append("kept")
print(json.dumps(tried))
"""
    )
    compute, pay, *statements = json.loads(said)
    assert "is closed" in compute
    assert "is closed" in pay
    assert statements == ["kept"] * 10


def test_blocked_members_are_withheld_and_paid_once_they_are_active_again(
    planned: Company,
) -> None:
    said = planned.program(
        """
from upline.flows import blocking, commission_run as flow
from upline.members.queries import find_person
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
anna = find_person("anna").id
(run,) = opened()
approved(run)
blocking.block_member(UnitOfWork(Shell()), anna, "a test")
tell = lambda: [Run.objects.get().status, sorted(r[1] for r in json.loads(money())[0])]
flow.pay(acting("olga"), run, silent)
first = tell()
closing = refused(lambda: flow.close(acting("olga"), run))
again = flow.pay(acting("olga"), run, silent) and tell()
blocking.unblock_member(UnitOfWork(Shell()), anna, "a test")
flow.pay(acting("olga"), run, silent)
print(json.dumps([first, again == first, closing, tell(), anna]))
"""
    )
    first, again, closing, last, anna = json.loads(said)
    assert first[0] == "approved"
    assert f"run:1:{anna}" not in first[1]
    assert again is True
    assert "is approved" in closing
    assert last[0] == "paid"
    assert last[1].count(f"run:1:{anna}") == 4
    assert len(last[1]) == len(first[1]) + 4
    assert "withheld" not in planned.says("run", "list")
    assert "BROKEN" not in planned.says("verify")
