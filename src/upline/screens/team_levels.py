"""A member's team level by level: how many people, and what their orders of this month come to."""

from __future__ import annotations

from typing import NamedTuple

from upline.base import sql
from upline.company import current as company
from upline.company.models import PlanKind
from upline.plans.bonus import FullLevels, Levels
from upline.plans.plan import Plan

LEVELS_MOST = 10
PEOPLE_MOST = 2_000
"""So many people are counted while somebody waits, those nearest first."""
_LINKS = {PlanKind.UNILEVEL: "sponsor_id", PlanKind.MATRIX: "parent_id"}

# Level by level, so that what is cut is what stands deepest.
_LEVELS = """
WITH RECURSIVE team AS (
    SELECT id, member_id, 0 AS level FROM genealogy_position WHERE id = %(member)s
    UNION ALL
    SELECT node.id, node.member_id, team.level + 1
    FROM team JOIN genealogy_position node ON node.{link} = team.id
    WHERE team.level < %(levels)s)
SELECT team.level, count(*) AS people, coalesce(sum(own.points), 0)::bigint AS points
FROM (SELECT * FROM team LIMIT %(most)s) team
LEFT JOIN LATERAL (
    SELECT sum((line.quantity - line.refunded_quantity) * line.points) AS points
    FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
    WHERE volume_member_id = team.member_id AND business_date >= %(since)s
      AND orders_order.status = 'complete') own ON true
WHERE team.level > 0 GROUP BY team.level ORDER BY team.level
"""


class _LevelCount(NamedTuple):
    level: int
    people: int
    points: int


class TeamLevel(NamedTuple):
    """One level below a member: how many people stand there, the points of their orders of this
    month in hundredths, and in a matrix how many places the level has (else None). `is_whole`:
    nobody of it was left out."""

    level: int
    people: int
    points: int
    places: int | None
    is_whole: bool


def levels_of(member_id: int, plan: Plan) -> list[TeamLevel]:
    """The levels that the plan pays, in a company of levels or of a matrix; none in one of two
    legs. One statement, whatever the size of the team."""
    facts = company.current()
    if facts.plan_kind not in _LINKS:
        return []
    depth = min(_depth(plan), LEVELS_MOST)
    asked = {
        "member": member_id,
        "levels": depth,
        "most": PEOPLE_MOST + 1,
        "since": company.today().replace(day=1),
    }
    statement = _LEVELS.format(link=_LINKS[facts.plan_kind])
    found = {row.level: row for row in sql.rows(_LevelCount, statement, asked)}
    is_cut = sum(row.people for row in found.values()) >= PEOPLE_MOST
    width = facts.matrix_width if facts.plan_kind == PlanKind.MATRIX else None
    nobody = _LevelCount(0, 0, 0)
    return [
        TeamLevel(
            level,
            found.get(level, nobody).people,
            found.get(level, nobody).points,
            width**level if width else None,
            not (is_cut and level >= max(found)),
        )
        for level in range(1, depth + 1)
        if level == 1 or level - 1 in found
    ]


def _depth(plan: Plan) -> int:
    """How many levels the plan pays at most."""
    depths = [
        bonus.first_level - 1 + max((len(row) for row in bonus.rates.table), default=0)
        for bonus in plan.bonuses
        if isinstance(bonus, Levels)
    ]
    full = [len(bonus.amounts) for bonus in plan.bonuses if isinstance(bonus, FullLevels)]
    return max([*depths, *full], default=LEVELS_MOST)
