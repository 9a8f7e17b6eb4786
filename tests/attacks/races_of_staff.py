"""What two people of the office do at the same moment, in a company of their own: each race says
what came of it, and judges nothing. Its fault takes away what decides it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from attacks.faults import careless
from support.cast import enrol, unique
from support.installation import ROOT_MEMBER
from support.markets import open_japan
from support.office import acting, hire_staff
from support.overlapping import first
from support.owner import as_owner
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork
from upline.flows import (
    adjusting,
    asked_steps,
    changing_market,
    configuring,
    order_decisions,
    payment_events,
    placing,
    two_people,
)
from upline.flows.two_people import NeedsSecond
from upline.genealogy import actions
from upline.genealogy.models import PlacementFact
from upline.members.models import Member, StepAsked
from upline.orders import actions as orders
from upline.orders import statements
from upline.orders.models import Order, OrderKind
from upline.payments.models import PaymentEvent, PaymentEventKind, PaymentProvider
from upline.payments.providers.event import ProviderEvent
from upline.wallet.models import AccountKind, Transfer
from upline.wallet.queries import balances

ALONE = 10_000


def with_fault(race: str, fault: str) -> Any:
    """A race by its name, with a fault planted where one is named."""
    if fault:
        globals()[fault]()
    return globals()[race]()


def _unit() -> Any:
    return UnitOfWork(Shell())


def _said(work: Callable[[], Any]) -> str:
    """`done`, or how it failed."""
    try:
        work()
    except Exception as error:
        return type(error).__name__
    return "done"


def _both(holds: Callable[[], Any], comes: Callable[[], Any]) -> list[str]:
    """What `comes` was told, that began when `holds` had done everything but commit."""
    said: list[str] = []
    first(holds, lambda: said.append(_said(comes)))
    return said


def _order(member_id: int) -> Any:
    """An order of 25.00 that awaits payment."""
    lines = [orders.LineToOrder("Soap", 1, 2500)]
    return _unit().commit(lambda: orders.make(member_id, OrderKind.OFFICE, lines))


# --- One bank file, imported by two ----------------------------------------------------------


def import_twice() -> list[str]:
    """How many transfers each import finds new, and how many are stored."""
    order, reference, found = _order(enrol(ROOT_MEMBER, unique("ann"))), unique("T"), []
    file = f"reference,amount,currency,text\n{reference},25.00,EUR,{order.number}\n"

    def send() -> None:
        found.append(payment_events.import_bank_file(_unit(), file))

    first(lambda: _stored_only(send), send)
    payment_events.apply_received()
    return [*map(str, sorted(found)), str(PaymentEvent.objects.filter(reference=reference).count())]


def _stored_only(send: Callable[[], Any]) -> None:
    """The first import stays open after it has stored what the file says."""
    applied, payment_events.apply_received = payment_events.apply_received, lambda: None
    try:
        send()
    finally:
        payment_events.apply_received = applied


def without_one_event_per_id() -> None:
    """The fault: an event is looked for, and stored where nobody sees it."""
    as_owner("ALTER TABLE payments_paymentevent DROP CONSTRAINT one_payment_event_per_id")


# --- One event, applied by two ---------------------------------------------------------------


def apply_twice() -> list[str]:
    """A transfer that was taken back is applied by two workers. What the second is told, how often
    the money left the shopping balance, and what became of the event."""
    member_id, reference = enrol(ROOT_MEMBER, unique("bea")), unique("T")
    order = _order(member_id)
    order_decisions.record_payment(_unit(), order.number, 1000, reference)
    order_decisions.cancel_order(_unit(), order.number)
    payment_events.store(PaymentProvider.OUTSIDE, _taken_back(reference))
    event = PaymentEvent.objects.get(reference=reference)
    said = _both(lambda: payment_events.apply(event.pk), lambda: payment_events.apply(event.pk))
    sent = Transfer.objects.filter(kind="payment_sent_back", member_id=member_id)
    event.refresh_from_db()
    return [*said, str(sent.count()), event.status]


def _taken_back(reference: str) -> Any:
    kind = PaymentEventKind.RETURNED
    return [ProviderEvent(unique("E"), kind, reference, 1000, "EUR")]


def without_held_event() -> None:
    """The fault: an event is read, and what becomes of it is written whatever it is by then."""
    as_owner("DROP TRIGGER payments_event_checked ON payments_paymentevent")
    vars(PaymentEvent.objects)["select_for_update"] = PaymentEvent.objects.all


# --- A member who is moved to another market while they order ---------------------------------


def order_during_move() -> list[str]:
    """How many orders that await payment are of another market than their buyer's."""
    member_id, japan = enrol(ROOT_MEMBER, unique("kim")), open_japan()
    _cancel_all(member_id)
    first(
        lambda: changing_market.move(_unit(), member_id, japan, "a race"),
        lambda: _order(member_id),
    )
    now = Member.objects.get(pk=member_id).market_id
    waiting = Order.objects.filter(member_id=member_id, status="awaiting_payment")
    return [str(now == japan), str(waiting.exclude(market_id=now).count()), str(waiting.count())]


def _cancel_all(member_id: int) -> None:
    for order in Order.objects.filter(member_id=member_id, status="awaiting_payment"):
        order_decisions.cancel_order(_unit(), order.number)


def without_held_market() -> None:
    """The fault: an order reads its buyer's market, and holds nobody."""
    statements.ADD_ORDER = statements.ADD_ORDER.replace(" FOR KEY SHARE", "")


# --- Whoever waits for a place, placed by two --------------------------------------------------


def place_twice() -> list[str]:
    """What the second is told, and how many facts say where the member was placed."""
    configuring.change_settings(_unit(), holding_days=7)
    ann = unique("ann")
    enrol(ROOT_MEMBER, ann)
    wanda = enrol(ann, unique("wanda"), waits=True)

    def place(side: int) -> None:
        placing.place(_unit(), wanda, ann, side, "a race")

    said = _both(lambda: place(1), lambda: place(2))
    return [*said, str(PlacementFact.objects.filter(position_id=wanda).count())]


def without_held_waiting() -> None:
    """The fault: whoever places somebody does not look whether they still wait."""

    def look(member_id: int) -> int:
        return sql.number("SELECT sponsor_id FROM genealogy_position WHERE id = %s", [member_id])

    actions.hold_waiting = look


# --- A step that one asked for ------------------------------------------------------------------


def confirm_and_withdraw() -> list[str]:
    """One confirms what another takes back at the same moment. What that one is told, what became
    of the step, and what the wallet holds."""
    configuring.change_settings(_unit(), alone_max=ALONE)
    asks, confirms = (hire_staff("members.view_member", "wallet.add_transfer") for _ in "12")
    member_id = enrol(ROOT_MEMBER, unique("ann"))
    with suppress(NeedsSecond):
        adjusting.credit_wallet(acting(asks), member_id, ALONE + 1, "a race")
    step = StepAsked.objects.get(actor__username=asks)
    said = _both(
        lambda: asked_steps.confirm(acting(confirms), step.pk),
        lambda: asked_steps.withdraw(acting(asks), step.pk),
    )
    step.refresh_from_db()
    return [*said, step.status, str(balances(member_id, "EUR")[AccountKind.WALLET])]


def without_held_step() -> None:
    """The fault: a step is read, and answered whatever became of it."""
    as_owner("DROP TRIGGER members_stepasked_kept ON members_stepasked")
    careless.plant("asked_step")
    asked_steps._hold = asked_steps._open


# --- What one person does alone -----------------------------------------------------------------


def credit_twice() -> list[str]:
    """One person credits 60.00 twice at once, and may credit 100.00 alone. What the second is told,
    and what the wallet holds."""
    configuring.change_settings(_unit(), alone_max=ALONE)
    sam = hire_staff("members.view_member", "wallet.add_transfer")
    member_id = enrol(ROOT_MEMBER, unique("ann"))

    def credit() -> None:
        adjusting.credit_wallet(acting(sam), member_id, 6_000, "a race")

    said = _both(credit, credit)
    return [*said, str(balances(member_id, "EUR")[AccountKind.WALLET])]


def without_turns() -> None:
    """The fault: what one person did so far is added up while they do more."""

    class Unlocked:
        """What `sql` does, but for the lock of the person."""

        def __getattr__(self, name: str) -> Any:
            return getattr(sql, name)

        def run(self, statement: str, parameters: Any = ()) -> Any:
            return 0 if "'alone'" in statement else sql.run(statement, parameters)

    vars(two_people)["sql"] = Unlocked()
