"""The time after a change through which an account could be taken over.

For the office's `protection_hours` after each such change, links to set passwords go to the
address that was confirmed before, payouts wait, and the change can be undone from that address.
Each further change starts the time anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db.models import Q, QuerySet

from upline.base import audit, clock, encryption, sql
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events import actions as events
from upline.language import gettext, lazy, ngettext
from upline.members.errors import LinkUsedUp
from upline.members.models import (
    AccessToken,
    LinkPurpose,
    MailedLink,
    Member,
    ProtectedChange,
    ProtectedKind,
    User,
)
from upline.members.person import profile

# Past so many changes in an hour a mailbox is told only of those that no link sent before undoes.
_TOLD_EACH_HOUR = 6
RESETS = (LinkPurpose.LOGIN_PASSWORD, LinkPurpose.TRANSACTION_PASSWORD)
CANNOT_BE_UNDONE = lazy("This change has already been undone, or it is too old to undo.")
_CHANGED = {
    ProtectedKind.EMAIL: lazy("E-mail address"),
    ProtectedKind.BANK: lazy("Bank account"),
    ProtectedKind.PASSWORD: lazy("Password"),
    ProtectedKind.TRANSACTION_PASSWORD: lazy("Transaction password"),
    ProtectedKind.IDENTITY: lazy("Name, date of birth or country"),
}


@dataclass(frozen=True)
class Protection:
    """The latest change of a member whose time is running, and when that ends."""

    kind: ProtectedKind
    at: datetime
    until: datetime

    @property
    def sentence(self) -> str:
        """`Bank account changed 3 hours ago, held until 2 Dec 2026, 14:05.`"""
        until = company.current().moment(self.until)
        return gettext(
            "{change} changed {ago}, held until {until}.",
            change=_CHANGED[self.kind],
            ago=_ago(clock.now() - self.at),
            until=until,
        )


def _ago(since: timedelta) -> str:
    minutes = int(since.total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes)
    return ngettext("{count} hour ago", "{count} hours ago", minutes // 60)


def lasts() -> timedelta:
    """How long the time after a change is."""
    return timedelta(hours=company.office().protection_hours)


def ends_at(change: ProtectedChange) -> datetime:
    """When a change can be undone no more."""
    return change.at + lasts()


def running(member_id: int) -> Protection | None:
    """What a member is protected for now; None where the time is over."""
    return running_of([member_id]).get(member_id)


class _Change(NamedTuple):
    """A member's latest change."""

    member_id: int
    kind: str
    at: datetime


def running_of(member_ids: Iterable[int]) -> dict[int, Protection]:
    """The same of several, by their ids."""
    found = sql.rows(
        _Change,
        """SELECT DISTINCT ON (member_id) member_id, kind, at FROM members_protectedchange
           WHERE member_id = ANY (%s) AND at > %s ORDER BY member_id, at DESC, id DESC""",
        [list(member_ids), clock.now() - lasts()],
    )
    return {
        row.member_id: Protection(ProtectedKind(row.kind), row.at, row.at + lasts())
        for row in found
    }


def record(
    member_id: int, kind: ProtectedKind, bank_before: bytes | None = None
) -> ProtectedChange:
    """Inside the transaction of a change: its time begins. `bank_before` is the member's sealed
    bank data before it, b"" where there were none.

    Of several changes of the bank data whose times overlap, an undo of any brings back what was
    there before the first: whichever link the owner uses, nothing that a thief entered stays."""
    if bank_before is not None:
        earlier = _undoable(member_id, kind).order_by("-at", "-id").first()
        if earlier is not None and earlier.before_sealed is not None:
            bank_before = bytes(earlier.before_sealed)
    return ProtectedChange.objects.create(
        member_id=member_id, kind=kind, at=clock.now(), before_sealed=bank_before
    )


def is_told_often(mailbox: str) -> bool:
    """Whether there were more changes within an hour than a mailbox is told of, a change just
    recorded among them. Whoever has many members may have given them all a stranger's address."""
    recent = sql.number(
        """SELECT count(*) FROM members_protectedchange change
           JOIN members_user person ON person.id = change.member_id
           WHERE lower(person.email) = lower(%s) AND change.kind <> 'identity'
             AND change.at > %s""",
        [mailbox, clock.now() - timedelta(hours=1)],
    )
    return recent > _TOLD_EACH_HOUR


def carry_links_over(change: ProtectedChange) -> int:
    """Inside the transaction of a change: the links that undo the ones of its kind before it undo
    this one, for as long as it can be undone. Returns how many there are."""
    return sql.run(
        """UPDATE members_mailedlink link SET about = %(change)s, expires_at = %(ends)s
           FROM members_protectedchange earlier
           WHERE link.user_id = %(member)s AND link.purpose = 'undo_change'
             AND link.used_at IS NULL AND link.expires_at > %(now)s
             AND earlier.id::text = link.about AND earlier.member_id = %(member)s
             AND earlier.kind = %(kind)s AND earlier.undone_at IS NULL""",
        {
            "change": str(change.pk),
            "ends": ends_at(change),
            "member": change.member_id,
            "kind": change.kind,
            "now": clock.now(),
        },
    )


def _undoable(member_id: int, kind: ProtectedKind) -> QuerySet[ProtectedChange]:
    return ProtectedChange.objects.filter(
        member_id=member_id, kind=kind, undone_at=None, at__gt=clock.now() - lasts()
    )


def find(change_id: str) -> ProtectedChange:
    """A change that can still be undone, with its person. Raises LinkUsedUp."""
    found = ProtectedChange.objects.select_related("member__user").filter(
        pk=change_id, undone_at=None, at__gt=clock.now() - lasts()
    )
    change = found.first()
    if change is None:
        raise LinkUsedUp(CANNOT_BE_UNDONE)
    return change


def undo(unit: UnitOfWork, change: ProtectedChange) -> None:
    """Undo a change and end every token. The e-mail address becomes the confirmed one again, the
    bank data those before; a password is never restored but stops working.

    All changes of the kind are undone with it, and their links end."""
    member_id, kind = change.member_id, change.kind
    facts: dict[str, Any] = {}
    if kind == ProtectedKind.EMAIL:
        Member.objects.filter(pk=member_id).update(
            email=change.member.user.email, email_confirmed_at=None
        )
    elif kind == ProtectedKind.BANK:
        facts = {"changes": _put_bank_back(member_id, bytes(change.before_sealed or b""))}
    elif kind == ProtectedKind.PASSWORD:
        User.objects.filter(pk=member_id).update(password=make_password(None))
    else:
        Member.objects.filter(pk=member_id).update(transaction_password="")
    _undoable(member_id, ProtectedKind(kind)).update(undone_at=clock.now())
    AccessToken.objects.filter(user_id=member_id).delete()
    MailedLink.objects.filter(user_id=member_id, purpose__in=RESETS).delete()
    about = {"member_id": member_id}
    events.record(unit, EventKind(f"{kind}.undone"), f"member:{member_id}", about, **facts)


def _put_bank_back(member_id: int, before_sealed: bytes) -> dict[str, audit.Change]:
    """Returns what that changes, for the audit log."""
    key, sealed = encryption.wrapped_key_of(member_id), before_sealed or None
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    now = profile.open_bank(member_id, member.bank_sealed, key)
    Member.objects.filter(pk=member_id).update(bank_sealed=sealed)
    return profile.masked_changes(now, profile.open_bank(member_id, sealed, key))


class _Moved(NamedTuple):
    """Whose mails go to another address now."""

    id: int


def send_to_confirmed() -> int:
    """Mails go to the new addresses whose link was used, once their members' time is over. Links
    mailed to the addresses before end. Returns how many addresses it were."""
    moved = sql.rows(
        _Moved,
        """UPDATE members_user person SET email = member.email FROM members_member member
           WHERE member.user_id = person.id AND member.email_confirmed_at IS NOT NULL
             AND NOT EXISTS (SELECT FROM members_protectedchange change
                             WHERE change.member_id = person.id AND change.at > %s)
           RETURNING person.id""",
        [clock.now() - lasts()],
    )
    ids = [row.id for row in moved]
    Member.objects.filter(pk__in=ids).update(email_confirmed_at=None)
    MailedLink.objects.filter(user_id__in=ids, purpose__in=RESETS).delete()
    return len(ids)


def send_at_once(unit: UnitOfWork, member_id: int, email: str) -> None:
    """Staff have verified this address of the member: mails go there from now on, and what was
    mailed to the one before neither sets a password nor undoes a change."""
    User.objects.filter(pk=member_id).update(email=email)
    Member.objects.filter(pk=member_id).update(email_confirmed_at=None)
    MailedLink.objects.filter(user_id=member_id).delete()
    about = {"member_id": member_id}
    events.record(unit, EventKind.EMAIL_VERIFIED, f"member:{member_id}", about)


def forget_undone() -> None:
    """What was kept to undo a change goes once it cannot be undone any more."""
    over = Q(at__lte=clock.now() - lasts()) | Q(undone_at__isnull=False)
    kept = ProtectedChange.objects.filter(over, before_sealed__isnull=False)
    kept.update(before_sealed=None)
