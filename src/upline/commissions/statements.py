"""The commissions' hand-written SQL: a run's steps, its payment, interim runs. What runs are
calculated from is in computing/statements.py, what explains them in explaining/statements.py. Each
statement that gives rows of a shape stands below it."""

from typing import NamedTuple

TRY_RUN = "SELECT pg_try_advisory_xact_lock(hashtext('upline.run'), %s::integer)"
HOLD_RUN = "SELECT status FROM commissions_run WHERE id = %s FOR NO KEY UPDATE"

REFUNDS = """
SELECT count(*) FROM orders_refund refund JOIN orders_order ON orders_order.id = refund.order_id
WHERE orders_order.business_date BETWEEN %(first_day)s AND %(last_day)s
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
    (SELECT count(*) FROM markets_marketrate), (SELECT count(*) FROM genealogy_positionfact))
"""
# Of a length of period that is not running any more.
FORGET_INTERIM_ROWS = (
    "DELETE FROM commissions_interimearning "
    "WHERE interim_id NOT IN (SELECT id FROM commissions_interim)",
    "DELETE FROM commissions_interimrank "
    "WHERE interim_id NOT IN (SELECT id FROM commissions_interim)",
    "DELETE FROM commissions_interimteam "
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
