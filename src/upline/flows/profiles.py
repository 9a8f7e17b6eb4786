"""Changing a profile where it tells somebody: who the member is, e-mail, bank data, picture."""

from upline.base import audit, encryption
from upline.base.audit import AuditEvent
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.events.actions import WrittenEvent
from upline.flows import limits, protecting
from upline.flows.permissions import Right, needs
from upline.kyc import actions as kyc
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.language import gettext
from upline.mailings import actions as mailings
from upline.mailings.models import MailKind
from upline.members import actions as members
from upline.members.errors import LinkUsedUp
from upline.members.models import Appearance, LinkPurpose, Member, ProtectedKind, User
from upline.members.person import profile
from upline.members.queries import Caller
from upline.members.security import protection
from upline.pictures import actions as pictures

_IDENTITY_CHANGED = "{} changed after the member was verified."


def change_personal(
    unit: UnitOfWork, caller: Caller, *, current_password: str | None = None, **fields: object
) -> None:
    """Change personal data. Another name or date of birth has to be verified anew. Raises what
    `protecting.prove` does. Needs no right: a member changes what is their own."""
    if current_password or profile.is_other_person(_member(caller), fields):
        protecting.prove(unit, caller, current_password)

    def change() -> None:
        if profile.change_personal(unit, caller.member_id, **fields):
            _identity_changed(unit, caller.member_id, "Name or date of birth")

    unit.commit(change)


def change_contact(
    unit: UnitOfWork, caller: Caller, *, current_password: str | None = None, **fields: str | int
) -> None:
    """Change contact data. A new e-mail address shows at once; mails go to the old one until the
    link mailed to the new one is used and the time of the change is over. Another country has to
    be verified anew. Raises EmailInUse where the office wants one member per address, and what
    `protecting.prove` does. Needs no right: a member changes what is their own."""
    wanted = profile.contact_change(_member(caller), fields)
    if current_password or wanted.is_email_new or wanted.is_country_new:
        protecting.prove(unit, caller, current_password)
    email = str(fields.get("email", ""))
    may_mail = wanted.is_email_new and not limits.confirming_too_often(caller, email)

    def change() -> None:
        if "email" in fields:
            members.claim_email(email, caller.member_id)
        made = profile.change_contact(unit, caller.member_id, **fields)
        if made.is_email_new:
            _email_changed(caller.member_id, email, made.event, may_mail=may_mail)
        if made.is_country_new:
            _identity_changed(unit, caller.member_id, "Country")

    unit.commit(change)


def _member(caller: Caller) -> Member:
    return Member.objects.get(pk=caller.member_id)


def _email_changed(
    member_id: int, email: str, event: WrittenEvent | None, *, may_mail: bool
) -> None:
    confirmed = User.objects.get(pk=member_id).email
    protecting.note(member_id, ProtectedKind.EMAIL, event=event, new_email=email)
    if may_mail and email != confirmed:
        mailings.write(MailKind.CONFIRM_EMAIL, member_id, email)


def _identity_changed(unit: UnitOfWork, member_id: int, what: str) -> None:
    protecting.note(member_id, ProtectedKind.IDENTITY)
    if status_of(member_id) == KycStatus.VERIFIED:
        kyc.review(unit, member_id, KycStatus.SUBMITTED, _IDENTITY_CHANGED.format(what))


def change_bank(
    unit: UnitOfWork, caller: Caller, *, current_password: str | None = None, **fields: str
) -> None:
    """Change bank data; the owner is told, with a link that undoes it. Raises what
    `protecting.prove` does. Needs no right: a member changes what is their own."""
    protecting.prove(unit, caller, current_password)

    def change() -> None:
        made = profile.change_bank(unit, caller.member_id, **fields)
        if made is not None:
            told = {"ending": profile.account_ending(caller.member_id)}
            kind = ProtectedKind.BANK
            protecting.note(caller.member_id, kind, made.before, event=made.event, **told)

    unit.commit(change)


def confirm_email(unit: UnitOfWork, secret: str) -> str:
    """Use the link mailed to a new address. Returns the sentence that says from when mails go
    there. Raises LinkUsedUp, also where the profile shows yet another address by now;
    LoginBlocked. Needs no right: whoever has the mailed link may use it."""

    def confirm() -> str:
        link = members.use_link(secret, LinkPurpose.CONFIRM_EMAIL)
        if not profile.confirm_email(unit, link.user_id, link.email):
            raise LinkUsedUp(
                gettext(
                    "Your profile now has another e-mail address. Use the link sent to that "
                    "address."
                )
            )
        waits = protection.running(link.user_id)
        if waits is None:
            protection.send_to_confirmed()
            return gettext("Your e-mail address is confirmed.")
        until = company.current().moment(waits.until)
        return gettext(
            "Your e-mail address is confirmed. Mails go to it from {until}.", until=until
        )

    return unit.commit(confirm)


def send_confirmation(unit: UnitOfWork, caller: Caller) -> None:
    """Mail the link that confirms the address shown once more. Does nothing where it is confirmed
    already. Raises TooManyRequests. Needs no right: a member changes what is their own."""
    member = Member.objects.select_related("user").get(pk=caller.member_id)
    if member.email == member.user.email or member.email_confirmed_at:
        return
    limits.count_confirmation(caller, member.email)
    unit.commit(lambda: mailings.write(MailKind.CONFIRM_EMAIL, caller.member_id, member.email))


def show_contact(unit: UnitOfWork, caller: Caller, *, is_shown: bool) -> None:
    """Show e-mail address and mobile phone to those above, or hide them. Needs no right: a member
    changes what is their own."""
    unit.commit(lambda: profile.show_contact(unit, caller.member_id, is_shown=is_shown))


def choose_language(unit: UnitOfWork, caller: Caller, tag: str) -> None:
    """Mails come in this installed language from now on; '' leaves it to the market. Needs no
    right: a member changes what is their own."""
    unit.commit(lambda: User.objects.filter(pk=caller.member_id).update(language=tag))


def choose_pages(unit: UnitOfWork, caller: Caller, tag: str, appearance: Appearance) -> None:
    """Pages come in these colours, and pages and mails in this installed language, from now on; ''
    leaves the language to the market. Needs no right: a member changes what is their own."""
    own = User.objects.filter(pk=caller.member_id)
    unit.commit(lambda: own.update(language=tag, appearance=appearance))


def change_picture(unit: UnitOfWork, caller: Caller, content: bytes) -> None:
    """Show another picture. Raises NotAPicture, PictureTooLarge, TooManyRequests. Needs no right: a
    member changes what is their own."""
    limits.count_picture(caller)
    drawn = pictures.draw_anew(content)
    unit.commit(lambda: profile.change_picture(caller.member_id, pictures.keep(drawn).pk))


@needs(Right.VIEW_BANK)
def show_bank(unit: UnitOfWork, member_id: int) -> dict[str, str]:
    """A member's bank data in clear; that they were looked at is recorded."""

    def show() -> dict[str, str]:
        sealed = Member.objects.values_list("bank_sealed", flat=True).get(pk=member_id)
        audit.record(unit, AuditEvent.BANK_VIEW, f"user:{member_id}")
        return profile.open_bank(member_id, sealed, encryption.wrapped_key_of(member_id))

    return unit.commit(show)
