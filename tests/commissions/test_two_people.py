"""Steps that take two people are refused to one person with two logins."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission

from commissions.conftest import Company
from commissions.founding import FIRST, PLAN
from commissions.world import acting, no_owner, opened, people, refused, silent
from support.installation import STAFF_PASSWORD
from upline.base import clock
from upline.base.actors import Shell, Visitor
from upline.base.unit import UnitOfWork
from upline.commissions.models import PlanVersion, Run
from upline.flows import commission_run as flow
from upline.flows import configuring, permissions, roles, staff
from upline.flows.permissions import Right
from upline.flows.second_person import must_be_another
from upline.members import actions as members
from upline.members.models import LinkPurpose


def reviewed_by_otto() -> int:
    """A run that otto opens and reviews. A login that he makes, or helps, would approve it."""
    people("mia")
    (run,) = opened("otto")
    flow.compute(acting("otto"), run, silent)
    flow.review(acting("otto"), run)
    return run


def approves(run: int, name: str, hours: int = 0) -> list[str]:
    """What the refusal says if this person approves it so many hours later, and its status."""
    with clock.pinned(datetime.now(UTC) + timedelta(hours=hours)):
        said = refused(lambda: flow.approve(acting(name), run))
    return [said, Run.objects.get().status]


def second_login(unit: UnitOfWork) -> None:
    user_id = staff.invite(unit, "sock", "sock@example.com")
    link = members.make_link(user_id, LinkPurpose.STAFF_INVITATION)
    staff.choose_password(UnitOfWork(Visitor()), LinkPurpose.STAFF_INVITATION, link, STAFF_PASSWORD)
    staff.change_rights(unit, user_id, is_superuser=True, group_ids=[], permission_ids=[])


def approve_with_a_second_login() -> Any:
    run = reviewed_by_otto()

    second_login(acting("otto"))
    return [
        approves(run, "otto"),
        approves(run, "sock"),
        approves(run, "sock", 23),
        approves(run, "mia"),
    ]


def test_a_login_that_somebody_makes_within_the_day_does_not_approve_their_run(
    planned: Company,
) -> None:
    said = planned.does(approve_with_a_second_login)
    by_one, at_once, within_the_day, by_another = said
    assert "someone other than" in by_one[0]
    assert "less than 24 hours" in at_once[0]
    assert "less than 24 hours" in within_the_day[0]
    assert {each[1] for each in (by_one, at_once, within_the_day)} == {"reviewed"}
    assert by_another == ["not refused", "approved"]


def approve_with_a_helped_login() -> Any:
    run = reviewed_by_otto()

    (mia,) = people("mia")
    staff.change_email(acting("otto"), mia, "otto@example.org")
    refusals = [approves(run, "mia"), approves(run, "mia", 23)]
    return [*refusals, approves(run, "mia", 25)]


def test_whom_the_first_person_let_in_anew_does_not_approve_their_run(planned: Company) -> None:
    """An old login with the right is no other person either, as soon as its mails go elsewhere."""
    said = planned.does(approve_with_a_helped_login)
    at_once, within_the_day, later = said
    assert "changed your e-mail address" in at_once[0]
    assert "changed your e-mail address" in within_the_day[0]
    assert at_once[1] == within_the_day[1] == "reviewed"
    assert later == ["not refused", "approved"]


def approve_after_a_link() -> Any:
    run = reviewed_by_otto()

    staff.make_link(UnitOfWork(Shell()), *people("mia"))
    return [approves(run, "mia"), approves(run, "mia", 25)]


def test_a_link_made_on_the_server_may_be_anybodys(planned: Company) -> None:
    said = planned.does(approve_after_a_link)
    at_once, later = said
    assert "reset your sign-in" in at_once[0]
    assert at_once[1] == "reviewed"
    assert later == ["not refused", "approved"]


def approve_with_a_new_right() -> Any:
    run = reviewed_by_otto()

    (mia,) = people("mia")
    approve = Permission.objects.get(codename="approve_run")
    role = roles.save(acting("otto"), None, "Approvers", [])
    staff.change_rights(
        acting("otto"), mia, is_superuser=False, group_ids=[role], permission_ids=[]
    )
    without = approves(run, "mia")
    roles.save(acting("otto"), role, "Approvers", [approve.pk])
    by_role = approves(run, "mia")
    staff.change_standing(acting("otto"), mia, is_active=False)
    staff.change_standing(acting("otto"), mia, is_active=True)
    return [without, by_role, approves(run, "mia", 23), approves(run, "mia", 25)]


def test_a_right_that_comes_with_a_role_or_is_given_back_is_new(planned: Company) -> None:
    said = planned.does(approve_with_a_new_right)
    without, by_role, within_the_day, later = said
    assert "not allowed to do this" in without[0]
    assert "less than 24 hours" in by_role[0]
    assert "less than 24 hours" in within_the_day[0]
    assert later == ["not refused", "approved"]


def put_plans_in_force() -> Any:
    configuring.change_settings(UnitOfWork(Shell()), plans_by_two=True)
    people("otto")
    other = PLAN.replace("percents = [10, 5]", "percents = [20]")

    def puts(name: str, text: str = PLAN) -> list[Any]:
        return [
            refused(lambda: flow.use_plan(acting(name), text, "plan.toml", FIRST)),
            PlanVersion.objects.count(),
        ]

    return [puts("olga"), puts("olga"), puts("otto", other), puts("otto")]


def test_a_plan_that_staff_put_in_force_counts_once_a_second_person_puts_in_the_same(
    company: Company,
) -> None:
    said = company.does(put_plans_in_force)
    first, again, another_plan, second = said
    for refusal in (first, again, another_plan):
        assert "takes two people" in refusal[0]
        assert refusal[1] == 0
    assert second == ["not refused", 1]


def give_by_two() -> None:
    """Rights take two people; tom has none yet."""
    configuring.change_settings(UnitOfWork(Shell()), rights_by_two=True)
    people("otto", "tom")
    no_owner("tom")


def holds(right: Right = Right.APPROVE_RUN) -> bool:
    return right in permissions.staff(*people("tom")).rights


def gives(name: str, **more: Any) -> list[Any]:
    (tom,) = people("tom")
    wanted: dict[str, Any] = {"is_superuser": True, "group_ids": [], "permission_ids": []}
    return [refused(lambda: staff.change_rights(acting(name), tom, **wanted | more)), holds()]


def granted(right: Right) -> list[Any]:
    (tom,) = people("tom")
    return [refused(lambda: staff.grant(UnitOfWork(Shell()), tom, right)), holds(right)]


def give_a_right_by_two() -> Any:
    give_by_two()

    view = Permission.objects.get(codename="view_run").pk
    harmless = gives("olga", is_superuser=False, permission_ids=[view])
    return [harmless, holds(Right.VIEW_RUNS), gives("olga"), gives("olga"), gives("otto")]


def test_a_right_to_approve_is_given_by_two_owners(company: Company) -> None:
    said = company.does(give_a_right_by_two)
    harmless, sees, by_one, again, by_two = said
    assert harmless == ["not refused", False]
    assert sees is True
    for refusal in (by_one, again):
        assert "takes two people" in refusal[0]
        assert refusal[1] is False
    assert by_two == ["not refused", True]


def give_rights_on_the_server() -> Any:
    give_by_two()

    with_two = granted(Right.APPROVE_RUN)
    no_owner("otto")
    alone = granted(Right.APPROVE_RUN)
    unit = acting("tom")
    confirming = refused(lambda: must_be_another(unit, Right.APPROVE_RUN, []))
    return [with_two, alone, confirming]


def test_the_server_gives_a_right_only_while_fewer_than_two_people_could(company: Company) -> None:
    said = company.does(give_rights_on_the_server)
    with_two, alone, at_once = said
    assert "Give it in the office" in with_two[0]
    assert with_two[1] is False
    assert alone == ["not refused", True]
    assert "less than 24 hours" in at_once
