"""The blocks of a member's page: the person, their membership, money, orders and mails."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from upline.base import countries
from upline.epins.models import EPin
from upline.epins.queries import with_status
from upline.flows.permissions import Right
from upline.kyc.queries import status_of
from upline.language import gettext, lazy
from upline.mailings.models import Mail
from upline.members.models import Member, StandingFact
from upline.office.audit import latest_about
from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.office.places import place_block, positions_block
from upline.orders.models import Order
from upline.payouts import queries as payouts
from upline.screens import shown
from upline.wallet import queries as wallet
from upline.wallet.models import AccountKind

LATEST = 10
_ACCOUNTS = {
    AccountKind.WALLET: lazy("Wallet"),
    AccountKind.DEPOSITS: lazy("Reserved for an order"),
    AccountKind.PURCHASE: lazy("Shopping balance"),
    AccountKind.OWED: lazy("Owes the company"),
}


def blocks(request: HttpRequest, member: Member) -> Sequence[Block]:
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
    made = [make(member) for right, make in found if request.user.has_perm(right)]
    return [block for block in made if block is not None]


def _person(member: Member) -> FactsBlock:
    address = (member.address_line1, member.address_line2,
               f"{member.zip_code} {member.city}".strip(), countries.state_name(member.state_id),
               countries.spoken_name(member.country_id))  # fmt: skip
    return FactsBlock(
        gettext("Person"),
        [
            (gettext("Name"), f"{member.firstname} {member.lastname}".strip()),
            (gettext("E-mail"), _email(member)),
            (gettext("Mobile"), member.mobile or shown.NOTHING),
            (gettext("Landline"), member.landline or shown.NOTHING),
            (gettext("Address"), ", ".join(filter(None, address)) or shown.NOTHING),
            (gettext("Born"), shown.day(member.date_of_birth)),
            (gettext("Gender"), member.get_gender_display() or shown.NOTHING),
        ],
    )


def _email(member: Member) -> str:
    """The address, and where links go until it holds."""
    if member.email == member.user.email:
        return member.email
    sentence = (
        lazy("{email} (confirmed, waiting; links go to {other})")
        if member.email_confirmed_at
        else lazy("{email} (not confirmed; links go to {other})")
    )
    return sentence.format(email=member.email, other=member.user.email)


def _terms(member: Member) -> str:
    about = {"version": member.terms_version, "moment": shown.moment(member.terms_agreed_at)}
    if not member.terms_address:
        return gettext("version {version}, {moment}, from the office", **about)
    return gettext(
        "version {version}, {moment}, from {address}", address=member.terms_address, **about
    )


def _standing(member: Member) -> FactsBlock:
    latest = StandingFact.objects.filter(member_id=member.pk).order_by("-id").first()
    reason = f"{latest.reason}, {shown.moment(latest.since)}" if latest else shown.NOTHING
    return FactsBlock(
        gettext("Membership"),
        [
            (gettext("Standing"), shown.status(member.standing)),
            (gettext("Since"), reason),
            ("KYC", shown.status(status_of(member.pk))),
            (gettext("Package"), member.package or shown.NOTHING),
            (gettext("Paid-as rank (last run)"), member.rank_name or shown.NOTHING),
            (gettext("Kind"), member.get_kind_display()),
            (gettext("Registered"), shown.moment(member.joined_at)),
            (gettext("Member since"), shown.moment(member.member_since)),
            (gettext("Terms"), _terms(member)),
            (
                gettext("Transaction password"),
                gettext("set") if member.transaction_password else gettext("not set yet"),
            ),
        ],
    )


def _balances(member: Member) -> FactsBlock:
    found = wallet.balances(member.pk, member.market.currency_id)
    currency = member.market.currency_id
    rows = [(label, shown.money(found.get(kind), currency)) for kind, label in _ACCOUNTS.items()]
    return FactsBlock(gettext("Balances"), rows)


def _transfers(member: Member) -> TableBlock:
    rows = [
        (shown.moment(each.created_at), shown.words(each.kind), shown.amount(each),
         shown.money(each.purchase_amount, each.currency), each.note)
        for each in wallet.history(member.pk, None, LATEST)
    ]  # fmt: skip
    heads = (
        gettext("When"),
        gettext("What"),
        gettext("Wallet"),
        gettext("Shopping balance"),
        gettext("Note"),
    )
    return TableBlock(
        gettext("Latest transfers"), heads, rows, shown.listing("wallet_transfer", q=member.user)
    )


def _payouts(member: Member) -> TableBlock:
    rows = [
        (shown.link("payouts_payout", each.pk, each.number), shown.moment(each.requested_at),
         shown.status(each.status), shown.money(each.amount, each.currency))
        for each in payouts.own(member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("payouts_payout", member=member.pk)
    return TableBlock(
        gettext("Latest payouts"),
        (gettext("Payout"), gettext("Requested"), gettext("Status"), gettext("Amount")),
        rows,
        more,
    )


def _orders(member: Member) -> TableBlock:
    rows = [
        (shown.link("orders_order", each.pk, each.number), shown.moment(each.created_at),
         shown.status(each.status), shown.money(each.total_amount, each.currency))
        for each in Order.objects.filter(member_id=member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("orders_order", member=member.pk)
    return TableBlock(
        gettext("Latest orders"),
        (gettext("Order"), gettext("When"), gettext("Status"), gettext("Amount")),
        rows,
        more,
    )


def _epins(member: Member) -> TableBlock:
    own = EPin.objects.filter(owner_id=member.pk).select_related("batch")
    rows = [
        (shown.link("epins_epin", each.pk, f"…{each.last_four}"), shown.status(each.status),
         shown.money(each.balance, each.batch.currency),
         shown.money(each.amount, each.batch.currency), shown.moment(each.expires_at))
        for each in with_status(own)[:LATEST]
    ]  # fmt: skip
    heads = (
        gettext("E-pin"),
        gettext("Status"),
        gettext("Balance"),
        gettext("Value"),
        gettext("Expires"),
    )
    return TableBlock(
        gettext("Latest e-pins"), heads, rows, shown.listing("epins_epin", owner=member.pk)
    )


def _reviews(member: Member) -> TableBlock:
    found = member.kyc_reviews.select_related("actor")[:LATEST]
    rows = [
        (shown.moment(each.at), shown.status(each.status), each.note, each.actor or shown.NOTHING)
        for each in found
    ]
    return TableBlock(
        gettext("KYC reviews"),
        (gettext("When"), gettext("Decision"), gettext("Note"), gettext("By")),
        rows,
    )


def _mails(member: Member) -> TableBlock:
    rows = [
        (shown.link("mailings_mail", each.pk, shown.words(each.kind)), each.to_address,
         shown.status(each.status), shown.moment(each.created_at))
        for each in Mail.objects.filter(user_id=member.pk)[:LATEST]
    ]  # fmt: skip
    more = shown.listing("mailings_mail", user=member.pk)
    return TableBlock(
        gettext("Latest mails"),
        (gettext("Mail"), gettext("To"), gettext("Status"), gettext("Created")),
        rows,
        more,
    )
