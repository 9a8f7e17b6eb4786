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
from upline.epins.models import EPin
from upline.epins.queries import with_status
from upline.flows import blocking, passwords, profiles, signing_in, verifying
from upline.flows.permissions import Right
from upline.kyc.models import KycStatus
from upline.kyc.queries import status_of
from upline.mailings.models import Mail, MailKind
from upline.members.models import Member, Standing, StandingFact
from upline.members.person.profile import identity_of
from upline.office import closing, customers, markets
from upline.office.adjusting import MONEY
from upline.office.audit import latest_about
from upline.office.buttons import (
    Block,
    Button,
    ButtonForm,
    FactsBlock,
    ReasonForm,
    Shown,
    TableBlock,
)
from upline.office.desk import Desk
from upline.office.fields import LineField
from upline.office.places import place_block, positions_block
from upline.office.positions import POSITION
from upline.office.unlocking import unlock_button
from upline.orders.models import Order
from upline.payouts import queries as payouts
from upline.screens import shown
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

LATEST = 10
_ACCOUNTS = {
    AccountKind.WALLET: "Wallet",
    AccountKind.DEPOSITS: "Reserved for an order",
    AccountKind.PURCHASE: "Shopping balance",
    AccountKind.OWED: "Owes the company",
}
_BANK = {"bank_name": "Bank", "branch_name": "Branch", "account_holder": "Account holder",
         "account_number": "Account number", "ifsc": "IFSC", "pan": "PAN"}  # fmt: skip


class ByPackage(admin.SimpleListFilter):
    title = "package"
    parameter_name = "package"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return list(Package.objects.filter(kind=PackageKind.MEMBERSHIP).values_list("id", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        chosen = self.value() or ""
        return queryset.filter(package_id=chosen) if chosen.isdigit() else queryset


class NoteForm(ButtonForm):
    note = LineField(max_length=300, required=False, help_text="Only staff see this.")


class RejectForm(ButtonForm):
    note = LineField(max_length=300, help_text="The reason. Only staff see this.")


def _block(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    blocking.block_member(unit, member.pk, asked["reason"])
    return f"{member} is blocked."


def _unblock(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    blocking.unblock_member(unit, member.pk, asked["reason"])
    return f"{member} is unblocked."


def _verify(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    seen, identity = _seen(asked), (asked["opened"] or {}).get("identity")
    verifying.review_kyc(unit, member.pk, KycStatus.VERIFIED, asked["note"], seen, identity)
    return f"{member} is verified."


def _identity(member: Member, asked: dict[str, Any]) -> FactsBlock:
    return FactsBlock(
        "Identity to check",
        [
            ("Name", f"{member.firstname} {member.lastname}"),
            ("Born", shown.day(member.date_of_birth)),
            ("Country", countries.country_name(member.country_id) or shown.NOTHING),
        ],
    )


def _reject(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    verifying.review_kyc(unit, member.pk, KycStatus.REJECTED, asked["note"], _seen(asked))
    return f"{member} is rejected."


def _kyc(member: Member) -> dict[str, Any]:
    return {"kyc": status_of(member.pk), "identity": identity_of(member)}


def _seen(asked: dict[str, Any]) -> str | None:
    """The KYC status that the page showed."""
    return (asked["opened"] or {}).get("kyc")


def _reset_login(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    passwords.send_reset_link(unit, member.pk, MailKind.RESET_LOGIN)
    return f"A link to set a new password is on its way to {member.user.email}."


def _reset_transaction(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    passwords.send_reset_link(unit, member.pk, MailKind.RESET_TRANSACTION)
    return f"A link to set a new transaction password is on its way to {member.user.email}."


def _bank(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> Shown:
    bank = profiles.show_bank(unit, member.pk)
    rows = [(label, bank[name] or shown.NOTHING) for name, label in _BANK.items()]
    return Shown(f"Bank data of {member}", [FactsBlock("Bank data", rows)])


def _is(standing: Standing) -> Any:
    return lambda member: member.standing == standing


_BUTTONS = (
    *MONEY,
    Button(
        "verify",
        "Verify identity",
        verifying.review_kyc,
        _verify,
        "Confirm that you have checked the identity of this member.",
        NoteForm,
        initial=_kyc,
        fits=lambda member: status_of(member.pk) != KycStatus.VERIFIED,
        preview=_identity,
    ),
    Button(
        "reject",
        "Reject identity",
        verifying.review_kyc,
        _reject,
        "You do not accept the proof of identity that this member gave.",
        RejectForm,
        initial=_kyc,
        fits=lambda member: status_of(member.pk) != KycStatus.REJECTED,
        grave=True,
    ),
    Button(
        "reset-login",
        "Send password link",
        passwords.send_reset_link,
        _reset_login,
        "The member gets a mail with a link to set a new login password. Staff never choose or "
        "see it.",
        fits=_is(Standing.ACTIVE),
    ),
    Button(
        "reset-transaction",
        "Send transaction password link",
        passwords.send_reset_link,
        _reset_transaction,
        "The member gets a mail with a link to set a new transaction password.",
        fits=_is(Standing.ACTIVE),
    ),
    POSITION,
    unlock_button(signing_in.unlock, lambda member: member.user, fits=_is(Standing.ACTIVE)),
    Button(
        "bank",
        "Show bank data",
        profiles.show_bank,
        _bank,
        "Bank data is stored encrypted. The audit log records that you looked at it.",
        once=False,
    ),
    Button(
        "block",
        "Block",
        blocking.block_member,
        _block,
        "The member is signed out everywhere and can no longer sign in.",
        ReasonForm,
        fits=_is(Standing.ACTIVE),
        grave=True,
    ),
    Button(
        "unblock",
        "Unblock",
        blocking.unblock_member,
        _unblock,
        "The member can sign in again.",
        ReasonForm,
        fits=_is(Standing.BLOCKED),
    ),
    Button(
        "close",
        "Close membership",
        blocking.close_member,
        closing.close,
        "This ends the membership for good. The place of the member in the trees stays.",
        closing.CloseForm,
        fits=_is(Standing.BLOCKED),
        grave=True,
    ),
)


@admin.register(Member)
class MemberDesk(Desk):
    plural = "Members"
    nothing = "There are no members yet. They appear here once they sign up."
    list_display = ("username", "name", "email", "package", "status", "kind", "joined")
    list_filter = ("kind", ("standing", admin.ChoicesFieldListFilter), ByPackage)
    list_buttons = (customers.REGISTER,)
    list_select_related = ("user", "package")
    ordering = ("-pk",)
    buttons = (*_BUTTONS, *customers.BUTTONS, markets.MOVE)

    @admin.display(description="username", ordering="user__username")
    def username(self, member: Member) -> str:
        return member.user.username

    @admin.display(description="name", ordering="lastname")
    def name(self, member: Member) -> str:
        return f"{member.firstname} {member.lastname}".strip()

    @admin.display(description="standing", ordering="standing")
    def status(self, member: Member) -> SafeString:
        return shown.status(member.standing)

    @admin.display(description="joined", ordering="joined_at")
    def joined(self, member: Member) -> str:
        return shown.moment(member.joined_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return Member.objects.select_related("user", "package", "picture").defer("picture__content")

    def heading(self, thing: Member) -> str:
        return thing.user.username

    def blocks(self, request: HttpRequest, thing: Member) -> Sequence[Block]:
        """Each block for who may see what it shows."""
        found: list[tuple[str, Any]] = [
            (Right.VIEW_MEMBERS, _person),
            (Right.VIEW_MEMBERS, _standing),
            (Right.VIEW_MEMBERS, place_block),
            (Right.VIEW_MEMBERS, positions_block),
            (Right.VIEW_BOOKS, _balances),
            (Right.VIEW_TRANSFERS, _transfers),
            (Right.VIEW_PAYOUTS, _payouts),
            (Right.VIEW_ORDERS, _orders),
            (Right.VIEW_EPINS, _epins),
            (Right.VIEW_KYC, _reviews),
            (Right.VIEW_MAILS, _mails),
            (Right.VIEW_AUDIT, latest_about),
        ]
        made = [make(thing) for right, make in found if request.user.has_perm(right)]
        return [block for block in made if block is not None]


def _person(member: Member) -> FactsBlock:
    address = (member.address_line1, member.address_line2,
               f"{member.zip_code} {member.city}".strip(), countries.state_name(member.state_id),
               countries.country_name(member.country_id))  # fmt: skip
    email = member.email
    if email != member.user.email:
        status = "confirmed, waiting" if member.email_confirmed_at else "not confirmed"
        email = f"{email} ({status}; links go to {member.user.email})"
    return FactsBlock(
        "Person",
        [
            ("Name", f"{member.firstname} {member.lastname}".strip()),
            ("E-mail", email),
            ("Mobile", member.mobile or shown.NOTHING),
            ("Landline", member.landline or shown.NOTHING),
            ("Address", ", ".join(filter(None, address)) or shown.NOTHING),
            ("Born", shown.day(member.date_of_birth)),
            ("Gender", member.get_gender_display() or shown.NOTHING),
        ],
    )


def _standing(member: Member) -> FactsBlock:
    latest = StandingFact.objects.filter(member_id=member.pk).order_by("-id").first()
    reason = f"{latest.reason}, {shown.moment(latest.since)}" if latest else shown.NOTHING
    return FactsBlock(
        "Membership",
        [
            ("Standing", shown.status(member.standing)),
            ("Since", reason),
            ("KYC", shown.status(status_of(member.pk))),
            ("Package", member.package or shown.NOTHING),
            ("Paid-as rank (last run)", member.rank_name or shown.NOTHING),
            ("Kind", member.get_kind_display()),
            ("Registered", shown.moment(member.joined_at)),
            ("Member since", shown.moment(member.member_since)),
            (
                "Terms",
                f"version {member.terms_version}, {shown.moment(member.terms_agreed_at)}, "
                f"from {member.terms_address or 'the office'}",
            ),
            ("Transaction password", "set" if member.transaction_password else "not set yet"),
        ],
    )


def _balances(member: Member) -> FactsBlock:
    found = wallet.balances(member.pk, member.market.currency_id)
    currency = member.market.currency_id
    rows = [(label, shown.money(found.get(kind), currency)) for kind, label in _ACCOUNTS.items()]
    return FactsBlock("Balances", rows)


def _transfers(member: Member) -> TableBlock:
    rows = [
        (shown.moment(each.created_at), shown.words(each.kind), shown.amount(each),
         shown.money(each.purchase_amount, each.currency), each.note)
        for each in wallet.history(member.pk, None, LATEST)
    ]  # fmt: skip
    heads = ("When", "What", "Wallet", "Shopping balance", "Note")
    return TableBlock(
        "Latest transfers", heads, rows, shown.listing("wallet_transfer", q=member.user)
    )


def _payouts(member: Member) -> TableBlock:
    rows = [
        (shown.link("payouts_payout", each.pk, each.number), shown.moment(each.requested_at),
         shown.status(each.status), shown.money(each.amount, each.currency))
        for each in payouts.own(member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("payouts_payout", member=member.pk)
    return TableBlock("Latest payouts", ("Payout", "Requested", "Status", "Amount"), rows, more)


def _orders(member: Member) -> TableBlock:
    rows = [
        (shown.link("orders_order", each.pk, each.number), shown.moment(each.created_at),
         shown.status(each.status), shown.money(each.total_amount, each.currency))
        for each in Order.objects.filter(member_id=member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("orders_order", member=member.pk)
    return TableBlock("Latest orders", ("Order", "When", "Status", "Amount"), rows, more)


def _epins(member: Member) -> TableBlock:
    own = EPin.objects.filter(owner_id=member.pk).select_related("batch")
    rows = [
        (shown.link("epins_epin", each.pk, f"…{each.last_four}"), shown.status(each.status),
         shown.money(each.balance, each.batch.currency),
         shown.money(each.amount, each.batch.currency), shown.moment(each.expires_at))
        for each in with_status(own)[:LATEST]
    ]  # fmt: skip
    heads = ("E-pin", "Status", "Balance", "Value", "Expires")
    return TableBlock("Latest e-pins", heads, rows, shown.listing("epins_epin", owner=member.pk))


def _reviews(member: Member) -> TableBlock:
    found = member.kyc_reviews.select_related("actor")[:LATEST]
    rows = [
        (shown.moment(each.at), shown.status(each.status), each.note, each.actor or shown.NOTHING)
        for each in found
    ]
    return TableBlock("KYC reviews", ("When", "Decision", "Note", "By"), rows)


def _mails(member: Member) -> TableBlock:
    rows = [
        (shown.link("mailings_mail", each.pk, shown.words(each.kind)), each.to_address,
         shown.status(each.status), shown.moment(each.created_at))
        for each in Mail.objects.filter(user_id=member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("mailings_mail", user=member.pk)
    return TableBlock("Latest mails", ("Mail", "To", "Status", "Created"), rows, more)
