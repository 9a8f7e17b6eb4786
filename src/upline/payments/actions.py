"""Paying in, giving back, and spending what was paid in. See docs/money.md.

A payment puts money onto the member's `deposits` account, from where it can only buy. Orders
take the deposit that expires first, then the `purchase` account."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from upline.base import clock, sql
from upline.company import current as company
from upline.epins import actions as epins
from upline.members.errors import TransactionPasswordWrong
from upline.members.models import Member, Standing
from upline.payments import queries, statements
from upline.payments.queries import PaymentSource, taker_of
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.errors import BalanceTooLow
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account

LIFE_MINUTES = 30


class WaitingDeposit(NamedTuple):
    """A deposit with what remains of it, in minor units, and what it was paid from: the account
    of a wallet, or an e-pin."""

    id: int
    remaining: int
    wallet_id: int | None
    epin_id: int | None
    transfer_id: int
    expires_at: datetime


def pay_in_from_wallet(
    member_id: int, owner_id: int, amount: int, checked_password: str, actor_id: int | None
) -> None:
    """From the owner's wallet onto the member's deposits. `checked_password` is the hash that
    the transaction password was checked against. Raises BalanceTooLow; TransactionPasswordWrong
    where since then the owner was blocked or the password changed."""
    now = clock.now()
    paid = sql.run(
        statements.PAY_IN_FROM_WALLET,
        {
            "member": member_id,
            "owner": owner_id,
            "checked_password": checked_password,
            "amount": amount,
            "reference": _new_reference(),
            "actor": actor_id,
            "today": company.current().day_of(now),
            "now": now,
            "expires_at": now + timedelta(minutes=LIFE_MINUTES),
        },
    )
    if not paid:
        still_right = Member.objects.filter(
            pk=owner_id, standing=Standing.ACTIVE, transaction_password=checked_password
        ).exists()
        raise BalanceTooLow() if still_right else TransactionPasswordWrong()


def pay_in_from_epin(member_id: int, epin_id: int, owner_id: int, amount: int) -> None:
    """From the owner's e-pin onto the member's deposits. Raises EPinInvalid."""
    epins.take(epin_id, owner_id, amount)
    transfer_id = wallet.transfer(
        company_account(AccountKind.EPINS),
        account_of(member_id, AccountKind.DEPOSITS),
        amount,
        TransferKind.PAYMENT_FROM_EPIN,
        _new_reference(),
        BelongsTo(member_id),
        actor_id=member_id,
    )
    now = clock.now()
    sql.run(
        """INSERT INTO payments_deposit (member_id, epin_id, transfer_id, amount, remaining,
                                         expires_at, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [
            member_id,
            epin_id,
            transfer_id,
            amount,
            amount,
            now + timedelta(minutes=LIFE_MINUTES),
            now,
        ],
    )


def _new_reference() -> str:
    return f"payment:{secrets.token_hex(12)}"


def spend(
    member_id: int, amount: int, reference: str, belongs_to: BelongsTo
) -> list[tuple[int | None, int, int]]:
    """Pay `amount` to the company's sales from what the member has paid in, the deposit that
    expires first, then from `purchase`.

    Returns (deposit id or None for purchase, amount, transfer id) for each part. Raises
    BalanceTooLow where it does not cover the amount."""
    sales = company_account(AccountKind.SALES)
    parts: list[tuple[int | None, int, int]] = []
    for deposit in lock_waiting(member_id):
        part = min(deposit.remaining, amount)
        if part == 0:
            break
        sql.run(
            "UPDATE payments_deposit SET remaining = remaining - %s WHERE id = %s",
            [part, deposit.id],
        )
        transfer_id = wallet.transfer(
            account_of(member_id, AccountKind.DEPOSITS),
            sales,
            part,
            TransferKind.ORDER_PAYMENT,
            f"{reference}:deposit:{deposit.id}",
            belongs_to,
            actor_id=member_id,
        )
        parts.append((deposit.id, part, transfer_id))
        amount -= part
    if amount:
        purchase = account_of(member_id, AccountKind.PURCHASE)
        transfer_id = wallet.transfer(
            purchase,
            sales,
            amount,
            TransferKind.ORDER_PAYMENT,
            f"{reference}:purchase",
            belongs_to,
            actor_id=member_id,
        )
        parts.append((None, amount, transfer_id))
    return parts


def give_back_all(member_id: int) -> int:
    """Give all unused deposits back where they came from. Returns the amount in minor units."""
    waiting = lock_waiting(member_id)
    _give_back(member_id, waiting)
    return sum(deposit.remaining for deposit in waiting)


def give_back_expired(member_id: int) -> None:
    """The same for the deposits whose time is over."""
    waiting = lock_waiting(member_id)
    _give_back(member_id, [each for each in waiting if each.expires_at <= clock.now()])


def _give_back(member_id: int, waiting: list[WaitingDeposit]) -> None:
    account = account_of(member_id, AccountKind.DEPOSITS)
    sources = [PaymentSource(member_id, each.wallet_id, each.epin_id) for each in waiting]
    lock_sources(sources, account)
    for deposit, source in zip(waiting, sources, strict=True):
        sql.run("UPDATE payments_deposit SET remaining = 0 WHERE id = %s", [deposit.id])
        wallet.transfer(
            account,
            return_account(source, deposit.remaining),
            deposit.remaining,
            TransferKind.PAYMENT_RETURNED,
            f"deposit:{deposit.id}",
            BelongsTo(member_id),
            undoes=deposit.transfer_id,
        )


def lock_sources(sources: Iterable[PaymentSource], *accounts: int) -> None:
    """Hold all that money may go back to, e-pins first, then accounts, each by id."""
    sources = list(sources)
    epins.lock(each.epin_id for each in sources if each.epin_id is not None)
    wallets = [each.wallet_id for each in sources if each.wallet_id is not None]
    purchases = [account_of(each.member_id, AccountKind.PURCHASE) for each in sources]
    wallet.lock([*accounts, *wallets, *purchases])


def return_account(source: PaymentSource, amount: int) -> int:
    """The account that takes `amount` back, which must follow at once. An e-pin's money lies on
    the company's account of e-pins, and the e-pin's balance rises here."""
    taker = taker_of(source)
    if taker.wallet_id is not None:
        return taker.wallet_id
    if taker.epin_id is not None:
        epins.put_back(taker.epin_id, amount)
        return company_account(AccountKind.EPINS)
    return account_of(taker.member_id, AccountKind.PURCHASE)


def lock_waiting(member_id: int) -> list[WaitingDeposit]:
    """A member's unused deposits, the one that expires first first, held until the
    transaction ends.

    A member's purchases wait for each other: what one lacks, no other has just spent."""
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended('spend', %s))", [member_id])
    return sql.rows(
        WaitingDeposit,
        """SELECT id, remaining, wallet_id, epin_id, transfer_id, expires_at
           FROM payments_deposit WHERE member_id = %s AND remaining > 0
           ORDER BY expires_at, id FOR UPDATE""",
        [member_id],
    )


def lacking(member_id: int, amount: int) -> int:
    """What deposits and `purchase` lack to pay `amount`; nobody spends them meanwhile."""
    lock_waiting(member_id)
    return max(0, amount - queries.available(member_id))


def proven(member_id: int) -> int:
    """What the member's waiting deposits hold of wallets, in minor units, where all are of
    wallets, so that each was paid in with a transaction password; 0 where one is of an e-pin."""
    waiting = lock_waiting(member_id)
    if any(each.epin_id is not None for each in waiting):
        return 0
    return sum(each.remaining for each in waiting)
