"""Making, paying, cancelling orders. Refunds: refunds.py."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from psycopg.types.json import Jsonb

from upline.base import clock, sql
from upline.base.amounts import Money
from upline.base.totals import totals_of
from upline.base.unit import UnitOfWork
from upline.catalog.statements import Offer
from upline.company import current as company
from upline.markets import current as markets
from upline.members import actions as members
from upline.members.models import MemberKind
from upline.orders import opening, statements
from upline.orders.errors import OrderClosed, OrderNotFound
from upline.orders.models import OrderKind, OrderStatus
from upline.orders.statements import Completed, LockedOrder, MadeRow
from upline.payments import actions as payments
from upline.payments import queries as payment_queries
from upline.payments.actions import OutsidePayment
from upline.payments.models import PaymentProvider, SurplusReason
from upline.wallet import actions as wallet
from upline.wallet.actions import BelongsTo
from upline.wallet.models import AccountKind, TransferKind
from upline.wallet.queries import company_account

SIGNUP_FEE = "Signup fee"


@dataclass(frozen=True)
class LineToOrder:
    """A line to be ordered; figures of one piece, amounts in minor units. `tax` is contained in
    `price`, at `tax_rate` basis points. `order_type` and `figures`, in hundredths, are the
    package's where they are None; `opens_position` says that the package opens one."""

    name: str
    quantity: int
    price: int
    commissionable_value: int = 0
    points: int = 0
    tax: int = 0
    tax_rate: int = 0
    package_id: int | None = None
    buyer: MemberKind = MemberKind.MEMBER
    order_type: str | None = None
    figures: list[int] | None = None
    opens_position: bool = False


@dataclass(frozen=True)
class MadeOrder:
    """An order just made, as far as paying it goes. `member_id` is who buys."""

    id: int
    number: str
    member_id: int
    total: Money

    @property
    def total_amount(self) -> int:
        """In minor units."""
        return self.total.minor


class PaidFromOutside(NamedTuple):
    """What became of money from outside: the order's status, what the order still lacks, and what
    went to the buyer's shopping balance, in minor units."""

    status: OrderStatus
    lacking: int = 0
    surplus: int = 0


def line_of(offer: Offer, quantity: int) -> LineToOrder:
    """A line at what a market offers a package for."""
    return LineToOrder(
        name=offer.name,
        quantity=quantity,
        price=offer.amount,
        commissionable_value=offer.commissionable_value,
        points=offer.points,
        tax=offer.tax,
        tax_rate=offer.tax_rate,
        package_id=offer.package_id,
        opens_position=offer.opens_position,
    )


def signup_fee_line(fee: int) -> LineToOrder:
    """The signup fee: it carries no points and no commissionable value."""
    return LineToOrder(name=SIGNUP_FEE, quantity=1, price=fee)


def make(
    member_id: int,
    kind: OrderKind,
    lines: Iterable[LineToOrder],
    *,
    client_id: int | None = None,
    position_id: int | None = None,
    outside_id: str | None = None,
    total_quantity: int | None = None,
    address: Mapping[str, str] | None = None,
    address_added_at: datetime | None = None,
    lapses_at: datetime | None = None,
    pays_by: str = "",
) -> MadeOrder:
    """Make an order awaiting payment. `total_quantity` counts products unless it is given;
    `position_id` None is the buyer's first position."""
    lines = list(lines)
    number = f"UP-{secrets.token_hex(6).upper()}"
    totals = totals_of(lines)
    products = sum(line.quantity for line in lines if line.package_id)
    made = sql.one(
        MadeRow,
        statements.ADD_ORDER,
        {
            "number": number,
            "member": member_id,
            "kind": kind,
            "client": client_id,
            "position": position_id,
            "outside_id": outside_id,
            "amount": totals.amount,
            "quantity": products if total_quantity is None else total_quantity,
            "points": totals.points,
            "address": Jsonb(dict(address or {})),
            "address_added_at": address_added_at,
            "now": clock.now(),
            "lapses_at": lapses_at,
            "pays_by": pays_by,
        },
    )
    assert made is not None, "members are never deleted"
    sql.run(statements.ADD_LINES, [made.id, Jsonb([vars(line) for line in lines])])
    currency = markets.market(made.market_id).currency
    return MadeOrder(made.id, number, member_id, Money(totals.amount, currency))


def lapse_time(pays_by: str = "") -> datetime:
    """When an order made now lapses unless it is paid, by the provider that is to bring its money;
    '' for what is paid in beforehand."""
    office = company.office()
    if pays_by == PaymentProvider.OUTSIDE:
        return clock.now() + timedelta(days=office.bank_transfer_days)
    return clock.now() + timedelta(hours=office.cart_order_hours)


def pay(unit: UnitOfWork, order: MadeOrder | LockedOrder, payer_id: int) -> None:
    """Pay an order from what the payer has paid in, and complete it. Raises BalanceTooLow."""
    parts = payments.spend(payer_id, order.total, f"order:{order.number}", belonging_to(order))
    for payment_id, amount, transfer_id in parts:
        sql.run(statements.ADD_PAYMENT, [order.id, payer_id, payment_id, amount, transfer_id])
    _complete(unit, order)


def belonging_to(order: MadeOrder | LockedOrder) -> BelongsTo:
    """What the transfers of an order belong to, whoever pays them."""
    return BelongsTo(order.member_id, order_id=order.id)


def ask_to_confirm(order_id: int) -> bool:
    """Its owner has to confirm this order before it is paid. Returns whether that is new."""
    return bool(
        sql.run(
            "UPDATE orders_order SET to_confirm = true WHERE id = %s AND NOT to_confirm", [order_id]
        )
    )


def pay_whole_from_outside(
    unit: UnitOfWork, order: MadeOrder | LockedOrder, named: OutsidePayment
) -> None:
    """The whole price of an order came from outside at once; complete it. A payment without a
    reference is known by the order's number. Raises OrderClosed, PaymentRecordedBefore."""
    if order.total_amount:
        transfer_id = wallet.transfer(
            company_account(AccountKind.OUTSIDE, order.total.currency),
            company_account(AccountKind.SALES, order.total.currency),
            order.total_amount,
            TransferKind.ORDER_PAYMENT,
            f"order:{order.number}:outside",
            belonging_to(order),
        )
        payment_id = payments.capture_from_outside(
            order.member_id,
            order.id,
            order.total,
            transfer_id,
            named if named.reference else named._replace(reference=f"order:{order.number}"),
        )
        part = [order.id, order.member_id, payment_id, order.total_amount, transfer_id]
        sql.run(statements.ADD_PAYMENT, part)
    _complete(unit, order)


def pay_from_outside(
    unit: UnitOfWork, order: LockedOrder, amount: int, named: OutsidePayment
) -> PaidFromOutside:
    """`amount` came from outside for an order, whatever its status. The money waits until all of
    the price is there, which gives the order more time; then the order is complete. What it does
    not need goes to the buyer's shopping balance. An order of a position for somebody whose
    membership has ended is cancelled first. Raises PaymentRecordedBefore."""
    if order.status == OrderStatus.AWAITING_PAYMENT and opening.is_lost(order):
        cancel(order)
        order = order._replace(status=OrderStatus.CANCELLED)
    is_open = order.status == OrderStatus.AWAITING_PAYMENT
    waiting = payment_queries.waiting_for(order.id)
    if is_open and not waiting and amount == order.total_amount:
        pay_whole_from_outside(unit, order, named)
        return PaidFromOutside(OrderStatus.COMPLETE)
    money = Money(amount, order.currency)
    payments.pay_in_from_outside(order.member_id, order.id, money, named)
    if not is_open:
        was_paid = order.status != OrderStatus.CANCELLED
        reason = SurplusReason.PAID_TWICE if was_paid else SurplusReason.CANCELLED
        surplus = payments.release(order.member_id, order.id, reason)
        return PaidFromOutside(OrderStatus(order.status), surplus=surplus)
    if waiting + amount < order.total_amount:
        _wait_longer(order)
        lacking = order.total_amount - waiting - amount
        return PaidFromOutside(OrderStatus.AWAITING_PAYMENT, lacking=lacking)
    pay(unit, order, order.member_id)
    surplus = payments.release(order.member_id, order.id, SurplusReason.OVERPAID)
    return PaidFromOutside(OrderStatus.COMPLETE, surplus=surplus)


def _wait_longer(order: LockedOrder) -> None:
    """As long as for a bank transfer that is announced now, and no shorter than before."""
    sql.run(
        "UPDATE orders_order SET lapses_at = greatest(lapses_at, %s), pays_by = %s WHERE id = %s",
        [
            lapse_time(PaymentProvider.OUTSIDE) if order.lapses_at else None,
            PaymentProvider.OUTSIDE,
            order.id,
        ],
    )


def _complete(unit: UnitOfWork, order: MadeOrder | LockedOrder) -> None:
    """From now on the order gives volume, a customer's to the sponsor. Its tax leaves the sales
    account; a membership package begins to count; a position that it asks for is opened. Raises
    OrderClosed unless it was awaiting payment."""
    # A statement of its own: the next one must see what was frozen while this one waited.
    sql.run(statements.SHARE_BOOKS)
    now, currency = clock.now(), order.total.currency
    step = {"order": order.id, "now": now, "today": company.current().day_of(now)}
    row = sql.one(Completed, statements.COMPLETE, step)
    if row is None:
        raise OrderClosed("")
    if row.tax:
        wallet.transfer(
            company_account(AccountKind.SALES, currency),
            company_account(AccountKind.TAX, currency),
            row.tax,
            TransferKind.ORDER_TAX,
            f"order:{order.number}",
            belonging_to(order),
        )
    if row.membership_package_id:
        members.start_package(order.member_id, row.membership_package_id, order.number)
    if row.reopens:
        opening.reopen_first(unit, order.member_id, order.number)
    if row.is_of_position:
        opening.open_for(unit, order.id, order.number, order.member_id)


def cancel(order: LockedOrder) -> None:
    """Cancel an order that awaits payment. What was paid for it goes to the buyer's shopping
    balance. Raises OrderClosed for any other."""
    if not sql.run(statements.CANCEL_ONE, {"order": order.id, "now": clock.now()}):
        raise OrderClosed(order.status)
    payments.release(order.member_id, order.id, SurplusReason.CANCELLED)


def cancel_lapsed() -> int:
    """Cancel the orders whose time to pay is over, but those that are paid in part. Returns how
    many."""
    return sql.run(statements.CANCEL_LAPSED, {"now": clock.now()})


def cancel_if_lapsed(number: str) -> None:
    """Cancel an order that is paid in part, unless it got more time meanwhile."""
    order = lock(number)
    is_open = order.status == OrderStatus.AWAITING_PAYMENT
    if is_open and order.lapses_at is not None and order.lapses_at <= clock.now():
        cancel(order)


def hold_books() -> None:
    """Inside a transaction: no order is completed or refunded until it ends."""
    sql.run(statements.HOLD_BOOKS)


def are_of_member(member_id: int) -> None:
    """A customer has become a member: what they have not paid yet, they buy as a member."""
    sql.run(statements.BUY_AS_MEMBER, [member_id])


def open_day() -> date:
    """Today, or the first day that no commission run has frozen. It stays open until the
    transaction ends."""
    sql.run(statements.SHARE_BOOKS)
    day = sql.value(date, statements.OPEN_DAY, [company.today()])
    assert day is not None, "today is one"
    return day


def last_frozen_day() -> date | None:
    """The last day that belongs to commission runs. No further one is frozen until the
    transaction ends."""
    sql.run(statements.SHARE_BOOKS)
    return sql.value(date, "SELECT last_day FROM orders_frozen")


def freeze(last_day: date) -> None:
    """No order gets a date up to this day any more. Who calls holds the books alone."""
    sql.run(statements.FREEZE, [last_day])


def thaw(last_day: date) -> None:
    """Orders may get a date after this day again. Who calls holds the books alone."""
    sql.run(statements.THAW, [last_day, last_day])


def lock(number: str) -> LockedOrder:
    """Any order, for the office. Raises OrderNotFound."""
    order = sql.one(LockedOrder, statements.LOCK_BY_NUMBER, [number])
    if order is None:
        raise OrderNotFound()
    return order


def lock_own(member_id: int, number: str) -> LockedOrder:
    """A member's own order, held until the transaction ends. Raises OrderNotFound."""
    order = sql.one(LockedOrder, statements.LOCK_OWN, [number, member_id])
    if order is None:
        raise OrderNotFound()
    return order


def lock_reported(client_id: int, outside_id: str) -> LockedOrder | None:
    """The order that a shop reported under this id. Who asks holds the id until the
    transaction ends, so that a report sent twice at once is recorded once."""
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [outside_id, client_id])
    return sql.one(LockedOrder, statements.LOCK_BY_OUTSIDE_ID, [client_id, outside_id])


def lock_reported_points(client_id: int, day: date) -> int:
    """The hundredths of a point that a shop has reported for one business date. Its next report
    waits until the transaction ends."""
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended('reported points', %s))", [client_id])
    return sql.number(
        """SELECT coalesce(sum(total_points), 0)::bigint FROM orders_order
           WHERE client_id = %s AND kind = 'outside' AND business_date = %s""",
        [client_id, day],
    )
