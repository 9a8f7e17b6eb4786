"""No mail can be had in a loop: each kind has a limit, or something else that bounds it."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import connections

from attacks.parallel import Gate, times
from support.office import hire_staff
from upline.base import clock
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import second_factor
from upline.mailings import actions as mailings
from upline.mailings.models import BOUNDED, LIMITED, MOST_AN_HOUR, Mail, MailKind
from upline.members.models import User

SECURITY = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
AT_ONCE = 4 * MOST_AN_HOUR


def mails_to(username: str, kind: MailKind) -> list[str]:
    """What was written to somebody, by what it says."""
    found = Mail.objects.filter(kind=kind, user__username=username).order_by("pk")
    return [mail.facts.get(LIMITED[kind], "") for mail in found]


def remake_codes(username: str) -> None:
    user_id = User.objects.get(username=username).pk
    second_factor.new_recovery_codes(UnitOfWork(Shell()), user_id)


def test_each_kind_of_mail_has_a_limit_or_says_what_bounds_it() -> None:
    assert sorted([*LIMITED, *BOUNDED]) == sorted(MailKind)
    for kind in LIMITED:
        assert f"`{kind}`" in SECURITY, kind
    for kind, bound in BOUNDED.items():
        assert f"| `{kind}` | {bound} |" in SECURITY, kind


def test_recovery_codes_remade_in_a_loop_are_mailed_six_times_an_hour() -> None:
    sam = hire_staff()
    for _ in range(2 * MOST_AN_HOUR):
        remake_codes(sam)
    assert mails_to(sam, MailKind.SECOND_FACTOR) == [second_factor.CODES] * MOST_AN_HOUR
    Mail.objects.filter(user__username=sam).update(created_at=clock.now() - mailings.LIMIT_LASTS)
    remake_codes(sam)
    assert len(mails_to(sam, MailKind.SECOND_FACTOR)) == MOST_AN_HOUR + 1


def test_what_a_loop_says_leaves_room_for_what_else_there_is_to_say() -> None:
    sam = hire_staff()
    user = User.objects.get(username=sam)
    for _ in range(MOST_AN_HOUR + 1):
        remake_codes(sam)
    UnitOfWork(Shell()).commit(
        lambda: mailings.write(
            MailKind.SECOND_FACTOR, user.pk, user.email, sentence=second_factor.OFF
        )
    )
    said = Counter(mails_to(sam, MailKind.SECOND_FACTOR))
    assert said == {second_factor.CODES: MOST_AN_HOUR, second_factor.OFF: 1}


def remake_at_once(username: str) -> int:
    """How many mails come of codes remade by many at once."""

    def remake() -> None:
        try:
            remake_codes(username)
        finally:
            connections.close_all()

    times(AT_ONCE, remake, Gate(AT_ONCE, "mailings_mail"))
    return len(mails_to(username, MailKind.SECOND_FACTOR))


def test_many_at_once_get_no_more_mails_than_one_after_another() -> None:
    assert remake_at_once(hire_staff()) == MOST_AN_HOUR


def test_the_race_for_mails_notices_those_who_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailings, "_wait_for_others", lambda _: None)
    assert remake_at_once(hire_staff()) > MOST_AN_HOUR
