"""The orders' hand-written SQL, with the rows that it gives."""

from datetime import datetime
from typing import NamedTuple

from upline.base.amounts import Money
from upline.markets import current as markets


class MadeRow(NamedTuple):
    """An order just made, and the market that its buyer belongs to until the transaction ends."""

    id: int
    market_id: int


ADD_ORDER = """
WITH buyer AS (
SELECT user_id, market_id FROM members_member WHERE user_id = %(member)s FOR KEY SHARE),
made AS (
INSERT INTO orders_order (number, member_id, position_id, market_id, kind, client_id, outside_id,
                          status, total_amount, total_quantity, total_points, address,
                          address_added_at, created_at, lapses_at, pays_by)
SELECT %(number)s, user_id, %(position)s, market_id, %(kind)s, %(client)s, %(outside_id)s,
       'awaiting_payment', %(amount)s, %(quantity)s, %(points)s, %(address)s,
       %(address_added_at)s::timestamptz, %(now)s, %(lapses_at)s::timestamptz, %(pays_by)s
FROM buyer
RETURNING id, number, member_id, market_id, kind, total_amount, total_points),
told AS (
INSERT INTO events_event (kind, subject, data, occurred_at)
SELECT 'order.placed', 'order:' || number,
       jsonb_build_object('member_id', member_id, 'order_kind', kind, 'amount', total_amount,
                          'currency', (SELECT currency FROM markets_market WHERE id = market_id),
                          'points', total_points),
       %(now)s
FROM made)
SELECT id, market_id FROM made
"""

# The lines of an order, an array of objects; type and figures are the package's unless a line has
# its own.
ADD_LINES = """
INSERT INTO orders_orderline (order_id, package_id, name, quantity, price, commissionable_value,
                              points, tax, tax_rate, buyer, refunded_quantity, order_type,
                              figures)
SELECT %s, line.package_id, line.name, line.quantity, line.price, line.commissionable_value,
       line.points, line.tax, line.tax_rate, line.buyer, 0,
       coalesce(line.order_type, package.order_type, 'standard'),
       coalesce(line.figures, package.figures, '{}')
FROM ROWS FROM (jsonb_to_recordset(%s) AS (
         package_id bigint, name varchar, quantity integer, price bigint,
         commissionable_value bigint, points bigint, tax bigint, tax_rate integer, buyer varchar,
         order_type varchar, figures bigint[])) WITH ORDINALITY
     line (package_id, name, quantity, price, commissionable_value, points, tax, tax_rate, buyer,
           order_type, figures, number)
LEFT JOIN catalog_package package ON package.id = line.package_id
ORDER BY line.number
"""

ADD_PAYMENT = """
INSERT INTO orders_orderpayment (order_id, payer_id, payment_id, amount, transfer_id, refunded)
VALUES (%s, %s, %s, %s, %s, 0)
"""


class AwaitedPackage(NamedTuple):
    """The order that awaits its payment, and the name of the package that then counts."""

    number: str
    package: str


AWAITED_PACKAGE = """
SELECT number, line.name AS package
FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
WHERE member_id = %s AND kind = 'membership' AND status = 'awaiting_payment'
  AND package_id IS NOT NULL
ORDER BY orders_order.id DESC LIMIT 1
"""

# Who gives an order or a refund its date shares this lock; who freezes days holds it alone.
HOLD_BOOKS = "SELECT pg_advisory_xact_lock(hashtext('upline.books'))"
SHARE_BOOKS = "SELECT pg_advisory_xact_lock_shared(hashtext('upline.books'))"

# What comes too late for its own day counts for the first day that is still open.
OPEN_DAY = "SELECT greatest(%s::date, (SELECT last_day + 1 FROM orders_frozen))"

FREEZE = """
INSERT INTO orders_frozen (id, last_day) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET last_day = greatest(orders_frozen.last_day, excluded.last_day)
"""

THAW = "UPDATE orders_frozen SET last_day = %s WHERE last_day > %s"


class Completed(NamedTuple):
    """An order just completed: its tax, in minor units, and the membership package that begins
    with it; `is_of_position` says that it opens one, `reopens` that the buyer's first one is
    closed, since the membership before was refunded."""

    tax: int
    membership_package_id: int | None
    is_of_position: bool
    reopens: bool


# What a customer buys is the volume of the sponsor of that moment. Who becomes a member, or gets
# another sponsor as a customer, holds the books alone.
COMPLETE = """
WITH completed AS (
    UPDATE orders_order
    SET status = 'complete', completed_at = %(now)s, lapses_at = NULL,
        volume_member_id = CASE
            WHEN (SELECT kind = 'member' FROM members_member WHERE user_id = member_id)
            THEN member_id
            ELSE (SELECT sponsor_id FROM genealogy_sponsorfact fact
                  WHERE fact.member_id = orders_order.member_id
                  ORDER BY since DESC, id DESC LIMIT 1) END,
        business_date = greatest(%(today)s::date, (SELECT last_day + 1 FROM orders_frozen))
    WHERE id = %(order)s AND status = 'awaiting_payment'
    RETURNING id, number, member_id, volume_member_id, market_id, kind, total_amount,
              total_points, business_date
), told AS (
    INSERT INTO events_event (kind, subject, data, occurred_at)
    SELECT 'order.completed', 'order:' || number,
           jsonb_build_object('member_id', member_id, 'volume_member_id', volume_member_id,
                              'order_kind', kind, 'amount', total_amount,
                              'currency',
                              (SELECT currency FROM markets_market WHERE id = market_id),
                              'points', total_points,
                              'business_date', business_date),
           %(now)s
    FROM completed
)
SELECT coalesce((SELECT sum(tax * quantity) FROM orders_orderline
                 WHERE order_id = %(order)s), 0)::bigint AS tax,
       CASE completed.kind WHEN 'membership' THEN
           (SELECT package_id FROM orders_orderline
            WHERE order_id = %(order)s AND package_id IS NOT NULL) END AS membership_package_id,
       EXISTS (SELECT FROM orders_positionorder WHERE order_id = completed.id) AS is_of_position,
       completed.kind = 'membership'
           AND EXISTS (SELECT FROM genealogy_position
                       WHERE id = completed.member_id AND status = 'closed') AS reopens
FROM completed
"""


BUY_AS_MEMBER = """
UPDATE orders_orderline SET buyer = 'member'
FROM orders_order
WHERE orders_order.id = order_id AND member_id = %s AND status = 'awaiting_payment'
"""

CANCEL = """
WITH cancelled AS (
    UPDATE orders_order SET status = 'cancelled', lapses_at = NULL
    WHERE status = 'awaiting_payment' AND {where}
    RETURNING number, member_id
)
INSERT INTO events_event (kind, subject, data, occurred_at)
SELECT 'order.cancelled', 'order:' || number, jsonb_build_object('member_id', member_id), %(now)s
FROM cancelled
"""
CANCEL_ONE = CANCEL.format(where="id = %(order)s")
_IN_PART = """EXISTS (SELECT FROM payments_payment payment
                       WHERE payment.order_id = orders_order.id AND remaining > 0)"""
# A part that arrives meanwhile gives the order more time, so that this leaves it.
CANCEL_LAPSED = CANCEL.format(where=f"lapses_at <= %(now)s AND NOT {_IN_PART}")


class NumberedOrder(NamedTuple):
    number: str


LAPSED_AND_PAID_IN_PART = f"""
SELECT number FROM orders_order
WHERE status = 'awaiting_payment' AND lapses_at <= %s AND {_IN_PART}
ORDER BY id
"""  # noqa: S608 - our own words


class LockedOrder(NamedTuple):
    """An order held until the transaction ends. `total_amount` in minor units, `total_points` in
    hundredths; `member_id` is who buys, `position_id` where it counts, None for the
    first position."""

    id: int
    number: str
    member_id: int
    position_id: int | None
    kind: str
    client_id: int | None
    outside_id: str | None
    status: str
    market_id: int
    total_amount: int
    total_quantity: int
    total_points: int
    lapses_at: datetime | None
    address_added_at: datetime | None
    to_confirm: bool

    @property
    def currency(self) -> str:
        """That of the market that it was made in."""
        return markets.market(self.market_id).currency

    @property
    def total(self) -> Money:
        """The whole price, in the order's currency."""
        return Money(self.total_amount, self.currency)


LOCK = """
SELECT id, number, member_id, position_id, kind, client_id, outside_id, status, market_id,
       total_amount, total_quantity, total_points, lapses_at, address_added_at, to_confirm
FROM orders_order WHERE {where} FOR UPDATE
"""

LOCK_BY_NUMBER = LOCK.format(where="number = %s")
LOCK_OWN = LOCK.format(where="number = %s AND member_id = %s")
LOCK_BY_OUTSIDE_ID = LOCK.format(where="client_id = %s AND outside_id = %s")
