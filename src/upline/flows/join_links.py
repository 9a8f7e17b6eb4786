"""A link to go on joining later, or on another device, mailed to the address that was typed.

The mail is no row of the outbox: whoever has not joined is nobody's user, and their address stays
nowhere but in their draft. It names nobody: whoever typed the address need not be the person who
reads the mail, and must not choose a word of it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from procrastinate.contrib.django import app

from upline.base.errors import FieldsWrong, TooManyRequests
from upline.base.speaking import spoken
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import limits, mailing
from upline.language.choosing import first_of
from upline.members.person import drafts
from upline.members.person.drafts import DAYS, Draft
from upline.members.person.rules import wrong_email

TASK = "upline.flows.tasks.mail_join_link"
_HOUR_SECONDS = 3600


def ask(unit: UnitOfWork, draft: Draft) -> None:
    """Have the worker mail a link that opens this draft, in place of one mailed before. Raises
    FieldsWrong where the address cannot be one; TooManyRequests. Needs no right: it is theirs who
    has the secret, and a mailbox gets six such mails an hour."""
    email = draft.typed.get("email", "")
    if sentence := wrong_email(email):
        raise FieldsWrong(fields={"email": sentence})
    is_past = limits.asked_too_often("join_link", unit.address)
    if is_past or limits.mailed_too_often("join_link", email):
        raise TooManyRequests(retry_after=_HOUR_SECONDS)
    app.configure_task(TASK).defer(draft=draft.digest.hex())


def send(digest: str) -> None:
    """What the worker does; nothing where the draft is gone. Needs no right: it is part of what
    was asked for."""
    made = drafts.new_link(bytes.fromhex(digest)) if settings.SMTP else None
    if made is None:
        return
    draft, secret = made
    sponsor = draft.typed.get("sponsor", "")
    facts = {
        "company": company.current().name,
        "days": DAYS,
        "link": f"{settings.BASE_URL}/link/continue-joining/{secret}/?to={sponsor}",
    }
    with spoken(first_of(draft.typed.get("language", "")) or "en"):
        text = render_to_string("joining/continue.txt", facts)
    subject, _, body = text.partition("\n")
    to = [draft.typed["email"]]
    EmailMessage(subject.strip(), body.lstrip("\n"), to=to, headers=mailing.headers()).send()
