"""Which payments wait, and who takes money back."""

from dataclasses import dataclass
from typing import NamedTuple

from upline.base import clock, sql
from upline.epins.queries import can_be_refilled


@dataclass(frozen=True)
class PaymentSource:
    """What a member paid with: the account of a wallet, an e-pin, or, with neither, what the
    member's `purchase` account held."""

    member_id: int
    wallet_id: int | None = None
    epin_id: int | None = None


def taker_of(source: PaymentSource) -> PaymentSource:
    """Who takes back what this source paid, as things are now: the source itself; the member's
    `purchase` account where the e-pin has expired."""
    if source.epin_id is not None and not can_be_refilled(source.epin_id):
        return PaymentSource(source.member_id)
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


def available(member_id: int) -> int:
    """What the member can buy with: waiting payments and `purchase` together, in minor units."""
    return sql.number(
        """SELECT coalesce(sum(balance), 0)::bigint FROM wallet_account
           WHERE member_id = %s AND kind IN ('deposits', 'purchase')""",
        [member_id],
    )
