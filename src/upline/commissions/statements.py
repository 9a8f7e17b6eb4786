"""The commissions' hand-written SQL. Days are days from 1970-01-01 where arrays are loaded.
Each statement that gives rows stands below the shape of one."""

from datetime import date
from typing import NamedTuple

from upline.plans.line_numbers import LineNumber

TRY_RUN = "SELECT pg_try_advisory_xact_lock(hashtext('upline.run'), %s::integer)"
HOLD_RUN = "SELECT status FROM commissions_run WHERE id = %s FOR NO KEY UPDATE"

REFUNDS = """
SELECT count(*) FROM orders_refund refund JOIN orders_order ON orders_order.id = refund.order_id
WHERE orders_order.business_date BETWEEN %(first_day)s AND %(last_day)s
"""

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


class DayPoints(NamedTuple):
    """What a member's orders of one day count, in hundredths of a point or of a figure."""

    day: int
    sum: int


FIRST_ORDERS = """
SELECT id FROM orders_order
WHERE status = 'complete' AND business_date BETWEEN %(first_day)s AND %(last_day)s
  AND NOT EXISTS (
      SELECT FROM orders_order earlier
      WHERE earlier.volume_member_id = orders_order.volume_member_id AND earlier.status = 'complete'
        AND (earlier.business_date, earlier.id) < (orders_order.business_date, orders_order.id))
"""

FORGET_LINES = "DELETE FROM commissions_line WHERE run_id = %s"
FORGET_EARNINGS = "DELETE FROM commissions_earning WHERE run_id = %s"
FORGET_ARCHIVE = "DELETE FROM commissions_archivepiece WHERE run_id = %s"

COMPUTED = """
UPDATE commissions_run
SET status = 'computed', inputs_hash = %(inputs_hash)s, outputs_hash = %(outputs_hash)s,
    turnover = %(turnover)s, gross = %(gross)s, paid = %(paid)s, lines = %(lines)s,
    members = %(members)s, refunds = %(refunds)s, computed_at = %(now)s, computed_by_id = %(by)s,
    reviewed_at = NULL, reviewed_by_id = NULL
WHERE id = %(run)s AND status IN ('open', 'computed', 'reviewed')
"""


class RankChange(NamedTuple):
    """A member whose rank has another name from now on; '' for none."""

    user_id: int
    rank_name: str


RANK_CHANGES = """
SELECT user_id, coalesce((%(names)s::text[])[earning.rank], '') AS rank_name
FROM members_member LEFT JOIN commissions_earning earning
     ON earning.run_id = %(run)s AND earning.member_id = user_id
WHERE member_since < %(until)s
  AND rank_name <> coalesce((%(names)s::text[])[earning.rank], '')
ORDER BY user_id
"""


class Chunk(NamedTuple):
    """The next members to be paid: the last one's id, and how many they are."""

    last: int | None
    number: int


# A chunk of those who come after the run's cursor: who is blocked now is noted, the others are
# paid, and the cursor moves on, all in one transaction.
CHUNK = """
SELECT max(member_id) AS last, count(*) AS number FROM (
    SELECT member_id FROM commissions_earning
    WHERE run_id = %(run)s AND member_id > %(after)s ORDER BY member_id LIMIT %(most)s) chunk
"""
WITHHOLD = """
INSERT INTO commissions_withheld (run_id, member_id, reason)
SELECT earning.run_id, earning.member_id, '' FROM commissions_earning earning
JOIN members_member ON user_id = earning.member_id
WHERE run_id = %(run)s AND earning.member_id > %(after)s AND earning.member_id <= %(last)s
  AND standing <> 'active' AND (total <> 0 OR charges <> 0 OR tax <> 0)
"""
# Once for each currency: no settlement mixes them.
_SETTLE = """
SELECT wallet_settle_commissions(%(run)s, earning.currency,
    array_agg(earning.member_id ORDER BY earning.member_id),
    array_agg(total - purchase ORDER BY earning.member_id),
    array_agg(purchase ORDER BY earning.member_id), array_agg(charges ORDER BY earning.member_id),
    array_agg(tax ORDER BY earning.member_id), %(day)s, %(now)s, %(by)s::base_actor)
FROM commissions_earning earning
WHERE run_id = %(run)s AND {where} GROUP BY earning.currency
"""
PAY = _SETTLE.format(
    where="""earning.member_id > %(after)s AND earning.member_id <= %(last)s
  AND (total <> 0 OR charges <> 0 OR tax <> 0)
  AND NOT EXISTS (SELECT FROM commissions_withheld withheld
                  WHERE withheld.run_id = %(run)s AND withheld.member_id = earning.member_id)"""
)
MOVE_CURSOR = "UPDATE commissions_run SET cursor = %(last)s WHERE id = %(run)s"


class Released(NamedTuple):
    """A member who was withheld from, and is paid now."""

    member_id: int


RELEASE = """
DELETE FROM commissions_withheld USING members_member
WHERE run_id = %(run)s AND user_id = member_id AND standing = 'active' AND forfeited_at IS NULL
RETURNING member_id
"""
PAY_RELEASED = _SETTLE.format(where="earning.member_id = ANY (%(members)s)")

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
FORGET_CLAWBACKS = "DELETE FROM commissions_clawback WHERE run_id = %s"
FORGET_MARKETS = "DELETE FROM commissions_runmarket WHERE run_id = %s"
FORGET_COMPUTED = (FORGET_LINES, FORGET_CLAWBACKS, FORGET_EARNINGS, FORGET_MARKETS, FORGET_ARCHIVE)

# Only for a closed member, and only what nobody has paid meanwhile.
FORFEIT = """
UPDATE commissions_withheld
SET forfeited_at = %(now)s, forfeited_by_id = %(by)s, reason = %(reason)s
FROM members_member
WHERE run_id = %(run)s AND member_id = %(member)s AND user_id = member_id
  AND standing = 'closed' AND forfeited_at IS NULL
"""

# Interim runs. Whatever they look at and can change is counted; facts are never deleted.
TRY_INTERIM = "SELECT pg_try_advisory_xact_lock(hashtext('upline.interim'))"
INTERIM_BOOKS = """
SELECT concat_ws(' ',
    (SELECT count(*) FROM orders_order
     WHERE status = 'complete' AND business_date >= %(first_day)s),
    (SELECT count(*) FROM orders_refund), (SELECT count(*) FROM members_packagefact),
    (SELECT count(*) FROM members_standingfact), (SELECT count(*) FROM genealogy_sponsorfact),
    (SELECT count(*) FROM genealogy_placementfact), (SELECT count(*) FROM members_marketfact),
    (SELECT count(*) FROM markets_marketrate))
"""
# Of a length of period that is not running any more.
FORGET_INTERIM_ROWS = (
    "DELETE FROM commissions_interimearning "
    "WHERE interim_id NOT IN (SELECT id FROM commissions_interim)",
    "DELETE FROM commissions_interimrank "
    "WHERE interim_id NOT IN (SELECT id FROM commissions_interim)",
)
# What is shown is replaced by what lies in a temporary table, which no log is written for: rows
# that stay as they are are not touched.
FRESH = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS fresh_{table} (LIKE {table}) ON COMMIT DROP",
    "TRUNCATE fresh_{table}",
)
KNOW_FRESH = "ANALYZE fresh_{table}"
REPLACE_CHANGED = (
    """DELETE FROM {table} shown WHERE interim_id = %s AND NOT EXISTS (
           SELECT FROM fresh_{table} fresh WHERE {same})""",
    """UPDATE {table} shown SET ({values}) = ROW (fresh.{fresh_values}) FROM fresh_{table} fresh
       WHERE shown.interim_id = %s AND {same}
         AND ROW (shown.{shown_values}) IS DISTINCT FROM ROW (fresh.{fresh_values})""",
    """INSERT INTO {table} SELECT * FROM fresh_{table} fresh WHERE interim_id = %s
       AND NOT EXISTS (SELECT FROM {table} shown WHERE {same})""",
)
PUT_INTERIM = """
INSERT INTO commissions_interim (every, plan_id, stands_on_id, waiting, first_day, last_day, at,
                                 books, bonuses, ranks)
VALUES (%(every)s, %(plan)s, %(stands_on)s, %(waiting)s, %(first_day)s, %(last_day)s, %(at)s,
        %(books)s, %(bonuses)s, %(ranks)s)
ON CONFLICT (every) DO UPDATE
SET (plan_id, stands_on_id, waiting, first_day, last_day, at, books, bonuses, ranks)
    = (excluded.plan_id, excluded.stands_on_id, excluded.waiting, excluded.first_day,
       excluded.last_day, excluded.at, excluded.books, excluded.bonuses, excluded.ranks)
RETURNING id
"""

# One member's share of a run, and what its explanation names.
EARNINGS_OF_MEMBER = """
SELECT run.id, run.every, run.first_day, run.last_day, run.status, run.plan_id,
       coalesce(gross, 0) AS gross, coalesce(ceiling, 0) AS ceiling,
       coalesce(charges, 0) AS charges, coalesce(tax, 0) AS tax, coalesce(carried, 0) AS carried,
       coalesce(total, 0) AS total, coalesce(purchase, 0) AS purchase,
       coalesce(rank, 0) AS rank, coalesce(title, 0) AS title,
       coalesce(currency, %(currency)s) AS currency
FROM (SELECT id, every, first_day, last_day, status, plan_id FROM commissions_run
      WHERE status = ANY (%(statuses)s) AND id < %(before)s) run
LEFT JOIN LATERAL (SELECT * FROM commissions_earning
                   WHERE run_id = run.id AND member_id = %(member)s) earning ON true
WHERE earning.run_id IS NOT NULL OR (%(with_empty)s AND run.last_day >= (
    SELECT (member_since AT TIME ZONE %(zone)s)::date FROM members_member
    WHERE user_id = %(member)s))
ORDER BY run.id DESC LIMIT %(most)s
"""


class MemberLine(NamedTuple):
    """A line of a run. `bonus` is a number in the plan, below zero of the settlement; `source_id`
    an order, a member or a run, 0 for none; `position_id` the position whose pairs are paid or
    taken back, 0 for none; `base` and `amount` in minor units."""

    number: int
    position_id: int
    bonus: int
    source_id: int
    level: int
    rate: int
    base: int
    amount: int


LINES_OF_MEMBER = """
SELECT number, position_id, bonus, source_id, level, rate, base, amount FROM commissions_line
WHERE day = %(day)s AND run_id = %(run)s AND member_id = %(member)s AND number > %(after)s
ORDER BY number LIMIT %(most)s
"""


class Below(NamedTuple):
    """Who ever stood right below a member."""

    member_id: int


RIGHT_BELOW = """
SELECT member_id FROM genealogy_sponsorfact WHERE sponsor_id = %(member)s
UNION SELECT fact.member_id FROM genealogy_placementfact fact
JOIN genealogy_position above ON above.id = fact.parent_id WHERE above.member_id = %(member)s
"""


class BonusLines(NamedTuple):
    """A member's lines of one bonus: how many, and what they come to."""

    bonus: int
    lines: int
    amount: int


SUMS_OF_MEMBER = """
SELECT bonus, count(*) AS lines, sum(amount)::bigint AS amount FROM commissions_line
WHERE day = %(day)s AND run_id = %(run)s AND member_id = %(member)s
GROUP BY bonus ORDER BY bonus < 0, abs(bonus)
"""


class Negated(NamedTuple):
    """A line that takes back, with the line that it takes back from: what that one paid, and what
    of it stays, in the currency that it paid in; and an order that was refunded."""

    number: int
    of_run_id: int
    of_number: int
    bonus: int
    plan_id: int
    paid: int
    stays: int
    currency: str
    order_number: str


NEGATED = """
SELECT clawback.number, of_run_id, of_number, line.bonus, run.plan_id,
       line.amount AS paid, line.amount + (
           SELECT sum(taken.amount) FROM (
               SELECT DISTINCT same.run_id, same.number, same.amount FROM commissions_clawback same
               WHERE same.of_run_id = clawback.of_run_id AND same.of_number = clawback.of_number
                 AND same.run_id <= clawback.run_id) taken)::bigint AS stays, earning.currency,
       orders_order.number AS order_number
FROM commissions_clawback clawback
JOIN commissions_run run ON run.id = of_run_id
JOIN commissions_line line ON line.day = run.last_day AND line.run_id = of_run_id
     AND line.member_id = %(member)s AND line.number = of_number
JOIN commissions_earning earning ON earning.run_id = of_run_id
     AND earning.member_id = line.member_id
JOIN orders_order ON orders_order.id = clawback.order_id
WHERE clawback.run_id = %(run)s AND clawback.number = ANY (%(numbers)s)
ORDER BY clawback.number, clawback.order_id
"""


class FoundOrder(NamedTuple):
    """An order that a line came from, the member whose volume it is, and who sold it."""

    id: int
    number: str
    member_id: int
    business_date: date
    market_id: int


SOURCE_ORDERS = """
SELECT id, number, volume_member_id AS member_id, business_date, market_id
FROM orders_order WHERE id = ANY (%s)
"""


class SourceName(NamedTuple):
    """A member's name; '' where who looks may not know it."""

    id: int
    username: str


# Who looks (0: the office) sees the names of the own team.
SOURCE_NAMES = """
SELECT id, CASE WHEN %(viewer)s::bigint IN (0, id) OR genealogy_in_team(%(viewer)s::bigint, id)
                THEN username ELSE '' END AS username
FROM members_user WHERE id = ANY (%(members)s)
"""
