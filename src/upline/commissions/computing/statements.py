"""The hand-written SQL of what a run is calculated from. Days are days from 1970-01-01. Each
statement that gives rows of a shape stands below it."""

from datetime import date
from typing import NamedTuple

from upline.plans.line_numbers import LineNumber

# What is loaded: every column has one width and is never NULL; 0 is nobody. Customers are not
# among the members: facts about them are left out, and their orders are their sponsors'.
MEMBERS = """
SELECT user_id, member_since,
       (member_since AT TIME ZONE %(zone)s)::date - DATE '1970-01-01' AS joined, market_id
FROM members_member WHERE member_since < %(until)s
"""
SPONSORS = """
SELECT member_id, since, id, coalesce(sponsor_id, 0) AS sponsor
FROM genealogy_sponsorfact WHERE since < %(until)s
"""
HAVE_SEVERAL = """SELECT EXISTS (
    SELECT FROM genealogy_position WHERE number > 1 AND opened_at < %(until)s)"""
POSITIONS = """
SELECT id, member_id, opened_at, number FROM genealogy_position
WHERE number = 1 OR opened_at < %(until)s
"""
PLACEMENTS = """
SELECT position_id, since, id, coalesce(parent_id, 0) AS parent,
       coalesce(side - 1, 0)::smallint AS side
FROM genealogy_placementfact WHERE since < %(until)s
"""
PACKAGES = """
SELECT member_id, since, id, coalesce(package_id, 0) AS package_id
FROM members_packagefact WHERE since < %(until)s
"""
STANDINGS = """
SELECT member_id, since, id, (standing <> 'active')::int::smallint AS stopped
FROM members_standingfact WHERE since < %(until)s
"""
ORDERS = """
SELECT orders_order.id, volume_member_id AS member_id,
       CASE WHEN member_id = volume_member_id THEN 0 ELSE member_id END AS customer_id,
       coalesce(position_id, volume_member_id) AS position,
       business_date - DATE '1970-01-01' AS day,
       CASE buyer WHEN 'retail' THEN 0 WHEN 'preferred' THEN 1 ELSE 2 END::smallint AS customer,
       market_id,
       (quantity - refunded_quantity) * commissionable_value AS value,
       (quantity - refunded_quantity) * points AS points{figures}
FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
WHERE status = 'complete' AND business_date BETWEEN %(first_day)s AND %(last_day)s
  AND refunded_quantity < quantity
"""


FIRST_ORDERS = """
SELECT id FROM orders_order
WHERE status = 'complete' AND business_date BETWEEN %(first_day)s AND %(last_day)s
  AND NOT EXISTS (
      SELECT FROM orders_order earlier
      WHERE earlier.volume_member_id = orders_order.volume_member_id AND earlier.status = 'complete'
        AND (earlier.business_date, earlier.id) < (orders_order.business_date, orders_order.id))
"""

# Orders of which something was refunded on these days, with what was left of them after the last
# one, by class of buyer.
REFUNDED = """
SELECT line.order_id, CASE buyer WHEN 'retail' THEN 0 WHEN 'preferred' THEN 1 ELSE 2 END::smallint,
       sum((quantity - coalesce(back.pieces, 0)) * commissionable_value)::bigint,
       sum((quantity - coalesce(back.pieces, 0)) * points)::bigint{figures}
FROM orders_orderline line
LEFT JOIN (SELECT line_id, sum(quantity) AS pieces FROM orders_refundline piece
           JOIN orders_refund refund ON refund.id = refund_id
           WHERE business_date <= %(last_day)s GROUP BY line_id) back ON back.line_id = line.id
WHERE line.order_id IN (SELECT order_id FROM orders_refund
                        WHERE business_date > %(after)s AND business_date <= %(last_day)s)
GROUP BY 1, 2
"""


class LineTakenBack(NamedTuple):
    """What was taken back of a line so far: its base and its amount."""

    of_number: int
    base: int
    amount: int


TAKEN_BACK = f"""
SELECT claw.of_number, sum(line.base)::bigint AS base, sum(claw.amount)::bigint AS amount
FROM (SELECT DISTINCT run_id, number, of_number, amount FROM commissions_clawback
      WHERE of_run_id = %(run)s AND run_id < %(before)s) claw
JOIN commissions_line line ON line.run_id = claw.run_id AND line.number = claw.number
     AND line.bonus = {LineNumber.TAKEN_BACK}
GROUP BY claw.of_number
"""  # noqa: S608 - our own number


class RunBefore(NamedTuple):
    """A run of the chain with its period and plan."""

    id: int
    plan_id: int
    every: str
    first_day: date
    last_day: date


RUNS_BEFORE = """
SELECT id, plan_id, every, first_day, last_day FROM commissions_run WHERE id < %s ORDER BY id
"""
