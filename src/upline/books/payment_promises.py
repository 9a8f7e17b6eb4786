"""What must always hold of payments: each promise with a query for what breaks it."""

PAYMENTS = [
    (
        "Each payment was brought in by its transfer",
        """SELECT 'payment ' || payment.id FROM payments_payment payment
           JOIN wallet_transfer transfer ON transfer.id = payment.transfer_id
           JOIN wallet_account debit ON debit.id = transfer.debit_id
           JOIN wallet_account credit ON credit.id = transfer.credit_id
           WHERE transfer.amount <> payment.authorised
              OR (debit.kind, coalesce(payment.wallet_id, debit.id)) IS DISTINCT FROM
                     (CASE provider WHEN 'wallet' THEN 'wallet' WHEN 'epin' THEN 'epins'
                                    ELSE 'outside' END, debit.id)
              OR (credit.kind, credit.member_id) IS DISTINCT FROM
                     CASE transfer.kind WHEN 'order_payment' THEN ('sales'::varchar, NULL::bigint)
                                        ELSE ('deposits'::varchar, payment.member_id) END""",
    ),
    (
        "Each payment has captured what orders took of it, and refunded what they gave back",
        """WITH part AS (
               SELECT payment_id, sum(amount) AS captured, sum(refunded) AS refunded
               FROM orders_orderpayment GROUP BY payment_id)
           SELECT 'payment ' || payment.id FROM payments_payment payment
           LEFT JOIN part ON part.payment_id = payment.id
           WHERE (payment.captured, payment.refunded)
              <> (coalesce(part.captured, 0), coalesce(part.refunded, 0))""",
    ),
    (
        "Each payment has voided what went back unused",
        """WITH back AS (
               SELECT undoes_id, sum(amount) AS voided FROM wallet_transfer
               WHERE kind = 'payment_returned' GROUP BY undoes_id)
           SELECT 'payment ' || payment.id FROM payments_payment payment
           LEFT JOIN back ON back.undoes_id = payment.transfer_id
           WHERE payment.voided <> coalesce(back.voided, 0)""",
    ),
    (
        "Each transfer that brought a payment in has its payment",
        """SELECT 'transfer ' || transfer.id FROM wallet_transfer transfer
           WHERE transfer.kind IN ('payment_from_wallet', 'payment_from_epin')
             AND NOT EXISTS (SELECT FROM payments_payment WHERE transfer_id = transfer.id)""",
    ),
]
