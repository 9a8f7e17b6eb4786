"""A member's branch of a tree, as the office and the portal show it: a few levels, each position
with its points."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from upline.base import sql
from upline.commissions.models import Interim
from upline.company import current as company
from upline.company.models import PlanKind

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
    FROM team CROSS JOIN LATERAL (
        SELECT below.id FROM genealogy_position below
        WHERE below.{link} = team.id AND (team.level > 0 OR {key} > %(after)s)
        ORDER BY {key} LIMIT %(wide)s) node
    WHERE team.level < %(levels)s)
SELECT node.id AS position_id, team.above, team.level, node.member_id, node.number, node.side,
       node.status, node.place_by, person.username, member.firstname, member.lastname,
       member.standing, member.rank_name, member.member_since, picture.name AS picture,
       (SELECT count(*) FROM (
            SELECT FROM genealogy_position below
            WHERE below.{link} = node.id AND (team.level > 0 OR {key} > %(after)s)
            LIMIT %(wide)s + 1) few) AS below,
       coalesce(own.points, 0)::bigint AS own_points
FROM (SELECT * FROM team LIMIT %(most)s) team
JOIN genealogy_position node ON node.id = team.id
JOIN members_user person ON person.id = node.member_id
JOIN members_member member ON member.user_id = node.member_id
LEFT JOIN pictures_picture picture ON picture.id = member.picture_id
LEFT JOIN LATERAL (
    SELECT sum((line.quantity - line.refunded_quantity) * line.points) AS points
    FROM orders_order JOIN orders_orderline line ON line.order_id = orders_order.id
    WHERE volume_member_id = node.member_id AND business_date >= %(since)s
      AND orders_order.status = 'complete'
      AND coalesce(position_id, volume_member_id) = node.id) own ON true
ORDER BY team.level, team.above, {order}
"""
_LEGS = """
SELECT position_id, left_volume, right_volume FROM commissions_interimearning
WHERE interim_id = %s AND member_id = ANY (%s) AND bonus = %s
"""


class BranchNode(NamedTuple):
    """A position of a branch, `above` the one it hangs below here; None for the top. `own_points`
    of this month's orders that count at it, in hundredths; `below` how many hang directly below it,
    counted up to one more than a page is wide, and of the top only those after the page before.
    `place_by`: until when a member waits for a place, None for who has one."""

    position_id: int
    above: int | None
    level: int
    member_id: int
    number: int
    side: int | None
    status: str
    place_by: datetime | None
    username: str
    firstname: str
    lastname: str
    standing: str
    rank_name: str
    member_since: datetime
    picture: str | None
    below: int
    own_points: int

    @property
    def name(self) -> str:
        """As people write it: the username, and of a further position its number."""
        return self.username if self.number == 1 else f"{self.username}/{self.number}"

    @property
    def person(self) -> str:
        """First and last name, or the username of somebody who has none."""
        return f"{self.firstname} {self.lastname}".strip() or self.username


class _Legs(NamedTuple):
    """What stands in both legs of a position."""

    position_id: int
    left_volume: int
    right_volume: int


@dataclass
class Twig:
    """A position with those below it: all of a page, or none of them. `left` and `right`: the
    points in its legs, in hundredths."""

    node: BranchNode
    left: int = 0
    right: int = 0
    below: list["Twig"] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        """Whether others hang directly below that are not here."""
        return self.node.below > len(self.below)


@dataclass(frozen=True)
class TeamBranch:
    """A branch from its top down. `is_whole`: nothing was cut but what is deeper than asked.
    `since`: the first day of own points. `legs_at`: when legs were last counted in points; None
    where no plan does. `key` names what those below one position are ordered by."""

    top: Twig
    is_whole: bool
    since: date
    legs_at: datetime | None
    key: str


def branch(
    position_id: int,
    *,
    by_sponsor: bool,
    levels: int = LEVELS,
    wide: int = MOST,
    after: int = 0,
) -> TeamBranch:
    """The branch below a position, of the placement tree or, for a first one, of sponsors: so many
    `levels`, and so many directly below each, those of the top after one of them by its key. Three
    statements, whatever the size of the team."""
    since = company.today().replace(day=1)
    is_ordered_by_side = not by_sponsor and company.current().plan_kind != PlanKind.UNILEVEL
    key = "side" if is_ordered_by_side else "id"
    statement = _BRANCH.format(link=_LINKS[by_sponsor], key=f"below.{key}", order=f"node.{key}")
    asked = {"top": position_id, "levels": levels, "most": MOST + 1, "since": since,
             "wide": min(wide, MOST), "after": after}  # fmt: skip
    twigs = {node.position_id: Twig(node) for node in sql.rows(BranchNode, statement, asked)}
    for twig in twigs.values():
        if twig.node.above is not None:
            twigs[twig.node.above].below.append(twig)
    is_whole = _drop_parts(list(twigs.values()), levels, min(wide, MOST))
    return TeamBranch(twigs[position_id], is_whole, since, _count_legs(twigs), key)


def _drop_parts(twigs: list[Twig], levels: int, wide: int) -> bool:
    """Nobody shows a part of those below them: they are opened by a link instead. Whether all that
    was asked for is there."""
    is_whole = True
    for twig in twigs:
        if twig.node.level < levels and twig.has_more:
            is_whole = False
            if len(twig.below) < wide:
                twig.below = []
    return is_whole


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
