"""What is kept for so many days, and what stays for good."""

from datetime import timedelta
from typing import Any

import pytest

from support.cast import Cast, unique
from upline.base import attempts, clock, sql
from upline.base.attempts import Limit
from upline.base.models import AuditEntry
from upline.flows import retention
from upline.members.models import AccessToken
from upline.pictures.models import Picture

LONG = timedelta(days=4000)
SETTINGS = {
    "members_accesstoken": "keep_ended_tokens_days",
    "base_attempt": "keep_attempts_days",
    "mailings_mail": "keep_mails_days",
    "events_event": "keep_events_days",
    "pictures_picture": "keep_pictures_days",
}


def leave_behind(member_id: int, age: timedelta) -> None:
    """A row of each kind that was of use until so long ago."""

    then = clock.now() - age
    with clock.pinned(then):
        attempts.count([Limit("login", unique("nobody"), 5, 900)])
    AccessToken.objects.create(
        digest=unique("token").encode(),
        user_id=member_id,
        client_id=1,
        created_at=then,
        expires_at=then,
    )
    for statement in (
        """INSERT INTO events_event (kind, subject, data, occurred_at)
           VALUES ('order.cancelled', 'order:old', jsonb_build_object('member_id', %(member)s),
               %(then)s)""",
        """INSERT INTO mailings_mail (kind, user_id, to_address, facts, status, tries, last_error,
               created_at, next_try_at) VALUES ('password_changed', %(member)s, 'old@example.com',
               '{}', 'sent', 1, '', %(then)s, %(then)s)""",
        """INSERT INTO pictures_picture (name, content, content_type, width, height, created_at)
           VALUES ('old ' || %(then)s::text, '', 'image/png', 1, 1, %(then)s)""",
    ):
        sql.run(statement, {"member": member_id, "then": then})


def counts(before: timedelta) -> dict[str, int]:
    """How many rows of each kind there are that are older than this."""

    moments = {
        "members_accesstoken": "expires_at",
        "base_attempt": "at",
        "mailings_mail": "created_at",
        "events_event": "occurred_at",
        "pictures_picture": "created_at",
    }
    limit = [clock.now() - before]
    return {
        table: sql.value(f"SELECT count(*) FROM {table} WHERE {moment} < %s", limit)
        for table, moment in moments.items()
    }


@pytest.mark.parametrize("days", [1, 30])
def test_what_the_office_keeps_for_some_days_then_goes(cast: Cast, office_sets, days: int) -> None:
    office_sets(**dict.fromkeys(SETTINGS.values(), days))
    older, younger = timedelta(days=days, hours=1), timedelta(days=days) - timedelta(hours=1)
    leave_behind(cast.ben.id, older)
    leave_behind(cast.ben.id, younger)
    assert min(counts(older).values()) >= 0
    retention.clean_up()
    assert counts(older - timedelta(minutes=30)) == dict.fromkeys(SETTINGS, 0)
    assert min(counts(younger - timedelta(minutes=30)).values()) >= 1


def test_more_than_a_batch_goes_in_one_night(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for index in range(5):
        leave_behind(cast.ben.id, LONG + timedelta(days=index))
    gone = retention.clean_up()
    assert gone["mails"] >= 5
    assert counts(LONG) == dict.fromkeys(SETTINGS, 0)


def test_what_is_in_use_stays_and_so_does_history(cast: Cast) -> None:
    leave_behind(cast.ben.id, LONG)
    shown = Picture.objects.latest("id")
    sql.run("UPDATE members_member SET picture_id = %s WHERE user_id = %s", [shown.pk, cast.ben.id])
    sql.run("UPDATE mailings_mail SET status = 'queued' WHERE created_at < %s",
            [clock.now() - timedelta(days=3000)])  # fmt: skip
    entries = AuditEntry.objects.count()
    try:
        retention.clean_up()
        found: dict[str, Any] = counts(timedelta(days=3000))
        assert (found["pictures_picture"], found["mailings_mail"]) == (1, 1)
        assert AuditEntry.objects.count() == entries
        assert cast.ben.client.get("profile/").status_code == 200, "a live token stays"
    finally:
        sql.run("UPDATE members_member SET picture_id = NULL WHERE user_id = %s", [cast.ben.id])
        sql.run("DELETE FROM mailings_mail WHERE created_at < %s",
                [clock.now() - timedelta(days=3000)])  # fmt: skip
