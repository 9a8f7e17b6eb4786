"""What members say about themselves: personal, contact and bank data, their picture."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from upline.base import audit, clock, encryption
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.members.models import Member

BANK_FIELDS = ("bank_name", "branch_name", "account_holder", "account_number", "ifsc", "pan")


def change_personal(unit: UnitOfWork, member_id: int, **fields: Any) -> bool:
    """Change the personal data that are named; the others stay. Returns whether that changed who
    the member says to be: the name or the date of birth."""
    member = _hold(member_id)
    is_new = is_other_person(member, fields)
    Member.objects.filter(pk=member_id).update(**fields)
    _note(unit, EventKind.PERSONAL_CHANGED, member, fields)
    return is_new


def is_other_person(member: Member, fields: Mapping[str, Any]) -> bool:
    """Whether these fields are another name or date of birth than the member's."""
    return _differs(member, fields, ("firstname", "lastname", "date_of_birth"))


def identity_of(member: Member) -> dict[str, Any]:
    """Who the member claims to be. If one of these changes, it may be another person."""
    born = member.date_of_birth
    return {
        "firstname": member.firstname,
        "lastname": member.lastname,
        "date_of_birth": born.isoformat() if born else "",
        "country": member.country_id,
    }


@dataclass(frozen=True)
class ContactChange:
    """What a change of contact data was, beside the address: another e-mail address, another
    country; and its event, where it has been made and something is other than it was."""

    is_email_new: bool
    is_country_new: bool
    event: WrittenEvent | None = None


def change_contact(unit: UnitOfWork, member_id: int, **fields: Any) -> ContactChange:
    """Change the contact data that are named. A new e-mail address stays unconfirmed until the
    link mailed to it is used."""
    member = _hold(member_id)
    change = contact_change(member, fields)
    if change.is_country_new:
        fields.setdefault("state_id", None)  # a state of the country left behind
    if change.is_email_new:
        fields["email_confirmed_at"] = None
    Member.objects.filter(pk=member_id).update(**fields)
    event = _note(unit, EventKind.CONTACT_CHANGED, member, fields)
    return replace(change, event=event)


def show_contact(unit: UnitOfWork, member_id: int, *, is_shown: bool) -> None:
    """From now on those above a member see their e-mail address and mobile phone, or do not."""
    others = Member.objects.filter(pk=member_id).exclude(shows_contact=is_shown)
    if others.update(shows_contact=is_shown):
        kind = EventKind.CONTACT_SHOWN if is_shown else EventKind.CONTACT_HIDDEN
        events.record(unit, kind, f"member:{member_id}", {"member_id": member_id})


def _note(
    unit: UnitOfWork, event: EventKind, before: Member, fields: Mapping[str, Any]
) -> WrittenEvent | None:
    """In the audit log and as an event, where something is other than it was."""
    shown = {name: value for name, value in fields.items() if name != "email_confirmed_at"}
    changes = audit.changes({name: getattr(before, name) for name in shown}, shown)
    if not changes:
        return None
    data = {"member_id": before.pk, "fields": sorted(changes)}
    return events.record(unit, event, f"member:{before.pk}", data, changes=changes)


def contact_change(member: Member, fields: Mapping[str, Any]) -> ContactChange:
    """What setting these fields would change."""
    return ContactChange(
        is_email_new=_differs(member, fields, ("email",)),
        is_country_new=_differs(member, fields, ("country_id",)),
    )


def _differs(member: Member, fields: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(name in fields and fields[name] != getattr(member, name) for name in names)


def _hold(member_id: int) -> Member:
    """The member, held until the transaction ends."""
    return Member.objects.select_for_update(no_key=True).get(pk=member_id)


def confirm_email(unit: UnitOfWork, user_id: int, email: str) -> bool:
    """The link mailed to `email` was used: mails go there as soon as the time of the change is
    over. False where the member shows another address meanwhile."""
    shown = Member.objects.filter(pk=user_id, email=email)
    if not shown.update(email_confirmed_at=clock.now()):
        return False
    about = {"member_id": user_id}
    events.record(unit, EventKind.EMAIL_CONFIRMED, f"member:{user_id}", about)
    return True


@dataclass(frozen=True)
class BankChange:
    """A change of bank data: what was sealed before, b"" for nothing, and its event."""

    before: bytes
    event: WrittenEvent


def change_bank(unit: UnitOfWork, member_id: int, **fields: str) -> BankChange | None:
    """Change the bank data that are named; sealed with the member's own key. Returns None where
    the data are what they were."""
    member = _hold(member_id)
    wrapped = encryption.wrapped_key_of(member_id)
    assert wrapped is not None, "an active member has a key"
    before = open_bank(member_id, member.bank_sealed, wrapped)
    bank = before | fields
    if bank == before:
        return None
    sealed = encryption.seal(json.dumps(bank), wrapped_key=wrapped, context=_context(member_id))
    Member.objects.filter(pk=member_id).update(bank_sealed=sealed)
    changes = masked_changes(before, bank)
    about = {"member_id": member_id}
    subject = f"member:{member_id}"
    event = events.record(unit, EventKind.BANK_CHANGED, subject, about, changes=changes)
    return BankChange(bytes(member.bank_sealed or b""), event)


def open_bank(
    member_id: int, sealed: bytes | memoryview | None, wrapped: bytes | memoryview | None
) -> dict[str, str]:
    """The bank data in clear, every field, `""` where nothing is known or the key is gone."""
    bank = dict.fromkeys(BANK_FIELDS, "")
    if sealed is not None and wrapped is not None:
        text = encryption.unseal(
            bytes(sealed), wrapped_key=bytes(wrapped), context=_context(member_id)
        )
        bank |= json.loads(text)
    return bank


def masked_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, audit.Change]:
    """What an entry of the audit log holds of changed bank data: the last four of each value."""
    return {
        name: {when: _masked(value) for when, value in change.items()}
        for name, change in audit.changes(before, after).items()
    }


def _masked(value: str) -> str:
    shown = "".join(value.split())
    return f"…{shown[-4:]}" if len(shown) >= 8 else "…" if shown else ""


def account_ending(member_id: int) -> str:
    """The last four of the member's account number; '' of none and of a short one."""
    sealed = Member.objects.values_list("bank_sealed", flat=True).get(pk=member_id)
    return ending(open_bank(member_id, sealed, encryption.wrapped_key_of(member_id)))


def ending(bank: Mapping[str, str]) -> str:
    """The last four of the account number, by which its owner knows it; '' of a short one."""
    number = "".join(bank["account_number"].split())
    return number[-4:] if len(number) >= 8 else ""


def _context(member_id: int) -> str:
    return f"members_member.bank_sealed:{member_id}"


def change_picture(member_id: int, picture_id: int) -> None:
    """Show another picture. The one before is gone for good."""
    found = Member.objects.select_for_update(of=["self"], no_key=True).select_related("picture")
    member = found.get(pk=member_id)
    before = member.picture
    Member.objects.filter(pk=member_id).update(picture_id=picture_id)
    if before is not None:
        before.delete()
