"""What must always hold of payments: each promise with a query for what breaks it."""

from upline.books.invariant import EVENT, PAYMENT, SURPLUS, TRANSFER, Invariant
from upline.language import lazy

PAYMENTS = [
    Invariant(
        lazy("Each payment was brought in by its transfer"),
        PAYMENT,
        """SELECT payment.id AS payment FROM payments_payment payment
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
    Invariant(
        lazy("Each payment has captured what orders took of it, and refunded what they gave back"),
        PAYMENT,
        """WITH part AS (
               SELECT payment_id, sum(amount) AS captured, sum(refunded) AS refunded
               FROM orders_orderpayment GROUP BY payment_id)
           SELECT payment.id AS payment FROM payments_payment payment
           LEFT JOIN part ON part.payment_id = payment.id
           WHERE (payment.captured, payment.refunded)
              <> (coalesce(part.captured, 0), coalesce(part.refunded, 0))""",
    ),
    Invariant(
        lazy("Each payment has voided what went back unused"),
        PAYMENT,
        """WITH back AS (
               SELECT undoes_id, sum(amount) AS voided FROM wallet_transfer
               WHERE kind = 'payment_returned' GROUP BY undoes_id)
           SELECT payment.id AS payment FROM payments_payment payment
           LEFT JOIN back ON back.undoes_id = payment.transfer_id
           WHERE payment.voided <> coalesce(back.voided, 0)""",
    ),
    Invariant(
        lazy("Each transfer that brought a payment in has its payment"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           WHERE transfer.kind IN ('payment_from_wallet', 'payment_from_epin',
                                   'payment_from_outside')
             AND NOT EXISTS (SELECT FROM payments_payment WHERE transfer_id = transfer.id)""",
    ),
    Invariant(
        lazy("A payment waits for an order only while that order awaits payment"),
        PAYMENT,
        """SELECT payment.id AS payment FROM payments_payment payment
           LEFT JOIN orders_order ON orders_order.id = payment.order_id
           WHERE payment.order_id IS NOT NULL
             AND (orders_order.member_id IS DISTINCT FROM payment.member_id
                  OR remaining > 0 AND orders_order.status <> 'awaiting_payment')""",
    ),
    Invariant(
        lazy(
            "Each surplus went to the buyer's shopping balance, and left it when it was sent back"
        ),
        SURPLUS,
        """SELECT surplus.id AS surplus FROM payments_surplus surplus
           JOIN payments_payment payment ON payment.id = surplus.payment_id
           JOIN wallet_transfer transfer ON transfer.id = surplus.transfer_id
           JOIN wallet_account credit ON credit.id = transfer.credit_id
           LEFT JOIN wallet_transfer sent ON sent.id = surplus.sent_id
           LEFT JOIN wallet_account debit ON debit.id = sent.debit_id
           WHERE (transfer.kind, transfer.amount, transfer.undoes_id, credit.kind, credit.member_id)
                 IS DISTINCT FROM ('payment_returned'::varchar, surplus.amount, payment.transfer_id,
                                   'purchase'::varchar, payment.member_id)
              OR CASE surplus.status WHEN 'sent_back' THEN
                     (sent.kind, sent.amount, sent.undoes_id, debit.id)
                     IS DISTINCT FROM ('payment_sent_back'::varchar, surplus.amount, transfer.id,
                                       credit.id)
                 ELSE sent.id IS NOT NULL END""",
    ),
    Invariant(
        lazy("Each payment from outside that went back unused is a surplus, and only those are"),
        PAYMENT,
        """SELECT payment.id AS payment FROM payments_payment payment
           LEFT JOIN payments_surplus surplus ON surplus.payment_id = payment.id
           WHERE CASE provider WHEN 'wallet' THEN 0 WHEN 'epin' THEN 0 ELSE voided END
                 <> coalesce(surplus.amount, 0)""",
    ),
    Invariant(
        lazy("Each transfer that sent a surplus back has its surplus"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           WHERE transfer.kind = 'payment_sent_back'
             AND NOT EXISTS (SELECT FROM payments_surplus WHERE sent_id = transfer.id)""",
    ),
    Invariant(
        lazy("Each event of a provider that was applied has its payment, as it says"),
        EVENT,
        """SELECT event.id AS event FROM payments_paymentevent event
           LEFT JOIN payments_payment payment ON payment.id = event.payment_id
           WHERE event.status IN ('applied', 'superseded')
             AND ((payment.provider, payment.reference)
                      IS DISTINCT FROM (event.provider, event.reference)
                  OR event.kind = 'paid' AND event.currency <> payment.currency
                  OR event.kind = 'paid' AND event.amount > payment.authorised
                  OR event.kind = 'paid' AND event.status = 'applied'
                     AND event.amount < payment.authorised)""",
    ),
    Invariant(
        lazy("Each payment was taken back as far as the events say that were applied"),
        PAYMENT,
        """WITH back AS (
               SELECT payment_id, max(amount) AS returned FROM payments_paymentevent
               WHERE kind = 'returned' AND status = 'applied' GROUP BY payment_id)
           SELECT payment.id AS payment FROM payments_payment payment
           LEFT JOIN back ON back.payment_id = payment.id
           LEFT JOIN payments_surplus surplus
                ON surplus.payment_id = payment.id AND surplus.status = 'sent_back'
           WHERE payment.returned <> coalesce(back.returned, 0)
              OR payment.returned > payment.refunded + coalesce(surplus.amount, 0)""",
    ),
]
