"""Orders that are completed while their day is being frozen: with the lock on the books, or
without it."""

import threading
from datetime import date, datetime, time, timedelta
from typing import Any

from commissions.founding import ZONE
from commissions.world import computed, opened, sale
from support.overlapping import wait_for_other
from support.owner import as_owner
from upline.base import clock, sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.orders import statements

SELLERS = 8


def without_lock() -> None:
    """The planted fault: who completes an order takes no lock, and the database asks for none."""
    statements.SHARE_BOOKS = "SELECT 1"
    as_owner("DROP TRIGGER orders_order_steps ON orders_order")


def race_without_lock(last: date) -> list[int]:
    without_lock()
    return race(last)


def race(last: date) -> list[int]:
    """Sales in the last second of the period's last day, and a run that is opened and computed in
    the first second of the next day: none of them is committed before it has ended, or waits for
    them. Returns the turnover that the run saw and the value of all orders that are dated in its
    period."""
    midnight = datetime.combine(last + timedelta(days=1), time(), ZONE)
    sold, computed_it, seen = threading.Barrier(SELLERS + 1), threading.Event(), []

    def sell() -> None:
        record = sale("ben", 1_000, 100)

        def slowly() -> Any:
            made = record()
            sold.wait(30)
            wait_for_other(computed_it)
            return made

        with clock.pinned(midnight - timedelta(seconds=1)):
            UnitOfWork(Shell()).commit(slowly)

    def run() -> None:
        sold.wait(30)
        try:
            with clock.pinned(midnight + timedelta(seconds=1)):
                (number,) = opened()
                computed(number)
                seen.append(sql.number("SELECT turnover FROM commissions_run"))
        finally:
            computed_it.set()

    threads = [threading.Thread(target=each) for each in (*[sell] * SELLERS, run)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dated = sql.number(
        "SELECT sum(total_amount)::bigint FROM orders_order WHERE client_id IS NOT NULL "
        "AND business_date <= %s",
        [last],
    )
    return [*seen, dated]
