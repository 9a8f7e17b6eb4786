"""What must always hold of single transfers, and of the accounts that they go between: each
promise with a query for what breaks it."""

from upline.books.invariant import EXCHANGE, TRANSFER, Invariant
from upline.language import lazy
from upline.wallet.models import MEMBERS, AccountKind

_OF_THE_COMPANY = " ".join(kind for kind in AccountKind if kind not in MEMBERS)

TRANSFERS = [
    Invariant(
        lazy("No transfer goes from one currency to another"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           LEFT JOIN wallet_account debit ON debit.id = transfer.debit_id
           LEFT JOIN wallet_account credit ON credit.id = transfer.credit_id
           WHERE (debit.currency, credit.currency)
              IS DISTINCT FROM (transfer.currency, transfer.currency)""",
    ),
    Invariant(
        lazy("Each exchange went through both exchange accounts, at its rate"),
        EXCHANGE,
        """SELECT exchange.id AS exchange FROM wallet_exchange exchange
           JOIN wallet_transfer sold ON sold.id = exchange.sold_id
           JOIN wallet_transfer bought ON bought.id = exchange.bought_id
           JOIN markets_currency one ON one.code = sold.currency
           JOIN markets_currency other ON other.code = bought.currency
           JOIN wallet_account giver ON giver.id = sold.debit_id
           JOIN wallet_account taken ON taken.id = sold.credit_id
           JOIN wallet_account given ON given.id = bought.debit_id
           JOIN wallet_account taker ON taker.id = bought.credit_id
           WHERE (sold.kind, bought.kind) <> ('exchange_out', 'exchange_in')
              OR sold.currency = bought.currency
              OR sold.member_id IS DISTINCT FROM bought.member_id
              OR (giver.member_id, taker.member_id)
                 IS DISTINCT FROM (sold.member_id, bought.member_id)
              OR 'exchange' NOT IN (giver.kind, taken.kind)
              OR 'exchange' NOT IN (given.kind, taker.kind)
              OR bought.amount <> round(
                     sold.amount::numeric * exchange.rate * 10 ^ other.exponent
                     / (1000000 * 10 ^ one.exponent))""",
    ),
    Invariant(
        lazy("Each transfer of an exchange has its exchange"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           WHERE transfer.kind IN ('exchange_out', 'exchange_in')
             AND NOT EXISTS (SELECT FROM wallet_exchange exchange
                             WHERE transfer.id IN (exchange.sold_id, exchange.bought_id)
                               AND transfer.reference = 'exchange:' || exchange.id)""",
    ),
    Invariant(
        lazy("The company has each of its accounts in each currency"),
        lazy("there is no account {kind} in {currency}"),
        f"""SELECT kind, code AS currency
           FROM markets_currency, unnest(string_to_array('{_OF_THE_COMPANY}', ' ')) AS kind
           WHERE NOT EXISTS (SELECT FROM wallet_account account
                             WHERE account.member_id IS NULL AND account.kind = kind.kind
                               AND account.currency = code)""",  # noqa: S608 - our own words
    ),
    Invariant(
        lazy("Each transfer's columns say the same as its reference"),
        TRANSFER,
        """SELECT transfer.id AS transfer FROM wallet_transfer transfer
           JOIN wallet_account debit ON debit.id = transfer.debit_id
           JOIN wallet_account credit ON credit.id = transfer.credit_id
           LEFT JOIN orders_order its_order ON its_order.id = transfer.order_id
           LEFT JOIN payouts_payout payout ON payout.id = transfer.payout_id
           WHERE CASE
               WHEN starts_with(transfer.kind, 'commission') THEN
                   transfer.reference = 'run:' || transfer.run_id || ':' || transfer.member_id
                   AND num_nonnulls(transfer.order_id, transfer.payout_id) = 0
               WHEN starts_with(transfer.kind, 'order_') THEN
                   transfer.member_id = its_order.member_id
                   AND num_nonnulls(transfer.run_id, transfer.payout_id) = 0
                   AND CASE WHEN transfer.kind IN ('order_refund', 'order_tax_refund') THEN
                       EXISTS (SELECT FROM orders_refund refund
                               WHERE refund.order_id = its_order.id AND starts_with(
                                   transfer.reference || ':', 'refund:' || refund.id || ':'))
                       ELSE starts_with(transfer.reference || ':',
                                        'order:' || its_order.number || ':') END
               WHEN starts_with(transfer.kind, 'payout') THEN
                   transfer.member_id = payout.member_id
                   AND num_nonnulls(transfer.run_id, transfer.order_id) = 0
                   AND transfer.reference = 'payout:' || payout.number
               ELSE num_nonnulls(transfer.run_id, transfer.order_id, transfer.payout_id) = 0
                   AND CASE
                       WHEN transfer.kind IN ('payment_from_wallet', 'payment_from_epin',
                                              'payment_from_outside', 'office_credit') THEN
                           transfer.member_id = credit.member_id
                       WHEN transfer.kind IN ('payment_returned', 'payment_sent_back',
                                              'office_debit', 'closed_paid', 'closed_forfeited',
                                              'closed_debt', 'closed_debt_repaid',
                                              'closed_debt_waived') THEN
                           transfer.member_id = debit.member_id
                       WHEN transfer.kind = 'epins_issued' THEN transfer.member_id IS NULL
                       ELSE true END
               END IS NOT TRUE""",
    ),
]
