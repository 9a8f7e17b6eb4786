"""The payouts' hand-written SQL. Each step begins with the row locked, and its UPDATE looks at
the status again."""

from typing import NamedTuple

# The transfer that takes the money off the wallet comes first, and names its payout.
NEXT_ID = "SELECT nextval(pg_get_serial_sequence('payouts_payout', 'id'))"

ADD = """
INSERT INTO payouts_payout (id, number, member_id, currency, amount, status, bank_sealed,
                            last_four, transfer_id, requested_at, kept_out, reason)
VALUES (%(id)s, %(number)s, %(member)s, %(currency)s, %(amount)s, 'requested', %(bank_sealed)s,
        %(last_four)s, %(transfer)s, %(now)s, '', '')
"""


class LockedPayout(NamedTuple):
    """A payout held until the transaction ends, with its member as they are now: bank data
    (`member_bank`, sealed) and the key that opens them. `amount` in minor units."""

    id: int
    number: str
    member_id: int
    currency: str
    amount: int
    status: str
    bank_sealed: bytes
    transfer_id: int
    settlement_id: int | None
    batch_id: int | None
    username: str
    email: str
    standing: str
    member_bank: bytes
    wrapped: bytes | None


_LOCK = """
SELECT payout.id, payout.number, payout.member_id, payout.currency, payout.amount, payout.status,
       payout.bank_sealed, payout.transfer_id, payout.settlement_id, payout.batch_id,
       person.username, person.email, member.standing, member.bank_sealed AS member_bank,
       key.wrapped
FROM payouts_payout payout
JOIN members_member member ON member.user_id = payout.member_id
JOIN members_user person ON person.id = payout.member_id
LEFT JOIN base_personkey key ON key.user_id = payout.member_id
WHERE {where} ORDER BY payout.id FOR NO KEY UPDATE OF payout
"""
LOCK = _LOCK.format(where="payout.number = %s")
LOCK_APPROVED = _LOCK.format(where="payout.status = 'approved'")
LOCK_BATCH = _LOCK.format(where="payout.batch_id = %s")

APPROVE = """
UPDATE payouts_payout SET status = 'approved', approved_by_id = %(actor)s, approved_at = %(now)s
WHERE id = %(payout)s AND status = 'requested'
"""

CLOSE = """
UPDATE payouts_payout
SET status = %(status)s, settlement_id = %(settlement)s, closed_by_id = %(actor)s,
    closed_at = %(now)s, reason = %(reason)s
WHERE id = %(payout)s AND status = ANY (%(before)s)
"""

RETURN = """
UPDATE payouts_payout
SET status = 'returned', came_back_id = %(came_back)s, returned_by_id = %(actor)s,
    returned_at = %(now)s, reason = %(reason)s
WHERE id = %(payout)s AND status = 'paid'
"""

ADD_BATCH = """
INSERT INTO payouts_batch (message_id, currency, quantity, amount, created_at, created_by_id,
                           execution_date, debtor_name, debtor_iban, debtor_bic)
VALUES (%(message_id)s, %(currency)s, %(quantity)s, %(amount)s, %(now)s, %(actor)s, %(today)s,
        '', '', '')
RETURNING id
"""

PUT_INTO_BATCH = """
UPDATE payouts_payout
SET status = 'in_batch', batch_id = %(batch)s, kept_out = '', bank_sealed = chosen.bank_sealed,
    last_four = chosen.last_four
FROM unnest(%(payouts)s::bigint[], %(banks)s::bytea[], %(endings)s::text[])
     AS chosen (id, bank_sealed, last_four)
WHERE payouts_payout.id = chosen.id AND status = 'approved'
"""
