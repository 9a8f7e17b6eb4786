"""Taking orders back, by line and quantity, to what paid them."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Q, Sum

from upline.base import audit, clock
from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.events import actions as events
from upline.genealogy import actions as genealogy
from upline.genealogy import queries as tree
from upline.genealogy.models import PositionStatus
from upline.genealogy.queries import NamedPosition
from upline.members import actions as members
from upline.members.queries import package_without
from upline.orders.actions import belonging_to, open_day
from upline.orders.errors import OrderClosed, RefundSentBefore, RefundTooMuch
from upline.orders.models import (
    Order,
    OrderKind,
    OrderLine,
    OrderPayment,
    OrderStatus,
    PositionOrder,
    Refund,
    RefundLine,
    RefundToSend,
)
from upline.orders.statements import LockedOrder
from upline.payments import actions as payments
from upline.payments.actions import lock_sources, return_account
from upline.payments.models import PaymentProvider
from upline.payments.queries import PaymentSource
from upline.wallet import actions as wallet
from upline.wallet.models import AccountKind, Transfer, TransferKind
from upline.wallet.queries import company_account

_OPEN = Q(refunded_quantity__lt=F("quantity"))


def refund(
    unit: UnitOfWork, order: LockedOrder, quantities: Mapping[int, int], reason: str
) -> Refund:
    """Refund pieces of a locked, complete order: `quantities` by line id.

    The money goes to what paid, the latest payment first; to the payer's `purchase` account
    where an e-pin has expired. What was paid outside waits for staff to send it. With a
    membership's package goes what it gave in plans, and a position that the order opened is closed.
    Raises OrderClosed, RefundTooMuch."""
    if order.status != OrderStatus.COMPLETE:
        raise OrderClosed(order.status)
    lines = _chosen_lines(order.id, quantities)
    made = Refund.objects.create(
        order_id=order.id,
        amount=sum(line.price * quantity for line, quantity in lines),
        reason=reason,
        at=clock.now(),
        business_date=open_day(),
        actor_id=unit.actor_id,
    )
    for line, quantity in lines:
        RefundLine.objects.create(refund=made, line=line, quantity=quantity)
        line.refunded_quantity += quantity
        line.save(update_fields=["refunded_quantity"])
    before = _refunded(order.id) - made.amount
    _pay_back(unit, order, made)
    _take_tax_back(order, made, sum(line.tax * quantity for line, quantity in lines))
    status = OrderStatus.COMPLETE
    if not OrderLine.objects.filter(order_id=order.id).filter(_OPEN).exists():
        status = OrderStatus.REFUNDED
        Order.objects.filter(pk=order.id).update(status=status)
    closed = _opened_by(lines)
    if order.kind == OrderKind.MEMBERSHIP and members.take_packages_back(
        order.member_id, _refunded_memberships(order)
    ):
        closed.append(order.member_id)
    _note(unit, order, made, before, status)
    for position_id in closed:
        closed_at = clock.now()
        genealogy.set_status(
            unit, position_id, PositionStatus.CLOSED, closed_at, order.number, reason
        )
    return made


def _refunded(order_id: int) -> int:
    """All that was refunded of an order so far."""
    return int(Refund.objects.filter(order_id=order_id).aggregate(sum=Sum("amount"))["sum"] or 0)


def _note(
    unit: UnitOfWork,
    order: LockedOrder,
    made: Refund,
    before: int,
    status: OrderStatus,
) -> None:
    events.record(
        unit,
        EventKind.ORDER_REFUNDED,
        f"order:{order.number}",
        {
            "member_id": order.member_id,
            "refund_id": made.pk,
            "amount": made.amount,
            "currency": order.currency,
            "is_whole": status == OrderStatus.REFUNDED,
        },
        amount=made.amount,
        reason=made.reason,
        changes=audit.changes(
            {"refunded": before, "status": order.status},
            {"refunded": before + made.amount, "status": status},
        ),
    )


def closing(order: Order, quantities: Mapping[int, int]) -> list[NamedPosition]:
    """The positions that a refund of these pieces would close: the further one that they opened;
    the buyer's first one, where the membership goes and no earlier one remains. Raises
    RefundTooMuch."""
    lines = _chosen_lines(order.pk, quantities)
    ids, refunded = _opened_by(lines), _refunded_memberships(order)
    if order.kind == OrderKind.MEMBERSHIP:
        packages = [(line, pieces) for line, pieces in lines if line.package_id]
        if any(line.refunded_quantity + pieces == line.quantity for line, pieces in packages):
            refunded.append(order.number)
        remaining = package_without(order.member_id, refunded)
        if remaining is not None and remaining.package_id is None:
            ids.append(order.member_id)
    found = tree.positions_named(ids)
    return [found[each] for each in ids]


def _opened_by(lines: Sequence[tuple[OrderLine, int]]) -> list[int]:
    """The further positions that these lines opened."""
    opened = PositionOrder.objects.filter(line_id__in=[line.pk for line, _ in lines])
    return [each.position_id for each in opened if each.position_id is not None]


def _refunded_memberships(order: LockedOrder | Order) -> list[str]:
    """The numbers of this member's orders whose membership package was refunded."""
    lines = OrderLine.objects.filter(
        order__member_id=order.member_id, order__kind=OrderKind.MEMBERSHIP, package__isnull=False
    )
    return list(lines.exclude(_OPEN).values_list("order__number", flat=True))


def _chosen_lines(order_id: int, quantities: Mapping[int, int]) -> list[tuple[OrderLine, int]]:
    wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    lines = OrderLine.objects.filter(order_id=order_id, id__in=wanted).order_by("id")
    chosen = [(line, wanted[line.pk]) for line in lines]
    if not chosen or len(chosen) < len(wanted):
        raise RefundTooMuch()
    if any(not 0 < quantity <= line.quantity - line.refunded_quantity for line, quantity in chosen):
        raise RefundTooMuch()
    return chosen


def preview(order_id: int, quantities: Mapping[int, int]) -> list[tuple[OrderPayment, int]]:
    """What a refund of these pieces would give back of each payment. Raises RefundTooMuch."""
    lines = _chosen_lines(order_id, quantities)
    return _shares(order_id, sum(line.price * quantity for line, quantity in lines))


def _shares(order_id: int, amount: int) -> list[tuple[OrderPayment, int]]:
    """How `amount` is given back: the latest payment first."""
    shares = []
    parts = OrderPayment.objects.filter(order_id=order_id).select_related(
        "payer__user", "payment__epin", "payment__wallet__member__user"
    )
    for part in parts.order_by("-id"):
        share = min(part.amount - part.refunded, amount)
        if share:
            shares.append((part, share))
            amount -= share
    assert amount == 0, "an order is paid in full before it is complete"
    return shares


def _pay_back(unit: UnitOfWork, order: LockedOrder, made: Refund) -> None:
    shares = _shares(order.id, made.amount)
    sources = [source_of(part, order.currency) for part, _ in shares]
    payments.lock(part.payment_id for part, _ in shares if part.payment_id is not None)
    lock_sources(source for source in sources if source is not None)
    outside = sum(share for (_, share), source in zip(shares, sources, strict=True) if not source)
    if outside:
        RefundToSend.objects.create(refund=made, amount=outside)
    for (part, share), source in zip(shares, sources, strict=True):
        wallet.transfer(
            company_account(AccountKind.SALES, order.currency),
            return_account(source, share)
            if source
            else company_account(AccountKind.OUTSIDE, order.currency),
            share,
            TransferKind.ORDER_REFUND,
            f"refund:{made.pk}:{part.pk}",
            belonging_to(order),
            undoes=part.transfer_id,
            note=made.reason,
        )
        part.refunded += share
        part.save(update_fields=["refunded"])
        if part.payment_id is not None:
            payments.refund(part.payment_id, share)


def source_of(part: OrderPayment, currency: str) -> PaymentSource | None:
    """What paid an order in this currency; None where it was paid outside, and goes back there."""
    payment = part.payment
    if payment is None:
        return PaymentSource(part.payer_id, currency)
    if payment.provider not in (PaymentProvider.WALLET, PaymentProvider.EPIN):
        return None
    return PaymentSource(part.payer_id, currency, payment.wallet_id, payment.epin_id)


def _take_tax_back(order: LockedOrder, made: Refund, tax: int) -> None:
    if not tax:
        return
    paid = Transfer.objects.get(kind=TransferKind.ORDER_TAX, reference=f"order:{order.number}")
    wallet.transfer(
        company_account(AccountKind.TAX, order.currency),
        company_account(AccountKind.SALES, order.currency),
        tax,
        TransferKind.ORDER_TAX_REFUND,
        f"refund:{made.pk}",
        belonging_to(order),
        undoes=paid.pk,
    )


def mark_sent(unit: UnitOfWork, to_send_id: int, note: str) -> RefundToSend:
    """Staff have sent what was paid outside back by other means; `note` says how. Raises
    RefundSentBefore, OwnAccount."""
    found = RefundToSend.objects.select_for_update().get(pk=to_send_id)
    if found.sent_at is not None:
        raise RefundSentBefore()
    unit.refuse_own(found.refund.order.member_id)
    found.sent_at, found.sent_by_id, found.note = clock.now(), unit.actor_id, note
    found.save(update_fields=["sent_at", "sent_by", "note"])
    order = found.refund.order
    events.record(
        unit,
        EventKind.REFUND_SENT,
        f"order:{order.number}",
        {
            "member_id": order.member_id,
            "amount": found.amount,
            "currency": order.currency,
        },
        amount=found.amount,
        note=note,
    )
    return found
