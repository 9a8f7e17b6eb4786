"""Questions to the trees."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from upline.base import sql

SIDE_LETTERS = {1: "L", 2: "R"}
SIDES = {letter: side for side, letter in SIDE_LETTERS.items()}


def in_team(top_id: int, bottom_id: int) -> bool:
    """Whether the position `bottom_id` is `top_id` or stands below. A member's id is that of the
    first position."""
    if top_id == bottom_id:
        return True
    return bool(sql.value(bool, "SELECT genealogy_in_team(%s, %s)", [top_id, bottom_id]))


def is_below(top_id: int, member_id: int) -> bool:
    """Whether a member stands below another one: in the placement tree, or as whom they, or
    somebody below them, have sponsored. Nobody stands below themselves."""
    return bool(sql.value(bool, "SELECT genealogy_is_below(%s, %s)", [top_id, member_id]))


def sponsor_of_customer(customer_id: int) -> int:
    """The member who sponsors a customer now."""
    return sql.number(
        """SELECT sponsor_id FROM genealogy_sponsorfact WHERE member_id = %s
           ORDER BY since DESC, id DESC LIMIT 1""",
        [customer_id],
    )


def number_of_customers(sponsor_id: int) -> int:
    """How many customers this member sponsors now, those whose accounts are closed left out."""
    return sql.number(
        """SELECT count(*) FROM genealogy_sponsorfact fact
           JOIN members_member ON user_id = fact.member_id
           WHERE fact.sponsor_id = %s AND kind <> 'member' AND standing <> 'closed'
             AND NOT EXISTS (SELECT FROM genealogy_sponsorfact later
                             WHERE later.member_id = fact.member_id
                               AND (later.since, later.id) > (fact.since, fact.id))""",
        [sponsor_id],
    )


def is_free(parent_id: int, side: int) -> bool:
    """A look before the work; the unique constraint decides."""
    return not sql.value(
        bool,
        "SELECT EXISTS (SELECT FROM genealogy_position WHERE parent_id = %s AND side = %s)",
        [parent_id, side],
    )


class NamedPosition(NamedTuple):
    """A position, and whose it is."""

    id: int
    member_id: int
    number: int
    username: str

    @property
    def name(self) -> str:
        """As people write it: the username, and of a further position its number."""
        return self.username if self.number == 1 else f"{self.username}/{self.number}"


_NAMED = """
SELECT position.id, position.member_id, position.number, person.username
FROM genealogy_position position
JOIN members_user person ON person.id = position.member_id
"""


def positions_of(member_id: int) -> list[NamedPosition]:
    """All positions of a member, the first one first."""
    return sql.rows(
        NamedPosition,
        f"{_NAMED} WHERE position.member_id = %s ORDER BY position.number",
        [member_id],
    )


def positions_named(ids: Sequence[int]) -> dict[int, NamedPosition]:
    """These positions, by their ids."""
    found = sql.rows(NamedPosition, f"{_NAMED} WHERE position.id = ANY (%s)", [list(ids)])
    return {each.id: each for each in found}


def find_position(text: str) -> NamedPosition | None:
    """The position that people write like this: `anna` is anna's first one, `anna/2` the second."""
    username, _, number = text.strip().partition("/")
    if number and not (number.isascii() and number.isdigit() and len(number) < 5):
        return None
    return sql.one(
        NamedPosition,
        f"{_NAMED} WHERE lower(person.username) = lower(%s) AND position.number = %s",
        [username, int(number or 1)],
    )


class HeldPosition(NamedTuple):
    """One of a member's positions: below whose position it stands (None for the root, and while
    the member waits for a place), and on which side; whether it is open or closed."""

    position_id: int
    number: int
    parent: str | None
    parent_position_id: int | None
    side: int | None
    opened_at: datetime
    status: str


def held_by(member_id: int) -> list[HeldPosition]:
    """All positions of a member with where they stand, the first one first."""
    return sql.rows(
        HeldPosition,
        """SELECT node.id AS position_id, node.number, above.username AS parent,
                  node.parent_id AS parent_position_id, node.side, node.opened_at,
                  node.status
           FROM genealogy_position node
           LEFT JOIN genealogy_position upper ON upper.id = node.parent_id
           LEFT JOIN members_user above ON above.id = upper.member_id
           WHERE node.member_id = %s ORDER BY node.number""",
        [member_id],
    )


class UnplacedMember(NamedTuple):
    """A new member who waits for a place until a moment."""

    member_id: int
    username: str
    joined_at: datetime
    place_by: datetime


def waiting_below(sponsor_id: int) -> list[UnplacedMember]:
    """The members that this one sponsors and who wait for a place, the longest waiting first."""
    return sql.rows(
        UnplacedMember,
        """SELECT node.member_id, person.username, node.opened_at AS joined_at, node.place_by
           FROM genealogy_position node JOIN members_user person ON person.id = node.member_id
           WHERE node.sponsor_id = %s AND node.place_by IS NOT NULL
           ORDER BY node.place_by, node.id""",
        [sponsor_id],
    )


def is_waiting(member_id: int) -> bool:
    """Whether a member waits for a place in the tree."""
    return bool(
        sql.value(
            bool,
            "SELECT place_by IS NOT NULL FROM genealogy_position WHERE id = %s",
            [member_id],
        )
    )


def is_closed(position_id: int) -> bool:
    """Whether a position is closed; a customer has none."""
    return bool(
        sql.value(
            bool,
            "SELECT status = 'closed' FROM genealogy_position WHERE id = %s",
            [position_id],
        )
    )


class TeamNode(NamedTuple):
    """A position of a team: whose it is, below whose position it stands (None for the top), where,
    and how deep."""

    username: str
    parent: str | None
    side: int | None
    depth: int
    joined: datetime
    position_id: int
    parent_position_id: int | None


def branch(top_id: int, depth: int, nodes_max: int) -> list[TeamNode]:
    """The team of `top_id` down to `depth` levels below, at most `nodes_max` nodes, level by
    level; the depth of the top is 0."""
    return sql.rows(
        TeamNode,
        """WITH RECURSIVE team AS (
               SELECT id, member_id, parent_id, side, 0 AS level FROM genealogy_position
               WHERE id = %(top)s
               UNION ALL
               SELECT node.id, node.member_id, node.parent_id, node.side, team.level + 1
               FROM team JOIN genealogy_position node ON node.parent_id = team.id
               WHERE team.level < %(depth)s
           )
           SELECT person.username, above.username AS parent, team.side, team.level AS depth,
                  member.joined_at AS joined, team.id AS position_id,
                  upper.id AS parent_position_id
           FROM (SELECT * FROM team LIMIT %(most)s) team
           JOIN members_user person ON person.id = team.member_id
           JOIN members_member member ON member.user_id = team.member_id
           LEFT JOIN genealogy_position upper ON upper.id = team.parent_id AND team.level > 0
           LEFT JOIN members_user above ON above.id = upper.member_id
           ORDER BY team.level, team.parent_id, team.side, team.id""",
        {"top": top_id, "depth": depth, "most": nodes_max},
    )
