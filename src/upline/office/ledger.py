"""The ledger, to look at. Money is moved by the buttons of a member's page; only what is left on
accounts of members who have left is settled here."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from upline.language import gettext, lazy
from upline.office.buttons import Block, FactsBlock, TableBlock
from upline.office.closed_accounts import SETTLING
from upline.office.desk import ByDay, Desk
from upline.screens import shown, who
from upline.wallet import queries
from upline.wallet.models import Account, AccountKind, Transfer

LATEST = 20
_SIDES = ("debit__member__user", "credit__member__user")


class ByKind(admin.SimpleListFilter):
    title = lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(kind, shown.words(kind)) for kind in queries.kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> QuerySet[Transfer]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByAccountKind(admin.SimpleListFilter):
    title = lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(kind, shown.account_kind(kind)) for kind in AccountKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByOwner(admin.SimpleListFilter):
    title = lazy("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [
            ("company", gettext("the company")),
            ("members", gettext("members")),
            ("closed", gettext("members who have left, with money")),
            ("debts", gettext("members who have left, with a debt")),
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
    plural = lazy("Wallet ledger")
    nothing = lazy("No money has moved yet. Each movement between two accounts appears here.")
    list_display = ("id", "when", "sum", "source", "target", "what", "note")
    list_filter = (ByKind, ("business_date", ByDay))
    list_select_related = _SIDES

    @admin.display(description=lazy("when"), ordering="created_at")
    def when(self, transfer: Transfer) -> str:
        return shown.moment(transfer.created_at)

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, transfer: Transfer) -> str:
        return shown.money(transfer.amount, transfer.currency)

    @admin.display(description=lazy("from"), ordering="debit")
    def source(self, transfer: Transfer) -> str:
        return shown.account(transfer.debit)

    @admin.display(description=lazy("to"), ordering="credit")
    def target(self, transfer: Transfer) -> str:
        return shown.account(transfer.credit)

    @admin.display(description=lazy("kind"), ordering="kind")
    def what(self, transfer: Transfer) -> str:
        return shown.words(transfer.kind)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        return Transfer.objects.select_related(*_SIDES, *who.COLUMNS)

    def heading(self, thing: Transfer) -> str:
        return gettext("Transfer {id}", id=thing.pk)

    def blocks(self, request: HttpRequest, thing: Transfer) -> Sequence[Block]:
        undone = [
            (gettext("Reversed by"), _linked(each)) for each in thing.undone_by.order_by("id")
        ]
        rows = [
            (gettext("Amount"), shown.money(thing.amount, thing.currency)),
            (
                gettext("From"),
                shown.link("wallet_account", thing.debit_id, shown.account(thing.debit)),
            ),
            (
                gettext("To"),
                shown.link("wallet_account", thing.credit_id, shown.account(thing.credit)),
            ),
            (gettext("Kind"), shown.words(thing.kind)),
            (gettext("Reference"), thing.reference),
            (gettext("Note"), thing.note or shown.NOTHING),
            (gettext("When"), shown.moment(thing.created_at)),
            (gettext("Business date"), shown.day(thing.business_date)),
            (gettext("By"), who.linked(thing)),
            (gettext("Reverses"), _linked(thing.undoes) if thing.undoes else shown.NOTHING),
        ]
        return [FactsBlock(gettext("Transfer"), rows + undone)]


def _linked(transfer: Transfer) -> Any:
    amount = shown.money(transfer.amount, transfer.currency)
    text = gettext("transfer {id}, {amount}", id=transfer.pk, amount=amount)
    return shown.link("wallet_transfer", transfer.pk, text)


@admin.register(Account)
class AccountDesk(Desk):
    plural = lazy("Company books")
    nothing = lazy("There are no accounts yet.")
    list_display = ("name", "held")
    list_filter = (ByOwner, ByAccountKind)
    list_select_related = ("member__user",)
    ordering = ("pk",)
    buttons = SETTLING

    @admin.display(description=lazy("account"))
    def name(self, account: Account) -> str:
        return shown.account(account)

    @admin.display(description=lazy("balance"), ordering="balance")
    def held(self, account: Account) -> str:
        """Company accounts keep none: their page adds their transfers up."""
        return (
            gettext("see its page")
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
                gettext("Owner"),
                shown.member(thing.member_id, str(thing.member))
                if thing.member
                else gettext("the company"),
            ),
            (gettext("Kind"), shown.account_kind(thing.kind)),
            (gettext("Sum of its transfers"), shown.money(total, thing.currency)),
        ]
        if thing.balance is not None:
            rows.append((gettext("Balance"), shown.money(thing.balance, thing.currency)))
        return [FactsBlock(gettext("Account"), rows), _latest(thing)]


def _latest(account: Account) -> TableBlock:
    both = Q(debit_id=account.pk) | Q(credit_id=account.pk)
    found = Transfer.objects.filter(both).select_related(*_SIDES)[:LATEST]
    rows = [_movement(each, account) for each in found]
    return TableBlock(
        gettext("Latest transfers"),
        (
            gettext("When"),
            gettext("What"),
            gettext("Other side"),
            gettext("Amount"),
            gettext("Note"),
        ),
        rows,
    )


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
