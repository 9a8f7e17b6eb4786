"""Paying in, giving back, and spending what was paid in. See docs/money.md.

A payment puts money onto the member's `deposits` account, from where it can only buy. Orders
take the payment that expires first, then the `purchase` account."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from upline.base import actors, clock, sql
from upline.base.amounts import Money
from upline.base.event_kinds import EventKind
from upline.company import current as company
from upline.epins import actions as epins
from upline.events import actions as events
from upline.events.actions import WrittenEvent
from upline.members.errors import TransactionPasswordWrong
from upline.members.models import Member, Standing
from upline.payments import queries, statements
from upline.payments.errors import PaymentRecordedBefore
from upline.payments.models import PaymentProvider, SurplusReason
from upline.payments.queries import PaymentSource, taker_of
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.errors import BalanceTooLow
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import account_of, company_account

LIFE_MINUTES = 30


class WaitingPayment(NamedTuple):
    """A payment with what remains of it, in minor units, what it was paid from (the account of a
    wallet, an e-pin, or neither), and the order that it is for, if it is for one."""

    id: int
    currency: str
    remaining: int
    wallet_id: int | None
    epin_id: int | None
    transfer_id: int
    order_id: int | None
    expires_at: datetime | None


class OutsidePayment(NamedTuple):
    """What a payment from outside is known by: the provider's `reference`, which names it alone,
    and the provider."""

    reference: str
    provider: str = PaymentProvider.OUTSIDE


def pay_in_from_wallet(
    member_id: int, owner_id: int, money: Money, checked_password: str
) -> WrittenEvent:
    """Pay from the owner's wallet for the member, who both have accounts in the currency. Returns
    the event. `checked_password` is the hash that the transaction password was checked against.
    Raises BalanceTooLow; TransactionPasswordWrong where since then the owner was blocked or the
    password changed."""
    now = clock.now()
    event_id = sql.value(
        int,
        statements.PAY_IN_FROM_WALLET,
        {
            "member": member_id,
            "owner": owner_id,
            "checked_password": checked_password,
            "amount": money.minor,
            "currency": money.currency,
            "reference": _new_reference(),
            "actor": actors.keys_now().row,
            "today": company.current().day_of(now),
            "now": now,
            "expires_at": now + timedelta(minutes=LIFE_MINUTES),
        },
    )
    if event_id is None:
        still_right = Member.objects.filter(
            pk=owner_id, standing=Standing.ACTIVE, transaction_password=checked_password
        ).exists()
        raise BalanceTooLow() if still_right else TransactionPasswordWrong()
    return WrittenEvent(event_id, EventKind.PAYMENT_RECEIVED)


def pay_in_from_epin(member_id: int, epin_id: int, owner_id: int, money: Money) -> None:
    """Pay from the owner's e-pin for the member. Raises EPinInvalid, also where it is in another
    currency."""
    epins.take(epin_id, owner_id, money)
    transfer_id = _pay_in(member_id, AccountKind.EPINS, money, TransferKind.PAYMENT_FROM_EPIN)
    expires_at = clock.now() + timedelta(minutes=LIFE_MINUTES)
    _add(
        member_id,
        PaymentProvider.EPIN,
        transfer_id,
        money,
        payer_id=owner_id,
        epin_id=epin_id,
        expires_at=expires_at,
    )


def capture_from_outside(
    member_id: int, order_id: int, money: Money, transfer_id: int, named: OutsidePayment
) -> int:
    """Note a payment from outside whose money an order has taken at once, by this transfer.
    Returns its id. Raises PaymentRecordedBefore."""
    return _add(
        member_id,
        named.provider,
        transfer_id,
        money,
        reference=named.reference,
        order_id=order_id,
        captured=money.minor,
    )


def pay_in_from_outside(member_id: int, order_id: int, money: Money, named: OutsidePayment) -> None:
    """Money from outside for a member's order, which takes it once all of its price is there.
    Raises PaymentRecordedBefore."""
    lock_waiting(member_id, order_id)  # before any account, as those who spend do
    transfer_id = _pay_in(
        member_id, AccountKind.OUTSIDE, money, TransferKind.PAYMENT_FROM_OUTSIDE, named.reference
    )
    _add(
        member_id,
        named.provider,
        transfer_id,
        money,
        reference=named.reference,
        order_id=order_id,
    )


def _pay_in(
    member_id: int, source: AccountKind, money: Money, kind: TransferKind, note: str = ""
) -> int:
    """From the company's account of this kind to what the member has paid in. Returns the
    transfer's id."""
    return wallet.transfer(
        company_account(source, money.currency),
        account_of(member_id, AccountKind.DEPOSITS, money.currency),
        money.minor,
        kind,
        _new_reference(),
        BelongsTo(member_id),
        note=note,
    )


def _add(
    member_id: int,
    provider: str,
    transfer_id: int,
    money: Money,
    *,
    payer_id: int | None = None,
    reference: str = "",
    epin_id: int | None = None,
    order_id: int | None = None,
    captured: int = 0,
    expires_at: datetime | None = None,
) -> int:
    made = sql.value(
        int,
        statements.ADD,
        {
            "member": member_id,
            "payer": payer_id,
            "provider": provider,
            "reference": reference,
            "epin": epin_id,
            "transfer": transfer_id,
            "order": order_id,
            "currency": money.currency,
            "amount": money.minor,
            "captured": captured,
            "expires_at": expires_at,
            "now": clock.now(),
        },
    )
    if made is None:
        raise PaymentRecordedBefore()
    return made


def _new_reference() -> str:
    return f"payment:{secrets.token_hex(12)}"


def spend(
    member_id: int, money: Money, reference: str, belongs_to: BelongsTo
) -> list[tuple[int | None, int, int]]:
    """Pay `money` to the company's sales from what the member has paid in: first what was paid for
    this order, then the payment that expires first, then from `purchase`.

    Returns (payment id or None for purchase, amount, transfer id) for each part. Raises
    BalanceTooLow where it does not cover the amount."""
    amount, currency = money
    sales = company_account(AccountKind.SALES, currency)
    parts: list[tuple[int | None, int, int]] = []
    for payment in _waiting_in(member_id, currency, belongs_to.order_id):
        part = min(payment.remaining, amount)
        if part == 0:
            break
        sql.run(
            "UPDATE payments_payment SET captured = captured + %s WHERE id = %s",
            [part, payment.id],
        )
        transfer_id = wallet.transfer(
            account_of(member_id, AccountKind.DEPOSITS, currency),
            sales,
            part,
            TransferKind.ORDER_PAYMENT,
            f"{reference}:payment:{payment.id}",
            belongs_to,
        )
        parts.append((payment.id, part, transfer_id))
        amount -= part
    if amount:
        purchase = account_of(member_id, AccountKind.PURCHASE, currency)
        transfer_id = wallet.transfer(
            purchase,
            sales,
            amount,
            TransferKind.ORDER_PAYMENT,
            f"{reference}:purchase",
            belongs_to,
        )
        parts.append((None, amount, transfer_id))
    return parts


def lock(payment_ids: Iterable[int]) -> None:
    """Hold payments in the order of their ids; they come before e-pins and accounts."""
    sql.run(
        "SELECT id FROM payments_payment WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
        [sorted(set(payment_ids))],
    )


def refund(payment_id: int, amount: int) -> None:
    """Note that an order gave back `amount` minor units of what it had captured. The caller moves
    the money."""
    sql.run(
        "UPDATE payments_payment SET refunded = refunded + %s WHERE id = %s", [amount, payment_id]
    )


def give_back_all(member_id: int) -> None:
    """Give all unused payments back where they came from, but those for an order."""
    _give_back(member_id, lock_waiting(member_id))


def give_back_expired(member_id: int) -> None:
    """Give back the unused payments whose time is over, but those for an order."""
    waiting = lock_waiting(member_id)
    now = clock.now()
    _give_back(member_id, [each for each in waiting if each.expires_at and each.expires_at <= now])


def release(
    member_id: int, order_id: int, reason: SurplusReason, payment_id: int | None = None
) -> int:
    """What was paid for an order that does not need it, all or one payment of it, goes to the
    buyer's shopping balance, and staff are told. Returns the amount in minor units."""
    waiting = lock_waiting(member_id, order_id)
    found = [
        each for each in waiting if each.order_id == order_id and payment_id in (None, each.id)
    ]
    for payment, transfer_id in zip(found, _give_back(member_id, found), strict=True):
        surplus = [payment.id, transfer_id, payment.remaining, reason, clock.now()]
        sql.run(statements.ADD_SURPLUS, surplus)
    return sum(payment.remaining for payment in found)


def _give_back(member_id: int, waiting: list[WaitingPayment]) -> list[int]:
    """The transfers that took the money back, in the order of the payments."""
    if not waiting:
        return []
    accounts = {
        currency: account_of(member_id, AccountKind.DEPOSITS, currency)
        for currency in {each.currency for each in waiting}
    }
    sources = [
        PaymentSource(member_id, each.currency, each.wallet_id, each.epin_id) for each in waiting
    ]
    lock_sources(sources, *accounts.values())
    made = []
    for payment, source in zip(waiting, sources, strict=True):
        sql.run(
            "UPDATE payments_payment SET voided = voided + %s WHERE id = %s",
            [payment.remaining, payment.id],
        )
        transfer_id = wallet.transfer(
            accounts[payment.currency],
            return_account(source, payment.remaining),
            payment.remaining,
            TransferKind.PAYMENT_RETURNED,
            f"payment:{payment.id}",
            BelongsTo(member_id),
            undoes=payment.transfer_id,
        )
        events.write(
            EventKind.PAYMENT_RETURNED,
            f"payment:{payment.id}",
            member_id=member_id,
            amount=payment.remaining,
            currency=payment.currency,
        )
        made.append(transfer_id)
    return made


def lock_sources(sources: Iterable[PaymentSource], *accounts: int) -> None:
    """Hold all that money may go back to, e-pins first, then accounts, each by id."""
    sources = list(sources)
    epins.lock(each.epin_id for each in sources if each.epin_id is not None)
    wallets = [each.wallet_id for each in sources if each.wallet_id is not None]
    purchases = [
        account_of(each.member_id, AccountKind.PURCHASE, each.currency) for each in sources
    ]
    wallet.lock([*accounts, *wallets, *purchases])


def return_account(source: PaymentSource, amount: int) -> int:
    """The account that takes `amount` minor units back, which must follow at once. An e-pin's money
    lies on the company's account of e-pins, and the e-pin's balance rises here."""
    taker = taker_of(source)
    if taker.wallet_id is not None:
        return taker.wallet_id
    if taker.epin_id is not None:
        epins.put_back(taker.epin_id, amount)
        return company_account(AccountKind.EPINS, taker.currency)
    return account_of(taker.member_id, AccountKind.PURCHASE, taker.currency)


def lock_waiting(member_id: int, order_id: int | None = None) -> list[WaitingPayment]:
    """A member's unused payments, but those for another order than this, held until the transaction
    ends. Those for this order come first, then the one that expires first.

    A member's purchases wait for each other: what one lacks, no other has just spent."""
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended('spend', %s))", [member_id])
    return sql.rows(
        WaitingPayment,
        """SELECT id, currency, remaining, wallet_id, epin_id, transfer_id, order_id, expires_at
           FROM payments_payment WHERE member_id = %s AND remaining > 0
             AND (order_id IS NULL OR order_id = %s)
           ORDER BY order_id IS NULL, expires_at, id FOR UPDATE""",
        [member_id, order_id],
    )


def _waiting_in(member_id: int, currency: str, order_id: int | None = None) -> list[WaitingPayment]:
    return [each for each in lock_waiting(member_id, order_id) if each.currency == currency]


def lacking(member_id: int, money: Money, order_id: int | None = None) -> int:
    """What waiting payments, but those for another order than this, and `purchase` lack to pay
    `money`, in minor units; nobody spends them meanwhile."""
    lock_waiting(member_id, order_id)
    return max(0, money.minor - queries.available(member_id, money.currency, order_id))


def proven(member_id: int, currency: str, order_id: int) -> int:
    """What the member's waiting payments in a currency hold for an order, in minor units, where all
    came from outside or from wallets, so that each was paid in with a transaction password; 0 where
    one is of an e-pin."""
    waiting = _waiting_in(member_id, currency, order_id)
    if any(each.epin_id is not None for each in waiting):
        return 0
    return sum(each.remaining for each in waiting)
