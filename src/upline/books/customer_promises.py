"""What must always hold of customers and of whose volume an order is: each promise with a query for
what breaks it. The clocks of two servers may be seconds apart."""

from upline.books.invariant import CUSTOMER, ORDER, Invariant
from upline.language import lazy

CUSTOMERS = [
    Invariant(
        lazy("A customer has a sponsor, and no place in the tree and no earnings"),
        CUSTOMER,
        """SELECT user_id AS customer FROM members_member
           WHERE kind <> 'member' AND (
               EXISTS (SELECT FROM genealogy_position WHERE member_id = user_id)
               OR EXISTS (SELECT FROM commissions_earning WHERE member_id = user_id)
               OR coalesce((SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = user_id
                            ORDER BY since DESC, id DESC LIMIT 1), user_id)
                  NOT IN (SELECT member_id FROM genealogy_position))""",
    ),
    Invariant(
        lazy(
            "The volume of each complete order is its buyer's; of a customer's, the sponsor's then"
        ),
        ORDER,
        """SELECT number AS order FROM orders_order JOIN members_member ON user_id = member_id
           WHERE status IN ('complete', 'refunded')
             AND (volume_member_id = member_id AND member_since <= completed_at + interval '5 s'
                  OR (member_since <= completed_at) IS NOT TRUE AND volume_member_id = (
                      SELECT sponsor_id FROM genealogy_sponsorfact fact
                      WHERE fact.member_id = orders_order.member_id
                        AND since <= completed_at
                      ORDER BY since DESC, id DESC LIMIT 1)) IS NOT TRUE""",
    ),
    Invariant(
        lazy("What a customer bought is not of the class member"),
        ORDER,
        """SELECT number AS order FROM orders_order
           JOIN orders_orderline line ON order_id = orders_order.id
           WHERE buyer = 'member' AND member_id <> volume_member_id""",
    ),
]
