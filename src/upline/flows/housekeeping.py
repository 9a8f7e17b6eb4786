"""What time does by itself: payments go back, orders lapse, who waits is placed."""

import logging
from functools import partial

from upline.base import clock
from upline.base.actors import Worker
from upline.base.unit import UnitOfWork
from upline.flows import asked_steps, payment_events, placing
from upline.members.security import protection
from upline.orders import actions as orders
from upline.orders import queries
from upline.payments import actions as payments
from upline.payments.queries import members_with_expired

log = logging.getLogger("upline.flows")


def let_time_pass() -> None:
    """Run every minute: orders lapse first, since they hold payments back; mails go to new
    addresses whose time has come; what nobody confirmed is closed. By a wrong clock nothing is
    done. Needs no right: time brings it, and the worker does it."""
    try:
        clock.must_agree()
    except clock.ClockDiffers as refusal:
        log.error("nothing that time brings was done: %s", refusal.sentence)
        return
    orders.cancel_lapsed()
    for number in queries.lapsed_and_paid_in_part():
        UnitOfWork(Worker()).commit(partial(orders.cancel_if_lapsed, number))
    payment_events.apply_received()
    give_payments_back()
    UnitOfWork(Worker()).commit(protection.send_to_confirmed)
    UnitOfWork(Worker()).commit(protection.forget_undone)
    asked_steps.let_expire()
    placing.place_overdue()


def give_payments_back() -> None:
    """Payments that no order used in 30 minutes go back where they came from, unless the
    member has an order that awaits its payment. Needs no right: time brings it, and the worker does
    it."""
    for member_id in members_with_expired():
        try:
            UnitOfWork(Worker()).commit(partial(_give_back_unless_awaited, member_id))
        except Exception:
            # One member's trouble must not keep the others' money: the next minute tries again.
            log.exception("the payments of member %s did not go back", member_id)


def _give_back_unless_awaited(member_id: int) -> None:
    payments.lock_waiting(member_id)
    if not queries.awaits_payment(member_id):
        payments.give_back_expired(member_id)
