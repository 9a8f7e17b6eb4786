"""The hand-written SQL of what explains the lines of a run. Each statement stands below the shape
of its rows."""

from datetime import date
from typing import NamedTuple


class DayPoints(NamedTuple):
    """What a member's orders of one day count, in hundredths of a point or of a figure."""

    day: int
    sum: int


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
    """A member's username and name; '' where who looks may not know them."""

    id: int
    username: str
    name: str


# Who looks (0: the office) sees the names of the own team.
SOURCE_NAMES = """
SELECT id, CASE WHEN is_seen THEN username ELSE '' END AS username,
       CASE WHEN is_seen THEN concat_ws(' ', member.firstname, nullif(member.lastname, ''))
            ELSE '' END AS name
FROM (SELECT id, username, %(viewer)s::bigint IN (0, id)
                           OR genealogy_in_team(%(viewer)s::bigint, id) AS is_seen
      FROM members_user WHERE id = ANY (%(members)s)) person
JOIN members_member member ON member.user_id = person.id
"""
