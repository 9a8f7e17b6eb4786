"""Members: who they are, what they own, where they stand, and what the office may do."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base import countries
from upline.base.unit import UnitOfWork
from upline.catalog.models import Package, PackageKind
from upline.flows import blocking, passwords, profiles, signing_in, verifying
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.language import gettext, lazy
from upline.mailings.models import MailKind
from upline.members.models import Member, Standing
from upline.members.person.profile import identity_of
from upline.office import closing, customers, markets, member_page
from upline.office.adjusting import MONEY
from upline.office.buttons import (
    Block,
    Button,
    ButtonForm,
    FactsBlock,
    ReasonForm,
    Shown,
)
from upline.office.fields import LineField
from upline.office.positions import POSITION, REOPEN
from upline.office.tree import TreeDesk
from upline.office.unlocking import unlock_button
from upline.screens import shown

_BANK = {
    "bank_name": lazy("Bank"),
    "branch_name": lazy("Branch"),
    "account_holder": lazy("Account holder"),
    "account_number": lazy("Account number"),
    "ifsc": "IFSC",
    "pan": "PAN",
}


class ByPackage(admin.SimpleListFilter):
    title = lazy("package")
    parameter_name = "package"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return list(Package.objects.filter(kind=PackageKind.MEMBERSHIP).values_list("id", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        chosen = self.value() or ""
        return queryset.filter(package_id=chosen) if chosen.isdigit() else queryset


class NoteForm(ButtonForm):
    note = LineField(
        max_length=300, required=False, label=lazy("Note"), help_text=lazy("Only staff see this.")
    )


class RejectForm(ButtonForm):
    note = LineField(
        max_length=300, label=lazy("Note"), help_text=lazy("The reason. Only staff see this.")
    )


def _block(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    blocking.block_member(unit, member.pk, asked["reason"])
    return gettext("{member} is blocked.", member=member)


def _unblock(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    blocking.unblock_member(unit, member.pk, asked["reason"])
    return gettext("{member} is unblocked.", member=member)


def _verify(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    seen, identity = _seen(asked), (asked["opened"] or {}).get("identity")
    verifying.review_kyc(unit, member.pk, KycStatus.VERIFIED, asked["note"], seen, identity)
    return gettext("{member} is verified.", member=member)


def _identity(member: Member, asked: dict[str, Any]) -> FactsBlock:
    return FactsBlock(
        gettext("Identity to check"),
        [
            (gettext("Name"), f"{member.firstname} {member.lastname}"),
            (gettext("Born"), shown.day(member.date_of_birth)),
            (gettext("Country"), countries.spoken_name(member.country_id) or shown.NOTHING),
        ],
    )


def _reject(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    verifying.review_kyc(unit, member.pk, KycStatus.REJECTED, asked["note"], _seen(asked))
    return gettext("{member} is rejected.", member=member)


def _kyc(member: Member) -> dict[str, Any]:
    return {"kyc": status_of(member.pk), "identity": identity_of(member)}


def _seen(asked: dict[str, Any]) -> str | None:
    """The KYC status that the page showed."""
    return (asked["opened"] or {}).get("kyc")


def _reset_login(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    passwords.send_reset_link(unit, member.pk, MailKind.RESET_LOGIN)
    return gettext(
        "A link to set a new password is on its way to {email}.", email=member.user.email
    )


def _reset_transaction(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    passwords.send_reset_link(unit, member.pk, MailKind.RESET_TRANSACTION)
    return gettext(
        "A link to set a new transaction password is on its way to {email}.",
        email=member.user.email,
    )


def _bank(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> Shown:
    bank = profiles.show_bank(unit, member.pk)
    rows = [(label, bank[name] or shown.NOTHING) for name, label in _BANK.items()]
    title = gettext("Bank data of {member}", member=member)
    return Shown(title, [FactsBlock(gettext("Bank data"), rows)])


def _is(standing: Standing) -> Any:
    return lambda member: member.standing == standing


_BUTTONS = (
    *MONEY,
    Button(
        "verify",
        lazy("Verify identity"),
        verifying.review_kyc,
        _verify,
        lazy("Confirm that you have checked the identity of this member."),
        NoteForm,
        initial=_kyc,
        fits=lambda member: status_of(member.pk) != KycStatus.VERIFIED,
        preview=_identity,
    ),
    Button(
        "reject",
        lazy("Reject identity"),
        verifying.review_kyc,
        _reject,
        lazy("You do not accept the proof of identity that this member gave."),
        RejectForm,
        initial=_kyc,
        fits=lambda member: status_of(member.pk) != KycStatus.REJECTED,
        grave=True,
    ),
    Button(
        "reset-login",
        lazy("Send password link"),
        passwords.send_reset_link,
        _reset_login,
        lazy(
            "The member gets a mail with a link to set a new login password. Staff never choose or "
            "see it."
        ),
        fits=_is(Standing.ACTIVE),
    ),
    Button(
        "reset-transaction",
        lazy("Send transaction password link"),
        passwords.send_reset_link,
        _reset_transaction,
        lazy("The member gets a mail with a link to set a new transaction password."),
        fits=_is(Standing.ACTIVE),
    ),
    POSITION,
    REOPEN,
    unlock_button(signing_in.unlock, lambda member: member.user, fits=_is(Standing.ACTIVE)),
    Button(
        "bank",
        lazy("Show bank data"),
        profiles.show_bank,
        _bank,
        lazy("Bank data is stored encrypted. The audit log records that you looked at it."),
        once=False,
    ),
    Button(
        "block",
        lazy("Block"),
        blocking.block_member,
        _block,
        lazy("The member is signed out everywhere and can no longer sign in."),
        ReasonForm,
        fits=_is(Standing.ACTIVE),
        grave=True,
    ),
    Button(
        "unblock",
        lazy("Unblock"),
        blocking.unblock_member,
        _unblock,
        lazy("The member can sign in again."),
        ReasonForm,
        fits=_is(Standing.BLOCKED),
    ),
    Button(
        "close",
        lazy("Close membership"),
        blocking.close_member,
        closing.close,
        lazy("This ends the membership for good. The place of the member in the trees stays."),
        closing.CloseForm,
        fits=_is(Standing.BLOCKED),
        grave=True,
    ),
)


@admin.register(Member)
class MemberDesk(TreeDesk):
    plural = lazy("Members")
    nothing = lazy("There are no members yet. They appear here once they sign up.")
    list_display = ("username", "name", "email", "package", "status", "kind", "joined")
    list_filter = ("kind", ("standing", admin.ChoicesFieldListFilter), ByPackage)
    list_buttons = (customers.REGISTER,)
    list_select_related = ("user", "package")
    ordering = ("-pk",)
    buttons = (*_BUTTONS, *customers.BUTTONS, markets.MOVE)

    @admin.display(description=lazy("username"), ordering="user__username")
    def username(self, member: Member) -> str:
        return member.user.username

    @admin.display(description=lazy("name"), ordering="lastname")
    def name(self, member: Member) -> str:
        return f"{member.firstname} {member.lastname}".strip()

    @admin.display(description=lazy("standing"), ordering="standing")
    def status(self, member: Member) -> SafeString:
        return shown.status(member.standing)

    @admin.display(description=lazy("joined"), ordering="joined_at")
    def joined(self, member: Member) -> str:
        return shown.moment(member.joined_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return Member.objects.select_related("user", "package", "picture").defer("picture__content")

    def heading(self, thing: Member) -> str:
        return thing.user.username

    def blocks(self, request: HttpRequest, thing: Member) -> Sequence[Block]:
        return member_page.blocks(request, thing)
