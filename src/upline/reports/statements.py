"""The reports' SQL. Days are business dates, first and last included. Each statement is about one
currency, %(currency)s, in whose minor units its amounts are."""

from datetime import date
from typing import NamedTuple

# What each kind of transfer is to the member, and whether it adds to it or takes back.
_PARTS = """(VALUES
    ('commission', 'paid', 1), ('commission_purchase', 'paid', 1),
    ('commission_charge', 'charge', 1), ('commission_tax', 'tax', 1),
    ('commission_back', 'paid', -1), ('commission_purchase_back', 'paid', -1),
    ('commission_charge_back', 'charge', -1), ('commission_tax_back', 'tax', -1))
    AS part (kind, what, sign)"""
_SUMS = """sum(sign * amount)::bigint AS gross,
    coalesce(sum(sign * amount) FILTER (WHERE what = 'paid'), 0)::bigint AS paid,
    coalesce(sum(sign * amount) FILTER (WHERE what = 'charge'), 0)::bigint AS charge,
    coalesce(sum(sign * amount) FILTER (WHERE what = 'tax'), 0)::bigint AS tax"""

# Pieces that were bought, by whose volume they are, and pieces that were taken back on their own
# day, below zero.
_IN_CURRENCY = "market_id IN (SELECT id FROM markets_market WHERE currency = %(currency)s)"
_BOUGHT = f"""
SELECT volume_member_id AS member_id, buyer, price, tax, line.quantity
FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
WHERE status IN ('complete', 'refunded') AND business_date BETWEEN %(first)s AND %(last)s
  AND {_IN_CURRENCY}
UNION ALL
SELECT volume_member_id, buyer, price, tax, -taken.quantity
FROM orders_refund refund JOIN orders_refundline taken ON taken.refund_id = refund.id
JOIN orders_orderline line ON line.id = taken.line_id
JOIN orders_order ON orders_order.id = line.order_id
WHERE refund.business_date BETWEEN %(first)s AND %(last)s AND {_IN_CURRENCY}
"""  # noqa: S608 - our own words

# Everybody who had joined by the last day, in a market of this currency then, and was not closed
# before the first; and for whom money moved in it all the same. The root on its own. Of each group
# all figures at once.
INCOME = f"""
WITH earned AS (
    SELECT member_id, {_SUMS}
    FROM wallet_transfer JOIN {_PARTS} USING (kind)
    WHERE business_date BETWEEN %(first)s AND %(last)s AND currency = %(currency)s
    GROUP BY member_id),
spent AS (
    SELECT member_id, sum(price * quantity)::bigint AS spent FROM ({_BOUGHT}) bought
    WHERE buyer = 'member' GROUP BY member_id),
stood AS (
    SELECT DISTINCT ON (member_id) member_id, standing FROM members_standingfact
    WHERE since < %(since)s ORDER BY member_id, since DESC, id DESC),
belonged AS (
    SELECT DISTINCT ON (member_id) member_id, market_id FROM members_marketfact
    WHERE since < %(until)s ORDER BY member_id, since DESC, id DESC),
ranked AS (
    SELECT DISTINCT ON (member_id) member_id, rank_name FROM members_rankfact
    WHERE since < %(until)s ORDER BY member_id, since DESC, id DESC),
everybody AS MATERIALIZED (
    SELECT node.parent_id IS NULL AND node.place_by IS NULL AS root,
           coalesce(ranked.rank_name, '') AS rank,
           coalesce(gross, 0) AS gross, coalesce(paid, 0) AS paid, coalesce(spent, 0) AS spent,
           member.user_id
    FROM members_member member JOIN genealogy_position node ON node.id = member.user_id
    LEFT JOIN earned ON earned.member_id = member.user_id
    LEFT JOIN spent ON spent.member_id = member.user_id
    LEFT JOIN stood ON stood.member_id = member.user_id
    LEFT JOIN ranked ON ranked.member_id = member.user_id
    LEFT JOIN belonged ON belonged.member_id = member.user_id
    WHERE member_since < %(until)s
      AND (stood.standing IS DISTINCT FROM 'closed' AND belonged.{_IN_CURRENCY}
           OR gross <> 0 OR spent <> 0)),
placed AS (
    SELECT everybody.*, ntile(10) OVER (PARTITION BY root ORDER BY paid, user_id) AS tenth,
           (row_number() OVER (PARTITION BY root ORDER BY paid DESC, user_id DESC) - 1) * 100
               < count(*) OVER (PARTITION BY root) AS top
    FROM everybody)
SELECT root, tenth, rank, top, count(*) AS members,
       count(*) FILTER (WHERE paid <= 0) AS nothing, count(*) FILTER (WHERE spent > paid) AS lost,
       sum(gross)::bigint AS gross, sum(paid)::bigint AS paid, sum(spent)::bigint AS spent,
       min(paid) AS lowest, max(paid) AS highest,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY gross) AS median_gross,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY paid) AS median_paid,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY spent) AS median_spent,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY paid - spent) AS median_net
FROM placed
GROUP BY GROUPING SETS ((root), (root, tenth), (root, rank), (root, top))
ORDER BY tenth
"""  # noqa: S608 - our own words


class Group(NamedTuple):
    """A group of members, with all its figures; amounts in minor units. Of all members, or of the
    root, `tenth`, `rank` and `top` are None."""

    root: bool
    tenth: int | None
    rank: str | None
    top: bool | None
    members: int
    nothing: int
    lost: int
    gross: int
    paid: int
    spent: int
    lowest: int
    highest: int
    median_gross: int
    median_paid: int
    median_spent: int
    median_net: int


# All positions, the deepest first; with a member's first one what was sold under their name,
# without tax.
VOLUMES = f"""
WITH sold AS (
    SELECT member_id,
           coalesce(sum(value) FILTER (WHERE buyer = 'retail'), 0)::bigint AS retail,
           coalesce(sum(value) FILTER (WHERE buyer = 'preferred'), 0)::bigint AS preferred,
           coalesce(sum(value) FILTER (WHERE buyer = 'member'), 0)::bigint AS own
    FROM (SELECT member_id, buyer, (price - tax) * quantity AS value FROM ({_BOUGHT}) bought) sums
    GROUP BY member_id)
SELECT node.id AS position_id, node.number, username, coalesce(node.parent_id, 0) AS parent_id,
       coalesce(retail, 0) AS retail, coalesce(preferred, 0) AS preferred, coalesce(own, 0) AS own
FROM genealogy_position node JOIN members_user ON members_user.id = node.member_id
LEFT JOIN sold ON sold.member_id = node.id
ORDER BY node.depth DESC, node.id
"""  # noqa: S608 - our own words


class PositionVolume(NamedTuple):
    """A position, `parent_id` 0 at the top; with a member's first one what was sold under their
    name, in minor units."""

    position_id: int
    number: int
    username: str
    parent_id: int
    retail: int
    preferred: int
    own: int


# By member the money that runs moved in these days, and on which of them it exceeded the threshold
# that held for the run. `lines_from` and `lines_to` are the days of those runs' lines.
TAXES = f"""
WITH moved AS MATERIALIZED (
    SELECT run_id, member_id, business_date AS day, {_SUMS}
    FROM wallet_transfer JOIN {_PARTS} USING (kind)
    WHERE business_date BETWEEN %(first)s AND %(last)s AND currency = %(currency)s
      AND (%(member)s::bigint IS NULL OR member_id = %(member)s)
    GROUP BY 1, 2, 3),
so_far AS (
    SELECT moved.*, threshold,
           sum(moved.gross) OVER (PARTITION BY member_id ORDER BY day, run_id) AS gross_so_far
    FROM moved LEFT JOIN commissions_earning earning USING (run_id, member_id)
    LEFT JOIN unnest(%(runs)s::bigint[], %(markets)s::bigint[], %(thresholds)s::bigint[])
              AS rule (run_id, market_id, threshold) USING (run_id, market_id)),
taxed AS (
    SELECT line.member_id, sum(base)::bigint AS taxable
    FROM (SELECT DISTINCT run_id, member_id FROM moved WHERE tax <> 0) withheld
    JOIN commissions_line line USING (run_id, member_id)
    WHERE line.bonus = %(tax)s AND line.day BETWEEN %(lines_from)s AND %(lines_to)s
    GROUP BY line.member_id)
SELECT member_id, username, sum(gross)::bigint AS gross, sum(paid)::bigint AS paid,
       sum(charge)::bigint AS charge, sum(tax)::bigint AS tax, coalesce(taxable, 0) AS taxable,
       min(day) FILTER (WHERE gross_so_far > threshold) AS exceeded_on
FROM so_far JOIN members_user ON members_user.id = member_id LEFT JOIN taxed USING (member_id)
GROUP BY member_id, username, taxable ORDER BY lower(username)
"""  # noqa: S608 - our own words


class Taxed(NamedTuple):
    """What runs paid a member in these days, in minor units; `exceeded_on` None: never."""

    member_id: int
    username: str
    gross: int
    paid: int
    charge: int
    tax: int
    taxable: int
    exceeded_on: date | None


# What the ledger's accounts say of the same days, whoever it was for.
LEDGER = """
SELECT account.kind, sum(came)::bigint AS came
FROM (SELECT credit_id AS account_id, amount AS came FROM wallet_transfer
      WHERE run_id IS NOT NULL AND business_date BETWEEN %(first)s AND %(last)s
      UNION ALL
      SELECT debit_id, -amount FROM wallet_transfer
      WHERE run_id IS NOT NULL AND business_date BETWEEN %(first)s AND %(last)s) moved
JOIN wallet_account account ON account.id = account_id
WHERE account.member_id IS NULL AND account.kind IN ('commissions', 'tax_withheld')
  AND account.currency = %(currency)s
GROUP BY account.kind
"""


class AccountSum(NamedTuple):
    """What came to a company account, in minor units; below zero what went."""

    kind: str
    came: int


# The runs that paid in these days.
PAID_RUNS = """
SELECT id, last_day, plan_id FROM commissions_run
WHERE id IN (SELECT run_id FROM wallet_transfer
             WHERE run_id IS NOT NULL AND business_date BETWEEN %(first)s AND %(last)s)
ORDER BY id
"""


class PaidRun(NamedTuple):
    """A run that paid, and its plan's version."""

    id: int
    last_day: date
    plan_id: int
