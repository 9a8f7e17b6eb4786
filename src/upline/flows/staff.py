"""Staff users: inviting them, what they may do, and helping those who are locked out. Every
change of who may do what is mailed to all owners."""

from collections.abc import Iterable, Mapping
from functools import partial

from django.contrib.auth.hashers import make_password

from upline.base import audit, edits, passwords, sql
from upline.base.actors import Worker
from upline.base.audit import AuditEvent
from upline.base.errors import Conflict, FieldsWrong, NotPermitted
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows import (
    forgotten,
    limits,
    mailing,
    owners,
    permissions,
    second_person,
    signing_in,
    two_people,
)
from upline.flows import second_factor as factors
from upline.flows.permissions import Right, needs
from upline.flows.rights_told import (
    Rights,
    from_to,
    rights_of,
    rights_told,
)
from upline.language import gettext, lazy
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.errors import UsernameTaken
from upline.members.models import LinkPurpose, User
from upline.members.person.rules import wrong_email, wrong_username
from upline.members.queries import find_link, find_staff
from upline.members.security import checks, devices, sessions
from upline.members.security.new_passwords import Whose, judge

_ENOUGH = 2


class NotYourself(NotPermitted):
    sentence = lazy("You cannot change your own rights. Ask another owner.")


class AddressMissing(FieldsWrong):
    sentence = lazy("This staff user has no e-mail address. Enter one first.")


@needs(Right.RULE_STAFF)
def invite(unit: UnitOfWork, username: str, email: str) -> int:
    """Make a staff user who may do nothing yet, and mail them a link to choose a password.
    Returns the id. Raises FieldsWrong for a name or an address that cannot be one,
    UsernameTaken."""
    wrong = wrong_username(username)
    if sentence := wrong_email(email):
        wrong["email"] = sentence
    if wrong:
        raise FieldsWrong(fields=wrong)

    def make() -> int:
        held = owners.hold(unit)
        with sql.refused_as(UsernameTaken()):
            user = User.objects.create(
                username=username, email=email, password=make_password(None), is_staff=True
            )
        second_person.note_help(unit, int(user.pk))
        mailings.write(MailKind.STAFF_INVITATION, user.pk, email)
        facts = {"username": username, "email": email}
        _note(unit, EventKind.STAFF_INVITED, user.pk, **facts)
        owners.tell(
            unit,
            held,
            lazy(
                "{username} ({email}) was invited as a staff user.", username=username, email=email
            ),
        )
        return int(user.pk)

    return unit.commit(make)


@needs(Right.RULE_STAFF)
def send_link(unit: UnitOfWork, user_id: int) -> None:
    """Mail a staff user a link to choose a password: the invitation again, or a new password.
    Raises AddressMissing."""
    user = _staff(user_id)
    if not user.email:
        raise AddressMissing()

    def send() -> None:
        held = owners.hold(unit)
        second_person.note_help(unit, user_id)
        mailings.write(link_kind(user), user_id, user.email)
        audit.record(unit, AuditEvent.STAFF_SEND_LINK, f"user:{user_id}")
        sentence = lazy(
            "{username} was sent a link to choose a password at {email}.",
            username=user.username,
            email=user.email,
        )
        owners.tell(unit, held, sentence)

    unit.commit(send)


def forget_password(unit: UnitOfWork, username: str) -> None:
    """Have the staff user of this username, or all of this e-mail address, mailed a link to choose
    a new password. Says nothing of whether there is one: the worker looks, so that the answer takes
    the same time. Too many requests send none while a link mailed before still works. Needs no
    right: it mails only the owner of the address."""
    forgotten.ask(unit, "office_forgot", forgotten.STAFF, username)


def mail_forgotten(asked: str, *, past_limit: bool = False) -> None:
    """What the worker does for it. Needs no right: it mails only the owner of the address."""
    for user in find_staff(asked):
        kind = link_kind(user)
        again = (kind, [user.pk], user.email, user.username)
        is_past = past_limit or limits.mailed_too_often("office_forgot", user.email)
        if is_past and not forgotten.may_mail_again(*again):
            continue
        UnitOfWork(Worker()).commit(partial(mailings.write, kind, user.pk, user.email))


@needs(Right.RULE_STAFF)
def make_link(unit: UnitOfWork, user_id: int) -> str:
    """A link to choose a password, for where no mail arrives: whoever runs the server hands it
    over. Works once, for 30 minutes; an invitation for three days."""

    def make() -> str:
        held, user = owners.hold(unit), _staff(user_id)
        second_person.note_help(unit, user_id)
        audit.record(unit, AuditEvent.STAFF_MAKE_LINK, f"user:{user_id}")
        owners.tell(
            unit,
            held,
            lazy("A link to choose the password of {username} was made.", username=user.username),
        )
        return mailing.fresh_link(user_id, mailing.PURPOSES[link_kind(user)])

    return unit.commit(make)


def link_kind(user: User) -> MailKind:
    """An invitation until the first password is chosen."""
    if user.has_usable_password():
        return MailKind.STAFF_PASSWORD
    return MailKind.STAFF_INVITATION


def choose_password(unit: UnitOfWork, purpose: LinkPurpose, secret: str, new: str) -> None:
    """Use a mailed link to choose one's own password; every session ends. Raises LinkUsedUp,
    LoginBlocked. Needs no right: whoever has the mailed link may use it."""
    user = find_link(secret, purpose).user  # a look before the work of hashing
    judge(new, Whose(user.username, user.email), "password")
    hashed = passwords.hashed(new)

    def use() -> None:
        user = members.use_link(secret, purpose).user
        unit.actor = permissions.staff(user.pk)
        _set_password(unit, user, hashed)
        if purpose == LinkPurpose.STAFF_INVITATION:
            second_person.note_invited_by(user.pk)
        checks.forget_wrong_logins(user.username)

    unit.commit(use)


def change_own_password(unit: UnitOfWork, user_id: int, current: str, new: str) -> None:
    """Every session ends. Raises CurrentPasswordWrong, LoginLocked, Busy. Needs no right: a staff
    user changes what is their own."""
    user = _staff(user_id)
    checks.check_current_password(
        user.username, current, user.password, checks.OFFICE, unit.address
    )
    judge(new, Whose(user.username, user.email), "new_password")
    hashed = passwords.hashed(new)
    unit.commit(lambda: _set_password(unit, user, hashed))


@needs(Right.RULE_STAFF)
def change_email(unit: UnitOfWork, user_id: int, email: str) -> None:
    """Where a staff user's mails go; the address before is told, and its links end."""

    def change() -> None:
        held, user = owners.hold(unit), _staff(user_id)
        before, user.email = user.email, email
        user.save(update_fields=["email"])
        members.end_password_links(user_id)
        second_person.note_help(unit, user_id)
        changes = audit.changes({"email": before}, {"email": email})
        audit.record(unit, AuditEvent.STAFF_EMAIL, f"user:{user_id}", changes=changes)
        sentence = lazy(
            "The e-mail address of {username} was changed to {email}.",
            username=user.username,
            email=email,
        )
        if before:
            owners.write(user_id, before, "", sentence)
        with_before = lazy(
            "The e-mail address of {username} was changed to {email}. Before: {before}.",
            username=user.username,
            email=email,
            before=before or lazy("none"),
        )
        owners.tell(unit, held, with_before)

    unit.commit(change)


@needs(Right.RULE_STAFF)
def change_standing(unit: UnitOfWork, user_id: int, *, is_active: bool) -> None:
    """Let a staff user in, or not any more: their sessions and links end too. Raises
    NotYourself."""
    _refuse_own(unit, user_id)

    def change() -> None:
        held, user = owners.hold(unit), _staff(user_id)
        rights = second_person.rights_now([user_id])
        was_active, user.is_active = user.is_active, is_active
        user.save(update_fields=["is_active"])
        two_people.note_rights(unit, rights)
        if not is_active:
            sessions.end_all(user_id)
            members.end_password_links(user_id)
        event = EventKind.STAFF_ACTIVATED if is_active else EventKind.STAFF_DEACTIVATED
        changes = audit.changes({"may_sign_in": was_active}, {"may_sign_in": is_active})
        _note(unit, event, user_id, changes=changes)
        said = lazy("{username} was activated.", username=user.username)
        if not is_active:
            said = lazy("{username} was deactivated.", username=user.username)
        owners.tell(unit, held, said)

    asked = {"user_id": user_id, "is_active": is_active}
    step = _step(EventKind.STAFF_ACTIVATED, asked, person_id=user_id)
    two_people.commit_or_ask(unit, step, change)


@needs(Right.RULE_STAFF)
def change_rights(
    unit: UnitOfWork,
    user_id: int,
    *,
    is_superuser: bool,
    group_ids: Iterable[int],
    permission_ids: Iterable[int],
    seen: Mapping[str, object] | None = None,
) -> None:
    """What a staff user may do from now on; `seen` is what a page showed of it (`rights_of`).
    Raises NotYourself, ChangedMeanwhile; NeedsSecond for a right to approve."""
    _refuse_own(unit, user_id)
    wanted: Rights = {
        "is_superuser": is_superuser,
        "groups": sorted(group_ids),
        "permissions": sorted(permission_ids),
    }

    def change() -> None:
        held, user = owners.hold(unit), _staff(user_id)
        before, now = rights_told(user), rights_of(user)
        meant = edits.to_write(now, wanted, seen)
        rights = Rights(
            is_superuser=(wanted if "is_superuser" in meant else now)["is_superuser"],
            groups=(wanted if "groups" in meant else now)["groups"],
            permissions=(wanted if "permissions" in meant else now)["permissions"],
        )
        held_before = second_person.rights_now([user_id])
        user.is_superuser = rights["is_superuser"]
        user.save(update_fields=["is_superuser"])
        user.groups.set(rights["groups"])
        user.user_permissions.set(rights["permissions"])
        two_people.note_rights(unit, held_before)
        after = rights_told(user)
        changes = audit.changes(before, after)
        _note(unit, EventKind.STAFF_RIGHTS_CHANGED, user_id, changes=changes)
        owners.tell(
            unit,
            held,
            lazy("The rights of {username} were changed.", username=user.username),
            *from_to(before, after),
        )

    asked = {**wanted, "user_id": user_id, "seen": seen or rights_of(_staff(user_id))}
    step = _step(EventKind.STAFF_RIGHTS_CHANGED, asked, person_id=user_id)
    two_people.commit_or_ask(unit, step, change)


@needs(Right.RUN_SERVER)
def grant(unit: UnitOfWork, user_id: int, right: Right) -> None:
    """Give a right on the server, while fewer than two people hold it, or fewer than two owners
    could give it in the office. Raises Conflict."""

    def give() -> None:
        held, user = owners.hold(unit), _staff(user_id)
        if min(len(second_person.holders(right)), len(held)) >= _ENOUGH:
            raise Conflict(gettext("Two people already have this right. Give it in the office."))
        before, known = rights_told(user), second_person.rights_now([user_id])
        if right == Right.RULE_STAFF:
            user.is_superuser = True
            user.save(update_fields=["is_superuser"])
        else:
            user.user_permissions.add(*permissions.grantable_as(right))
        two_people.note_rights(unit, known)
        after = rights_told(user)
        changes = audit.changes(before, after)
        _note(unit, EventKind.STAFF_RIGHTS_CHANGED, user_id, changes=changes)
        said = lazy("On the server, {username} was given a right.", username=user.username)
        owners.tell(unit, held, said, *from_to(before, after))

    unit.commit(give)


@needs(Right.RULE_STAFF)
def reset_second_factor(unit: UnitOfWork, user_id: int) -> None:
    """For somebody who lost their app and recovery codes; they are signed out everywhere.
    Raises Conflict where there is none."""

    def change() -> None:
        held, user = owners.hold(unit), _staff(user_id)
        if not factors.reset(unit, user_id):
            raise Conflict(
                gettext("{username} has not set up a second factor.", username=user.username)
            )
        second_person.note_help(unit, user_id)
        owners.tell(
            unit, held, lazy("The second factor of {username} was reset.", username=user.username)
        )

    unit.commit(change)


@needs(Right.RULE_STAFF)
def unlock(unit: UnitOfWork, username: str) -> None:
    """Let a staff user try again who was refused after too many wrong passwords. Raises
    UsernameNotFound."""
    signing_in.unlock(unit, username)


def _note(unit: UnitOfWork, kind: EventKind, user_id: int, **facts: object) -> None:
    events.record(unit, kind, f"user:{user_id}", {"user_id": user_id}, **facts)


def _step(
    event: EventKind,
    asked: Mapping[str, object],
    *,
    subject: str = "",
    person_id: int | None = None,
) -> two_people.Step:
    return two_people.Step(event, Right.RULE_STAFF, asked, subject=subject, person_id=person_id)


def _staff(user_id: int) -> User:
    return User.objects.get(pk=user_id, is_staff=True)


def _set_password(unit: UnitOfWork, user: User, hashed: str) -> None:
    event = members.set_password(unit, user.pk, hashed)
    devices.know_network(user.pk, unit.address)
    sessions.end_all(user.pk)
    if user.email:
        mailings.deliver(event, user.pk, user.email)


def _refuse_own(unit: UnitOfWork, user_id: int) -> None:
    if user_id == unit.actor_id:
        raise NotYourself()
