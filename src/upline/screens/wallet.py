"""A member's money: what each account holds, and every movement of it with the balance after it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from upline.base import sql
from upline.wallet.models import AccountKind

LAST = 2**62
"""Higher than the number of any transfer."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)

_HOLDINGS = """
SELECT kind, currency, balance FROM wallet_account
WHERE member_id = %(member)s
ORDER BY currency <> %(currency)s, currency, kind
"""
# A balance after each movement needs those before it; of one account they are few, by two indexes.
_MOVEMENTS = """
WITH moved AS (
    SELECT transfer.id, transfer.kind, transfer.note, transfer.created_at, transfer.business_date,
           transfer.run_id, transfer.order_id, transfer.payout_id, transfer.member_id,
           CASE WHEN transfer.debit_id = mine.id THEN transfer.credit_id ELSE transfer.debit_id END
               AS other_id,
           CASE WHEN transfer.debit_id = mine.id THEN -transfer.amount ELSE transfer.amount END
               AS amount
    FROM wallet_account mine
    JOIN wallet_transfer transfer ON transfer.debit_id = mine.id OR transfer.credit_id = mine.id
    WHERE mine.member_id = %(member)s AND mine.kind = %(account)s AND mine.currency = %(currency)s
), listed AS (
    SELECT * FROM (
        SELECT moved.*, sum(amount) OVER (ORDER BY id)::bigint AS balance FROM moved
    ) balanced
    WHERE id < %(before)s AND kind = ANY (%(kinds)s)
      AND business_date BETWEEN %(first_day)s AND %(last_day)s
    ORDER BY id DESC LIMIT %(most)s
)
SELECT listed.id, listed.kind, listed.note, listed.created_at, listed.amount, listed.balance,
       run.id AS run_id, run.every, run.first_day, run.last_day,
       coalesce(bought.number, paid.number) AS order_number,
       coalesce(bought.member_id, paid.member_id) = %(member)s AS is_own_order,
       payout.number AS payout_number, payout.status AS payout_status, payout.last_four,
       person.firstname, person.lastname
FROM listed
LEFT JOIN commissions_run run ON run.id = listed.run_id
LEFT JOIN orders_order bought ON bought.id = listed.order_id
LEFT JOIN LATERAL (
    SELECT one.number, one.member_id FROM payments_payment payment
    JOIN orders_orderpayment part ON part.payment_id = payment.id
    JOIN orders_order one ON one.id = part.order_id
    WHERE payment.transfer_id = listed.id ORDER BY part.id LIMIT 1
) paid ON true
LEFT JOIN payouts_payout payout ON payout.id = listed.payout_id
LEFT JOIN wallet_account other ON other.id = listed.other_id
LEFT JOIN members_member person
       ON person.user_id = other.member_id AND other.member_id <> %(member)s
ORDER BY listed.id DESC
"""


class Holding(NamedTuple):
    """What one account holds, in minor units of its currency."""

    kind: str
    currency: str
    balance: int


class Movement(NamedTuple):
    """What a transfer did to an account: `amount`, signed, and `balance` after it, in minor units
    of the account's currency; and what it belongs to, where it belongs to anything: a run with its
    days, an order, a payout, another member. `is_own_order` says whether the member bought it."""

    id: int
    kind: str
    note: str
    created_at: datetime
    amount: int
    balance: int
    run_id: int | None
    every: str | None
    first_day: date | None
    last_day: date | None
    order_number: str | None
    is_own_order: bool | None
    payout_number: str | None
    payout_status: str | None
    last_four: str | None
    firstname: str | None
    lastname: str | None


class MovementsAsked(NamedTuple):
    """Which movements are asked for: of one account, of these kinds of transfer, in these days, and
    only those before one of them, by its number."""

    account: AccountKind
    currency: str
    kinds: Sequence[str]
    first_day: date = FIRST_DAY
    last_day: date = LAST_DAY
    before: int = LAST


def holdings(member_id: int, currency: str) -> list[Holding]:
    """What the member's accounts hold, in `currency` first, then in those of markets that they
    belonged to before."""
    return sql.rows(Holding, _HOLDINGS, {"member": member_id, "currency": currency})


def movements(member_id: int, asked: MovementsAsked, most: int) -> list[Movement]:
    """The movements of one account of a member, the newest first."""
    return sql.rows(
        Movement,
        _MOVEMENTS,
        {**asked._asdict(), "kinds": list(asked.kinds), "member": member_id, "most": most},
    )
