"""The office's door: a password, a code where there is a second factor, and who is inside."""

from functools import partial

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import permissions
from upline.flows import second_factor as factors
from upline.members.models import OfficeSession, User
from upline.members.queries import Person, find_person
from upline.members.security import checks, devices, second_factor, sessions
from upline.members.security.checks import Door


def check_password(
    unit: UnitOfWork,
    username: str,
    password: str,
    *,
    door: str = checks.OFFICE,
    device_token: str = "",
) -> User:
    """The staff user of this name and password, who is not inside yet. Raises CredentialsWrong,
    for members and former staff too; LoginLocked after too many, without a look; Busy. Needs no
    right: people prove here who they are."""
    person = find_person(username)
    stored = person.password if _is_staff(person) and person else None
    name, user_id = (person.username, person.id) if person else (username, 0)
    known_as = devices.known_as(name, user_id, stored or "", device_token, unit.address)
    checks.check_login(name, password, stored, Door(door, unit.address, known_as))
    assert person is not None, "nobody has no password"
    return User.objects.get(pk=person.id)


def check_code(unit: UnitOfWork, user: User, code: str, device_token: str) -> None:
    """Check the code of a person who has entered their password. Others who know the password do
    not use up the guesses of a device on which they were let in before, or of the network where
    they set it. Raises CodeWrong, LoginLocked. Needs no right: people prove here who they are."""
    since = second_factor.on_since(user.pk)
    known_as = devices.known_as(
        user.username, user.pk, user.password, device_token, unit.address, factor=since
    )
    factors.check_code(unit, user.pk, code, known_as=known_as)


def enter(unit: UnitOfWork, user: User) -> None:
    """Note that a person who proved who they are has come in. Needs no right: people prove here
    who they are."""
    unit.actor = permissions.staff(user.pk)
    unit.commit(lambda: audit.record(unit, AuditEvent.STAFF_SIGN_IN, f"user:{user.pk}"))


def confirm(unit: UnitOfWork, user: User, password: str, code: str, session: OfficeSession) -> None:
    """A person who is signed in proves again who they are, before a grave step; what `unit` does
    is confirmed. Raises CurrentPasswordWrong, CodeWrong, LoginLocked. Needs no right: people
    prove here who they are."""
    checks.check_current_password(
        user.username, password, user.password, checks.OFFICE, unit.address
    )
    if second_factor.is_on(user.pk):
        factors.check_code(unit, user.pk, code, known_as=checks.SIGNED_IN)
    sessions.confirm(session)
    unit.is_confirmed = True


def must_set_up_second_factor(user_id: int) -> bool:
    """Whether the office wants a second factor of this person, who has none."""
    return company.office().staff_second_factor and not second_factor.is_on(user_id)


def sign_out_of(unit: UnitOfWork, user_id: int, session_id: int) -> bool:
    """End one of one's own sessions. Returns whether it was there. Needs no right: a staff user
    changes what is their own."""
    return unit.commit(lambda: _ended(unit, user_id, sessions.end(user_id, session_id)))


def sign_out_elsewhere(unit: UnitOfWork, here: OfficeSession) -> bool:
    """End all of one's own sessions but this one. Returns whether there were others. Needs no
    right: a staff user changes what is their own."""
    ended = partial(sessions.end_all, here.user_id, but=here)
    return unit.commit(lambda: _ended(unit, here.user_id, ended()))


def _ended(unit: UnitOfWork, user_id: int, done: bool) -> bool:
    if done:
        audit.record(unit, AuditEvent.STAFF_SIGN_OUT_OF, f"user:{user_id}")
    return done


def _is_staff(person: Person | None) -> bool:
    return person is not None and person.is_staff and person.is_active
