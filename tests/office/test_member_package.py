"""`./upline member upgrade`: another membership package, seen first, then done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError

from support.cast import Cast
from support.client import data
from support.moves import sign_up, signup_fields
from support.office import hire_staff
from support.wares import put_on_sale
from upline.base.actors import Shell
from upline.base.errors import Conflict, FieldsWrong, OwnAccount
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import blocking, order_decisions, own_account, permissions, upgrading
from upline.mailings.models import Mail
from upline.members.models import PackageFact, User
from upline.orders.queries import awaited_package

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def without_an_unpaid_package(cast: Cast) -> None:
    """anna and cleo joined for free, by an order that awaits payment."""
    for member in (cast.anna, cast.cleo):
        waiting = awaited_package(member.id)
        if waiting:
            order_decisions.cancel_order(UnitOfWork(Shell()), waiting.number)


def package_of(cast: Cast) -> str:
    return str(data(cast.anna.client.get("profile/"))["membership_package"])


def facts_of(member_id: int) -> list[Any]:
    return list(PackageFact.objects.filter(member_id=member_id).order_by("pk"))


def test_a_package_is_shown_first_and_then_changed_audited_and_told(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    anna = cast.anna
    with nothing_changes():
        said = run_member("upgrade", anna.username, "--package", "Starter")
    assert "Before: no package\nAfter:  Starter\n" in said
    assert "Nothing was changed" in said
    assert "Changed." in run_member("upgrade", anna.username, "--package", "starter", "--yes")
    said = run_member("upgrade", anna.username, "--package", "Business", "--yes")
    assert "Before: Starter\nAfter:  Business\n" in said
    assert package_of(cast) == "Business"
    first, second = facts_of(anna.id)
    assert (first.package.name, second.package.name) == ("Starter", "Business")
    assert first.since < second.since
    assert (second.order_number, second.by_staff.username) == ("", "olga")
    entry = AuditEntry.objects.filter(event="member.package_changed", member_id=anna.id).latest(
        "pk"
    )
    assert entry.facts["changes"] == {"package": {"before": "Starter", "after": "Business"}}
    assert entry.facts["reason"] == "mistyped at signup"
    assert datetime.fromisoformat(entry.facts["since"]) == second.since
    mail = Mail.objects.filter(user_id=anna.id, kind="package_changed").latest("pk")
    assert (mail.facts["before"], mail.facts["after"]) == ("Starter", "Business")


def test_a_downgrade_is_another_change_and_a_refund_of_before_leaves_it(
    run_member: Run, cast: Cast
) -> None:
    run_member("upgrade", cast.anna.username, "--package", "Business", "--yes")
    run_member("upgrade", cast.anna.username, "--package", "Starter", "--yes")
    assert package_of(cast) == "Starter"
    assert [fact.package.name for fact in facts_of(cast.anna.id)] == ["Business", "Starter"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--package", "Business"), "has the package Business already"),
        (("--package", "soap"), "is not a membership package"),
        (("--package", "no such thing"), "no package with the code or name"),
        (("--package", "Starter", "--from", "2001-01-01"), "got the package of now"),
        (("--package", "Starter", "--from", "2999-01-01"), "later than today"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    words: tuple[str, ...], sentence: str, run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    run_member("upgrade", cast.anna.username, "--package", "Business", "--yes")
    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        run_member("upgrade", cast.anna.username, *words, "--yes")


def test_a_package_that_is_not_for_sale_is_refused(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    gone = put_on_sale("founder-of-old", 0, kind="membership", name="Founder", active=False)
    with nothing_changes(), pytest.raises(CommandError, match="Founder is not for sale any more"):
        run_member("upgrade", cast.anna.username, "--package", gone.code, "--yes")


def test_a_closed_member_keeps_the_package(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    blocking.block_member(UnitOfWork(Shell()), cast.cleo.id, "a test")
    blocking.close_member(UnitOfWork(Shell()), cast.cleo.id, "a test")
    wish = upgrading.UpgradeRequest(cast.cleo.id, "Business")
    with nothing_changes(), pytest.raises(Conflict, match="This member is closed"):
        upgrading.upgrade(UnitOfWork(Shell()), wish, "a test")


def test_an_unpaid_package_that_would_replace_it_is_named(
    run_member: Run, cast: Cast, product: Callable[[str], int], nothing_changes: Any
) -> None:
    fields = signup_fields(cast.anna.username, product("starter"))
    fields |= {"placement_username": cast.cleo.username}
    answer = sign_up(cast.anna, fields)
    assert answer.status_code == 201, answer.text
    with nothing_changes(), pytest.raises(CommandError, match="for Starter awaits payment"):
        run_member("upgrade", fields["username"], "--package", "Business", "--yes")


def test_days_that_belong_to_a_run_are_refused(cast: Cast) -> None:
    wish = upgrading.UpgradeRequest(cast.anna.id, "Business")
    with pytest.raises(FieldsWrong, match="belong to commission runs"):
        upgrading.prepare(wish, frozen=company.today())
    made = upgrading.prepare(wish, frozen=company.today() - timedelta(days=1))
    assert made.after.name == "Business"


def test_staff_need_the_permission_and_a_reason(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    words = ("upgrade", cast.anna.username, "--package", "Business", "--yes")
    sam = hire_staff("members.change_member")
    with nothing_changes(), pytest.raises(CommandError, match="is not allowed to do this"):
        run_member(*words, by=sam)
    wish = upgrading.UpgradeRequest(cast.anna.id, "Business")
    with nothing_changes(), pytest.raises(FieldsWrong) as refused:
        upgrading.upgrade(UnitOfWork(Shell()), wish, " ")
    assert refused.value.fields == {"reason": "Enter a reason."}
    both = User.objects.get(username=hire_staff("members.add_packagefact")).pk
    own_account.name_own_member(UnitOfWork(permissions.staff(both)), cast.anna.username)
    with nothing_changes(), pytest.raises(OwnAccount):
        upgrading.upgrade(UnitOfWork(permissions.staff(both)), wish, "I want it")
    assert "Changed." in run_member(*words, by=hire_staff("members.add_packagefact"))
