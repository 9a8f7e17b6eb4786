"""What a run withholds from a member who is closed for good: the company keeps it."""

import json

from commissions.conftest import STAFF, Company

START = "from commissions.forfeiting import *\n"


def test_what_a_closed_member_cannot_be_paid_stays_with_the_company_and_the_run_is_closed(
    planned: Company,
) -> None:
    said = planned.program(
        START
        + """
run = withheld("anna", "closed")
print(json.dumps([run, status(run), money()]))
"""
    )
    run, status, before = json.loads(said)
    assert status == "approved"
    assert "withheld: anna" in planned.says("run", "pay", str(run), person=STAFF)
    done = planned.says(
        "run", "forfeit", str(run), "Anna", "--reason", "Left for good", person=STAFF
    )
    assert "12.33 of run 1 stay with the company" in done
    paid = planned.says("run", "pay", str(run), person=STAFF)
    assert "withheld" not in paid
    assert "is closed" in planned.says("run", "close", str(run), person=STAFF)
    assert planned.program("print(money())") == before, "no money moved"
    assert "BROKEN" not in planned.says("verify")


def test_who_forfeited_when_and_why_is_kept_for_good(planned: Company) -> None:
    said = planned.program(
        START
        + """
from django.db import DatabaseError
from upline.base.models import AuditEntry
from upline.commissions.models import Withheld
run = withheld("anna", "closed")
assert forfeit(run, "anna", " Left for good ") == "not refused"
row = Withheld.objects.get()
tried = []
for statement in ("UPDATE commissions_withheld SET reason = 'x'",
                  "UPDATE commissions_withheld SET forfeited_at = NULL",
                  "DELETE FROM commissions_withheld"):
    try:
        change(statement)
        tried.append(f"done: {statement}")
    except DatabaseError:
        tried.append("kept")
entry = AuditEntry.objects.get(event="run.forfeited")
print(json.dumps([row.reason, row.forfeited_by.username, bool(row.forfeited_at), tried,
                  entry.actor.username, entry.subject, entry.facts == {
                      "member": member("anna"), "amount": 1233, "reason": "Left for good"}]))
"""
    )
    assert json.loads(said) == ["Left for good", "olga", True, ["kept"] * 3, "olga", "run:1", True]


def test_what_is_forfeited_is_not_paid_later_not_even_to_who_is_active_again(
    planned: Company,
) -> None:
    said = planned.program(
        START
        + """
from upline.commissions.models import Withheld
run = withheld("anna", "closed")
forfeit(run, "anna")
stands("anna", "active")
commission_run.pay(acting("olga"), run, silent)
print(json.dumps([status(run), transfers(run, "anna"), transfers(run, "ben") > 0,
                  Withheld.objects.count()]))
""".replace("run = withheld", "from upline.flows import commission_run\nrun = withheld")
    )
    assert json.loads(said) == ["paid", 0, True, 1]
    assert "BROKEN" not in planned.says("verify")


def test_only_what_is_withheld_from_a_closed_member_of_an_approved_run_is_forfeited(
    planned: Company,
) -> None:
    said = planned.program(
        START
        + """
from upline.commissions.models import Withheld
(early,) = opened()
computed(early)
tried = [forfeit(early, "anna")]
run = early
from upline.flows import commission_run as flow
flow.review(acting("olga"), run)
flow.approve(acting("otto"), run)
tried.append(forfeit(run, "anna"))
stands("anna", "blocked")
flow.pay(acting("olga"), run, silent)
tried += [forfeit(run, "anna"), forfeit(run, "ben"), forfeit(run, "nobody"),
          forfeit(run, "olga"), forfeit(run, "anna", "  "), forfeit(run, "anna", "x" * 301)]
before = Withheld.objects.values().get()
stands("anna", "closed")
done = [forfeit(run, "anna"), forfeit(run, "anna")]
print(json.dumps([tried, before["forfeited_at"], done]))
"""
    )
    tried, forfeited, done = json.loads(said)
    computed, unpaid, blocked, paid, nobody, staff, *reasons = tried
    assert "is computed; this step takes one that is approved" in computed
    assert unpaid == "Run 1 withholds nothing from anna."
    assert blocked == "anna is blocked, not closed: what run 1 withholds is kept."
    assert paid == "Run 1 withholds nothing from ben."
    assert nobody == staff
    assert all("Name a reason" in each for each in reasons)
    assert forfeited is None
    assert done == ["not refused", "What run 1 withheld from anna is forfeited already."]


def test_forfeiting_has_a_permission_of_its_own(planned: Company) -> None:
    said = planned.program(
        START
        + """
from django.contrib.auth.models import Permission
from upline.members.models import User
run = withheld("anna", "closed")
olga = User.objects.get(username="olga")
olga.is_superuser = False
olga.save()
of_runs = Permission.objects.filter(content_type__app_label="commissions")
olga.user_permissions.set(of_runs.exclude(codename="forfeit_run"))
without = forfeit(run, "anna")
olga.user_permissions.set(of_runs.filter(codename="forfeit_run"))
print(json.dumps([without, forfeit(run, "anna")]))
"""
    )
    without, only_with = json.loads(said)
    assert "not allowed to do this" in without
    assert only_with == "not refused"


RACE = """
run = withheld("anna", "closed")
stands("anna", "active")
"""


def test_of_forfeiting_and_paying_at_once_one_wins(planned: Company) -> None:
    said = planned.program(f"{START}{RACE}print(json.dumps(race(run, 'anna')))")
    paid, forfeited, broken = json.loads(said)
    assert paid == 1
    assert forfeited == "Run 1 withholds nothing from anna."
    assert broken == []


def test_the_race_notices_where_both_look_first_and_hold_nothing(planned: Company) -> None:
    said = planned.program(f"{START}{RACE}careless()\nprint(json.dumps(race(run, 'anna')))")
    paid, forfeited, broken = json.loads(said)
    assert (paid, forfeited) == (1, "not refused")
    assert any("transfers" in promise for promise in broken)
