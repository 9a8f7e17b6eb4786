"""Plans in force: from which day, and what cannot be put in force."""

from dataclasses import replace
from typing import Any

from django.db import DatabaseError

from commissions.conftest import FIRST, LAST, Company
from commissions.founding import PLAN
from commissions.world import change, no_owner, opened, refused, use_plan
from support.installation import STAFF
from upline.company import current
from upline.company.models import PlanKind
from upline.company.queries import load_company


def in_force(company: Company) -> object:
    return company.value("SELECT count(*) FROM commissions_planversion")


def test_a_plan_is_put_in_force_and_listed(company: Company) -> None:
    path = company.plan()
    said = company.says("plan", "use", path, "--from", str(FIRST))
    assert said == f"Pairs and levels is in force from {FIRST}.\n"
    listed = company.says("plan", "list").split()
    assert listed[0] == str(FIRST)
    assert listed[2:] == ["0", "runs", "Pairs", "and", "levels"]


def test_a_plan_with_errors_is_not_put_in_force_and_every_error_is_said(company: Company) -> None:
    path = company.plan('name = "No"\n[[bonuses]]\nname = "x"\nkind = "no such kind"\npercents = 1')
    said = company.refuses("plan", "use", path, "--from", str(FIRST))
    assert f"{path}:" in said
    assert "no such kind" in said
    assert in_force(company) == 0


def test_a_plan_must_fit_the_company_and_all_that_does_not_is_said(company: Company) -> None:
    text = PLAN.replace('"Business"', '"Emperor"').replace('"EUR"', '"JPY"\ndecimals = 0')
    text = text.replace("2.00", "2")
    said = company.refuses("plan", "use", company.plan(text), "--from", str(FIRST))
    assert "0 decimals here, the company's EUR has 2" in said
    assert 'no membership package "Emperor"' in said
    assert in_force(company) == 0


def use_pairs_in_a_unilevel() -> Any:
    with current.bound(replace(load_company(), plan_kind=PlanKind.UNILEVEL)):
        return refused(lambda: use_plan(FIRST))


def test_pairs_need_a_binary_company(company: Company) -> None:
    said = company.does(use_pairs_in_a_unilevel)
    assert said == "plan.toml: pairs need a binary company, and this one is unilevel."


def test_an_unused_plan_is_replaced_by_another_from_the_same_day(company: Company) -> None:
    company.says("plan", "use", company.plan(), "--from", str(FIRST))
    better = company.plan(PLAN.replace("Pairs and levels", "Better"), "better.toml")
    company.says("plan", "use", better, "--from", str(FIRST))
    listed = company.says("plan", "list")
    assert "Better" in listed
    assert "Pairs and levels" not in listed


def test_days_that_a_run_has_frozen_keep_their_plan(planned: Company) -> None:
    planned.does(opened)
    said = planned.refuses("plan", "use", planned.plan(), "--from", str(LAST))
    assert f"Runs are open up to {LAST}" in said
    assert in_force(planned) == 1


def change_a_used_plan() -> Any:
    opened()
    tried = []
    for statement in (
        "UPDATE commissions_planversion SET name = 'x'",
        "DELETE FROM commissions_planversion",
    ):
        try:
            change(statement)
        except DatabaseError as error:
            tried.append(str(error).split(chr(10))[0])
    return tried


def test_a_plan_in_force_is_never_changed_nor_removed_once_used(planned: Company) -> None:
    said = planned.does(change_a_used_plan)
    never_changed, never_removed = said
    assert "never changed" in never_changed
    assert "foreign key" in never_removed


def test_a_person_who_puts_a_plan_in_force_needs_password_and_permission(
    company: Company,
) -> None:
    words = ("plan", "use", company.plan(), "--from", str(FIRST), "--as")
    wrong = company.shell(*words, STAFF, typed="no password\n")
    assert (wrong.returncode, in_force(company)) == (1, 0)
    company.does(no_owner, "otto")
    assert "not allowed to do this" in company.refuses(*words[:-1], person="otto")
    assert in_force(company) == 0
    company.says(*words[:-1], person=STAFF)
    assert company.value("SELECT put_by_id IS NOT NULL FROM commissions_planversion") is True
