"""What was paid in and waits."""

from dataclasses import dataclass
from typing import Any

from upline.base import clock, sql
from upline.epins.queries import can_be_refilled


@dataclass(frozen=True)
class Source:
    """What a member paid with: the account of a wallet, an e-pin, or, with neither, what the
    member's `purchase` account held."""

    member_id: int
    wallet_id: int | None = None
    epin_id: int | None = None


def taker_of(source: Source) -> Source:
    """Who takes back what this source paid, as things are now: the source itself; the member's
    `purchase` account where the e-pin has expired."""
    if source.epin_id is not None and not can_be_refilled(source.epin_id):
        return Source(source.member_id)
    return source


def lock_waiting(member_id: int) -> list[Any]:
    """A member's unused deposits, the one that expires first first, held until the
    transaction ends. Rows: id, remaining, wallet_id, epin_id, transfer_id, expires_at.

    A member's purchases wait for each other: what one lacks, no other has just spent."""
    sql.one("SELECT pg_advisory_xact_lock(hashtextextended('spend', %s))", [member_id])
    return sql.rows(
        """SELECT id, remaining, wallet_id, epin_id, transfer_id, expires_at
           FROM payments_deposit WHERE member_id = %s AND remaining > 0
           ORDER BY expires_at, id FOR UPDATE""",
        [member_id],
    )


def members_with_expired() -> list[int]:
    """Members with a deposit that should have gone back by now."""
    return [
        row.member_id
        for row in sql.rows(
            """SELECT DISTINCT member_id FROM payments_deposit
               WHERE remaining > 0 AND expires_at <= %s ORDER BY member_id""",
            [clock.now()],
        )
    ]


def lacking(member_id: int, amount: int) -> int:
    """What deposits and `purchase` lack to pay `amount`; nobody spends them meanwhile."""
    lock_waiting(member_id)
    return max(0, amount - available(member_id))


def proven(member_id: int) -> int:
    """What the member's waiting deposits hold of wallets, in minor units, where all are of
    wallets, so that each was paid in with a transaction password; 0 where one is of an e-pin."""
    waiting = lock_waiting(member_id)
    if any(each.epin_id is not None for each in waiting):
        return 0
    return sum(each.remaining for each in waiting)


def available(member_id: int) -> int:
    """What the member can buy with: deposits and `purchase` together, in minor units."""
    return int(
        sql.value(
            """SELECT coalesce(sum(balance), 0)::bigint FROM wallet_account
               WHERE member_id = %s AND kind IN ('deposits', 'purchase')""",
            [member_id],
        )
    )
