"""Forgotten passwords and usernames, asked for by a person who is not signed in.

The request counts the attempt and tells the worker, whatever was entered; only the worker looks
who that is. So the answer and its time are the same whether there is such a name or not.

Strangers can use up the mails of a name, but not keep its owner without a link: past the limits
one more mail is sent when no link that was mailed before still works (docs/security.md)."""

from collections.abc import Iterable

from procrastinate.contrib.django import app

from upline.base.actors import Worker
from upline.base.unit import UnitOfWork
from upline.flows import limits, mailing
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members.queries import find_by_address, find_person

LOGIN = "upline.flows.tasks.login_forgotten"
STAFF = "upline.flows.tasks.staff_forgot"


def ask(unit: UnitOfWork, kind: str, task: str, username: str) -> None:
    """Have the worker look. Too many requests of a `kind` from one network do nothing. Needs no
    right: it says nothing, and mails only the owner of the address."""
    if limits.asked_too_often(kind, unit.address):
        return
    past_limit = limits.forgotten_too_often(kind, username, unit.address)
    app.configure_task(task).defer(username=username, past_limit=past_limit)


def mail_login(asked: str, *, past_limit: bool = False) -> None:
    """What the worker does for a member: mail a link to a username's confirmed address, or to a
    confirmed address its usernames with a link for each. So does a mail past the limits, since
    the next one waits for as long as its links work. Needs no right: it mails only the owner of the
    address."""
    found, kind = [find_person(asked)], MailKind.RESET_LOGIN
    if "@" in asked:
        found, kind = [*find_by_address(asked)], MailKind.USERNAMES
    people = [each for each in found if each is not None and each.may_act]
    if not people:
        return
    # The mail speaks to who joined first: whoever joins with an address of others owns none.
    people.sort(key=lambda each: each.id)
    mailbox, ids = people[0].email, [each.id for each in people]
    if past_limit or limits.mailed_too_often("forgot", mailbox):
        if not may_mail_again(MailKind.RESET_LOGIN, ids, mailbox, mailbox):
            return
        kind = MailKind.USERNAMES
    UnitOfWork(Worker()).commit(lambda: mailings.write(kind, ids[0], mailbox))


def may_mail_again(kind: MailKind, user_ids: Iterable[int], mailbox: str, counted_by: str) -> bool:
    """Whether a mail of this kind is sent although the limits are used up: no link that a mail
    brought before works any more for one of these people, and it is the first such mail for as
    long as a link works."""
    if all(mailing.has_link(kind, user_id, mailbox) for user_id in user_ids):
        return False
    return not limits.mailed_again_too_often(kind, counted_by)
