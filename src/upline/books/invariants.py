"""What must always hold of ledger, trees, orders and runs, each as a query for what breaks it.

All run in one REPEATABLE READ snapshot, so that a busy installation can be checked as it runs.
"""

from upline.base import databases, sql
from upline.books.currency_promises import CURRENCIES
from upline.books.customer_promises import CUSTOMERS
from upline.books.event_promises import EVENTS
from upline.books.key_promises import KEYS
from upline.books.ledger_promises import LEDGER
from upline.books.market_promises import MARKETS
from upline.books.order_promises import ORDERS
from upline.books.payment_promises import PAYMENTS
from upline.books.payout_promises import PAYOUTS
from upline.books.run_promises import RUNS
from upline.books.stated_promises import STATED
from upline.books.transfer_promises import TRANSFERS
from upline.books.tree_promises import IN_TREES

ALL = [
    *MARKETS,
    *LEDGER,
    *TRANSFERS,
    *ORDERS,
    *PAYMENTS,
    *PAYOUTS,
    *RUNS,
    *CURRENCIES,
    *STATED,
    *IN_TREES,
    *CUSTOMERS,
    *EVENTS,
    *KEYS,
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
