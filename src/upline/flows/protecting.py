"""Changes through which an account could be taken over: the owner is told at the address that
was confirmed before, and can undo them from there. The rules: members/security/protection.py."""

from upline.base.errors import REQUIRED, FieldsWrong
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events.actions import WrittenEvent
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.models import LinkPurpose, ProtectedChange, ProtectedKind, Standing, User
from upline.members.queries import Caller, find_link, find_person
from upline.members.security import checks, protection

PURPOSE = LinkPurpose.UNDO_CHANGE
# A password is not restored: a link to set a new one is mailed instead.
RESETS: dict[str, MailKind] = {
    ProtectedKind.PASSWORD: MailKind.RESET_LOGIN,
    ProtectedKind.TRANSACTION_PASSWORD: MailKind.RESET_TRANSACTION,
}


def prove(unit: UnitOfWork, caller: Caller, current_password: str | None) -> None:
    """Before such a change: the login password must be right where it is sent, and be sent where
    the office demands it. Raises FieldsWrong, CurrentPasswordWrong, LoginLocked, Busy. Needs no
    right: people prove here who they are."""
    if current_password is None:
        if company.office().current_password_required:
            raise FieldsWrong(fields={"current_password": REQUIRED})
        return
    person = find_person(caller.username)
    assert person is not None, "the caller has just been found"
    checks.check_current_password(
        person.username, current_password, person.password, checks.API, unit.address
    )


def note(
    member_id: int,
    kind: ProtectedKind,
    bank_before: bytes | None = None,
    event: WrittenEvent | None = None,
    **facts: object,
) -> None:
    """Inside the transaction of a change: its time begins, and the mail of its event tells the
    owner with a link that undoes it; without one nobody is told. A mailbox that was told often
    gets no further mail where a link sent before undoes this change too. Needs no right: it is
    part of a change that asked for its own."""
    change = protection.record(member_id, kind, bank_before)
    if event is None:
        return
    address = User.objects.values_list("email", flat=True).get(pk=member_id)
    if protection.is_told_often(address) and _needs_no_link(change, event, address):
        return
    mailings.deliver(event, member_id, address, change=change.pk, **facts)


def _needs_no_link(change: ProtectedChange, event: WrittenEvent, address: str) -> bool:
    """Let the links mailed before, and those about to be mailed, undo this change. Returns
    whether there are any, or nothing can be undone."""
    if not protection.lasts():
        return True
    mailed = protection.carry_links_over(change)
    waiting = mailings.deliver_instead(event, change.member_id, address, change=change.pk)
    return bool(mailed or waiting)


def find(secret: str) -> ProtectedChange:
    """The change that a mailed link undoes. Raises LinkUsedUp, LoginBlocked."""
    return protection.find(find_link(secret, PURPOSE).about)


def undo(unit: UnitOfWork, secret: str) -> None:
    """Use a mailed link: undo its change and end every token. Raises LinkUsedUp, LoginBlocked.

    A blocked member can undo, too: the office may have blocked them because of the thief. They
    are mailed no link to set a password, since it would not work. Needs no right: the mailed link
    is the proof."""

    def use() -> None:
        change = protection.find(members.use_link(secret, PURPOSE).about)
        protection.undo(unit, change)
        if change.kind in RESETS and change.member.standing == Standing.ACTIVE:
            mailings.write(RESETS[change.kind], change.member_id, change.member.user.email)

    unit.commit(use)
