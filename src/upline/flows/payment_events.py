"""What providers say of payments: stored once, then applied; what fits nothing waits for staff."""

import logging
from collections import Counter
from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from django.db.models import Q

from upline.base import audit, clock
from upline.base.actors import Worker
from upline.base.amounts import Money
from upline.base.audit import AuditEvent
from upline.base.errors import FieldsWrong
from upline.base.unit import UnitOfWork
from upline.flows import provider_secrets, two_people
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.markets import current as markets
from upline.orders import actions as orders
from upline.orders import refunds
from upline.orders.errors import OrderNotFound
from upline.orders.models import Order, RefundToSend
from upline.payments import actions as payments
from upline.payments import surpluses
from upline.payments.actions import OutsidePayment
from upline.payments.errors import (
    PaymentEventDiffers,
    PaymentEventSettled,
    PaymentRecordedBefore,
)
from upline.payments.models import (
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentEventStatus,
    PaymentProvider,
    Surplus,
    SurplusReason,
    SurplusStatus,
)
from upline.payments.providers import PROVIDERS, signed
from upline.payments.providers.event import ProviderEvent
from upline.wallet.errors import BalanceTooLow

log = logging.getLogger("upline.flows")
_OPEN = (PaymentEventStatus.RECEIVED, PaymentEventStatus.WAITING)
_NOTE = "The provider took it back"


@needs(Right.DECIDE_ORDERS)
def import_bank_file(unit: UnitOfWork, lines: str) -> int:
    """Store what a bank's file says, and apply it. Lines that are known already change nothing.
    Returns how many were new. Raises FieldsWrong, PaymentEventDiffers."""
    events = PROVIDERS[PaymentProvider.OUTSIDE](lines)

    def keep() -> tuple[int, list[Money]]:
        for number in {event.order_number for event in events if event.order_number}:
            found = Order.objects.filter(number=number).values_list("member_id", flat=True)
            unit.refuse_own(found.first())
        new = store(PaymentProvider.OUTSIDE, events)
        return len(new), _note_import(unit, new)

    step = two_people.Step(
        AuditEvent.PAYMENTS_IMPORT,
        Right.DECIDE_ORDERS,
        {"lines": lines},
        what=f"{AuditEvent.PAYMENTS_IMPORT} {sha256(lines.encode()).hexdigest()}",
    )
    number, _ = two_people.commit_amount(unit, step, keep, lambda kept: kept[1])
    apply_received()
    return number


def _note_import(unit: UnitOfWork, new: Sequence[ProviderEvent]) -> list[Money]:
    """What was paid in each currency, an entry of the audit log for each."""
    paid = Counter({each.currency: 0 for each in new})
    for each in new:
        paid[each.currency] += each.amount if each.kind == PaymentEventKind.PAID else 0
    for currency, amount in paid.items():
        quantity = sum(each.currency == currency for each in new)
        audit.record(
            unit, AuditEvent.PAYMENTS_IMPORT, "payments",
            amount=amount, currency=currency, quantity=quantity,
        )  # fmt: skip
    if not new:
        audit.record(unit, AuditEvent.PAYMENTS_IMPORT, "payments", quantity=0)
    return [Money(amount, currency) for currency, amount in paid.items()]


def receive(unit: UnitOfWork, provider: str, body: bytes, signature: str) -> int:
    """Store what a provider says that signs its messages, and apply it. What it has said before
    changes nothing. Returns how many events were new. Raises SignatureWrong, also for a provider
    without a secret, FieldsWrong, PaymentEventDiffers. Needs no right: the provider's secret signed
    it."""
    signed.check(signature, body, provider_secrets.living(provider), clock.now().timestamp())
    events = signed.read(body)
    new = unit.commit(lambda: store(provider, events))
    apply_received()
    return len(new)


def store(provider: str, events: Sequence[ProviderEvent]) -> list[ProviderEvent]:
    """Inside a transaction: keep what a provider said, each event once. Returns the new ones.
    Raises PaymentEventDiffers for one that was told with another amount: two transfers of one name
    would be counted as one. Needs no right: it changes no money."""
    new = []
    for event in events:
        known, is_new = PaymentEvent.objects.get_or_create(
            provider=provider,
            event_id=event.event_id,
            defaults={**vars(event), "at": clock.now()},
        )
        if (known.amount, known.currency) != (event.amount, event.currency):
            raise PaymentEventDiffers(
                gettext(
                    "{reference} was reported before with {before}, and now with {amount}. "
                    "Nothing was changed.",
                    reference=event.reference,
                    before=markets.money(Money(known.amount, known.currency)),
                    amount=markets.money(Money(event.amount, event.currency)),
                )
            )
        new += [event] if is_new else []
    return new


def apply_received() -> None:
    """Apply what nobody has looked at yet, and again what was taken back and waits for its payment
    or its refund. Needs no right: the provider said it, and the worker does it."""
    is_due = Q(status=PaymentEventStatus.RECEIVED) | Q(
        status=PaymentEventStatus.WAITING, kind=PaymentEventKind.RETURNED
    )
    found = PaymentEvent.objects.filter(is_due).order_by("kind", "id")
    for event_id in list(found.values_list("id", flat=True)):
        try:
            apply(event_id)
        except Exception:
            # One event's trouble must not keep the others: the next minute tries again.
            log.exception("payment event %s was not applied", event_id)


def apply(event_id: int) -> None:
    """Apply one event, in a transaction of its own. Needs no right: the provider said it, and the
    worker does it."""
    unit = UnitOfWork(Worker())
    try:
        unit.commit(partial(_apply, unit, event_id))
    except PaymentRecordedBefore:
        # Another has recorded the same payment meanwhile: now it is known.
        unit.commit(partial(_apply, unit, event_id))


def _apply(unit: UnitOfWork, event_id: int) -> None:
    event = PaymentEvent.objects.select_for_update().get(pk=event_id)
    if event.status not in _OPEN:
        return
    event.status = _paid(unit, event) if event.kind == PaymentEventKind.PAID else _returned(event)
    event.payment = _payment(event)
    event.save(update_fields=["status", "payment"])


def _payment(event: PaymentEvent) -> Payment | None:
    return Payment.objects.filter(provider=event.provider, reference=event.reference).first()


def _paid(unit: UnitOfWork, event: PaymentEvent) -> PaymentEventStatus:
    payment = _payment(event)
    if payment is not None:
        is_known = _is_known(event, payment)
        return PaymentEventStatus.SUPERSEDED if is_known else PaymentEventStatus.WAITING
    try:
        order = orders.lock(event.order_number)
    except OrderNotFound:
        return PaymentEventStatus.WAITING
    if order.currency != event.currency:
        return PaymentEventStatus.WAITING
    named = OutsidePayment(event.reference, event.provider)
    orders.pay_from_outside(unit, order, event.amount, named)
    return PaymentEventStatus.APPLIED


def _is_known(event: PaymentEvent, payment: Payment) -> bool:
    """Whether the books have what an event says has come: so much, where staff recorded it; so much
    or more, where the provider said it."""
    if payment.currency != event.currency:
        return False
    was_said = payment.events.filter(
        kind=PaymentEventKind.PAID, status=PaymentEventStatus.APPLIED
    ).exists()
    return event.amount == payment.authorised or (was_said and event.amount < payment.authorised)


def _returned(event: PaymentEvent) -> PaymentEventStatus:
    payment = _payment(event)
    if payment is None or payment.order_id is None or payment.currency != event.currency:
        return PaymentEventStatus.WAITING
    # The order first, as whoever pays or refunds it does.
    order = orders.lock(Order.objects.values_list("number", flat=True).get(pk=payment.order_id))
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if event.amount <= payment.returned:
        return PaymentEventStatus.SUPERSEDED
    if not _take_back(payment, order.id, event.amount - payment.returned):
        return PaymentEventStatus.WAITING
    Payment.objects.filter(pk=payment.pk).update(returned=event.amount)
    return PaymentEventStatus.APPLIED


def _take_back(payment: Payment, order_id: int, amount: int) -> bool:
    """Note that this money has left again, where it waits, is a surplus, or is a refund to send;
    whether it was one of these."""
    if payment.remaining == amount:
        payments.release(payment.member_id, order_id, SurplusReason.RETURNED, payment.pk)
    surplus = Surplus.objects.filter(
        payment=payment, status=SurplusStatus.OPEN, amount=amount
    ).first()
    if surplus is not None:
        try:
            surpluses.send_back(surpluses.lock(surplus.pk), _NOTE, None)
        except BalanceTooLow:
            return False
        return True
    to_send = RefundToSend.objects.filter(
        refund__order_id=order_id, sent_at=None, amount=amount
    ).first()
    if to_send is None:
        return False
    refunds.mark_sent(UnitOfWork(Worker()), to_send.pk, _NOTE)
    return True


@needs(Right.DECIDE_ORDERS)
def assign(unit: UnitOfWork, event_id: int, number: str) -> None:
    """Say which order an event is about that names none, or another; then apply it. Raises
    OrderNotFound, PaymentEventSettled; PaymentRecordedBefore where another amount of its payment is
    recorded."""

    def change() -> Money:
        event = _lock_open(event_id)
        if event.kind == PaymentEventKind.PAID and _payment(event) is not None:
            raise PaymentRecordedBefore()
        order = orders.lock(number)
        unit.refuse_own(order.member_id)
        event.order_number = order.number
        event.save(update_fields=["order_number"])
        audit.record(
            unit,
            AuditEvent.PAYMENT_EVENT_ASSIGN,
            f"order:{order.number}",
            member_id=order.member_id,
            amount=event.amount,
            currency=event.currency,
            reference=event.reference,
        )
        return Money(event.amount, event.currency)

    step = two_people.Step(
        AuditEvent.PAYMENT_EVENT_ASSIGN,
        Right.DECIDE_ORDERS,
        {"event_id": event_id, "number": number},
        what=f"{AuditEvent.PAYMENT_EVENT_ASSIGN} {event_id} {number}",
        subject=f"order:{number}",
    )
    two_people.commit_amount(unit, step, change, lambda assigned: [assigned])
    apply(event_id)


@needs(Right.DECIDE_ORDERS)
def set_aside(unit: UnitOfWork, event_id: int, note: str) -> None:
    """Staff have dealt with it by other means, as `note` says. Raises FieldsWrong without one,
    PaymentEventSettled."""
    if not note.strip():
        raise FieldsWrong(gettext("Enter what you did about it."))

    def change() -> None:
        event = _lock_open(event_id)
        event.status, event.note = PaymentEventStatus.SET_ASIDE, note
        event.save(update_fields=["status", "note"])
        audit.record(
            unit,
            AuditEvent.PAYMENT_EVENT_SET_ASIDE,
            "payments",
            amount=event.amount,
            currency=event.currency,
            reference=event.reference,
            reason=note,
        )

    unit.commit(change)


def _lock_open(event_id: int) -> PaymentEvent:
    event = PaymentEvent.objects.select_for_update().get(pk=event_id)
    if event.status not in _OPEN:
        raise PaymentEventSettled()
    return event
