"""Second factors: setting one up, using it, making recovery codes anew, turning it off."""

from upline.base import audit
from upline.base.audit import AuditEvent
from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import permissions
from upline.language import current as language
from upline.language import lazy
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members.models import OfficeSession, User
from upline.members.queries import language_of
from upline.members.security import checks, second_factor, sessions

ON = lazy("A second factor was set up. Signing in now needs a code from an app.")
OFF = lazy("The second factor was turned off. Signing in now needs only the password.")
CODES = lazy("New recovery codes were made. The old ones no longer work.")
RESET = lazy("A colleague reset the second factor. Signing in now needs only the password.")


class SecondFactorIsOn(NotPermitted):
    sentence = lazy("You already have a second factor. Turn it off before you set up another one.")


class SecondFactorDemanded(NotPermitted):
    sentence = lazy("Your office requires a second factor. It cannot be turned off.")


def begin(unit: UnitOfWork, user_id: int) -> None:
    """Make a secret for somebody's app; it counts once it is confirmed. Raises
    SecondFactorIsOn. Needs no right: a staff user changes what is their own."""
    if second_factor.is_on(user_id):
        raise SecondFactorIsOn()
    unit.commit(lambda: second_factor.begin(user_id))


def confirm(unit: UnitOfWork, user_id: int, code: str, here: OfficeSession) -> list[str]:
    """The app counts from now on; every other session of the person ends. Returns the recovery
    codes. Raises CodeWrong, LoginLocked. Needs no right: a staff user changes what is their own."""
    codes: list[str] = []

    def change() -> None:
        if second_factor.confirm(user_id, code):
            sessions.end_all(user_id, but=here)
            _note(unit, user_id, AuditEvent.SECOND_FACTOR_ON, ON)
            codes.extend(second_factor.new_recovery_codes(user_id))

    def right() -> bool:
        unit.commit(change)
        return bool(codes)

    checks.check_code(user_id, right, unit.address, checks.SIGNED_IN)
    return codes


def check_code(unit: UnitOfWork, user_id: int, code: str, *, known_as: str) -> None:
    """A code from the app, or a recovery code; wrong ones count apart where the person, the
    device or the network is known, '' for none. Raises CodeWrong, LoginLocked. Needs no right: this
    is how somebody proves who they are."""

    def right() -> bool:
        if second_factor.use_code(user_id, code):
            return True
        return unit.commit(lambda: _use_recovery_code(unit, user_id, code))

    checks.check_code(user_id, right, unit.address, known_as)


def new_recovery_codes(unit: UnitOfWork, user_id: int) -> list[str]:
    """Recovery codes in place of those before. Needs no right: a staff user changes what is their
    own."""

    def change() -> list[str]:
        _note(unit, user_id, AuditEvent.SECOND_FACTOR_CODES, CODES)
        return second_factor.new_recovery_codes(user_id)

    return unit.commit(change)


def turn_off(unit: UnitOfWork, user_id: int) -> None:
    """Without it signing in takes only the password. Raises SecondFactorDemanded. Needs no right: a
    staff user changes what is their own."""
    if company.office().staff_second_factor:
        raise SecondFactorDemanded()
    unit.commit(lambda: _drop(unit, user_id, AuditEvent.SECOND_FACTOR_OFF, OFF))


def reset(unit: UnitOfWork, user_id: int) -> bool:
    """Inside a transaction: for somebody who lost app and recovery codes. Ends their sessions.
    Returns whether there was one. Needs no right: it is part of a change that asked for its own."""
    sessions.end_all(user_id)
    return _drop(unit, user_id, AuditEvent.SECOND_FACTOR_RESET, RESET)


def _drop(unit: UnitOfWork, user_id: int, event: AuditEvent, sentence: str) -> bool:
    was_on = second_factor.drop(user_id)
    if was_on:
        _note(unit, user_id, event, sentence)
    return was_on


def _use_recovery_code(unit: UnitOfWork, user_id: int, code: str) -> bool:
    if not second_factor.use_recovery_code(user_id, code):
        return False
    unit.actor = permissions.staff(user_id)
    remaining = second_factor.recovery_codes_remaining(user_id)
    sentence = lazy("A recovery code was used to sign in; {remaining} remain.", remaining=remaining)
    _note(unit, user_id, AuditEvent.SECOND_FACTOR_RECOVERY_CODE, sentence)
    return True


def _note(unit: UnitOfWork, user_id: int, event: AuditEvent, sentence: str) -> None:
    """In the audit log, and by mail to the person."""
    audit.record(unit, event, f"user:{user_id}")
    email = User.objects.values_list("email", flat=True).get(pk=user_id)
    if email:
        with language.bound(language_of(user_id)):
            mailings.write(MailKind.SECOND_FACTOR, user_id, email, sentence=str(sentence))
