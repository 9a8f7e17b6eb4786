"""Staff put right what was mistyped about a member: e-mail address, name, date of birth.

Every correction is told by mail and starts the time in which payouts wait
(members/security/protection.py).
A new address is confirmed by the link mailed to it, as if the member had entered it, unless staff
have verified it: then mails go there at once, and no link mailed to the old one works any more."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from upline.base import audit
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.flows import protecting
from upline.flows.permissions import Right, needs
from upline.kyc import actions as kyc
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.language import gettext, lazy
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.models import Member, ProtectedKind, Standing
from upline.members.person import profile
from upline.members.person.rules import wrong_birthday
from upline.members.security import protection

LABELS = {
    "email": lazy("e-mail address"),
    "firstname": lazy("first name"),
    "lastname": lazy("last name"),
    "date_of_birth": lazy("date of birth"),
}
_CORRECTED = "The office corrected {}."
_STAFF = lazy("This person is also a staff user. An owner can correct their data under Staff.")
_NAME_MAX = 100


class Corrections(TypedDict, total=False):
    """The new data, by the names of `LABELS`."""

    email: str
    firstname: str
    lastname: str
    date_of_birth: date


@needs(Right.CORRECT_MEMBERS)
def correct(
    unit: UnitOfWork, member_id: int, fields: Corrections, reason: str, *, verified: bool
) -> list[str]:
    """Correct some of `LABELS`. `verified` says that staff have checked the new data: a new
    address needs no link, and a member whose identity was verified stays so. Returns the names
    of the fields that changed. Raises Conflict, FieldsWrong, EmailInUse."""
    _check(fields, reason)
    unit.refuse_own(member_id)

    def make() -> list[str]:
        member = Member.objects.select_for_update(of=["self"], no_key=True)
        held = member.select_related("user").get(pk=member_id)
        _check_member(held)
        changed = audit.changes({name: getattr(held, name) for name in LABELS}, fields)
        if not changed:
            raise Conflict(gettext("The member already has these data."))
        event = _record(unit, member_id, changed, reason, verified=verified)
        _tell(held, event, changed, verified=verified)
        if "email" in changed:
            _correct_email(unit, held, fields["email"], verified=verified)
        if set(changed) - {"email"}:
            _correct_person(unit, member_id, changed, verified=verified)
        return list(changed)

    return unit.commit(make)


def _check(fields: Corrections, reason: str) -> None:
    wrong: dict[str, str] = {}
    if "email" in fields:
        wrong |= _wrong_email(fields["email"])
    if "date_of_birth" in fields:
        wrong |= wrong_birthday(fields["date_of_birth"])
    for name in ("firstname", "lastname"):
        if name in fields and not _can_be_name(name, fields[name]):
            wrong[name] = gettext(
                "A {field} has 1 to {most} letters.", field=LABELS[name], most=_NAME_MAX
            )
    if not fields:
        raise FieldsWrong(gettext("Enter at least one correction."))
    if not reason.strip():
        wrong["reason"] = gettext("Enter a reason.")
    if wrong:
        raise FieldsWrong(fields=wrong)


def _wrong_email(email: str) -> dict[str, str]:
    try:
        EmailValidator()(email)
    except ValidationError:
        return {"email": gettext("This is not a valid e-mail address.")}
    return {}


def _can_be_name(field: str, name: str) -> bool:
    is_there = bool(name.strip()) or field == "lastname"
    return is_there and len(name) <= _NAME_MAX and all(each.isprintable() for each in name)


def _check_member(member: Member) -> None:
    if member.standing == Standing.CLOSED:
        raise Conflict(gettext("This member is closed."))
    if member.user.is_staff:
        raise Conflict(_STAFF)


def _record(
    unit: UnitOfWork,
    member_id: int,
    changed: Mapping[str, audit.Change],
    reason: str,
    *,
    verified: bool,
) -> WrittenEvent:
    as_text = {
        name: {when: str(value or "") for when, value in change.items()}
        for name, change in changed.items()
    }
    return events.record(
        unit,
        EventKind.MEMBER_CORRECTED,
        f"member:{member_id}",
        {"member_id": member_id, "fields": sorted(changed)},
        changes=as_text,
        reason=reason,
        verified=verified,
    )


def _tell(
    member: Member, event: WrittenEvent, changed: Mapping[str, audit.Change], *, verified: bool
) -> None:
    """At the address that mails went to, and at the new one where they go there at once. A new
    address that is not verified is told by the mails that its change brings anyway."""
    told = [name for name in changed if verified or name != "email"]
    addresses = {member.user.email}
    if verified and "email" in changed:
        addresses.add(changed["email"]["after"])
    for address in addresses if told else ():
        mailings.deliver(event, member.pk, address, fields=told)


def _correct_email(unit: UnitOfWork, member: Member, email: str, *, verified: bool) -> None:
    members.claim_email(email, member.pk)
    made = profile.change_contact(unit, member.pk, email=email)
    if verified:
        protecting.note(member.pk, ProtectedKind.EMAIL)
        protection.send_at_once(unit, member.pk, email)
        return
    protecting.note(member.pk, ProtectedKind.EMAIL, event=made.event, new_email=email)
    if email != member.user.email:
        mailings.write(MailKind.CONFIRM_EMAIL, member.pk, email)


def _correct_person(
    unit: UnitOfWork, member_id: int, changed: Mapping[str, audit.Change], *, verified: bool
) -> None:
    values = {name: change["after"] for name, change in changed.items() if name != "email"}
    profile.change_personal(unit, member_id, **values)
    protecting.note(member_id, ProtectedKind.IDENTITY)
    if status_of(member_id) == KycStatus.VERIFIED and not verified:
        names = " and ".join(LABELS[name] for name in values)
        kyc.review(unit, member_id, KycStatus.SUBMITTED, _CORRECTED.format(names))
