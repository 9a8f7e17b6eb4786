"""Which payments wait, and who takes money back."""

from dataclasses import dataclass
from typing import NamedTuple

from upline.base import clock, sql
from upline.epins.queries import can_be_refilled


@dataclass(frozen=True)
class PaymentSource:
    """What a member paid with, in one currency: the account of a wallet, an e-pin, or, with
    neither, what the member's `purchase` account held."""

    member_id: int
    currency: str
    wallet_id: int | None = None
    epin_id: int | None = None


def taker_of(source: PaymentSource) -> PaymentSource:
    """Who takes back what this source paid, as things are now: the source itself; the member's
    `purchase` account where the e-pin has expired."""
    if source.epin_id is not None and not can_be_refilled(source.epin_id):
        return PaymentSource(source.member_id, source.currency)
    return source


class Payer(NamedTuple):
    member_id: int


def members_with_expired() -> list[int]:
    """Members with a payment that should have gone back by now."""
    return [
        row.member_id
        for row in sql.rows(
            Payer,
            """SELECT DISTINCT member_id FROM payments_payment
               WHERE remaining > 0 AND expires_at <= %s ORDER BY member_id""",
            [clock.now()],
        )
    ]


def available(member_id: int, currency: str, order_id: int | None = None) -> int:
    """What the member can buy with in a currency, in minor units: waiting payments, but those for
    another order than this, and `purchase` together."""
    return sql.number(
        """SELECT (SELECT coalesce(sum(balance), 0) FROM wallet_account
                   WHERE member_id = %(member)s AND kind IN ('deposits', 'purchase')
                     AND currency = %(currency)s)::bigint
                - (SELECT coalesce(sum(remaining), 0) FROM payments_payment
                   WHERE member_id = %(member)s AND remaining > 0
                     AND currency = %(currency)s
                     AND order_id <> coalesce(%(order)s::bigint, 0))::bigint""",
        {"member": member_id, "currency": currency, "order": order_id},
    )


def waiting_for(order_id: int) -> int:
    """What was paid for an order that it has not taken yet, in minor units."""
    return sql.number(
        """SELECT coalesce(sum(remaining), 0)::bigint FROM payments_payment
           WHERE order_id = %s AND remaining > 0""",
        [order_id],
    )
