"""Each page of the office opens for whoever has its right, and for nobody else."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group

from office.shelves import desks
from support.installation import STAFF_PASSWORD, Installation
from support.logged import STAFF_RIGHTS, logged
from support.office import Visitor, hire_staff
from upline.flows import asked_steps
from upline.flows.permissions import TABLE, Right, Role, right_of, staff_of
from upline.members.models import StepAsked, User

PAGES_LEAST = 80
# What each role is trusted with, and not: written down here, whatever the table says.
NEVER = {
    Role.SUPPORT: {Right.VIEW_BANK, Right.END_MEMBERSHIPS, Right.ADJUST_WALLETS,
                   Right.CORRECT_MEMBERS, Right.APPROVE_PAYOUTS},
    Role.SALES: {Right.VIEW_BANK, Right.APPROVE_PAYOUTS, Right.ADJUST_WALLETS},
    Role.FINANCE: {Right.VIEW_BANK, Right.CORRECT_MEMBERS, Right.HELP_SIGN_IN, Right.USE_PLAN},
    Role.COMMISSIONS: {Right.ADJUST_WALLETS, Right.RELEASE_PAYOUTS, Right.VIEW_BANK},
    Role.COMPLIANCE: {Right.ADJUST_WALLETS, Right.APPROVE_PAYOUTS, Right.HELP_SIGN_IN},
    Role.TECHNICAL: {Right.VIEW_MEMBERS, Right.VIEW_BANK, Right.ADJUST_WALLETS},
    Role.AUDITOR: {right for right in Right if ".view_" not in right} | {Right.VIEW_BANK},
}  # fmt: skip


def pages(shelves: dict[str, int], user: User) -> Iterator[tuple[str, bool]]:
    """Every page of every desk, and whether this user may open it."""
    rights = staff_of(user).rights
    for model, desk in desks().items():
        shelf = f"{model._meta.app_label}/{model._meta.model_name}"
        view = f"{model._meta.app_label}.view_{model._meta.model_name}"
        sees = sees_steps(rights) if model is StepAsked else view in rights
        yield f"{shelf}/", bool(sees)
        if shelf == "company/company":
            continue
        thing = f"{shelf}/{shelves[shelf]}/"
        sees_thing = Right.ADJUST_WALLETS in rights if model is StepAsked else sees
        yield thing, bool(sees_thing)
        for where, sees_it, buttons in (
            (f"{shelf}/", sees, desk.list_buttons),
            (thing, sees_thing, desk.buttons),
        ):
            for each in buttons:
                may = each.flow is None or right_of(each.flow) in rights
                yield f"{where}{each.name}/", bool(sees_it and may)


def sees_steps(rights: frozenset[str]) -> bool:
    return bool(rights & asked_steps._RIGHTS)


def opens(visitor: Visitor, page: str) -> bool:
    status = visitor.http.get(f"/{page}").status_code
    assert status in {200, 403, 404}, (page, status)
    return status == 200


def test_each_page_opens_for_the_roles_that_have_its_right_and_no_other(
    shelves: dict[str, int], installation: Installation
) -> None:
    wrong, seen = [], 0
    for role in (*Role, ""):
        user = User.objects.get(username=hire_staff())
        if role:
            with logged(STAFF_RIGHTS):
                user.groups.set([Group.objects.get(name=role)])
        user = User.objects.get(pk=user.pk)  # what it may do is looked up anew
        visitor = Visitor(installation.base_url)
        assert visitor.sign_in(user.username, STAFF_PASSWORD).status_code == 302
        for page, may in pages(shelves, user):
            seen += 1
            if opens(visitor, page) != may:
                wrong.append((role, page, may))
        assert opens(visitor, ""), "the first page is everybody's"
    assert wrong == []
    assert seen > PAGES_LEAST * len(Role)


@pytest.mark.parametrize("role", Role)
def test_no_role_comes_with_what_it_must_not_do(role: Role) -> None:
    held = {right for right, allowed in TABLE.items() if role in allowed.roles}
    assert held & NEVER[role] == set()
    assert held
