"""Writing mails into the outbox, and taking them out of it."""

import contextlib
from datetime import timedelta
from typing import Any

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from psycopg.types.json import Jsonb

from upline.base import clock, databases, sql
from upline.events.actions import WrittenEvent
from upline.mailings.models import LIMITED, MAIL_OF, MOST_AN_HOUR, Mail, MailKind, MailStatus

_FIRST_WAIT_SECONDS = 5
_LONGEST_WAIT_SECONDS = 600
LIMIT_LASTS = timedelta(hours=1)
DELIVER = "upline.flows.tasks.deliver_mail"


def deliver(event: WrittenEvent, user_id: int, to_address: str, **facts: Any) -> None:
    """Put the mail of an event into the outbox, in the transaction of the event. `MAIL_OF` says
    which mail that is; `facts` are what its text needs beside."""
    _put(MAIL_OF[event.kind], user_id, to_address, facts, event.id)


def write(kind: MailKind, user_id: int, to_address: str, **facts: Any) -> None:
    """Put a mail that delivers no event into the outbox, in the transaction of what it belongs
    to. Raises ValueError for a mail of an event."""
    if kind in MAIL_OF.values():
        raise ValueError(f"{kind} delivers an event")
    _put(kind, user_id, to_address, facts, None)


def _put(
    kind: MailKind, user_id: int, to_address: str, facts: dict[str, Any], event_id: int | None
) -> None:
    """In the same transaction the worker is told."""
    if kind in LIMITED and _is_past_limit(kind, to_address, facts):
        return
    now = clock.now()
    mail_id = sql.number(
        """INSERT INTO mailings_mail (kind, user_id, to_address, facts, event_id, status, tries,
                                      last_error, created_at, next_try_at)
           VALUES (%s, %s, %s, %s, %s, 'queued', 0, '', %s, %s) RETURNING id""",
        [kind, user_id, to_address, Jsonb(facts), event_id, now, now],
    )
    _one_try(mail_id).defer(mail_id=mail_id)


def _is_past_limit(kind: MailKind, mailbox: str, facts: dict[str, Any]) -> bool:
    """Whether the mailbox had its mails of this kind within the last hour. Those who ask wait for
    each other until their transactions end."""
    fact = LIMITED[kind]
    _wait_for_others(mailbox)
    written = sql.number(
        """SELECT count(*) FROM mailings_mail
           WHERE kind = %s AND lower(to_address) = lower(%s) AND created_at > %s
             AND (%s = '' OR facts ->> %s = %s)""",
        [kind, mailbox, clock.now() - LIMIT_LASTS, fact, fact, facts.get(fact)],
    )
    return written >= MOST_AN_HOUR


def _wait_for_others(mailbox: str) -> None:
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"mail {mailbox.lower()}"])


def deliver_instead(event: WrittenEvent, user_id: int, to_address: str, **facts: Any) -> int:
    """The mails of this kind of event that wait to be sent to somebody deliver this one instead.
    Returns how many there are."""
    return sql.run(
        """UPDATE mailings_mail SET facts = facts || %s, event_id = %s
           WHERE kind = %s AND user_id = %s AND to_address = %s AND status = 'queued'""",
        [Jsonb(facts), event.id, MAIL_OF[event.kind], user_id, to_address],
    )


def tell_worker(mail_id: int) -> None:
    """Ask for one try of a mail, unless one is asked for already."""
    with contextlib.suppress(AlreadyEnqueued), databases.atomic():
        _one_try(mail_id).defer(mail_id=mail_id)


def _one_try(mail_id: int) -> JobDeferrer:
    """All other work goes first: a mail server that hangs must not hold payments back."""
    return app.configure_task(DELIVER, queueing_lock=f"mail:{mail_id}", priority=-1)


def mark_sent(mail: Mail) -> None:
    """The mail server has taken this mail."""
    mail.status, mail.sent_at, mail.last_error = MailStatus.SENT, clock.now(), ""
    mail.tries += 1
    mail.save(update_fields=["status", "sent_at", "last_error", "tries"])


def mark_refused(mail: Mail, error: str) -> None:
    """The mail server will never take this one; the office sees it and may send it again."""
    mail.status, mail.last_error = MailStatus.FAILED, error[:300]
    mail.tries += 1
    mail.save(update_fields=["status", "last_error", "tries"])


def try_later(mail: Mail, error: str) -> None:
    """The mail server cannot be reached or is busy: wait twice as long each time, at most
    ten minutes, for as long as it takes."""
    wait = min(_FIRST_WAIT_SECONDS * 2 ** min(mail.tries, 10), _LONGEST_WAIT_SECONDS)
    mail.tries, mail.last_error = mail.tries + 1, error[:300]
    mail.next_try_at = clock.now() + timedelta(seconds=wait)
    mail.save(update_fields=["tries", "last_error", "next_try_at"])


def send_again(mail: Mail) -> None:
    """The office's button: put a mail back into the queue."""
    mail.status, mail.next_try_at = MailStatus.QUEUED, clock.now()
    mail.save(update_fields=["status", "next_try_at"])
    tell_worker(mail.pk)


def drop_queued() -> None:
    """Empty the outbox of what was never sent, and the queue of the jobs that would send it."""
    Mail.objects.filter(status=MailStatus.QUEUED).delete()
    sql.run("DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [DELIVER])
