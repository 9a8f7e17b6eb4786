"""The browsers in which staff are signed in: how long they stay so, and how they end.

Each request looks here, so that a session ends at once, whichever web process is asked."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from upline.base import clock
from upline.company import current as company
from upline.members.models import OfficeSession

HOURS_MAX = 12
# What is grave is asked for again after this long.
CONFIRMED_MINUTES = 10
_SEEN_EVERY = timedelta(minutes=1)


def begin(key: str, user_id: int, browser: str, address: str) -> None:
    """Note a fresh session of Django's as signed in."""
    now = clock.now()
    OfficeSession.objects.create(
        session_id=key,
        user_id=user_id,
        browser=browser[:300],
        address=address,
        signed_in_at=now,
        confirmed_at=now,
        last_seen_at=now,
    )


def living(key: str, user_id: int) -> OfficeSession | None:
    """The session, seen right now; None where it has ended, was idle for too long, or is older
    than 12 hours."""
    found = OfficeSession.objects.filter(session_id=key, user_id=user_id).first()
    if found is None or _is_over(found):
        return None
    if clock.now() - found.last_seen_at >= _SEEN_EVERY:
        OfficeSession.objects.filter(pk=found.pk).update(last_seen_at=clock.now())
    return found


def is_confirmed(session: OfficeSession) -> bool:
    """Whether the person proved lately who they are."""
    return clock.now() - session.confirmed_at < timedelta(minutes=CONFIRMED_MINUTES)


def confirm(session: OfficeSession) -> None:
    """They have just proved it."""
    OfficeSession.objects.filter(pk=session.pk).update(confirmed_at=clock.now())


def of(user_id: int) -> list[OfficeSession]:
    """The sessions of a staff user, the latest seen first."""
    found = OfficeSession.objects.filter(user_id=user_id).order_by("-last_seen_at")
    return [each for each in found if not _is_over(each)]


def end(user_id: int, session_id: int) -> bool:
    """Sign one browser of a person out. Returns whether it was signed in."""
    return _end(OfficeSession.objects.filter(user_id=user_id, pk=session_id))


def end_all(user_id: int, *, but: OfficeSession | None = None) -> bool:
    """Sign every browser of a person out, or every other one."""
    others = OfficeSession.objects.filter(user_id=user_id)
    return _end(others.exclude(pk=but.pk) if but else others)


def _end(sessions: QuerySet[OfficeSession]) -> bool:
    """With Django's row ours goes, too."""
    deleted, _ = Session.objects.filter(pk__in=sessions.values("session_id")).delete()
    return bool(deleted)


def _is_over(session: OfficeSession) -> bool:
    now, idle = clock.now(), company.office().office_idle_minutes
    is_old = now - session.signed_in_at >= timedelta(hours=HOURS_MAX)
    return is_old or now - session.last_seen_at >= timedelta(minutes=idle)
