"""What a member asks of their own tree: where somebody stands, the way down to them, and who has a
name. Nothing above the member is ever told but their sponsor's name."""

from typing import NamedTuple

from upline.base import sql
from upline.base.errors import NotFound
from upline.genealogy import queries as tree
from upline.genealogy.queries import NamedPosition
from upline.language import gettext
from upline.members.queries import Caller
from upline.screens import team

WAY_MOST = 24
FOUND_MOST = 20
_SMALL_TEAM = 5000
_LOOKED_AT = 20_000

# From a position up to one that the member may look at. Who has sponsored somebody of a member's
# team can stand above that member: the way ends before.
_WAY = """
WITH RECURSIVE way AS (
    SELECT id, {link} AS above, 0 AS step FROM genealogy_position WHERE id = %(bottom)s
    UNION ALL
    SELECT node.id, node.{link}, way.step + 1
    FROM way JOIN genealogy_position node ON node.id = way.above
    WHERE way.id <> %(top)s AND way.step < %(most)s AND genealogy_in_team(%(top)s, node.id))
SELECT position.id, position.member_id, position.number, person.username
FROM way JOIN genealogy_position position ON position.id = way.id
JOIN members_user person ON person.id = position.member_id
ORDER BY way.step DESC
"""
_POSITIONS = """
SELECT position.id, position.member_id, position.number, person.username
FROM genealogy_position position JOIN members_user person ON person.id = position.member_id
WHERE position.member_id = %(member)s
  AND (position.id = %(top)s OR genealogy_in_team(%(top)s, position.id))
ORDER BY position.number
"""
_NAMED = """
    member.search @@ members_search_query(%(said)s)
    AND array_to_tsvector(ARRAY(SELECT members_search_words(
            concat_ws(' ', person.username, member.firstname, member.lastname))))
        @@ members_search_query(%(said)s)
"""
# Somebody with a small team is answered by looking through it; in a large one, by who has the name.
_IN_SMALL_TEAM = """
WITH RECURSIVE team AS (
    SELECT id, member_id, number, depth FROM genealogy_position WHERE id = %(top)s
    UNION ALL
    SELECT node.id, node.member_id, node.number, node.depth
    FROM team JOIN genealogy_position node ON node.parent_id = team.id),
few AS MATERIALIZED (SELECT * FROM team LIMIT %(small)s + 1),
found AS (
    SELECT few.id, person.username, member.firstname, member.lastname, few.depth
    FROM few JOIN members_member member ON member.user_id = few.member_id
    JOIN members_user person ON person.id = few.member_id
    WHERE few.number = 1 AND {named})
SELECT (SELECT count(*) FROM few) AS looked_at, found.id, found.username, found.firstname,
       found.lastname
FROM (SELECT) always LEFT JOIN found ON true
ORDER BY found.depth, found.id LIMIT %(most)s
""".replace("{named}", _NAMED)
_BY_NAME = """
WITH named AS MATERIALIZED (
    SELECT member.user_id AS id, person.username, member.firstname, member.lastname
    FROM members_member member JOIN members_user person ON person.id = member.user_id
    WHERE member.kind = 'member' AND {named} LIMIT %(looked_at)s)
SELECT %(looked_at)s::bigint AS looked_at, id, username, firstname, lastname FROM named
WHERE genealogy_in_team(%(top)s, id) ORDER BY id LIMIT %(most)s
""".replace("{named}", _NAMED)


class NamedInTeam(NamedTuple):
    """Somebody of the team whose name was looked for; `id` None for nobody. `looked_at`: how many
    people were looked at."""

    looked_at: int
    id: int | None
    username: str | None
    firstname: str | None
    lastname: str | None

    @property
    def person(self) -> str:
        """First and last name, or the username of somebody who has none."""
        return f"{self.firstname} {self.lastname}".strip() or self.username or ""


def find(caller: Caller, name: str) -> NamedPosition:
    """A position of the caller's own team, named as people write it (`anna`, `anna/2`); their own
    first one for ''. Raises NotFound, also for one that stands elsewhere."""
    found = tree.find_position(name or caller.username)
    if found is None or not team.is_own(caller, found.id):
        raise NotFound(gettext("No member of your team has this username."))
    return found


def way_to(caller: Caller, position_id: int, *, by_sponsor: bool) -> list[NamedPosition]:
    """Who stands on the way down to a position of the caller's team, the position itself last: from
    the caller, or from as far above it as 24 steps lead, or, among sponsors, as far as they are of
    the caller's team."""
    statement = _WAY.format(link="sponsor_id" if by_sponsor else "parent_id")
    asked = {"top": caller.member_id, "bottom": position_id, "most": WAY_MOST}
    return sql.rows(NamedPosition, statement, asked)


def positions_in_team(caller: Caller, member_id: int) -> list[NamedPosition]:
    """The positions of a member that stand in the caller's team, the first one first."""
    return sql.rows(NamedPosition, _POSITIONS, {"top": caller.member_id, "member": member_id})


def search(caller: Caller, said: str) -> list[NamedInTeam]:
    """The people of the caller's team one of whose names begins with each word of `said`: first
    name, last name, username. At most 20, in small teams those nearest to the caller. What else the
    company knows of people finds nobody here."""
    asked = {"top": caller.member_id, "said": said, "most": FOUND_MOST,
             "small": _SMALL_TEAM, "looked_at": _LOOKED_AT}  # fmt: skip
    found = sql.rows(NamedInTeam, _IN_SMALL_TEAM, asked)
    if found and found[0].looked_at > _SMALL_TEAM:
        found = sql.rows(NamedInTeam, _BY_NAME, asked)
    return [each for each in found if each.id is not None]


def sponsor_name(caller: Caller) -> str:
    """First and last name of who sponsored the caller; '' for the company's first member."""
    found = sql.value(
        str,
        """SELECT coalesce(nullif(trim(member.firstname || ' ' || member.lastname), ''),
                           person.username)
           FROM genealogy_position node
           JOIN members_member member ON member.user_id = node.sponsor_id
           JOIN members_user person ON person.id = node.sponsor_id
           WHERE node.id = %s""",
        [caller.member_id],
    )
    return found or ""
