"""Steps that take two people are refused to one person with two logins."""

import json

from commissions.conftest import Company

# otto opens and reviews a run. A login that he makes, or helps, would approve it.
STORY = """
from datetime import datetime, timedelta, UTC
from support.installation import STAFF_PASSWORD
from upline.base import clock
from upline.base.actors import Shell, Visitor
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run
from upline.flows import commission_run as flow, staff
from upline.members import actions as members
from upline.members.models import User
people("mia")
(run,) = opened("otto")
flow.compute(acting("otto"), run, silent)
flow.review(acting("otto"), run)

def approves(name, hours=0):
    with clock.pinned(datetime.now(UTC) + timedelta(hours=hours)):
        said = refused(lambda: flow.approve(acting(name), run))
    return [said, Run.objects.get().status]

def second_login(unit):
    user_id = staff.invite(unit, "sock", "sock@example.com")
    link = members.make_link(user_id, "staff_invitation")
    staff.choose_password(UnitOfWork(Visitor()), "staff_invitation", link, STAFF_PASSWORD)
    staff.change_rights(unit, user_id, is_superuser=True, group_ids=[], permission_ids=[])
"""


def test_a_login_that_somebody_makes_within_the_day_does_not_approve_their_run(
    planned: Company,
) -> None:
    said = planned.program(
        STORY
        + """
second_login(acting("otto"))
print(json.dumps([approves("otto"), approves("sock"), approves("sock", 23), approves("mia")]))
"""
    )
    by_one, at_once, within_the_day, by_another = json.loads(said)
    assert "someone other than" in by_one[0]
    assert "less than 24 hours" in at_once[0]
    assert "less than 24 hours" in within_the_day[0]
    assert {each[1] for each in (by_one, at_once, within_the_day)} == {"reviewed"}
    assert by_another == ["not refused", "approved"]


def test_whom_the_first_person_let_in_anew_does_not_approve_their_run(planned: Company) -> None:
    """An old login with the right is no other person either, as soon as its mails go elsewhere."""
    said = planned.program(
        STORY
        + """
(mia,) = people("mia")
staff.change_email(acting("otto"), mia, "otto@example.org")
refusals = [approves("mia"), approves("mia", 23)]
print(json.dumps([*refusals, approves("mia", 25)]))
"""
    )
    at_once, within_the_day, later = json.loads(said)
    assert "changed your e-mail address" in at_once[0]
    assert "changed your e-mail address" in within_the_day[0]
    assert at_once[1] == within_the_day[1] == "reviewed"
    assert later == ["not refused", "approved"]


def test_a_link_made_on_the_server_may_be_anybodys(planned: Company) -> None:
    said = planned.program(
        STORY
        + """
staff.make_link(UnitOfWork(Shell()), *people("mia"))
print(json.dumps([approves("mia"), approves("mia", 25)]))
"""
    )
    at_once, later = json.loads(said)
    assert "reset your sign-in" in at_once[0]
    assert at_once[1] == "reviewed"
    assert later == ["not refused", "approved"]


def test_a_right_that_comes_with_a_role_or_is_given_back_is_new(planned: Company) -> None:
    said = planned.program(
        STORY
        + """
from django.contrib.auth.models import Group, Permission
(mia,) = people("mia")
approve = Permission.objects.get(codename="approve_run")
role = staff.save_group(acting("otto"), None, "Approvers", [])
staff.change_rights(
    acting("otto"), mia, is_superuser=False, group_ids=[role], permission_ids=[])
without = approves("mia")
staff.save_group(acting("otto"), role, "Approvers", [approve.pk])
by_role = approves("mia")
staff.change_standing(acting("otto"), mia, is_active=False)
staff.change_standing(acting("otto"), mia, is_active=True)
print(json.dumps([without, by_role, approves("mia", 23), approves("mia", 25)]))
"""
    )
    without, by_role, within_the_day, later = json.loads(said)
    assert "not allowed to do this" in without[0]
    assert "less than 24 hours" in by_role[0]
    assert "less than 24 hours" in within_the_day[0]
    assert later == ["not refused", "approved"]


def test_a_plan_that_staff_put_in_force_counts_once_a_second_person_puts_in_the_same(
    company: Company,
) -> None:
    said = company.program(
        """
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.commissions.models import PlanVersion
from upline.flows import commission_run as flow, configuring
configuring.change_settings(UnitOfWork(Shell()), plans_by_two=True)
people("otto")
other = PLAN.replace("percents = [10, 5]", "percents = [20]")

def puts(name, text=PLAN):
    return [refused(lambda: flow.use_plan(acting(name), text, "plan.toml", FIRST)),
            PlanVersion.objects.count()]

print(json.dumps([puts("olga"), puts("olga"), puts("otto", other), puts("otto")]))
"""
    )
    first, again, another_plan, second = json.loads(said)
    for refusal in (first, again, another_plan):
        assert "takes two people" in refusal[0]
        assert refusal[1] == 0
    assert second == ["not refused", 1]


GIVING = """
import json
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import configuring, permissions, staff
from upline.flows.permissions import Right
from upline.members.models import User
configuring.change_settings(UnitOfWork(Shell()), rights_by_two=True)
otto, tom = people("otto", "tom")
User.objects.filter(pk=tom).update(is_superuser=False)

def holds(right=Right.APPROVE_RUN):
    return right in permissions.staff(tom).rights

def gives(name, **more):
    wanted = {"is_superuser": True, "group_ids": [], "permission_ids": []} | more
    return [refused(lambda: staff.change_rights(acting(name), tom, **wanted)), holds()]

def granted(right):
    return [refused(lambda: staff.grant(UnitOfWork(Shell()), tom, right)), holds(right)]
"""


def test_a_right_to_approve_is_given_by_two_owners(company: Company) -> None:
    said = company.program(
        GIVING
        + """
from django.contrib.auth.models import Permission
view = Permission.objects.get(codename="view_run").pk
harmless = gives("olga", is_superuser=False, permission_ids=[view])
print(json.dumps([harmless, holds(Right.VIEW_RUNS), gives("olga"), gives("olga"), gives("otto")]))
"""
    )
    harmless, sees, by_one, again, by_two = json.loads(said)
    assert harmless == ["not refused", False]
    assert sees is True
    for refusal in (by_one, again):
        assert "takes two people" in refusal[0]
        assert refusal[1] is False
    assert by_two == ["not refused", True]


def test_the_server_gives_a_right_only_while_fewer_than_two_people_could(company: Company) -> None:
    said = company.program(
        GIVING
        + """
with_two = granted(Right.APPROVE_RUN)
User.objects.filter(pk=otto).update(is_superuser=False)
alone = granted(Right.APPROVE_RUN)
from upline.flows.two_people import must_be_another, TooNew
unit = acting("tom")
confirming = refused(lambda: must_be_another(unit, Right.APPROVE_RUN, []))
print(json.dumps([with_two, alone, confirming]))
"""
    )
    with_two, alone, at_once = json.loads(said)
    assert "Give it in the office" in with_two[0]
    assert with_two[1] is False
    assert alone == ["not refused", True]
    assert "less than 24 hours" in at_once
