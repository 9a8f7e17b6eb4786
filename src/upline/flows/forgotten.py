"""Forgotten passwords and usernames, asked for by somebody who is not signed in.

The request counts the attempt and tells the worker, whatever was entered; only the worker looks
who that is. So the answer and its time are the same whether there is such a name or not."""

from procrastinate.contrib.django import app

from upline.base.unit import Unit
from upline.flows import limits
from upline.mailings import actions as mailings
from upline.members.queries import find_by_address, find_person

LOGIN = "upline.flows.tasks.login_forgotten"
STAFF = "upline.flows.tasks.staff_forgot"


def ask(unit: Unit, kind: str, task: str, username: str) -> None:
    """Have the worker look. Too many requests of a `kind`, as `flows/limits.py` counts them, do
    nothing."""
    if not limits.forgotten_too_often(kind, username, unit.address):
        app.configure_task(task).defer(username=username)


def mail_login(asked: str) -> None:
    """What the worker does for a member: mail a link to a username's confirmed address, or to a
    confirmed address its usernames with a link for each."""
    if "@" not in asked:
        person = find_person(asked)
        if person is not None and person.may_act:
            _mail("reset_login", person.id, person.email)
    elif found := find_by_address(asked):
        _mail("usernames", found[0].id, found[0].email)


def _mail(kind: str, user_id: int, mailbox: str) -> None:
    if not limits.mailed_too_often("forgot", mailbox):
        Unit().commit(lambda: mailings.write(kind, user_id, mailbox))
