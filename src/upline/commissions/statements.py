"""The commissions' hand-written SQL. Days are days from 1970-01-01 where arrays are loaded."""

BOOKS = "SELECT pg_advisory_xact_lock(hashtext('upline.books'))"
TRY_RUN = "SELECT pg_try_advisory_xact_lock(hashtext('upline.run'), %s::integer)"
HOLD_RUN = "SELECT state FROM commissions_run WHERE id = %s FOR NO KEY UPDATE"

REFUNDS = """
SELECT count(*) FROM orders_refund refund JOIN orders_order ON orders_order.id = refund.order_id
WHERE orders_order.business_date BETWEEN %(first_day)s AND %(last_day)s
"""

# What is loaded: every column has one width and is never NULL; 0 is nobody.
MEMBERS = """
SELECT user_id, joined_at, (joined_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01' AS joined
FROM members_member WHERE joined_at < %(until)s
"""
SPONSORS = """
SELECT member_id, since, id, coalesce(sponsor_id, 0) AS sponsor
FROM genealogy_sponsorfact WHERE since < %(until)s
"""
PLACEMENTS = """
SELECT member_id, since, id, coalesce(parent_id, 0) AS parent,
       coalesce(position - 1, 0)::smallint AS side
FROM genealogy_placementfact WHERE since < %(until)s
"""
PACKAGES = """
SELECT member_id, since, id, package_id FROM members_packagefact WHERE since < %(until)s
"""
STANDINGS = """
SELECT member_id, since, id, (standing <> 'active')::int::smallint AS stopped
FROM members_standingfact WHERE since < %(until)s
"""
ORDERS = """
SELECT orders_order.id, member_id, business_date - DATE '1970-01-01' AS day,
       CASE buyer WHEN 'retail' THEN 0 WHEN 'preferred' THEN 1 ELSE 2 END::smallint AS customer,
       (quantity - refunded_quantity) * commissionable_value AS value,
       (quantity - refunded_quantity) * points AS points
FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
WHERE status = 'complete' AND business_date BETWEEN %(first_day)s AND %(last_day)s
  AND refunded_quantity < quantity
"""
FIRST_ORDERS = """
SELECT id FROM orders_order
WHERE status = 'complete' AND business_date BETWEEN %(first_day)s AND %(last_day)s
  AND NOT EXISTS (
      SELECT FROM orders_order earlier
      WHERE earlier.member_id = orders_order.member_id AND earlier.status = 'complete'
        AND (earlier.business_date, earlier.id) < (orders_order.business_date, orders_order.id))
"""

FORGET_LINES = "DELETE FROM commissions_line WHERE run_id = %s"
FORGET_EARNINGS = "DELETE FROM commissions_earning WHERE run_id = %s"
FORGET_ARCHIVE = "DELETE FROM commissions_archivepiece WHERE run_id = %s"

COMPUTED = """
UPDATE commissions_run
SET state = 'computed', inputs_hash = %(inputs_hash)s, outputs_hash = %(outputs_hash)s,
    turnover = %(turnover)s, gross = %(gross)s, paid = %(paid)s, lines = %(lines)s,
    members = %(members)s, refunds = %(refunds)s, computed_at = %(now)s, computed_by_id = %(by)s,
    reviewed_at = NULL, reviewed_by_id = NULL
WHERE id = %(run)s AND state IN ('open', 'computed', 'reviewed')
"""

RANK_CHANGES = """
SELECT user_id, coalesce((%(names)s::text[])[earning.rank], '') AS rank_name
FROM members_member LEFT JOIN commissions_earning earning
     ON earning.run_id = %(run)s AND earning.member_id = user_id
WHERE joined_at < %(until)s
  AND rank_name <> coalesce((%(names)s::text[])[earning.rank], '')
ORDER BY user_id
"""

# A chunk of those who come after the run's cursor: who is blocked now is noted, the others are
# paid, and the cursor moves on, all in one transaction.
CHUNK = """
SELECT max(member_id) AS last, count(*) AS number FROM (
    SELECT member_id FROM commissions_earning
    WHERE run_id = %(run)s AND member_id > %(after)s ORDER BY member_id LIMIT %(most)s) chunk
"""
WITHHOLD = """
INSERT INTO commissions_withheld (run_id, member_id)
SELECT earning.run_id, earning.member_id FROM commissions_earning earning
JOIN members_member ON user_id = earning.member_id
WHERE run_id = %(run)s AND earning.member_id > %(after)s AND earning.member_id <= %(last)s
  AND standing <> 'active' AND (total > 0 OR charges > 0 OR tax > 0)
"""
PAY = """
SELECT wallet_pay_commissions(%(run)s, array_agg(earning.member_id ORDER BY earning.member_id),
    array_agg(total - purchase ORDER BY earning.member_id),
    array_agg(purchase ORDER BY earning.member_id), array_agg(charges ORDER BY earning.member_id),
    array_agg(tax ORDER BY earning.member_id), %(day)s, %(now)s, %(by)s)
FROM commissions_earning earning
WHERE run_id = %(run)s AND earning.member_id > %(after)s AND earning.member_id <= %(last)s
  AND (total > 0 OR charges > 0 OR tax > 0)
  AND NOT EXISTS (SELECT FROM commissions_withheld withheld
                  WHERE withheld.run_id = %(run)s AND withheld.member_id = earning.member_id)
HAVING count(*) > 0
"""
MOVE_CURSOR = "UPDATE commissions_run SET cursor = %(last)s WHERE id = %(run)s"
RELEASE = """
DELETE FROM commissions_withheld USING members_member
WHERE run_id = %(run)s AND user_id = member_id AND standing = 'active'
RETURNING member_id
"""
PAY_RELEASED = """
SELECT wallet_pay_commissions(%(run)s, array_agg(member_id ORDER BY member_id),
    array_agg(total - purchase ORDER BY member_id), array_agg(purchase ORDER BY member_id),
    array_agg(charges ORDER BY member_id), array_agg(tax ORDER BY member_id),
    %(day)s, %(now)s, %(by)s)
FROM commissions_earning WHERE run_id = %(run)s AND member_id = ANY (%(members)s)
"""
