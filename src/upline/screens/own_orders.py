"""What a member's own orders show: what was bought, what paid it, and where money went back to."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from upline.base import sql
from upline.markets import current as markets
from upline.orders.errors import OrderNotFound
from upline.orders.models import OrderStatus

_ORDERS = """
SELECT orders_order.id, number, status, to_confirm, pays_by, market_id, total_amount,
       total_quantity, total_points, address, created_at, lapses_at, completed_at,
       first.name AS first_name, first.category AS first_category, first.picture AS first_picture,
       (SELECT count(*) FROM orders_orderline WHERE order_id = orders_order.id) AS lines,
       (SELECT coalesce(sum(price * refunded_quantity), 0)::bigint FROM orders_orderline
        WHERE order_id = orders_order.id) AS refunded
FROM orders_order
LEFT JOIN LATERAL (
    SELECT line.name, coalesce(package.category, '') AS category, picture.name AS picture
    FROM orders_orderline line LEFT JOIN catalog_package package ON package.id = line.package_id
    LEFT JOIN pictures_picture picture ON picture.id = package.picture_id
    WHERE line.order_id = orders_order.id ORDER BY line.id LIMIT 1) first ON true
WHERE member_id = %(member)s AND {where}
ORDER BY orders_order.id DESC LIMIT %(most)s
"""
_NEWEST = _ORDERS.format(
    where="""(%(before)s = '' OR orders_order.id < (
            SELECT id FROM orders_order WHERE number = %(before)s AND member_id = %(member)s))"""
)
_ONE = _ORDERS.format(where="number = %(number)s")
_LINES = """
SELECT line.name, line.package_id, coalesce(package.category, '') AS category,
       picture.name AS picture, line.quantity, line.refunded_quantity, line.price, line.points,
       line.tax, line.tax_rate
FROM orders_orderline line LEFT JOIN catalog_package package ON package.id = line.package_id
LEFT JOIN pictures_picture picture ON picture.id = package.picture_id
WHERE line.order_id = %s ORDER BY line.id
"""
_PAID = """
SELECT coalesce(payment.provider, '') AS provider, sum(part.amount)::bigint AS amount
FROM orders_orderpayment part LEFT JOIN payments_payment payment ON payment.id = part.payment_id
WHERE part.order_id = %s GROUP BY 1 ORDER BY min(part.id)
"""
_WENT_BACK = """
SELECT account.kind AS account, sum(back.amount)::bigint AS amount
FROM orders_orderpayment part
JOIN wallet_transfer back ON back.undoes_id = part.transfer_id
JOIN wallet_account account ON account.id = back.credit_id
WHERE part.order_id = %s GROUP BY 1 ORDER BY min(back.id)
"""
_MONEY = """
SELECT (SELECT coalesce(sum(remaining), 0)::bigint FROM payments_payment
        WHERE order_id = %(order)s AND remaining > 0) AS waiting,
       (SELECT coalesce(sum(surplus.amount), 0)::bigint FROM payments_surplus surplus
        JOIN payments_payment payment ON payment.id = surplus.payment_id
        WHERE payment.order_id = %(order)s AND surplus.status <> 'sent_back') AS surplus,
       (SELECT coalesce(sum(send.amount), 0)::bigint FROM orders_refundtosend send
        JOIN orders_refund refund ON refund.id = send.refund_id
        WHERE refund.order_id = %(order)s AND send.sent_at IS NULL) AS to_send,
       (SELECT max(at) FROM orders_refund WHERE order_id = %(order)s) AS refunded_at
"""


class OwnOrder(NamedTuple):
    """An order as its buyer's list has it, with the first of its `lines`. Amounts in minor units of
    `currency`, points in hundredths."""

    id: int
    number: str
    status: str
    to_confirm: bool
    pays_by: str
    market_id: int
    total_amount: int
    total_quantity: int
    total_points: int
    address: str
    created_at: datetime
    lapses_at: datetime | None
    completed_at: datetime | None
    first_name: str | None
    first_category: str | None
    first_picture: str | None
    lines: int
    refunded: int

    @property
    def currency(self) -> str:
        """That of the market that it was made in."""
        return markets.market(self.market_id).currency

    @property
    def parcel(self) -> dict[str, str]:
        """The address that it goes to; empty where it goes nowhere."""
        found: dict[str, str] = json.loads(self.address)
        return found

    @property
    def is_open(self) -> bool:
        """Whether it awaits its payment."""
        return self.status == OrderStatus.AWAITING_PAYMENT


class OwnLine(NamedTuple):
    """A line as it was bought; figures of one piece, in minor units, hundredths and basis points.
    `picture` is the product's of today."""

    name: str
    package_id: int | None
    category: str
    picture: str | None
    quantity: int
    refunded_quantity: int
    price: int
    points: int
    tax: int
    tax_rate: int


class PaidPart(NamedTuple):
    """What came from one provider; '' for the shopping balance. In minor units."""

    provider: str
    amount: int


class WentBack(NamedTuple):
    """What went back to accounts of one kind, in minor units."""

    account: str
    amount: int


class MoneyOfOrder(NamedTuple):
    """In minor units: what waits for the rest, what the order did not need and the buyer has as
    shopping balance, and what of refunds is still to be sent; and when the last refund was."""

    waiting: int
    surplus: int
    to_send: int
    refunded_at: datetime | None


@dataclass(frozen=True)
class OrderInFull:
    """Everything that an order's own page shows."""

    order: OwnOrder
    lines: list[OwnLine]
    paid: list[PaidPart]
    went_back: list[WentBack]
    money: MoneyOfOrder


def newest(member_id: int, before: str, limit: int) -> list[OwnOrder]:
    """A member's orders, the newest first, older than the one with the number `before`; '' for
    all."""
    return sql.rows(OwnOrder, _NEWEST, {"member": member_id, "before": before, "most": limit})


def in_full(member_id: int, number: str) -> OrderInFull:
    """One of them. Raises OrderNotFound."""
    order = sql.one(OwnOrder, _ONE, {"member": member_id, "number": number, "most": 1})
    if order is None:
        raise OrderNotFound()
    found = sql.one(MoneyOfOrder, _MONEY, {"order": order.id})
    assert found is not None, "the statement always answers"
    return OrderInFull(
        order,
        sql.rows(OwnLine, _LINES, [order.id]),
        sql.rows(PaidPart, _PAID, [order.id]),
        sql.rows(WentBack, _WENT_BACK, [order.id]),
        found,
    )
