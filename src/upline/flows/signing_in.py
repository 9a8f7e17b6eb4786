"""Signing in to the API, and out of it; letting somebody try again who is locked out."""

from dataclasses import dataclass

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.errors import Unavailable
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.members import actions as members
from upline.members.errors import LoginBlocked, UsernameNotFound
from upline.members.queries import find_person
from upline.members.security import checks, devices
from upline.members.security.checks import Door


@dataclass(frozen=True)
class LetIn:
    """What signing in gives: an access token, and what this device is known by next time."""

    access_token: str
    device_token: str


def sign_in(
    unit: UnitOfWork, client_id: int | None, username: str, password: str, device_token: str = ""
) -> LetIn:
    """A fresh access_token for a program, or for the portal where `client_id` is None. Raises
    CredentialsWrong for an unknown name and a wrong password alike; LoginBlocked by the office,
    said only after the right password; LoginLocked, Busy. Needs no right: this is how somebody
    proves who they are."""
    person = find_person(username)
    member_id = person.member_id if person else None
    # Counted under the name as it is stored: the database finds it in more spellings than one.
    # Staff sign in at the office only: here their password is as wrong as any.
    name, stored = username, None
    if person and member_id is not None:
        name, stored = person.username, person.password
    known_as = devices.known_as(name, member_id or 0, stored or "", device_token, unit.address)
    checks.check_login(name, password, stored, Door(checks.API, unit.address, known_as))
    assert person is not None, "nobody has no password"
    if not person.may_act:
        raise LoginBlocked()

    def let_in() -> LetIn:
        token = members.give_token(client_id, person.id, person.password)
        if token is None:
            raise Unavailable(
                gettext("Your account was just changed. Please sign in again."), retry_after=1
            )
        return LetIn(token, devices.token_for(person.id, person.password))

    return unit.commit(let_in)


def let_in(user_id: int, hashed: str) -> LetIn | None:
    """Inside a transaction: let somebody into the portal who has just joined with the password of
    this hash; None where it is another one by now. Needs no right: it is part of a change that
    asked for its own."""
    token = members.give_token(None, user_id, hashed)
    return LetIn(token, devices.token_for(user_id, hashed)) if token else None


def sign_out(unit: UnitOfWork, token: str) -> None:
    """End the token that the call came with. Needs no right: a member changes what is their own."""
    unit.commit(lambda: members.revoke_token(token))


@needs(Right.HELP_SIGN_IN)
def unlock(unit: UnitOfWork, username: str) -> None:
    """Let a member or staff user try again who was refused after too many wrong passwords or
    e-pins. Raises UsernameNotFound."""
    person = find_person(username)
    if person is None:
        raise UsernameNotFound()
    if person.is_staff:
        unit.require(Right.RULE_STAFF)

    def forget() -> None:
        checks.forget_all_wrong(person.id, person.username)
        audit.record(unit, AuditEvent.LOGIN_UNLOCK, f"user:{person.id}")

    unit.commit(forget)
