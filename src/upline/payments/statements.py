"""The payments' hand-written SQL."""

# A payment from a wallet in one step: the transfer, and the row that remembers it. No row
# where the wallet does not hold the amount, or where since the check its owner was blocked or
# set another transaction password. What happened is told in the same step.
PAY_IN_FROM_WALLET = """
WITH moved AS (
    SELECT wallet.id AS wallet_id,
           wallet_transfer(wallet.id, deposits.id, %(amount)s, 'payment_from_wallet',
                           %(reference)s, NULL, %(today)s, %(now)s, %(actor)s::base_actor, '',
                           %(member)s, NULL, NULL) AS transfer_id
    FROM members_member owner, wallet_account wallet, wallet_account deposits
    WHERE owner.user_id = %(owner)s AND owner.standing = 'active'
      AND owner.transaction_password = %(checked_password)s
      AND wallet.member_id = owner.user_id AND wallet.kind = 'wallet'
      AND wallet.currency = %(currency)s
      AND deposits.member_id = %(member)s AND deposits.kind = 'deposits'
      AND deposits.currency = %(currency)s
), paid AS (
    INSERT INTO payments_payment (member_id, provider, wallet_id, transfer_id, currency, authorised,
                                  expires_at, created_at)
    SELECT %(member)s, 'wallet', wallet_id, transfer_id, %(currency)s, %(amount)s, %(expires_at)s,
           %(now)s
    FROM moved WHERE transfer_id IS NOT NULL
    RETURNING id, member_id, provider, authorised, currency
)
INSERT INTO events_event (kind, subject, data, occurred_at)
SELECT 'payment.received', 'payment:' || id,
       jsonb_build_object('member_id', member_id, 'payer_id', %(owner)s::bigint,
                          'provider', provider, 'amount', authorised, 'currency', currency),
       %(now)s
FROM paid
RETURNING id
"""

ADD = """
WITH paid AS (
INSERT INTO payments_payment (member_id, provider, reference, epin_id, transfer_id, order_id,
                              currency, authorised, captured, expires_at, created_at)
VALUES (%(member)s, %(provider)s, %(reference)s, %(epin)s, %(transfer)s, %(order)s, %(currency)s,
        %(amount)s, %(captured)s, %(expires_at)s, %(now)s)
ON CONFLICT (provider, reference) WHERE NOT (reference = '') DO NOTHING
RETURNING id, member_id, provider, authorised, currency),
told AS (
INSERT INTO events_event (kind, subject, data, occurred_at)
SELECT 'payment.received', 'payment:' || id,
       jsonb_build_object('member_id', member_id, 'payer_id', %(payer)s::bigint,
                          'provider', provider, 'amount', authorised, 'currency', currency),
       %(now)s
FROM paid)
SELECT id FROM paid
"""

ADD_SURPLUS = """
INSERT INTO payments_surplus (payment_id, transfer_id, amount, reason, at)
VALUES (%s, %s, %s, %s, %s)
"""
