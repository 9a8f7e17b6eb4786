"""Questions to the trees."""

from datetime import datetime
from typing import NamedTuple

from upline.base import sql

SIDE_LETTERS = {1: "L", 2: "R"}


def in_team(top_id: int, bottom_id: int) -> bool:
    """Whether `bottom_id` is `top_id` or stands below."""
    if top_id == bottom_id:
        return True
    return bool(sql.value(bool, "SELECT genealogy_in_team(%s, %s)", [top_id, bottom_id]))


def sponsor_of_customer(customer_id: int) -> int:
    """The member who sponsors a customer now."""
    return sql.number(
        """SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = %s
           ORDER BY since DESC, id DESC LIMIT 1""",
        [customer_id],
    )


def is_free(parent_id: int, side: int) -> bool:
    """A look before the work; the unique constraint decides."""
    return not sql.value(
        bool,
        "SELECT EXISTS (SELECT FROM genealogy_node WHERE parent_id = %s AND side = %s)",
        [parent_id, side],
    )


class TeamNode(NamedTuple):
    """A member of a team: whom they stand below (None for the top), where, and how deep."""

    username: str
    parent: str | None
    side: int | None
    depth: int
    joined: datetime


def branch(top_id: int, depth: int, nodes_max: int) -> list[TeamNode]:
    """The team of `top_id` down to `depth` levels below, at most `nodes_max` nodes, level by
    level; the depth of the top is 0."""
    return sql.rows(
        TeamNode,
        """WITH RECURSIVE team AS (
               SELECT member_id, parent_id, side, 0 AS level FROM genealogy_node
               WHERE member_id = %(top)s
               UNION ALL
               SELECT node.member_id, node.parent_id, node.side, team.level + 1
               FROM team JOIN genealogy_node node ON node.parent_id = team.member_id
               WHERE team.level < %(depth)s
           )
           SELECT person.username, above.username AS parent, team.side, team.level AS depth,
                  member.joined_at AS joined
           FROM (SELECT * FROM team LIMIT %(most)s) team
           JOIN members_user person ON person.id = team.member_id
           JOIN members_member member ON member.user_id = team.member_id
           LEFT JOIN members_user above ON above.id = team.parent_id AND team.level > 0
           ORDER BY team.level, team.parent_id, team.side, team.member_id""",
        {"top": top_id, "depth": depth, "most": nodes_max},
    )
