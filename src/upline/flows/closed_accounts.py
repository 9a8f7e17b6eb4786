"""Money on accounts of members who have left: what was left there, or came back to them later by a
refund or a returned payout. Nobody can spend it, so staff send it to them or keep it. What such a
member owes, staff may waive."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from upline.base import audit
from upline.base.amounts import Money
from upline.base.errors import Conflict, FieldsWrong
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.flows import two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext, lazy
from upline.wallet import actions as wallet
from upline.wallet import queries
from upline.wallet.models import Account, AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account

# Where the rest of a balance goes, and what the audit log says of it.
_WAYS = {
    TransferKind.CLOSED_PAID: (AccountKind.OUTSIDE, EventKind.WALLET_CLOSED_PAID),
    TransferKind.CLOSED_FORFEITED: (AccountKind.FORFEITED, EventKind.WALLET_CLOSED_FORFEITED),
}


class NothingToSettle(Conflict):
    """The account is not one of a member who has left, or holds nothing."""


class HoldsMoney(Conflict):
    sentence = lazy("This member still holds money. Settle that first: it pays the debt.")


class BalanceChanged(Conflict):
    sentence = lazy("The balance has just changed. Look at it again.")


@dataclass(frozen=True)
class BalanceSettlement:
    """What becomes of a balance, in minor units: `debt` of it pays what the member owes, `rest` is
    sent to them or kept."""

    balance: int
    debt: int

    @property
    def rest(self) -> int:
        """What is left to pay out or keep, in minor units."""
        return self.balance - self.debt


def prepare(account_id: int) -> BalanceSettlement:
    """What settling an account would do now. Raises NothingToSettle."""
    account = queries.of_the_closed().filter(pk=account_id).first()
    if account is None or account.member_id is None:
        raise NothingToSettle(gettext("This account holds nothing of a member who has left."))
    held = account.balance or 0
    owed = queries.balances(account.member_id, account.currency)[AccountKind.OWED]
    return BalanceSettlement(held, min(owed, held))


@needs(Right.ADJUST_WALLETS)
def pay(unit: UnitOfWork, account_id: int, note: str, seen: int | None = None) -> BalanceSettlement:
    """Take the whole balance off: what the member owes is paid first, and the rest has been sent
    to them by other means; `note` says how. `seen` is the balance that a page showed. Raises
    FieldsWrong without a note, NothingToSettle, BalanceChanged; NeedsSecond where it takes two
    people."""
    if not note.strip():
        raise FieldsWrong(gettext("Enter how the money was sent."))
    return _settle(unit, account_id, seen, TransferKind.CLOSED_PAID, note)


@needs(Right.ADJUST_WALLETS)
def forfeit(
    unit: UnitOfWork, account_id: int, reason: str, seen: int | None = None
) -> BalanceSettlement:
    """Take the whole balance off: what the member owes is paid first, and the company keeps the
    rest. Raises FieldsWrong without a reason, NothingToSettle, BalanceChanged."""
    if not reason.strip():
        raise FieldsWrong(gettext("Enter a reason."))
    return _settle(unit, account_id, seen, TransferKind.CLOSED_FORFEITED, reason)


@needs(Right.ADJUST_WALLETS)
def waive(unit: UnitOfWork, account_id: int, reason: str, seen: int | None = None) -> int:
    """Write off the debt of a member who has left. `account_id` is the account that holds it,
    `seen` the amount that a page showed. Returns the amount in minor units. Raises FieldsWrong
    without a reason, NothingToSettle, BalanceChanged; HoldsMoney while they have money that pays
    it; NeedsSecond where it takes two people."""
    if not reason.strip():
        raise FieldsWrong(gettext("Enter a reason."))
    account = queries.debts_of_the_closed().filter(pk=account_id).first()
    if account is None or account.member_id is None:
        raise NothingToSettle(gettext("No member who has left owes anything here."))
    member_id, amount = account.member_id, account.balance or 0
    unit.refuse_own(member_id)

    def waived() -> int:
        wallet.lock([account_id])
        its = queries.of_the_closed().filter(member_id=member_id, currency=account.currency)
        if its.exists():
            raise HoldsMoney()
        debt = queries.balances(member_id, account.currency)[AccountKind.OWED]
        if debt != amount or seen not in (None, debt):
            raise BalanceChanged()
        wallet.transfer(
            account_id,
            company_account(AccountKind.CLAIMS, account.currency),
            debt,
            TransferKind.CLOSED_DEBT_WAIVED,
            f"account:{account_id}:{secrets.token_hex(8)}",
            wallet.BelongsTo(member_id),
            note=reason,
        )
        changes = audit.step("owed", debt, 0)
        data = {"member_id": member_id, "amount": debt, "currency": account.currency}
        events.record(
            unit, EventKind.WALLET_CLOSED_WAIVED, f"user:{member_id}", data, amount=debt,
            reason=reason, changes=changes,
        )  # fmt: skip
        return debt

    step = two_people.Step(
        EventKind.WALLET_CLOSED_WAIVED,
        Right.ADJUST_WALLETS,
        {"account_id": account_id, "reason": reason, "seen": amount},
        what=f"{EventKind.WALLET_CLOSED_WAIVED} {account_id} {amount}",
        person_id=member_id,
        reason=reason,
    )
    return two_people.commit_amount(
        unit, step, waived, lambda debt: [Money(debt, account.currency)]
    )


def _settle(
    unit: UnitOfWork, account_id: int, seen: int | None, kind: TransferKind, note: str
) -> BalanceSettlement:
    to, event = _WAYS[kind]

    def settle() -> BalanceSettlement:
        account = Account.objects.filter(pk=account_id, member__isnull=False).first()
        if account is None or account.member_id is None:
            raise NothingToSettle(gettext("This account holds nothing of a member who has left."))
        unit.refuse_own(account.member_id)
        owed = account_of(account.member_id, AccountKind.OWED, account.currency)
        wallet.lock([account_id, owed])
        found = prepare(account_id)
        if seen not in (None, found.balance):
            raise BalanceChanged()
        reference = f"account:{account_id}:{secrets.token_hex(8)}"
        move = partial(
            wallet.transfer,
            reference=reference,
            belongs_to=wallet.BelongsTo(account.member_id),
            note=note,
        )
        if found.debt:
            _pay_debt(account, owed, found.debt, move)
        if found.rest:
            move(account_id, company_account(to, account.currency), found.rest, kind)
        events.record(
            unit,
            event,
            f"user:{account.member_id}",
            {
                "member_id": account.member_id,
                "amount": found.balance,
                "currency": account.currency,
                "debt": found.debt,
            },
            amount=found.balance,
            debt=found.debt,
            reason=note,
            changes=audit.step("balance", found.balance, 0),
        )
        return found

    if kind != TransferKind.CLOSED_PAID:
        return unit.commit(settle)
    now = prepare(account_id)
    step = two_people.Step(
        event,
        Right.ADJUST_WALLETS,
        {"account_id": account_id, "note": note, "seen": now.balance},
        what=f"{event} {account_id} {now.balance}",
        reason=note,
    )
    currency = Account.objects.values_list("currency", flat=True).get(pk=account_id)
    return two_people.commit_amount(unit, step, settle, lambda made: [Money(made.rest, currency)])


def _pay_debt(
    account: Account,
    owed: int,
    debt: int,
    move: Callable[[int, int, int, TransferKind], int],
) -> None:
    commissions = company_account(AccountKind.COMMISSIONS, account.currency)
    move(account.pk, commissions, debt, TransferKind.CLOSED_DEBT)
    claims = company_account(AccountKind.CLAIMS, account.currency)
    move(owed, claims, debt, TransferKind.CLOSED_DEBT_REPAID)
