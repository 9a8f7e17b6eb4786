"""What members say about themselves: personal, contact and bank data, their picture."""

import json
from typing import Any

from upline.base import audit, encryption
from upline.base.unit import Unit
from upline.members.models import MailedLink, Member, User

BANK_FIELDS = ("bank_name", "branch_name", "account_holder", "account_number", "ifsc", "pan")


def change_personal(member_id: int, **fields: Any) -> None:
    """Change the personal data that are named; the others stay."""
    Member.objects.filter(pk=member_id).update(**fields)


def change_contact(unit: Unit, member_id: int, **fields: Any) -> str | None:
    """Change the contact data that are named. Returns the e-mail address where it is a new
    one, which stays unconfirmed until the link mailed to it is used."""
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    is_new = "email" in fields and fields["email"] != member.email
    if fields.get("country_id", member.country_id) != member.country_id:
        fields.setdefault("state_id", None)  # a state of the country left behind
    Member.objects.filter(pk=member_id).update(**fields)
    if is_new:
        audit.record(unit, "email.change", f"user:{member_id}")
    return fields["email"] if is_new else None


def confirm_email(unit: Unit, user_id: int, email: str) -> bool:
    """Reset links go to `email` from now on, and those mailed to the address before end.
    False where the member shows another meanwhile."""
    if not Member.objects.filter(pk=user_id, email=email).exists():
        return False
    User.objects.filter(id=user_id).update(email=email)
    resets = ("login_password", "transaction_password")
    MailedLink.objects.filter(user_id=user_id, purpose__in=resets).delete()
    audit.record(unit, "email.confirm", f"user:{user_id}")
    return True


def change_bank(unit: Unit, member_id: int, **fields: str) -> None:
    """Change the bank data that are named; sealed with the member's own key."""
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    wrapped = encryption.wrapped_key_of(member_id)
    assert wrapped is not None, "an active member has a key"
    bank = open_bank(member_id, member.bank_sealed, wrapped) | fields
    sealed = encryption.seal(json.dumps(bank), wrapped_key=wrapped, place=_place(member_id))
    Member.objects.filter(pk=member_id).update(bank_sealed=sealed)
    audit.record(unit, "bank.change", f"user:{member_id}", fields=sorted(fields))


def open_bank(
    member_id: int, sealed: bytes | memoryview | None, wrapped: bytes | memoryview | None
) -> dict[str, str]:
    """The bank data in clear, every field, `""` where nothing is known or the key is gone."""
    bank = dict.fromkeys(BANK_FIELDS, "")
    if sealed is not None and wrapped is not None:
        text = encryption.unseal(bytes(sealed), wrapped_key=bytes(wrapped), place=_place(member_id))
        bank |= json.loads(text)
    return bank


def _place(member_id: int) -> str:
    return f"members_member.bank_sealed:{member_id}"


def change_picture(member_id: int, picture_id: int) -> None:
    """Show another picture. The one before is gone for good."""
    found = Member.objects.select_for_update(of=["self"], no_key=True).select_related("picture")
    member = found.get(pk=member_id)
    before = member.picture
    Member.objects.filter(pk=member_id).update(picture_id=picture_id)
    if before is not None:
        before.delete()
