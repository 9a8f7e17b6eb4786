"""What must always hold of ledger, trees and orders, each as a query for what breaks it.

All run in one REPEATABLE READ snapshot, so that a busy installation can be checked as it runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from upline.base import databases, sql
from upline.books.currency_promises import CURRENCIES
from upline.books.customer_promises import CUSTOMERS
from upline.books.event_promises import EVENTS
from upline.books.key_promises import KEYS
from upline.books.market_promises import MARKETS
from upline.books.payment_promises import PAYMENTS
from upline.books.run_promises import RUNS
from upline.books.stated_promises import STATED
from upline.books.transfer_promises import TRANSFERS
from upline.books.tree_promises import IN_TREES
from upline.language import lazy

MOST_SHOWN = 10


@dataclass(frozen=True)
class Invariant:
    """`promise` in words; `breaches` a query whose rows say what breaks it, or what tells it."""

    promise: str
    breaches: str | Callable[[], Iterator[str]]

    def found(self) -> list[str]:
        """What breaks it, at most ten."""
        if not isinstance(self.breaches, str):
            return list(islice(self.breaches(), MOST_SHOWN))
        limited = f"SELECT * FROM ({self.breaches}) found LIMIT {MOST_SHOWN}"  # noqa: S608
        return [str(each) for each in sql.values(object, limited)]


_LEDGER = [
    Invariant(
        lazy("Each cached balance equals the sum of its transfers"),
        """WITH moved AS (
               SELECT account, sum(amount) AS amount FROM (
                   SELECT credit_id AS account, amount FROM wallet_transfer
                   UNION ALL SELECT debit_id, -amount FROM wallet_transfer) both_sides
               GROUP BY account)
           SELECT 'account ' || id || ' holds ' || balance || ', its transfers say '
                  || coalesce(amount, 0)
           FROM wallet_account LEFT JOIN moved ON moved.account = id
           WHERE balance IS NOT NULL AND balance <> coalesce(amount, 0)""",
    ),
    Invariant(
        lazy("Members' balances and open e-pins add up to the company's accounts"),
        """WITH part AS (
               SELECT transfer.currency,
                      CASE WHEN credit.member_id IS NULL AND credit.kind <> 'epins'
                           THEN amount ELSE 0 END
                    - CASE WHEN debit.member_id IS NULL AND debit.kind <> 'epins'
                           THEN amount ELSE 0 END AS company, 0 AS held
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               UNION ALL SELECT currency, 0, balance FROM wallet_account WHERE balance <> 0
               UNION ALL SELECT currency, 0, balance FROM epins_epin
                         JOIN epins_epinbatch batch ON batch.id = batch_id)
           SELECT 'members and e-pins hold ' || sum(held) || ', the company owes '
                  || -sum(company) || ' ' || currency
           FROM part GROUP BY currency HAVING sum(held) + sum(company) <> 0""",
    ),
    Invariant(
        lazy("The company's e-pin account equals the balance of all e-pins"),
        """WITH part AS (
               SELECT transfer.currency, 0 AS pins,
                      CASE WHEN credit.kind = 'epins' THEN amount ELSE -amount END AS account
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               WHERE 'epins' IN (credit.kind, debit.kind)
               UNION ALL SELECT currency, balance, 0 FROM epins_epin
                         JOIN epins_epinbatch batch ON batch.id = batch_id)
           SELECT 'e-pins hold ' || sum(pins) || ', their account ' || sum(account) || ' '
                  || currency
           FROM part GROUP BY currency HAVING sum(pins) <> sum(account)""",
    ),
    Invariant(
        lazy("Each member's deposits account equals the payments that wait"),
        """SELECT 'member ' || account.member_id || ' has ' || account.balance || ', waiting '
                  || coalesce(sum(payment.remaining), 0)
           FROM wallet_account account
           LEFT JOIN payments_payment payment ON payment.member_id = account.member_id
                AND payment.currency = account.currency
           WHERE account.kind = 'deposits' GROUP BY account.id
           HAVING account.balance <> coalesce(sum(payment.remaining), 0)""",
    ),
    Invariant(
        lazy("Each e-pin has lost what was paid from it and not returned"),
        """WITH source AS (
               SELECT epin_id, transfer_id FROM payments_payment
               UNION ALL
               SELECT payment.epin_id, part.transfer_id FROM orders_orderpayment part
               JOIN payments_payment payment ON payment.id = part.payment_id),
           moved AS (
               SELECT epin_id, authorised AS amount FROM payments_payment
               UNION ALL
               SELECT source.epin_id, -undoing.amount FROM source
               JOIN wallet_transfer undoing ON undoing.undoes_id = source.transfer_id
               JOIN wallet_account credit ON credit.id = undoing.credit_id
               WHERE credit.member_id IS NULL AND credit.kind = 'epins')
           SELECT 'e-pin ' || epin.id || ' has lost ' || epin.amount - epin.balance
           FROM epins_epin epin LEFT JOIN moved ON moved.epin_id = epin.id
           GROUP BY epin.id
           HAVING epin.amount - epin.balance <> coalesce(sum(moved.amount), 0)""",
    ),
    Invariant(
        lazy("No transfer is undone by more than it moved"),
        """SELECT 'transfer ' || original.id
           FROM wallet_transfer original JOIN wallet_transfer undoing
                ON undoing.undoes_id = original.id
           GROUP BY original.id HAVING sum(undoing.amount) > original.amount""",
    ),
    Invariant(
        lazy("Each member has the four accounts"),
        """SELECT 'member ' || user_id FROM members_member
           JOIN markets_market market ON market.id = market_id
           WHERE (SELECT (count(*) FILTER (WHERE account.currency = market.currency),
                          mod(count(*), 4))
                  FROM wallet_account account
                  WHERE member_id = user_id) <> (4::bigint, 0::bigint)""",
    ),
]

_ORDERS = [
    Invariant(
        lazy("Each order's totals are those of its lines"),
        """SELECT number FROM orders_order
           JOIN orders_orderline line ON line.order_id = orders_order.id
           GROUP BY orders_order.id
           HAVING total_amount <> sum(line.price * line.quantity)
               OR total_points <> sum(line.points * line.quantity)""",
    ),
    Invariant(
        lazy("Each order counts at a position of the member whose volume it is"),
        """SELECT orders_order.number FROM orders_order
           JOIN genealogy_position place ON place.id = position_id
           WHERE place.member_id <> coalesce(volume_member_id, orders_order.member_id)""",
    ),
    Invariant(
        lazy(
            "Each complete order of a position has opened one of its buyer, and no other order has"
        ),
        """SELECT orders_order.number FROM orders_positionorder asked
           JOIN orders_order ON orders_order.id = asked.order_id
           JOIN orders_orderline line ON line.id = asked.line_id
           LEFT JOIN genealogy_position opened ON opened.id = asked.position_id
           WHERE (orders_order.status IN ('complete', 'refunded')) <> (opened.id IS NOT NULL)
              OR line.order_id <> asked.order_id OR opened.number = 1
              OR opened.member_id <> orders_order.member_id""",
    ),
    Invariant(
        lazy("Each complete order is paid in full, and no other order is paid"),
        """SELECT number || ' is ' || status || ', paid ' || coalesce(sum(payment.amount), 0)
           FROM orders_order LEFT JOIN orders_orderpayment payment
                ON payment.order_id = orders_order.id
           GROUP BY orders_order.id
           HAVING coalesce(sum(payment.amount), 0) <>
               CASE WHEN status IN ('complete', 'refunded') THEN total_amount ELSE 0 END""",
    ),
    Invariant(
        lazy("Each payment of an order matches its transfer"),
        """SELECT 'part ' || payment.id FROM orders_orderpayment payment
           JOIN wallet_transfer transfer ON transfer.id = payment.transfer_id
           JOIN orders_order ON orders_order.id = payment.order_id
           JOIN markets_market market ON market.id = orders_order.market_id
           WHERE (transfer.amount, transfer.currency, transfer.kind)
              <> (payment.amount, market.currency, 'order_payment')""",
    ),
    Invariant(
        lazy("Refunds are the same on payments, on lines and in transfers"),
        """WITH refund AS (
               SELECT order_id, sum(amount) AS amount FROM orders_refund GROUP BY order_id)
           SELECT number FROM orders_order LEFT JOIN refund ON refund.order_id = orders_order.id
           WHERE coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(refunded), 0) FROM orders_orderpayment
                   WHERE order_id = orders_order.id)
              OR coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(undoing.amount), 0) FROM orders_orderpayment payment
                   JOIN wallet_transfer undoing ON undoing.undoes_id = payment.transfer_id
                   WHERE payment.order_id = orders_order.id)
              OR coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(price * refunded_quantity), 0) FROM orders_orderline
                   WHERE order_id = orders_order.id)""",
    ),
    Invariant(
        lazy("Refunds of orders paid outside were sent by staff or wait to be sent"),
        """SELECT number FROM orders_order
           JOIN orders_orderpayment part ON part.order_id = orders_order.id
           JOIN payments_payment payment ON payment.id = part.payment_id
           WHERE payment.provider NOT IN ('wallet', 'epin') GROUP BY orders_order.id
           HAVING sum(part.refunded) <> (
               SELECT coalesce(sum(to_send.amount), 0) FROM orders_refundtosend to_send
               JOIN orders_refund refund ON refund.id = to_send.refund_id
               WHERE refund.order_id = orders_order.id)""",
    ),
    Invariant(
        lazy("The tax account holds the tax of what was bought and not refunded"),
        """WITH due AS (
               SELECT order_id, sum(tax * (quantity - refunded_quantity)) AS amount
               FROM orders_orderline GROUP BY order_id)
           SELECT number || ' owes ' || due.amount || ' of tax'
           FROM orders_order JOIN due ON due.order_id = orders_order.id
           LEFT JOIN wallet_transfer paid ON paid.kind = 'order_tax'
                AND paid.reference = 'order:' || number
           WHERE coalesce(paid.amount, 0) - (
                     SELECT coalesce(sum(amount), 0) FROM wallet_transfer
                     WHERE undoes_id = paid.id)
              <> CASE WHEN status IN ('complete', 'refunded') THEN due.amount ELSE 0 END""",
    ),
    Invariant(
        lazy("No line and no package has more figures than the company has names for"),
        """WITH named AS (
               SELECT jsonb_array_length(coalesce(settings -> 'order_figures', '[]')) AS number
               FROM company_company)
           SELECT 'line ' || line.id FROM orders_orderline line, named
           WHERE cardinality(line.figures) > number
           UNION ALL
           SELECT 'package ' || code FROM catalog_package, named
           WHERE cardinality(figures) > number""",
    ),
    Invariant(
        lazy("An order has lines"),
        """SELECT number FROM orders_order
           WHERE NOT EXISTS (SELECT FROM orders_orderline WHERE order_id = orders_order.id)""",
    ),
]

_PAYOUTS = [
    Invariant(
        lazy("The company's payouts account equals the open payouts"),
        """WITH part AS (
               SELECT transfer.currency, 0 AS open,
                      CASE WHEN credit.kind = 'payouts' THEN amount ELSE -amount END AS account
               FROM wallet_transfer transfer
               JOIN wallet_account credit ON credit.id = transfer.credit_id
               JOIN wallet_account debit ON debit.id = transfer.debit_id
               WHERE 'payouts' IN (credit.kind, debit.kind)
               UNION ALL SELECT currency, amount, 0 FROM payouts_payout
                         WHERE status IN ('requested', 'approved', 'in_batch'))
           SELECT 'open payouts come to ' || sum(open) || ', their account ' || sum(account)
                  || ' ' || currency
           FROM part GROUP BY currency HAVING sum(open) <> sum(account)""",
    ),
    Invariant(
        lazy("Each payout took its amount off its member's wallet"),
        """SELECT number FROM payouts_payout payout
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
        """SELECT number || ' is ' || status FROM payouts_payout payout
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
        """SELECT number || ' is ' || status FROM payouts_payout payout
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
        """SELECT 'transfer ' || transfer.id FROM wallet_transfer transfer
           WHERE transfer.kind IN ('payout', 'payout_paid', 'payout_returned', 'payout_sent_back')
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE transfer_id = transfer.id)
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE settlement_id = transfer.id)
             AND NOT EXISTS (SELECT FROM payouts_payout WHERE came_back_id = transfer.id)""",
    ),
    Invariant(
        lazy("Each batch of payouts adds up to its payouts"),
        """SELECT 'batch ' || batch.id FROM payouts_batch batch
           LEFT JOIN payouts_payout payout ON payout.batch_id = batch.id
           GROUP BY batch.id
           HAVING batch.quantity <> count(payout.id)
               OR bool_or(payout.currency <> batch.currency)
               OR batch.amount <> coalesce(sum(payout.amount), 0)""",
    ),
]

TREES = [Invariant(*each) for each in IN_TREES]

_TRANSFERS = [Invariant(*each) for each in TRANSFERS]

_PAYMENTS = [Invariant(*each) for each in PAYMENTS]

_RUNS = [Invariant(*each) for each in RUNS]

_CURRENCIES = [Invariant(*each) for each in (*CURRENCIES, *STATED)]

_CUSTOMERS = [Invariant(*each) for each in CUSTOMERS]

_EVENTS = [Invariant(*each) for each in EVENTS]

_KEYS = [Invariant(*each) for each in KEYS]

_MARKETS = [Invariant(*each) for each in MARKETS]

ALL = [
    *_MARKETS,
    *_LEDGER,
    *_TRANSFERS,
    *_ORDERS,
    *_PAYMENTS,
    *_PAYOUTS,
    *_RUNS,
    *_CURRENCIES,
    *TREES,
    *_CUSTOMERS,
    *_EVENTS,
    *_KEYS,
]


def check() -> dict[str, list[str]]:
    """What breaks each broken promise, at most ten of each; empty where all hold."""
    with databases.atomic(durable=True):
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sql.run("SET LOCAL statement_timeout = 0")
        return breaches()


def breaches() -> dict[str, list[str]]:
    """The same as the transaction around it sees it, uncommitted changes included."""
    found = {invariant.promise: invariant.found() for invariant in ALL}
    return {promise: broken for promise, broken in found.items() if broken}
