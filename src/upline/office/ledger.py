"""The ledger, to look at. Money is moved by the buttons of a member's page; only what is left on
accounts of members who have left is settled here."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.office.closed_accounts import SETTLING
from upline.office.desk import ByDay, Desk
from upline.screens import shown, who
from upline.wallet import queries
from upline.wallet.models import Account, AccountKind, Transfer

LATEST = 20
_SIDES = ("debit__member__user", "credit__member__user")


class ByKind(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(kind, shown.words(kind)) for kind in queries.kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> QuerySet[Transfer]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByAccountKind(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(kind, shown.account_kind(kind)) for kind in AccountKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByOwner(admin.SimpleListFilter):
    title = "owner"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [
            ("company", "the company"),
            ("members", "members"),
            ("closed", "members who have left, with money"),
            ("debts", "members who have left, with a debt"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        if self.value() == "closed":
            return queryset.filter(pk__in=queries.of_the_closed())
        if self.value() == "debts":
            return queryset.filter(pk__in=queries.debts_of_the_closed())
        if self.value() not in {"company", "members"}:
            return queryset
        return queryset.filter(member__isnull=self.value() == "company")


@admin.register(Transfer)
class TransferDesk(Desk):
    plural = "Wallet ledger"
    nothing = "No money has moved yet. Each movement between two accounts appears here."
    list_display = ("id", "when", "sum", "source", "target", "what", "note")
    list_filter = (ByKind, ("business_date", ByDay))
    list_select_related = _SIDES

    @admin.display(description="when", ordering="created_at")
    def when(self, transfer: Transfer) -> str:
        return shown.moment(transfer.created_at)

    @admin.display(description="amount", ordering="amount")
    def sum(self, transfer: Transfer) -> str:
        return shown.money(transfer.amount, transfer.currency)

    @admin.display(description="from", ordering="debit")
    def source(self, transfer: Transfer) -> str:
        return shown.account(transfer.debit)

    @admin.display(description="to", ordering="credit")
    def target(self, transfer: Transfer) -> str:
        return shown.account(transfer.credit)

    @admin.display(description="kind", ordering="kind")
    def what(self, transfer: Transfer) -> str:
        return shown.words(transfer.kind)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        return Transfer.objects.select_related(*_SIDES, *who.COLUMNS)

    def heading(self, thing: Transfer) -> str:
        return f"Transfer {thing.pk}"

    def blocks(self, request: HttpRequest, thing: Transfer) -> Sequence[Block]:
        undone = [("Reversed by", _linked(each)) for each in thing.undone_by.order_by("id")]
        rows = [
            ("Amount", shown.money(thing.amount, thing.currency)),
            ("From", shown.link("wallet_account", thing.debit_id, shown.account(thing.debit))),
            ("To", shown.link("wallet_account", thing.credit_id, shown.account(thing.credit))),
            ("Kind", shown.words(thing.kind)),
            ("Reference", thing.reference),
            ("Note", thing.note or shown.NOTHING),
            ("When", shown.moment(thing.created_at)),
            ("Business date", shown.day(thing.business_date)),
            ("By", who.linked(thing)),
            ("Reverses", _linked(thing.undoes) if thing.undoes else shown.NOTHING),
        ]
        return [FactsBlock("Transfer", rows + undone)]


def _linked(transfer: Transfer) -> Any:
    text = f"transfer {transfer.pk}, {shown.money(transfer.amount, transfer.currency)}"
    return shown.link("wallet_transfer", transfer.pk, text)


@admin.register(Account)
class AccountDesk(Desk):
    plural = "Company books"
    nothing = "There are no accounts yet."
    list_display = ("name", "held")
    list_filter = (ByOwner, ByAccountKind)
    list_select_related = ("member__user",)
    ordering = ("pk",)
    buttons = SETTLING

    @admin.display(description="account")
    def name(self, account: Account) -> str:
        return shown.account(account)

    @admin.display(description="balance", ordering="balance")
    def held(self, account: Account) -> str:
        """Company accounts keep none: their page adds their transfers up."""
        return (
            "on its page"
            if account.balance is None
            else shown.money(account.balance, account.currency)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return Account.objects.select_related("member__user")

    def heading(self, thing: Account) -> str:
        return shown.account(thing)

    def blocks(self, request: HttpRequest, thing: Account) -> Sequence[Block]:
        total = queries.total_of(thing.pk)
        rows = [
            (
                "Owner",
                shown.member(thing.member_id, str(thing.member)) if thing.member else "the company",
            ),
            ("Kind", shown.account_kind(thing.kind)),
            ("Sum of its transfers", shown.money(total, thing.currency)),
        ]
        if thing.balance is not None:
            rows.append(("Balance", shown.money(thing.balance, thing.currency)))
        return [FactsBlock("Account", rows), _latest(thing)]


def _latest(account: Account) -> TableBlock:
    both = Q(debit_id=account.pk) | Q(credit_id=account.pk)
    found = Transfer.objects.filter(both).select_related(*_SIDES)[:LATEST]
    rows = [_movement(each, account) for each in found]
    return TableBlock("Latest transfers", ("When", "What", "Other side", "Amount", "Note"), rows)


def _movement(transfer: Transfer, account: Account) -> tuple[Any, ...]:
    """As `account` sees it: what left it is below zero."""
    outgoing = transfer.debit_id == account.pk
    return (
        shown.link("wallet_transfer", transfer.pk, shown.moment(transfer.created_at)),
        shown.words(transfer.kind),
        shown.account(transfer.credit if outgoing else transfer.debit),
        shown.money(-transfer.amount if outgoing else transfer.amount, transfer.currency),
        transfer.note,
    )
