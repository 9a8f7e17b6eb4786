"""A run from open to closed, in the shell and step by step."""

import json
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.models import Permission
from django.db import DatabaseError, IntegrityError

from commissions.conftest import APPROVER, FIRST, LAST, Company
from commissions.founding import ZONE
from commissions.world import (
    acting,
    approved,
    change,
    computed,
    id_of,
    money,
    no_owner,
    opened,
    paid,
    people,
    refused,
    silent,
)
from support.installation import STAFF
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
from upline.flows import blocking
from upline.flows import commission_run as flow
from upline.members.models import Member, RankFact, User

# By hand: sales of 100.00 (40 points) by acme, 200.00 (80) by anna, 50.00 (30) by ben, 40.00
# (25) by cleo, 30.00 (10) by dan. Levels: 10 and 5 percent. Pairs: of anna's 40 and 25 points
# two pairs of 10 at 2.00. Off it 10 percent charge and 5 percent tax, rounded down each.
GROSS = {"acme": 2450, "anna": 1450, "ben": 300}
CHARGES = {"acme": 245, "anna": 145, "ben": 30}
TAX = {"acme": 122, "anna": 72, "ben": 15}
TOTAL = {name: GROSS[name] - CHARGES[name] - TAX[name] for name in GROSS}
PURCHASE = {name: total * 20 // 100 for name, total in TOTAL.items()}


class PaidOut(NamedTuple):
    """A transfer of a run, with whose accounts it is between."""

    kind: str
    debit_member: int
    debit: str
    credit_member: int
    credit: str
    username: str
    amount: int
    today: bool


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


def pay_a_run() -> Any:
    (run,) = opened()
    paid(run)
    rows = sql.rows(
        PaidOut,
        """
        SELECT transfer.kind, coalesce(debit.member_id, 0) AS debit_member, debit.kind AS debit,
               coalesce(credit.member_id, 0) AS credit_member, credit.kind AS credit,
               username, amount, business_date = (now() AT TIME ZONE 'Europe/Berlin')::date AS today
        FROM wallet_transfer transfer JOIN wallet_account debit ON debit.id = debit_id
        JOIN wallet_account credit ON credit.id = credit_id
        JOIN members_user ON members_user.id = split_part(reference, ':', 3)::bigint
        WHERE transfer.kind LIKE 'commission%%' AND reference LIKE 'run:%%' """,
    )
    assert all(row.debit == "commissions" and row.today for row in rows)
    assert all(row.credit_member in (0, User.objects.get(username=row.username).pk) for row in rows)
    return [[row.kind, row.credit, row.username, row.amount] for row in rows]


def test_every_member_is_paid_what_is_due_to_the_cent_and_to_the_right_account(
    planned: Company,
) -> None:
    said = planned.does(pay_a_run)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, account, name, amount in said:
        found.setdefault((kind, account), {})[name] = amount
    assert found == {
        ("commission", "wallet"): {name: TOTAL[name] - PURCHASE[name] for name in TOTAL},
        ("commission_purchase", "purchase"): PURCHASE,
        ("commission_charge", "charges"): CHARGES,
        ("commission_tax", "tax_withheld"): TAX,
    }


def reach_a_rank() -> Any:
    def ranked() -> list[str]:
        found = Member.objects.filter(rank_name="Bronze")
        return sorted(found.values_list("user__username", flat=True))

    (run,) = opened()
    computed(run)
    before = ranked()
    approved(run)
    return [before, ranked(), RankFact.objects.filter(rank_name="Bronze").count()]


def test_who_reached_a_rank_has_it_once_the_run_is_approved(planned: Company) -> None:
    said = planned.does(reach_a_rank)
    assert said == [[], ["acme", "anna"], 2]


def approve_in_person() -> Any:
    people("mia")
    (run,) = opened("otto")
    computed(run)
    flow.review(acting("olga"), run)
    tried = [refused(partial(flow.approve, acting(name), run)) for name in ("olga", "otto")]
    tried.append(refused(lambda: flow.approve(UnitOfWork(Shell()), run)))
    tried.append(Run.objects.get().status)
    flow.approve(acting("mia"), run)
    return [*tried, Run.objects.get().status]


def test_nobody_approves_a_run_that_they_opened_or_reviewed(planned: Company) -> None:
    said = planned.does(approve_in_person)
    by_reviewer, by_opener, by_nobody, before, after = said
    assert by_reviewer == by_opener
    assert "someone other than" in by_opener
    assert "not allowed to do this" in by_nobody
    assert (before, after) == ("reviewed", "approved")


def approve_past_all_rules() -> Any:
    (run,) = opened()
    computed(run)
    flow.review(acting("olga"), run)
    said = "changed"
    try:
        change(
            """UPDATE commissions_run SET status = 'approved', approved_by_id = reviewed_by_id"""
        )
    except IntegrityError as error:
        said = str(error).split(chr(10))[0]
    return said


def test_the_database_itself_refuses_one_person_for_both(planned: Company) -> None:
    said = planned.does(approve_past_all_rules)
    assert "run_approved_by_another_person" in said


def leave_steps_out() -> Any:
    (run,) = opened()
    later = [
        lambda: flow.review(acting("otto"), run),
        lambda: flow.approve(acting("otto"), run),
        lambda: flow.pay(acting("otto"), run, silent),
        lambda: flow.close(acting("otto"), run),
    ]
    of_open = [refused(step) for step in later]
    computed(run)
    of_computed = [refused(step) for step in later[1:]]
    flow.review(acting("olga"), run)
    of_reviewed = [refused(later[0]), *(refused(step) for step in later[2:])]
    flow.approve(acting("otto"), run)
    of_approved = [refused(later[0]), refused(later[1]), refused(later[3])]
    of_approved.append(refused(lambda: computed(run)))
    return [of_open, of_computed, of_reviewed, of_approved]


def test_no_step_is_left_out(planned: Company) -> None:
    said = planned.does(leave_steps_out)
    for status, sentences in zip(("open", "computed", "reviewed", "approved"), said, strict=True):
        assert all(sentence.startswith(f"Run 1 is {status};") for sentence in sentences), sentences
    assert planned.value("SELECT status FROM commissions_run") == "approved"
    assert planned.value("SELECT count(*) FROM wallet_transfer WHERE kind = 'commission'") == 0


def take_rights_away() -> Any:
    everything = Permission.objects.filter(content_type__app_label="commissions")
    steps = {
        "compute": lambda: flow.compute(acting("otto"), 1, silent),
        "review": lambda: flow.review(acting("otto"), 1),
        "approve": lambda: flow.approve(acting("otto"), 1),
        "pay": lambda: flow.pay(acting("otto"), 1, silent),
        "close": lambda: flow.close(acting("otto"), 1),
        "open": lambda: flow.open_due(acting("otto")),
    }
    answers = {}
    for name, step in steps.items():
        no_owner("otto", everything.exclude(codename=f"{name}_run"))
        without = refused(step)
        no_owner("otto", everything.filter(codename=f"{name}_run"))
        answers[name] = [without, refused(step)]
    return answers


def test_each_step_has_a_permission_of_its_own(planned: Company) -> None:
    said = planned.does(take_rights_away)
    answers = said
    assert len(answers) == 6
    for without, only_with in answers.values():
        assert "not allowed to do this" in without
        assert "not allowed to do this" not in only_with


def open_at_midnight() -> Any:
    midnight = datetime.combine(LAST + timedelta(days=1), time(), ZONE)
    with clock.pinned(midnight - timedelta(seconds=1)):
        early = opened()
    with clock.pinned(midnight):
        in_time = opened()
    return [early, len(in_time)]


def test_a_run_is_opened_only_when_its_last_day_is_over_where_the_company_is(
    planned: Company,
) -> None:
    said = planned.does(open_at_midnight)
    assert said == [[], 1]


def change_what_is_closed() -> Any:
    (run,) = opened()
    paid(run)
    flow.close(acting("olga"), run)
    tried = [refused(lambda: computed(run)), refused(lambda: flow.pay(acting("olga"), run, silent))]
    for statement in (
        "UPDATE commissions_run SET paid = 0",
        "DELETE FROM commissions_run",
        "DELETE FROM commissions_line",
        "UPDATE commissions_line SET amount = 1",
        f"DELETE FROM commissions_line_{LAST:%Y_%m}",
        f"UPDATE commissions_line_{LAST:%Y_%m} SET amount = 1",
        "DELETE FROM commissions_earning",
        "UPDATE commissions_earning SET total = 0",
        "DELETE FROM commissions_archivepiece",
        "TRUNCATE commissions_line",
    ):
        try:
            change(statement)
            tried.append(f"done: {statement}")
        except DatabaseError:
            tried.append("kept")
    return tried


def test_a_closed_run_and_what_it_came_to_never_change(planned: Company) -> None:
    said = planned.does(change_what_is_closed)
    compute, pay, *statements = said
    assert "is closed" in compute
    assert "is closed" in pay
    assert statements == ["kept"] * 10


def pay_around_a_block() -> Any:
    anna = id_of("anna")
    (run,) = opened()
    approved(run)
    blocking.block_member(UnitOfWork(Shell()), anna, "a test")

    def tell() -> list[Any]:
        return [Run.objects.get().status, sorted(r[1] for r in json.loads(money())[0])]

    flow.pay(acting("olga"), run, silent)
    first = tell()
    closing = refused(lambda: flow.close(acting("olga"), run))
    again = flow.pay(acting("olga"), run, silent) and tell()
    blocking.unblock_member(UnitOfWork(Shell()), anna, "a test")
    flow.pay(acting("olga"), run, silent)
    return [first, again == first, closing, tell(), anna]


def test_blocked_members_are_withheld_and_paid_once_they_are_active_again(
    planned: Company,
) -> None:
    said = planned.does(pay_around_a_block)
    first, again, closing, last, anna = said
    assert first[0] == "approved"
    assert f"run:1:{anna}" not in first[1]
    assert again is True
    assert "is approved" in closing
    assert last[0] == "paid"
    assert last[1].count(f"run:1:{anna}") == 4
    assert len(last[1]) == len(first[1]) + 4
    assert "withheld" not in planned.says("run", "list")
    assert "BROKEN" not in planned.says("verify")
