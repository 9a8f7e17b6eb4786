"""A member's branch of a tree as the office shows it: a few levels, each position with its
points."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from upline.base import sql
from upline.commissions.models import Interim
from upline.company import current as company

LEVELS = 4
MOST = 200
_LINKS = {True: "sponsor_id", False: "parent_id"}

# Level by level, so that what is cut is what stands deepest. A first position has the id of its
# member, so sponsor links lead to positions too.
_BRANCH = """
WITH RECURSIVE team AS (
    SELECT id, NULL::bigint AS above, 0 AS level FROM genealogy_position WHERE id = %(top)s
    UNION ALL
    SELECT node.id, team.id, team.level + 1
    FROM team JOIN genealogy_position node ON node.{link} = team.id
    WHERE team.level < %(levels)s)
SELECT node.id AS position_id, team.above, team.level, node.member_id, node.number, node.side,
       node.status, person.username, member.firstname, member.lastname, member.standing,
       EXISTS (SELECT FROM genealogy_position below WHERE below.{link} = node.id) AS has_below,
       coalesce(own.points, 0)::bigint AS own_points
FROM (SELECT * FROM team LIMIT %(most)s) team
JOIN genealogy_position node ON node.id = team.id
JOIN members_user person ON person.id = node.member_id
JOIN members_member member ON member.user_id = node.member_id
LEFT JOIN LATERAL (
    SELECT sum((line.quantity - line.refunded_quantity) * line.points) AS points
    FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
    WHERE volume_member_id = node.member_id AND business_date >= %(since)s
      AND orders_order.status = 'complete'
      AND coalesce(position_id, volume_member_id) = node.id) own ON true
ORDER BY team.level, team.above, node.side, node.id
"""
_LEGS = """
SELECT position_id, left_volume, right_volume FROM commissions_interimearning
WHERE interim_id = %s AND member_id = ANY (%s) AND bonus = %s
"""


class BranchNode(NamedTuple):
    """A position of a branch, `above` the one it hangs below here; None for the top. `own_points`
    of this month's orders that count at it, in hundredths; `has_below` whether others stand below,
    shown here or not."""

    position_id: int
    above: int | None
    level: int
    member_id: int
    number: int
    side: int | None
    status: str
    username: str
    firstname: str
    lastname: str
    standing: str
    has_below: bool
    own_points: int

    @property
    def name(self) -> str:
        """As people write it: the username, and of a further position its number."""
        return self.username if self.number == 1 else f"{self.username}/{self.number}"


class _Legs(NamedTuple):
    """What stands in both legs of a position."""

    position_id: int
    left_volume: int
    right_volume: int


@dataclass
class Twig:
    """A position with those below it. `left` and `right`: the points in its legs, in hundredths."""

    node: BranchNode
    left: int = 0
    right: int = 0
    below: list["Twig"] = field(default_factory=list)


@dataclass(frozen=True)
class TeamBranch:
    """A branch from its top down. `is_whole`: nothing was cut but what is deeper than `LEVELS`.
    `since`: the first day of own points. `legs_at`: when legs were last counted in points; None
    where no plan does."""

    top: Twig
    is_whole: bool
    since: date
    legs_at: datetime | None


def branch(position_id: int, *, by_sponsor: bool) -> TeamBranch:
    """The branch below a position, of the placement tree or, for a first one, of sponsors. Three
    statements, whatever the size of the team."""
    since = company.today().replace(day=1)
    asked = {"top": position_id, "levels": LEVELS, "most": MOST + 1, "since": since}
    statement = _BRANCH.format(link=_LINKS[by_sponsor])
    found = sql.rows(BranchNode, statement, asked)
    twigs = {node.position_id: Twig(node) for node in found[:MOST]}
    for twig in twigs.values():
        if twig.node.above is not None:
            twigs[twig.node.above].below.append(twig)
    return TeamBranch(twigs[position_id], len(found) <= MOST, since, _count_legs(twigs))


def _count_legs(twigs: dict[int, Twig]) -> datetime | None:
    """Fill in what stands in the legs by the interim run of the running period that ends first."""
    running = Interim.objects.filter(last_day__gte=company.today()).order_by("last_day", "pk")
    for interim in running:
        counted = (number for number, _, counts in interim.bonuses if counts == "points")
        binary = next(counted, None)
        if binary is not None:
            members = sorted({twig.node.member_id for twig in twigs.values()})
            for legs in sql.rows(_Legs, _LEGS, [interim.pk, members, binary]):
                if legs.position_id in twigs:
                    twig = twigs[legs.position_id]
                    twig.left, twig.right = legs.left_volume, legs.right_volume
            return interim.at
    return None
