"""`./upline member`: staff put right what is wrong about a member."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError

from support.cast import Cast
from support.client import Client, data
from support.logged import STAFF_RIGHTS, logged
from support.office import hire_staff
from upline.base.actors import Shell
from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.flows import verifying
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.mailings.models import Mail
from upline.members import actions, queries
from upline.members.errors import LinkUsedUp
from upline.members.models import LinkPurpose, User
from upline.members.security import protection

Run = Callable[..., str]


def mails_of(member_id: int) -> set[tuple[str, str]]:
    return set(Mail.objects.filter(user_id=member_id).values_list("kind", "to_address"))


def address_of(member_id: int) -> str:
    return User.objects.values_list("email", flat=True).get(pk=member_id)


def shown_address(client: Client) -> str:
    return str(data(client.get("profile/"))["email"])


def audited(member_id: int) -> Any:
    return (
        AuditEntry.objects.filter(event="member.corrected", member_id=member_id).latest("pk").facts
    )


def test_a_corrected_address_is_confirmed_by_its_link_and_told_to_the_old_one(
    run_member: Run, cast: Cast
) -> None:
    anna, before = cast.anna, address_of(cast.anna.id)
    told = mails_of(anna.id)
    said = run_member("correct", anna.username, "--email", "anna.right@example.org")
    assert "once its link is used" in said
    assert mails_of(anna.id) - told == {
        ("email_changed", before),
        ("confirm_email", "anna.right@example.org"),
    }
    assert address_of(anna.id) == before
    assert shown_address(anna.client) == "anna.right@example.org"
    assert audited(anna.id) == {
        "changes": {"email": {"before": before, "after": "anna.right@example.org"}},
        "reason": "mistyped at signup",
        "verified": False,
    }


def test_a_verified_address_gets_the_mails_at_once_and_old_links_end(
    run_member: Run, cast: Cast
) -> None:
    anna, before = cast.anna, address_of(cast.anna.id)
    link, told = actions.make_link(anna.id, LinkPurpose.LOGIN_PASSWORD), mails_of(anna.id)
    run_member("correct", anna.username, "--email", "anna.sure@example.org", "--verified")
    assert address_of(anna.id) == "anna.sure@example.org"
    assert mails_of(anna.id) - told == {
        ("corrected", before),
        ("corrected", "anna.sure@example.org"),
    }
    with pytest.raises(LinkUsedUp):
        queries.find_link(link, LinkPurpose.LOGIN_PASSWORD)
    waiting = protection.running(anna.id)
    assert waiting is not None
    assert waiting.kind == "email"


def test_a_corrected_name_and_birthday_are_told_audited_and_verified_anew(
    run_member: Run, cast: Cast
) -> None:
    anna, told = cast.anna, mails_of(cast.anna.id)
    verifying.review_kyc(UnitOfWork(Shell()), anna.id, KycStatus.VERIFIED, "")
    right = ("--firstname", "Anne", "--date-of-birth", "1980-02-29")
    assert "first name, date of birth" in run_member("correct", anna.username, *right)
    assert mails_of(anna.id) - told == {("corrected", address_of(anna.id))}
    assert audited(anna.id)["changes"] == {
        "firstname": {"before": anna.username.title(), "after": "Anne"},
        "date_of_birth": {"before": "1990-05-17", "after": "1980-02-29"},
    }
    assert status_of(anna.id) == "submitted"
    verifying.review_kyc(UnitOfWork(Shell()), anna.id, KycStatus.VERIFIED, "")
    run_member("correct", anna.username, "--firstname", "Anna", "--verified")
    assert status_of(anna.id) == "verified"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Enter at least one correction"),
        (("--email", "nonsense"), "not a valid e-mail address"),
        (("--firstname", " "), "1 to 100 letters"),
        (("--date-of-birth", "2020-01-01"), "at least 18 years"),
        (("--date-of-birth", "1990-05-17"), "already has these data"),
    ],
)
def test_what_cannot_be_corrected_is_said_and_changes_nothing(
    words: tuple[str, ...], sentence: str, run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        run_member("correct", cast.anna.username, *words)


def test_staff_correct_with_the_permission_only_and_never_another_staff_user(
    run_member: Run, cast: Cast, nothing_changes: Any
) -> None:
    sam, nobody = hire_staff("members.change_member"), hire_staff()
    with nothing_changes(), pytest.raises(CommandError, match="is not allowed to do this"):
        run_member("correct", cast.anna.username, "--firstname", "Eve", by=nobody)
    assert "Corrected" in run_member("correct", cast.anna.username, "--firstname", "Eve", by=sam)
    with logged(STAFF_RIGHTS):
        User.objects.filter(pk=cast.ben.id).update(is_staff=True)
    with nothing_changes(), pytest.raises(CommandError, match="also a staff user"):
        run_member(
            "correct", cast.ben.username, "--email", "mine@example.org", "--verified", by=sam
        )
