"""Moving money. There is one function that does, and it lives in the database."""

from collections.abc import Iterable
from typing import NamedTuple

from upline.base import actors, clock, sql
from upline.base.amounts import Money
from upline.company import current as company
from upline.wallet.errors import BalanceTooLow
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account

_TRANSFER = """
SELECT wallet_transfer(%s, %s, %s, %s, %s, %s, %s, %s, %s::base_actor, %s,
                       %s::bigint, %s::bigint, %s::bigint)
"""


class BelongsTo(NamedTuple):
    """What a transfer belongs to, by id: whose business it is, and the order or payout that it is
    for. None where there is none. Only a commission run writes transfers of a run, with a function
    of its own."""

    member_id: int | None = None
    order_id: int | None = None
    payout_id: int | None = None


def open_accounts(member_id: int) -> None:
    """Give a member the four accounts in the currency of their market, empty. Those that the
    member has stay."""
    sql.run("SELECT wallet_open(%s)", [member_id])


def transfer(
    debit_id: int,
    credit_id: int,
    amount: int,
    kind: TransferKind,
    reference: str,
    belongs_to: BelongsTo,
    *,
    undoes: int | None = None,
    note: str = "",
) -> int:
    """Move `amount` minor units between two accounts of one currency. Returns the transfer's id.

    `kind` and `reference` together happen once. Who acts is known of the unit of work. Raises
    BalanceTooLow where the debit account is a member's and does not hold the amount."""
    now = clock.now()
    made = sql.value(
        int,
        _TRANSFER,
        [
            debit_id,
            credit_id,
            amount,
            kind,
            reference,
            undoes,
            company.current().day_of(now),
            now,
            actors.keys_now().row,
            note,
            *belongs_to,
        ],
    )
    if made is None:
        raise BalanceTooLow()
    return made


def lock(account_ids: Iterable[int]) -> None:
    """Hold members' accounts before several transfers among them, so that two units of work
    never hold one each and want the other's."""
    sql.run("SELECT wallet_lock(%s)", [sorted(set(account_ids))])


class ExchangeSide(NamedTuple):
    """What an exchange moves in one currency: `amount` in minor units between two accounts, one of
    which is the company's for exchanges."""

    debit_id: int
    credit_id: int
    amount: int


def exchange(
    sold: ExchangeSide,
    bought: ExchangeSide,
    rate: int,
    belongs_to: BelongsTo,
    *,
    note: str,
) -> int:
    """Move money out of one currency and into another, at a rate in millionths that is stored.
    Returns the exchange's id. Raises BalanceTooLow."""
    exchange_id = sql.number("SELECT nextval(pg_get_serial_sequence('wallet_exchange', 'id'))")
    kinds = (TransferKind.EXCHANGE_OUT, TransferKind.EXCHANGE_IN)
    out_id, in_id = (
        transfer(*side, kind, f"exchange:{exchange_id}", belongs_to, note=note)
        for side, kind in zip((sold, bought), kinds, strict=True)
    )
    sql.run(
        "INSERT INTO wallet_exchange (id, rate, sold_id, bought_id) VALUES (%s, %s, %s, %s)",
        [exchange_id, rate, out_id, in_id],
    )
    return exchange_id


def credit_from_outside(member_id: int, money: Money, reference: str, note: str) -> int:
    """Money that came from outside (cash, a bank transfer) onto a member's wallet."""
    return transfer(
        company_account(AccountKind.OUTSIDE, money.currency),
        account_of(member_id, AccountKind.WALLET, money.currency),
        money.minor,
        TransferKind.OFFICE_CREDIT,
        reference,
        BelongsTo(member_id),
        note=note,
    )


def debit_to_outside(member_id: int, money: Money, reference: str, note: str) -> int:
    """Money that left a member's wallet for the outside. Raises BalanceTooLow."""
    return transfer(
        account_of(member_id, AccountKind.WALLET, money.currency),
        company_account(AccountKind.OUTSIDE, money.currency),
        money.minor,
        TransferKind.OFFICE_DEBIT,
        reference,
        BelongsTo(member_id),
        note=note,
    )
