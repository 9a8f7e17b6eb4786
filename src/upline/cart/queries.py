"""Carts as they are now, at today's prices."""

from typing import Any

from upline.base import sql


def lines(member_id: int) -> list[Any]:
    """A member's cart in the order of product ids.

    Rows: product_id, product_name, product_amount (of one, minor units), quantity,
    on_sale."""
    return sql.rows(
        """SELECT package.id AS product_id, package.name AS product_name,
                  package.amount AS product_amount, line.quantity, package.active AS on_sale
           FROM cart_cartline line JOIN catalog_package package ON package.id = line.package_id
           WHERE line.member_id = %s ORDER BY package.id""",
        [member_id],
    )
