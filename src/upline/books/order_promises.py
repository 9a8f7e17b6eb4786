"""What must always hold of orders: each promise with a query for what breaks it."""

from upline.books.invariant import LINE_OF_ORDER, ORDER, Invariant
from upline.language import lazy

_NAMES = """
SELECT jsonb_array_length(coalesce(settings -> 'order_figures', '[]')) FROM company_company
"""

ORDERS = [
    Invariant(
        lazy("Each order's totals are those of its lines"),
        ORDER,
        """SELECT number AS order FROM orders_order
           JOIN orders_orderline line ON line.order_id = orders_order.id
           GROUP BY orders_order.id
           HAVING total_amount <> sum(line.price * line.quantity)
               OR total_points <> sum(line.points * line.quantity)""",
    ),
    Invariant(
        lazy("Each order counts at a position of the member whose volume it is"),
        ORDER,
        """SELECT orders_order.number AS order FROM orders_order
           JOIN genealogy_position place ON place.id = position_id
           WHERE place.member_id <> coalesce(volume_member_id, orders_order.member_id)""",
    ),
    Invariant(
        lazy(
            "Each complete order of a position has opened one of its buyer, and no other order has"
        ),
        ORDER,
        """SELECT orders_order.number AS order FROM orders_positionorder asked
           JOIN orders_order ON orders_order.id = asked.order_id
           JOIN orders_orderline line ON line.id = asked.line_id
           LEFT JOIN genealogy_position opened ON opened.id = asked.position_id
           WHERE (orders_order.status IN ('complete', 'refunded')) <> (opened.id IS NOT NULL)
              OR line.order_id <> asked.order_id OR opened.number = 1
              OR opened.member_id <> orders_order.member_id""",
    ),
    Invariant(
        lazy("Each complete order is paid in full, and no other order is paid"),
        lazy("{paid} is paid for order {order}"),
        """SELECT number AS order,
                  jsonb_build_array(coalesce(sum(payment.amount), 0),
                                    (SELECT currency FROM markets_market WHERE id = market_id))
                      AS paid
           FROM orders_order LEFT JOIN orders_orderpayment payment
                ON payment.order_id = orders_order.id
           GROUP BY orders_order.id
           HAVING coalesce(sum(payment.amount), 0) <>
               CASE WHEN status IN ('complete', 'refunded') THEN total_amount ELSE 0 END""",
    ),
    Invariant(
        lazy("Each payment of an order matches its transfer"),
        lazy("order {order}, part {part} of what was paid"),
        """SELECT orders_order.number AS order, payment.id AS part FROM orders_orderpayment payment
           JOIN wallet_transfer transfer ON transfer.id = payment.transfer_id
           JOIN orders_order ON orders_order.id = payment.order_id
           JOIN markets_market market ON market.id = orders_order.market_id
           WHERE (transfer.amount, transfer.currency, transfer.kind)
              <> (payment.amount, market.currency, 'order_payment')""",
    ),
    Invariant(
        lazy("Refunds are the same on payments, on lines and in transfers"),
        ORDER,
        """WITH refund AS (
               SELECT order_id, sum(amount) AS amount FROM orders_refund GROUP BY order_id)
           SELECT number AS order FROM orders_order
           LEFT JOIN refund ON refund.order_id = orders_order.id
           WHERE coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(refunded), 0) FROM orders_orderpayment
                   WHERE order_id = orders_order.id)
              OR coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(undoing.amount), 0) FROM orders_orderpayment payment
                   JOIN wallet_transfer undoing ON undoing.undoes_id = payment.transfer_id
                   WHERE payment.order_id = orders_order.id)
              OR coalesce(refund.amount, 0) <> (
                   SELECT coalesce(sum(price * refunded_quantity), 0) FROM orders_orderline
                   WHERE order_id = orders_order.id)""",
    ),
    Invariant(
        lazy("Refunds of orders paid outside were sent by staff or wait to be sent"),
        ORDER,
        """SELECT number AS order FROM orders_order
           JOIN orders_orderpayment part ON part.order_id = orders_order.id
           JOIN payments_payment payment ON payment.id = part.payment_id
           WHERE payment.provider NOT IN ('wallet', 'epin') GROUP BY orders_order.id
           HAVING sum(part.refunded) <> (
               SELECT coalesce(sum(to_send.amount), 0) FROM orders_refundtosend to_send
               JOIN orders_refund refund ON refund.id = to_send.refund_id
               WHERE refund.order_id = orders_order.id)""",
    ),
    Invariant(
        lazy("The tax account holds the tax of what was bought and not refunded"),
        lazy("order {order} owes {tax} of tax"),
        """WITH due AS (
               SELECT order_id, sum(tax * (quantity - refunded_quantity)) AS amount
               FROM orders_orderline GROUP BY order_id)
           SELECT number AS order,
                  jsonb_build_array(due.amount,
                                    (SELECT currency FROM markets_market WHERE id = market_id))
                      AS tax
           FROM orders_order JOIN due ON due.order_id = orders_order.id
           LEFT JOIN wallet_transfer paid ON paid.kind = 'order_tax'
                AND paid.reference = 'order:' || number
           WHERE coalesce(paid.amount, 0) - (
                     SELECT coalesce(sum(amount), 0) FROM wallet_transfer
                     WHERE undoes_id = paid.id)
              <> CASE WHEN status IN ('complete', 'refunded') THEN due.amount ELSE 0 END""",
    ),
    Invariant(
        lazy("No line of an order has more figures than the company has names for"),
        LINE_OF_ORDER,
        f"""SELECT number AS order, line.id AS line FROM orders_orderline line
           JOIN orders_order ON orders_order.id = order_id
           WHERE cardinality(figures) > ({_NAMES})""",  # noqa: S608 - our own words
    ),
    Invariant(
        lazy("No package has more figures than the company has names for"),
        lazy("package {package}"),
        f"""SELECT code AS package FROM catalog_package
           WHERE cardinality(figures) > ({_NAMES})""",  # noqa: S608 - our own words
    ),
    Invariant(
        lazy("An order has lines"),
        ORDER,
        """SELECT number AS order FROM orders_order
           WHERE NOT EXISTS (SELECT FROM orders_orderline WHERE order_id = orders_order.id)""",
    ),
]
