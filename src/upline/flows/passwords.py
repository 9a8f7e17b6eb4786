"""Changing the two passwords, and resetting them through a mailed link."""

from upline.base import audit, passwords
from upline.base.audit import AuditEvent
from upline.base.errors import TooManyRequests
from upline.base.unit import UnitOfWork
from upline.flows import forgotten, limits, protecting
from upline.flows.blocking import StandingDiffers
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.errors import (
    CurrentPasswordWrong,
    LoginLocked,
    PasswordsAlike,
    TransactionPasswordWrong,
)
from upline.members.models import LinkPurpose, ProtectedKind, Standing, User
from upline.members.queries import Caller, Person, find_link, find_person
from upline.members.security import checks, devices
from upline.members.security.new_passwords import Whose, judge


def change_login_password(unit: UnitOfWork, caller: Caller, current: str, new: str) -> None:
    """Raises CurrentPasswordWrong, LoginLocked, Busy. Ends every token, the caller's too. Needs no
    right: a member changes what is their own."""
    person = _caller(caller)
    checks.check_current_password(
        person.username, current, person.password, checks.API, unit.address
    )
    judge(new, Whose(person.username, person.email), "new_password")
    is_alike = _refuse_transaction_password(unit, person, new)
    hashed = passwords.hashed(new)
    unit.commit(lambda: _set_login_password(unit, person.id, hashed, is_alike=is_alike))


def change_transaction_password(unit: UnitOfWork, caller: Caller, current: str, new: str) -> None:
    """Raises TransactionPasswordWrong on `current_password` where it is wrong or not yet set,
    TooManyRequests. Needs no right: a member changes what is their own."""
    person = _caller(caller)
    checks.check_transaction_password(
        person.username,
        current,
        person.transaction_password,
        person.username,
        unit.address,
        field="current_password",
    )
    judge(new, Whose(person.username, person.email), "new_password")
    _refuse_login_password(unit, person, new)
    hashed = passwords.hashed(new)
    unit.commit(lambda: _set_transaction_password(unit, person.id, hashed))


def forget_login_password(unit: UnitOfWork, username: str) -> None:
    """Have a link mailed to the confirmed address, if there is a member of this username or
    confirmed address. Says nothing either way, and after too many requests sends nothing. Needs no
    right: it mails only the owner of the address."""
    forgotten.ask(unit, "forgot", forgotten.LOGIN, username)


def forget_transaction_password(unit: UnitOfWork, caller: Caller) -> None:
    """Mail a link to the caller's confirmed address; also how the first one is set. Too many
    requests send nothing while a link that was mailed before still works. Needs no right: a member
    changes what is their own."""
    kind, person = "forgot_transaction", _caller(caller)
    if limits.asked_too_often(kind, unit.address):
        return
    past_limit = limits.forgotten_too_often(kind, person.username, unit.address)
    if past_limit or limits.mailed_too_often(kind, person.email):
        again = (MailKind.RESET_TRANSACTION, [person.id], person.email, person.username)
        if not forgotten.may_mail_again(*again):
            return
    unit.commit(lambda: mailings.write(MailKind.RESET_TRANSACTION, person.id, person.email))


def reset(unit: UnitOfWork, purpose: LinkPurpose, secret: str, new: str) -> None:
    """Use a mailed link to set `login_password` or `transaction_password`. Raises LinkUsedUp,
    LoginBlocked, FieldsWrong on `password`.

    A login password that is the transaction password is not refused: whoever has stolen the
    mailbox would learn it. The transaction password stops working instead, and a mail says so.
    Needs no right: whoever has the mailed link may use it."""
    user = find_link(secret, purpose).user  # a look before the work of hashing
    is_login = purpose == LinkPurpose.LOGIN_PASSWORD
    judge(new, Whose(user.username, user.email), "password")
    is_alike = is_login and _is_same(new, user.member.transaction_password)
    hashed = passwords.hashed(new)

    def use() -> None:
        user = members.use_link(secret, purpose).user
        if is_login:
            _set_login_password(unit, user.pk, hashed, is_alike=is_alike)
            checks.forget_wrong_logins(user.username)
        else:
            _set_transaction_password(unit, user.pk, hashed)
            checks.forget_wrong_transaction_passwords(user.username)

    unit.commit(use)


def reset_transaction_password(
    unit: UnitOfWork, secret: str, login_password: str, new: str
) -> None:
    """`reset` for the transaction password, by somebody who knows the login password too: whoever
    reads the mail alone cannot spend. Raises CurrentPasswordWrong, LoginLocked as well, and
    PasswordsAlike. Needs no right: whoever has the mailed link may use it."""
    user = find_link(secret, LinkPurpose.TRANSACTION_PASSWORD).user
    checks.check_current_password(
        user.username, login_password, user.password, checks.API, unit.address
    )
    if passwords.normalised(new) == passwords.normalised(login_password):
        raise PasswordsAlike("password")
    reset(unit, LinkPurpose.TRANSACTION_PASSWORD, secret, new)


def _refuse_transaction_password(unit: UnitOfWork, person: Person, new: str) -> bool:
    """A new login password must not be the transaction password. Each look counts as a guess of
    the owner at that one, so that it is found no faster here. Raises PasswordsAlike, Busy.

    When these guesses are used up, nothing is said: returns whether the two are the same."""
    stored, name = person.transaction_password, person.username
    if not stored:
        return False
    try:
        checks.check_transaction_password(name, new, stored, name, unit.address)
    except TransactionPasswordWrong:
        return False
    except passwords.Busy:
        raise
    except TooManyRequests:
        return _is_same(new, stored)
    raise PasswordsAlike("new_password")


def _refuse_login_password(unit: UnitOfWork, person: Person, new: str) -> None:
    """The same the other way round; the looks count as guesses at the login password. Raises
    PasswordsAlike, TooManyRequests, Busy."""
    name, stored = person.username, person.password
    try:
        checks.check_current_password(name, new, stored, checks.API, unit.address)
    except CurrentPasswordWrong:
        return
    except LoginLocked as error:
        raise TooManyRequests(retry_after=error.retry_after) from error
    raise PasswordsAlike("new_password")


def _is_same(new: str, stored: str) -> bool:
    with passwords.queued(is_known=True):
        return bool(stored) and passwords.matches(new, stored)


def _set_login_password(unit: UnitOfWork, user_id: int, hashed: str, *, is_alike: bool) -> None:
    """`is_alike` says that the transaction password was the same: that one stops working."""
    event = members.set_password(unit, user_id, hashed)
    devices.know_network(user_id, unit.address)
    protecting.note(user_id, ProtectedKind.PASSWORD, event=event)
    if is_alike:
        members.set_transaction_password(unit, user_id, "")
        protecting.note(user_id, ProtectedKind.TRANSACTION_PASSWORD)
        email = User.objects.values_list("email", flat=True).get(pk=user_id)
        mailings.write(MailKind.PASSWORDS_ALIKE, user_id, email)


def _set_transaction_password(unit: UnitOfWork, member_id: int, hashed: str) -> None:
    event = members.set_transaction_password(unit, member_id, hashed)
    protecting.note(member_id, ProtectedKind.TRANSACTION_PASSWORD, event=event)


def _caller(caller: Caller) -> Person:
    person = find_person(caller.username)
    assert person is not None, "the caller has just been found"
    return person


@needs(Right.HELP_SIGN_IN)
def send_reset_link(unit: UnitOfWork, member_id: int, kind: MailKind) -> None:
    """Mail a member a link to set a new password themselves: `kind` is the mail's,
    `reset_login` or `reset_transaction`. Raises StandingDiffers unless they may act."""

    def send() -> None:
        user = User.objects.select_related("member").get(pk=member_id)
        if not user.is_active or user.member.standing != Standing.ACTIVE:
            raise StandingDiffers(
                gettext("This member is {standing}.", standing=user.member.get_standing_display())
            )
        mailings.write(kind, member_id, user.email)
        audit.record(unit, AuditEvent(f"{kind}.send"), f"user:{member_id}")

    unit.commit(send)
