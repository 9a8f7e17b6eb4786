"""What a run withholds from a member who is closed for good: the company keeps it."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db import DatabaseError

from commissions.conftest import Company
from commissions.forfeiting import (
    careless,
    forfeit,
    member,
    race,
    stands,
    status,
    transfers,
    withheld,
)
from commissions.world import acting, change, computed, money, no_owner, opened, silent
from support.installation import STAFF
from upline.base.models import AuditEntry
from upline.commissions.models import Withheld
from upline.flows import commission_run as flow


def withhold() -> Any:
    run = withheld("anna", "closed")
    return [run, status(run), money()]


def test_what_a_closed_member_cannot_be_paid_stays_with_the_company_and_the_run_is_closed(
    planned: Company,
) -> None:
    said = planned.does(withhold)
    run, state, before = said
    assert state == "approved"
    assert "withheld: anna" in planned.says("run", "pay", str(run), person=STAFF)
    done = planned.says(
        "run", "forfeit", str(run), "Anna", "--reason", "Left for good", person=STAFF
    )
    assert "12.33 of run 1 stay with the company" in done
    paid = planned.says("run", "pay", str(run), person=STAFF)
    assert "withheld" not in paid
    assert "is closed" in planned.says("run", "close", str(run), person=STAFF)
    assert planned.does(money) == before, "no money moved"
    assert "BROKEN" not in planned.says("verify")


def change_what_is_forfeited() -> Any:
    run = withheld("anna", "closed")
    assert forfeit(run, "anna", " Left for good ") == "not refused"
    row = Withheld.objects.get()
    tried = []
    for statement in (
        "UPDATE commissions_withheld SET reason = 'x'",
        "UPDATE commissions_withheld SET forfeited_at = NULL",
        "DELETE FROM commissions_withheld",
    ):
        try:
            change(statement)
            tried.append(f"done: {statement}")
        except DatabaseError:
            tried.append("kept")
    entry = AuditEntry.objects.get(event="run.forfeited")
    return [
        row.reason,
        str(row.forfeited_by),
        bool(row.forfeited_at),
        tried,
        str(entry.by_staff),
        entry.subject,
        entry.facts,
        {"member": member("anna"), "amount": 1233, "currency": "EUR", "reason": "Left for good"},
    ]


def test_who_forfeited_when_and_why_is_kept_for_good(planned: Company) -> None:
    said = planned.does(change_what_is_forfeited)
    *row, facts, expected = said
    assert row == ["Left for good", "olga", True, ["kept"] * 3, "olga", "run:1"]
    assert facts == expected


def pay_what_is_forfeited() -> Any:
    run = withheld("anna", "closed")
    forfeit(run, "anna")
    stands("anna", "active")
    flow.pay(acting("olga"), run, silent)
    return [
        status(run),
        transfers(run, "anna"),
        transfers(run, "ben") > 0,
        Withheld.objects.count(),
    ]


def test_what_is_forfeited_is_not_paid_later_not_even_to_who_is_active_again(
    planned: Company,
) -> None:
    said = planned.does(pay_what_is_forfeited)
    assert said == ["paid", 0, True, 1]
    assert "BROKEN" not in planned.says("verify")


def forfeit_too_early() -> Any:
    (early,) = opened()
    computed(early)
    tried = [forfeit(early, "anna")]
    run = early
    flow.review(acting("olga"), run)
    flow.approve(acting("otto"), run)
    tried.append(forfeit(run, "anna"))
    stands("anna", "blocked")
    flow.pay(acting("olga"), run, silent)
    tried += [
        forfeit(run, "anna"),
        forfeit(run, "ben"),
        forfeit(run, "nobody"),
        forfeit(run, "olga"),
        forfeit(run, "anna", "  "),
        forfeit(run, "anna", "x" * 301),
    ]
    before = Withheld.objects.values().get()
    stands("anna", "closed")
    done = [forfeit(run, "anna"), forfeit(run, "anna")]
    return [tried, before["forfeited_at"], done]


def test_only_what_is_withheld_from_a_closed_member_of_an_approved_run_is_forfeited(
    planned: Company,
) -> None:
    said = planned.does(forfeit_too_early)
    tried, forfeited, done = said
    computed, unpaid, blocked, paid, nobody, staff, *reasons = tried
    assert "is computed; this step takes one that is approved" in computed
    assert unpaid == "Run 1 withholds nothing from anna."
    assert blocked == "anna is blocked, not closed: what run 1 withholds is kept."
    assert paid == "Run 1 withholds nothing from ben."
    assert nobody == staff
    assert all("Name a reason" in each for each in reasons)
    assert forfeited is None
    assert done == ["not refused", "What run 1 withheld from anna is forfeited already."]


def forfeit_without_the_right() -> Any:
    run = withheld("anna", "closed")
    of_runs = Permission.objects.filter(content_type__app_label="commissions")
    no_owner("olga", of_runs.exclude(codename="forfeit_run"))
    without = forfeit(run, "anna")
    no_owner("olga", of_runs.filter(codename="forfeit_run"))
    return [without, forfeit(run, "anna")]


def test_forfeiting_has_a_permission_of_its_own(planned: Company) -> None:
    said = planned.does(forfeit_without_the_right)
    without, only_with = said
    assert "not allowed to do this" in without
    assert only_with == "not refused"


def race_for_anna(is_careless: bool) -> Any:
    run = withheld("anna", "closed")
    stands("anna", "active")
    if is_careless:
        careless()
    return race(run, "anna")


def test_of_forfeiting_and_paying_at_once_one_wins(planned: Company) -> None:
    said = planned.does(race_for_anna, False)
    paid, forfeited, broken = said
    assert paid == 1
    assert forfeited == "Run 1 withholds nothing from anna."
    assert broken == []


def test_the_race_notices_where_both_look_first_and_hold_nothing(planned: Company) -> None:
    said = planned.does(race_for_anna, True)
    paid, forfeited, broken = said
    assert (paid, forfeited) == (1, "not refused")
    assert any("transfers" in promise for promise in broken)
