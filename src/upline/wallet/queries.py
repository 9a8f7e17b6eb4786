"""Balances and histories."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import QuerySet

from upline.base import databases, sql
from upline.company import current as company
from upline.members.models import Standing
from upline.wallet.errors import NoAccount
from upline.wallet.models import Account, AccountKind, TransferKind


def company_account(kind: AccountKind, currency: str) -> int:
    """The id of one of the company's accounts. The database opens them when a currency begins to
    be used."""
    # A market that is opened raises the version, and a database that is restored has another one.
    version = company.current().version
    return _company_account(databases.current(), version, kind, currency)


@lru_cache(maxsize=256)
def _company_account(alias: str, version: int, kind: AccountKind, currency: str) -> int:
    return sql.number(
        "SELECT id FROM wallet_account WHERE member_id IS NULL AND kind = %s AND currency = %s",
        [kind, currency],
    )


def account_of(member_id: int, kind: AccountKind, currency: str) -> int:
    """The id of a member's account. Raises NoAccount where the member has none in this currency."""
    found = sql.value(
        int,
        "SELECT id FROM wallet_account WHERE member_id = %s AND kind = %s AND currency = %s",
        [member_id, kind, currency],
    )
    if found is None:
        raise NoAccount()
    return found


class AccountBalance(NamedTuple):
    """What an account of this kind holds, in minor units; NULL for a company's."""

    kind: str
    balance: int


def balances(member_id: int, currency: str) -> dict[AccountKind, int]:
    """A member's balances in one currency by kind of account, in minor units."""
    found = sql.rows(
        AccountBalance,
        "SELECT kind, balance FROM wallet_account WHERE member_id = %s AND currency = %s",
        [member_id, currency],
    )
    return {AccountKind(row.kind): row.balance for row in found}


def of_the_closed() -> QuerySet[Account]:
    """Accounts on which members who have left still hold money that nothing will take off: wallets
    and what can only buy. A payment that waits for an order goes back by itself."""
    kinds = (AccountKind.WALLET, AccountKind.PURCHASE)
    return Account.objects.filter(member__standing=Standing.CLOSED, kind__in=kinds, balance__gt=0)


def debts_of_the_closed() -> QuerySet[Account]:
    """Accounts with what members who have left still owe, and will hardly repay."""
    return Account.objects.filter(
        member__standing=Standing.CLOSED, kind=AccountKind.OWED, balance__gt=0
    )


class Entry(NamedTuple):
    """A transfer as a member sees it: what it did to the wallet (`amount`), to all that can only
    buy, and to the debt; in minor units of its currency, signed."""

    id: int
    kind: str
    reference: str
    note: str
    created_at: datetime
    amount: int
    purchase_amount: int
    owed_amount: int
    currency: str


def history(member_id: int, before_id: int | None, limit: int) -> list[Entry]:
    """A member's transfers, newest first, older than `before_id`."""
    return sql.rows(
        Entry,
        """SELECT moved.id, moved.kind, moved.reference, moved.note, moved.created_at,
                  coalesce(sum(signed) FILTER (WHERE account = 'wallet'), 0)::bigint AS amount,
                  coalesce(sum(signed) FILTER (WHERE account IN ('deposits', 'purchase')), 0)
                      ::bigint AS purchase_amount,
                  coalesce(sum(signed) FILTER (WHERE account = 'owed'), 0)::bigint AS owed_amount,
                  moved.currency
           FROM (
               SELECT transfer.*, mine.kind AS account, -transfer.amount AS signed
               FROM wallet_account mine JOIN wallet_transfer transfer
                    ON transfer.debit_id = mine.id
               WHERE mine.member_id = %(member)s
               UNION ALL
               SELECT transfer.*, mine.kind, transfer.amount
               FROM wallet_account mine JOIN wallet_transfer transfer
                    ON transfer.credit_id = mine.id
               WHERE mine.member_id = %(member)s
           ) moved
           WHERE %(before)s::bigint IS NULL OR moved.id < %(before)s
           GROUP BY moved.id, moved.kind, moved.reference, moved.note, moved.created_at,
                    moved.currency
           ORDER BY moved.id DESC
           LIMIT %(most)s""",
        {"member": member_id, "before": before_id, "most": limit},
    )


class Moved(NamedTuple):
    """What one transfer moved, in minor units."""

    kind: str
    amount: int


def of_run(run_id: int, member_id: int, kinds: list[TransferKind]) -> dict[TransferKind, int]:
    """What a run moved for a member by each of these kinds, in minor units. Found by the key that
    `wallet_settle_commissions` writes: no index is kept of the columns beside it."""
    found = sql.rows(
        Moved,
        "SELECT kind, amount FROM wallet_transfer WHERE kind = ANY (%s) AND reference = %s",
        [kinds, f"run:{run_id}:{member_id}"],
    )
    return {TransferKind(row.kind): row.amount for row in found}


def kinds() -> list[str]:
    """The kinds of transfer there are."""
    return sql.distinct("wallet_transfer", "kind")


def total_of(account_id: int) -> int:
    """What an account's transfers come to, in minor units: the company's keep no balance."""
    return sql.number(
        """SELECT ((SELECT coalesce(sum(amount), 0) FROM wallet_transfer WHERE credit_id = %s)
                 - (SELECT coalesce(sum(amount), 0) FROM wallet_transfer WHERE debit_id = %s)
                  )::bigint""",
        [account_id, account_id],
    )
