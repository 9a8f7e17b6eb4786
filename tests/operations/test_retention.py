"""What is kept for so many days, and what stays for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Model

from support.cast import Cast, unique
from upline.base import attempts, clock
from upline.base.attempts import Limit
from upline.base.models import Attempt, AuditEntry
from upline.events.models import Event
from upline.flows import retention
from upline.mailings.models import Mail
from upline.members.models import AccessToken, Member
from upline.pictures.models import Picture

LONG = timedelta(days=4000)
SETTINGS = {
    "members_accesstoken": "keep_ended_tokens_days",
    "base_attempt": "keep_attempts_days",
    "mailings_mail": "keep_mails_days",
    "events_event": "keep_events_days",
    "pictures_picture": "keep_pictures_days",
}


def leave_behind(member_id: int, age: timedelta) -> list[Model]:
    """A row of each kind that was of use until so long ago."""
    then = clock.now() - age
    with clock.pinned(then):
        (attempt,) = attempts.count([Limit("login", unique("nobody"), 5, 900)])
    token = AccessToken.objects.create(
        digest=unique("token").encode(),
        user_id=member_id,
        client_id=1,
        created_at=then,
        expires_at=then,
    )
    event = Event.objects.create(
        kind="order.cancelled", subject="order:old", data={"member_id": member_id},
        occurred_at=then,
    )  # fmt: skip
    mail = Mail.objects.create(
        kind="password_changed", user_id=member_id, to_address="old@example.com", facts={},
        status="sent", tries=1, last_error="", created_at=then, next_try_at=then,
    )  # fmt: skip
    picture = Picture.objects.create(
        name=unique("old"), content=b"", content_type="image/png", width=1, height=1,
        created_at=then,
    )  # fmt: skip
    return [token, Attempt.objects.get(pk=attempt), mail, event, picture]


def still_there(rows: list[Model]) -> set[str]:
    """The tables that have kept their row."""
    return {
        row._meta.db_table for row in rows if type(row)._default_manager.filter(pk=row.pk).exists()
    }


@pytest.mark.parametrize("days", [1, 30])
def test_what_the_office_keeps_for_some_days_then_goes(
    cast: Cast, office_sets: Callable[..., None], days: int
) -> None:
    office_sets(**dict.fromkeys(SETTINGS.values(), days))
    older = leave_behind(cast.ben.id, timedelta(days=days, hours=1))
    younger = leave_behind(cast.ben.id, timedelta(days=days) - timedelta(hours=1))
    assert still_there(older) == SETTINGS.keys()
    retention.clean_up()
    assert still_there(older) == set()
    assert still_there(younger) == SETTINGS.keys()


def test_more_than_a_batch_goes_in_one_night(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    left = [leave_behind(cast.ben.id, LONG + timedelta(days=index)) for index in range(5)]
    gone = retention.clean_up()
    assert gone["mails"] >= 5
    assert [still_there(rows) for rows in left] == [set()] * 5


def test_what_is_in_use_stays_and_so_does_history(cast: Cast) -> None:
    rows = leave_behind(cast.ben.id, LONG)
    by_table = {row._meta.db_table: row.pk for row in rows}
    Member.objects.filter(pk=cast.ben.id).update(picture=by_table["pictures_picture"])
    Mail.objects.filter(pk=by_table["mailings_mail"]).update(status="queued")
    entries = AuditEntry.objects.count()
    try:
        retention.clean_up()
        assert still_there(rows) == {"pictures_picture", "mailings_mail"}
        assert AuditEntry.objects.count() == entries
        assert cast.ben.client.get("profile/").status_code == 200, "a live token stays"
    finally:
        Member.objects.filter(pk=cast.ben.id).update(picture=None)
        Mail.objects.filter(pk=by_table["mailings_mail"]).delete()
