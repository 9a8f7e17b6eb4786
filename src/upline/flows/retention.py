"""What is kept for a number of days that the office sets, and then goes: each night, in batches."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from upline.base import clock, sql
from upline.company import queries as company

BATCH = 1000
log = logging.getLogger("upline.flows")


@dataclass(frozen=True)
class Kept:
    """Rows of `table` go where `ended` holds, with %s the moment until which they had to stay;
    `setting` names the office's setting with the days, '' where it is none."""

    what: str
    table: str
    ended: str
    setting: str = ""


KEPT = (
    Kept("access tokens", "members_accesstoken", "expires_at < %s", "keep_ended_tokens_days"),
    Kept("links of mails", "members_mailedlink", "expires_at < %s", "keep_ended_tokens_days"),
    Kept("drafts of people who were about to join", "members_joindraft", "expires_at < %s"),
    Kept("known networks", "members_knownnetwork", "until < %s"),
    Kept("attempts", "base_attempt", "at < %s", "keep_attempts_days"),
    Kept("stored answers", "base_storedanswer", "expires_at < %s"),
    Kept(
        "browsers of staff",
        "members_officesession",
        "session_id IN (SELECT session_key FROM django_session WHERE expire_date < %s)",
    ),
    Kept("sessions", "django_session", "expire_date < %s"),
    Kept("events", "events_event", "occurred_at < %s", "keep_events_days"),
    Kept("mails", "mailings_mail", "created_at < %s AND status <> 'queued'", "keep_mails_days"),
    Kept(
        "unused pictures",
        "pictures_picture",
        """created_at < %s
           AND NOT EXISTS (SELECT FROM members_member WHERE picture_id = pictures_picture.id)
           AND NOT EXISTS (SELECT FROM catalog_package WHERE picture_id = pictures_picture.id)""",
        "keep_pictures_days",
    ),
    Kept(
        "rows of interim runs",
        "commissions_interimearning",
        "interim_id IN (SELECT id FROM commissions_interim WHERE at < %s)",
        "keep_interim_days",
    ),
    Kept(
        "ranks of interim runs",
        "commissions_interimrank",
        "interim_id IN (SELECT id FROM commissions_interim WHERE at < %s)",
        "keep_interim_days",
    ),
    Kept(
        "teams of interim runs",
        "commissions_interimteam",
        "interim_id IN (SELECT id FROM commissions_interim WHERE at < %s)",
        "keep_interim_days",
    ),
    Kept("interim runs", "commissions_interim", "at < %s", "keep_interim_days"),
    Kept(
        "failed jobs",
        "procrastinate_jobs",
        """status = 'failed' AND (SELECT max(at) FROM procrastinate_events
                                  WHERE job_id = procrastinate_jobs.id) < %s""",
        "keep_failed_jobs_days",
    ),
)


def clean_up() -> dict[str, int]:
    """Drop what has been kept long enough; nothing by a wrong clock. Returns how many rows of each
    kind are gone. Needs no right: time brings it, and the worker does it."""
    try:
        clock.must_agree()
    except clock.ClockDiffers as refusal:
        log.error("nothing was cleaned up: %s", refusal.sentence)
        return {}
    gone = {kept.what: _forget(kept) for kept in KEPT}
    for what, number in gone.items():
        if number:
            log.info("clean-up: %s %s are gone", number, what)
    return gone


def _forget(kept: Kept) -> int:
    """In batches that each are a transaction, so that nobody waits for long."""
    before = clock.now() - timedelta(days=_days(kept.setting))
    statement = (
        f"DELETE FROM {kept.table} WHERE ctid = ANY (ARRAY("  # noqa: S608 - words of our own
        f"SELECT ctid FROM {kept.table} WHERE {kept.ended} LIMIT {BATCH}))"
    )
    total = 0
    while gone := sql.run(statement, [before]):
        total += gone
        if total % (100 * BATCH) == 0:
            log.info("clean-up: %s %s so far …", total, kept.what)
    return total


def _days(setting: str) -> int:
    return int(getattr(company.load_company().office, setting)) if setting else 0
