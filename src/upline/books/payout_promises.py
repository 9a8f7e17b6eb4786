"""What must always hold of payouts: each promise with a query for what breaks it."""

from upline.books.invariant import BATCH, PAYOUT, TRANSFER, Invariant
from upline.language import lazy

PAYOUTS = [
    Invariant(
        lazy("The company's payouts account equals the open payouts"),
        lazy("open payouts come to {open}, but their account holds {account}"),
        """WITH part AS (
               SELECT transfer.currency, 0 AS open,
                      CASE WHEN credit.kind = 'payouts' THEN amount ELSE -amount END AS account
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               WHERE 'payouts' IN (credit.kind, debit.kind)
               UNION ALL SELECT currency, amount, 0 FROM payouts_payout
                         WHERE status IN ('requested', 'approved', 'in_batch'))
           SELECT jsonb_build_array(sum(open), currency) AS open,
                  jsonb_build_array(sum(account), currency) AS account
           FROM part GROUP BY currency HAVING sum(open) <> sum(account)""",
    ),
    Invariant(
        lazy("Each payout took its amount off its member's wallet"),
        PAYOUT,
        """SELECT number AS payout FROM payouts_payout payout
           JOIN wallet_transfer transfer ON transfer.id = payout.transfer_id
           JOIN wallet_account debit ON debit.id = transfer.debit_id
           JOIN wallet_account credit ON credit.id = transfer.credit_id
           WHERE (transfer.kind, transfer.amount, transfer.currency, debit.member_id, debit.kind,
                  credit.kind)
              IS DISTINCT FROM
                 ('payout', payout.amount, payout.currency, payout.member_id, 'wallet',
                  'payouts')""",
    ),
    Invariant(
        lazy("Each paid payout went outside, and each other closed one back to its wallet"),
        PAYOUT,
        """SELECT number AS payout FROM payouts_payout payout
           LEFT JOIN wallet_transfer settled ON settled.id = payout.settlement_id
           LEFT JOIN wallet_account debit ON debit.id = settled.debit_id
           LEFT JOIN wallet_account credit ON credit.id = settled.credit_id
           WHERE CASE CASE status WHEN 'returned' THEN 'paid' ELSE status END
               WHEN 'paid' THEN
                   (settled.kind, settled.amount, debit.kind, credit.kind)
                   IS DISTINCT FROM ('payout_paid', payout.amount, 'payouts', 'outside')
               WHEN 'requested' THEN settled.id IS NOT NULL
               WHEN 'approved' THEN settled.id IS NOT NULL
               WHEN 'in_batch' THEN settled.id IS NOT NULL
               ELSE (settled.kind, settled.amount, debit.kind, credit.kind, credit.member_id,
                     settled.undoes_id)
                   IS DISTINCT FROM ('payout_returned', payout.amount, 'payouts', 'wallet',
                                     payout.member_id, payout.transfer_id)
               END""",
    ),
    Invariant(
        lazy("Each payout that the bank returned came from outside back to its wallet"),
        PAYOUT,
        """SELECT number AS payout FROM payouts_payout payout
           LEFT JOIN wallet_transfer back ON back.id = payout.came_back_id
           LEFT JOIN wallet_account debit ON debit.id = back.debit_id
           LEFT JOIN wallet_account credit ON credit.id = back.credit_id
           WHERE CASE status
               WHEN 'returned' THEN
                   (back.kind, back.amount, debit.kind, credit.kind, credit.member_id,
                    back.undoes_id)
                   IS DISTINCT FROM ('payout_sent_back', payout.amount, 'outside', 'wallet',
                                     payout.member_id, payout.settlement_id)
               ELSE back.id IS NOT NULL
               END""",
    ),
    Invariant(
        lazy("Each transfer of a payout has its payout"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           WHERE transfer.kind IN ('payout', 'payout_paid', 'payout_returned', 'payout_sent_back')
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE transfer_id = transfer.id)
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE settlement_id = transfer.id)
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE came_back_id = transfer.id)""",
    ),
    Invariant(
        lazy("Each batch of payouts adds up to its payouts"),
        BATCH,
        """SELECT batch.id AS batch FROM payouts_batch batch
           LEFT JOIN payouts_payout payout ON payout.batch_id = batch.id
           GROUP BY batch.id
           HAVING batch.quantity <> count(payout.id)
               OR bool_or(payout.currency <> batch.currency)
               OR batch.amount <> coalesce(sum(payout.amount), 0)""",
    ),
]
