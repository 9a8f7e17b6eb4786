"""Sending what lies in the outbox. Links are made here, when the mail is sent: no row holds
one, and a long outage hands out no dead link."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string

from upline.base import audit, clock, databases, sql
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict
from upline.base.speaking import spoken
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import confirming, protecting
from upline.flows.correcting import LABELS
from upline.flows.permissions import Right, needs
from upline.language import gettext, lazy
from upline.mailings import actions as mailings
from upline.mailings.models import Mail, MailKind, MailStatus
from upline.markets import current as markets
from upline.members import actions as members
from upline.members.errors import LinkUsedUp
from upline.members.models import LinkPurpose
from upline.members.queries import find_by_address, find_living_links, language_of, market_of
from upline.members.security import protection
from upline.orders.models import Order, OrderStatus

log = logging.getLogger("upline.mail")

PURPOSES: dict[str, LinkPurpose] = {
    MailKind.RESET_LOGIN: LinkPurpose.LOGIN_PASSWORD,
    MailKind.CUSTOMER_WELCOME: LinkPurpose.LOGIN_PASSWORD,
    MailKind.RESET_TRANSACTION: LinkPurpose.TRANSACTION_PASSWORD,
    MailKind.PASSWORDS_ALIKE: LinkPurpose.TRANSACTION_PASSWORD,
    MailKind.CONFIRM_EMAIL: LinkPurpose.CONFIRM_EMAIL,
    MailKind.STAFF_INVITATION: LinkPurpose.STAFF_INVITATION,
    MailKind.STAFF_PASSWORD: LinkPurpose.STAFF_PASSWORD,
}
# Whoever gets one of these can set a password: only who reads the person's mails now may.
_SETS_A_PASSWORD = (
    MailKind.RESET_LOGIN,
    MailKind.CUSTOMER_WELCOME,
    MailKind.USERNAMES,
    MailKind.RESET_TRANSACTION,
    MailKind.PASSWORDS_ALIKE,
    MailKind.STAFF_INVITATION,
    MailKind.STAFF_PASSWORD,
)
_ADDRESS_BEFORE = lazy("This person's mails now go to another address. Request a new link.")
# While one worker sends, no other takes the same mail.
_LEASE = timedelta(minutes=2)


def deliver(mail_id: int) -> bool:
    """Send one mail if it is due. Returns whether it was sent. Without a mail server it waits.
    Needs no right: time brings it, and the worker does it."""
    mail = _claim(mail_id) if settings.SMTP else None
    if mail is None:
        return False
    if mail.kind in _SETS_A_PASSWORD and mail.to_address != mail.user.email:
        mailings.mark_refused(mail, _ADDRESS_BEFORE)
        return False
    try:
        _compose(mail).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _failed(mail, error)
        return False
    mailings.mark_sent(mail)
    return True


def _claim(mail_id: int) -> Mail | None:
    with databases.atomic():
        mail = Mail.objects.select_for_update().filter(pk=mail_id, status=MailStatus.QUEUED).first()
        if mail is None or mail.next_try_at > clock.now():
            return None
        mail.next_try_at = clock.now() + _LEASE
        mail.save(update_fields=["next_try_at"])
        return mail


def _failed(mail: Mail, error: Exception) -> None:
    said, is_permanent = _read(error)
    # The server's own words often hold the address, so only the outbox shows them.
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None) or ""
    log.warning("Mail %s was not sent: %s %s", mail.pk, type(error).__name__, code)
    if is_permanent:
        mailings.mark_refused(mail, said)
    else:
        mailings.try_later(mail, said)


def _read(error: Exception) -> tuple[str, bool]:
    """What to note of a failure, and whether this mail will never be taken.

    What a server has against us (our login, our sender, our network) is put right one day, so
    no mail is given up for it; nor for a server that cannot be reached."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _note(code, words), code >= 500
    if isinstance(error, smtplib.SMTPResponseException):
        is_about_the_mail = isinstance(error, smtplib.SMTPDataError)
        said = _note(error.smtp_code, error.smtp_error)
        return said, is_about_the_mail and error.smtp_code >= 500
    return f"{type(error).__name__}: {error}", isinstance(error, ValueError)


def _note(code: int, words: bytes | str) -> str:
    text = words if isinstance(words, str) else words.decode(errors="replace")
    return f"{code}: {text}"


def _compose(mail: Mail) -> EmailMessage:
    subject, body = render(mail, link_for(mail))
    return EmailMessage(subject, body, to=[mail.to_address], headers=headers())


def headers() -> dict[str, str]:
    """What every mail says of itself: a machine wrote it, of the company's domain."""
    return {"Message-ID": make_msgid(domain=_domain()), "Auto-Submitted": "auto-generated"}


def _domain() -> str:
    """The company's: that of its site, or where that has none, of the sender."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    is_name = "." in host and not host.replace(".", "").isdigit()
    return host if is_name else parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def link_for(mail: Mail) -> str:
    """A fresh link for a mail of a kind that carries one; its origin comes from the settings. ''
    where the change that it would undo is too old, or undone. The mail of all usernames of an
    address carries one for each, below its username. Needs no right: it is part of a mail that is
    sent."""
    if mail.kind == MailKind.USERNAMES:
        return "\n\n".join(
            f"{person.username}\n{fresh_link(person.id, LinkPurpose.LOGIN_PASSWORD)}"
            for person in find_by_address(mail.to_address)
        )
    if "change" in mail.facts:
        return _link_that_undoes(mail)
    if mail.kind == MailKind.CONFIRM_ORDER:
        return _link_that_confirms(mail)
    purpose = PURPOSES.get(mail.kind)
    if purpose is None or mail.facts.get("has_password"):
        return ""
    return fresh_link(
        mail.user_id, purpose, mail.to_address if purpose == LinkPurpose.CONFIRM_EMAIL else ""
    )


def _link_that_undoes(mail: Mail) -> str:
    """'' also where mails go to another address by now: the one before may be a stranger's."""
    if mail.to_address != mail.user.email:
        return ""
    try:
        change = protection.find(mail.facts["change"])
    except LinkUsedUp:
        return ""
    return fresh_link(
        mail.user_id,
        protecting.PURPOSE,
        about=str(change.pk),
        expires_at=protection.ends_at(change),
    )


def _link_that_confirms(mail: Mail) -> str:
    """Good for as long as the order awaits its payment."""
    number = mail.facts["order"]
    order = Order.objects.filter(number=number, status=OrderStatus.AWAITING_PAYMENT).first()
    if order is None:
        return ""
    return fresh_link(mail.user_id, confirming.PURPOSE, about=number, expires_at=order.lapses_at)


def has_link(kind: MailKind, user_id: int, mailbox: str) -> bool:
    """Whether a link that a mail of this kind brought still works, or such a mail is about to be
    sent to this mailbox. The mail of all usernames brings what `reset_login` does."""
    if find_living_links(user_id, PURPOSES[kind]).exists():
        return True
    waiting = Mail.objects.filter(status=MailStatus.QUEUED, to_address__iexact=mailbox)
    is_for_person = Q(kind=kind, user_id=user_id)
    if kind == MailKind.RESET_LOGIN:
        is_for_person |= Q(kind=MailKind.USERNAMES)
    return waiting.filter(is_for_person).exists()


def fresh_link(
    user_id: int,
    purpose: LinkPurpose,
    email: str = "",
    about: str = "",
    expires_at: datetime | None = None,
) -> str:
    """The whole address of a new link; its facts as for `make_link`. Needs no right: it is part
    of a change that asked for its own."""
    secret = members.make_link(user_id, purpose, email, about, expires_at)
    return f"{settings.BASE_URL}/link/{purpose.replace('_', '-')}/{secret}/"


def render(mail: Mail, link: str) -> tuple[str, str]:
    """Subject and text in the language of whoever gets the mail: the first line of the mail's
    template, and what follows it."""
    with spoken(language_of(mail.user_id)):
        return _said(mail, link)


def _said(mail: Mail, link: str) -> tuple[str, str]:
    facts, amount = company.current(), mail.facts.get("amount")
    said = "" if amount is None else markets.money(Money(amount, mail.facts["currency"]))
    text = render_to_string(
        f"mailings/{mail.kind}.txt",
        {
            **mail.facts,
            "username": mail.facts.get("username") or mail.user.username,
            "to_address": mail.to_address,
            "company": facts.name,
            "link": link,
            "minutes": members.LINK_MINUTES,
            "hours": facts.office.protection_hours,
            "days": members.INVITATION_DAYS,
            "amount": said,
            "bank": markets.pay_in(market_of(mail.user_id)) if "order" in mail.facts else None,
            "asked": gettext(mail.facts.get("asked", "")),
            "corrected": ", ".join(str(LABELS[name]) for name in mail.facts.get("fields", ())),
        },
    )
    subject, _, body = text.partition("\n")
    return subject.strip(), body.lstrip("\n")


class _Due(NamedTuple):
    """The number of a mail."""

    id: int


def due() -> list[int]:
    """Mails whose time has come: the first try was lost with its worker, or it failed."""
    if not settings.SMTP:
        return []
    return [
        row.id
        for row in sql.rows(
            _Due,
            """SELECT id FROM mailings_mail WHERE status = 'queued' AND next_try_at <= %s
               ORDER BY next_try_at LIMIT 1000""",
            [clock.now()],
        )
    ]


class MailNotFailed(Conflict):
    """Only a mail that failed can be sent again."""


@needs(Right.RESEND_MAILS)
def send_mail_again(unit: UnitOfWork, mail_id: int) -> None:
    """Put a mail that failed back into the queue. Raises MailNotFailed."""

    def send() -> None:
        mail = Mail.objects.select_for_update().get(pk=mail_id)
        if mail.status != MailStatus.FAILED:
            raise MailNotFailed(gettext("This mail is {status}.", status=mail.get_status_display()))
        mailings.send_again(mail)
        audit.record(unit, AuditEvent.MAIL_SEND_AGAIN, f"mail:{mail_id}")

    unit.commit(send)
