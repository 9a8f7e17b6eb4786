"""The cart's hand-written SQL.

One statement looks whether the member's market offers the product and the cart has room, and puts
a new line at today's price and points; a line that is there keeps those that the cart showed. `put`
is false where a limit would be passed."""

from typing import NamedTuple


class Put(NamedTuple):
    """What a line found: the product for sale, itself put, the cart full of others."""

    on_sale: bool
    put: bool
    is_full: bool


_PUT = """
WITH product AS (
    SELECT package.id,
           CASE member.kind WHEN 'retail' THEN price.amount
                ELSE coalesce(price.member_amount, price.amount) END AS amount,
           coalesce(price.own_points, package.points) AS points
    FROM catalog_package package CROSS JOIN members_member member
    JOIN LATERAL (
        SELECT * FROM catalog_price
        WHERE package_id = package.id AND market_id = member.market_id AND first_day <= %(day)s
        ORDER BY first_day DESC LIMIT 1) price ON true
    WHERE package.id = %(package)s AND package.kind = 'cart' AND package.active
      AND member.user_id = %(member)s
), lines AS (
    SELECT count(*) AS others FROM cart_cartline
    WHERE member_id = %(member)s AND package_id <> %(package)s
), line AS (
    INSERT INTO cart_cartline AS old (member_id, package_id, quantity, price, points)
    SELECT %(member)s, product.id, %(quantity)s, product.amount, product.points
    FROM product, lines
    WHERE lines.others < %(lines_max)s
    ON CONFLICT (member_id, package_id) DO UPDATE
        SET quantity = {quantity} WHERE {quantity} <= 999
    RETURNING 1
)
SELECT EXISTS (SELECT FROM product) AS on_sale, EXISTS (SELECT FROM line) AS put,
       (SELECT others >= %(lines_max)s FROM lines) AS is_full
"""

ADD = _PUT.format(quantity="old.quantity + excluded.quantity")
SET = _PUT.format(quantity="excluded.quantity")
