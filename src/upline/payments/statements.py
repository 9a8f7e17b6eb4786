"""The payments' hand-written SQL."""

# A payment from a wallet in one step: the transfer, and the row that remembers it. No row
# where the wallet does not hold the amount, or where since the check its owner was blocked or
# set another transaction password.
PAY_IN_FROM_WALLET = """
WITH moved AS (
    SELECT wallet.id AS wallet_id,
           wallet_transfer(wallet.id, deposits.id, %(amount)s, 'payment_from_wallet',
                           %(reference)s, NULL, %(today)s, %(now)s, %(actor)s, '',
                           %(member)s, NULL, NULL) AS transfer_id
    FROM members_member owner, wallet_account wallet, wallet_account deposits
    WHERE owner.user_id = %(owner)s AND owner.standing = 'active'
      AND owner.transaction_password = %(checked_password)s
      AND wallet.member_id = owner.user_id AND wallet.kind = 'wallet'
      AND deposits.member_id = %(member)s AND deposits.kind = 'deposits'
)
INSERT INTO payments_payment (member_id, provider, wallet_id, transfer_id, currency, authorised,
                              expires_at, created_at)
SELECT %(member)s, 'wallet', wallet_id, transfer_id, %(currency)s, %(amount)s, %(expires_at)s,
       %(now)s
FROM moved WHERE transfer_id IS NOT NULL
"""

ADD = """
INSERT INTO payments_payment (member_id, provider, reference, epin_id, transfer_id, currency,
                              authorised, captured, expires_at, created_at)
VALUES (%(member)s, %(provider)s, %(reference)s, %(epin)s, %(transfer)s, %(currency)s, %(amount)s,
        %(captured)s, %(expires_at)s, %(now)s)
RETURNING id
"""
