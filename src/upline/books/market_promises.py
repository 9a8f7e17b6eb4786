"""What must always hold of markets: each promise with a query for what breaks it."""

from upline.books.invariant import LINE_OF_ORDER, MEMBER, ORDER, Invariant
from upline.language import lazy

MARKETS = [
    Invariant(
        lazy("Each member's market is dated"),
        MEMBER,
        """SELECT user_id AS member FROM members_member member
           WHERE market_id IS DISTINCT FROM (
               SELECT market_id FROM members_marketfact fact WHERE fact.member_id = member.user_id
               ORDER BY since DESC, id DESC LIMIT 1)""",
    ),
    Invariant(
        lazy("Each order that awaits payment is of its buyer's market"),
        ORDER,
        """SELECT number AS order FROM orders_order
           JOIN members_member member ON member.user_id = member_id
           WHERE status = 'awaiting_payment' AND orders_order.market_id <> member.market_id""",
    ),
    Invariant(
        lazy("Each line of an order contains the tax of its rate"),
        LINE_OF_ORDER,
        """SELECT number AS order, line.id AS line FROM orders_orderline line
           JOIN orders_order ON orders_order.id = order_id
           WHERE tax <> price * tax_rate / (10000 + tax_rate)""",
    ),
]
