"""A member's place in both trees, as the office sees it."""

from dataclasses import dataclass
from typing import Any

from upline.base import sql
from upline.company.models import PlanKind
from upline.genealogy.queries import SIDE_LETTERS, sponsor_of_customer

BELOW_MAX = 20


@dataclass(frozen=True)
class InTrees:
    """Who stands above and below. People are rows of id and username; `side` is L, R, a
    number in a matrix, or ''. `below` is cut at 20; `customers` is how many the member sponsors."""

    sponsor: Any | None
    parent: Any | None
    side: str
    depth: int
    sponsored: int
    customers: int
    below: list[Any]


def in_trees(member_id: int) -> InTrees:
    """The member's place. Every member has one; customers have none."""
    node = sql.one(
        """SELECT node.sponsor_id, node.parent_id, node.side, node.depth,
                  (SELECT count(*) FROM genealogy_node WHERE sponsor_id = node.member_id)
                      AS sponsored,
                  (SELECT count(*) FROM (
                      SELECT DISTINCT ON (fact.member_id) fact.member_id, fact.sponsor_id
                      FROM genealogy_sponsorfact fact
                      WHERE fact.member_id IN (SELECT member_id FROM genealogy_sponsorfact
                                               WHERE sponsor_id = node.member_id)
                      ORDER BY fact.member_id, since DESC, id DESC) latest
                   JOIN members_member ON user_id = latest.member_id
                   WHERE latest.sponsor_id = node.member_id AND kind <> 'member') AS customers,
                  company.plan_kind
           FROM genealogy_node node CROSS JOIN company_company company
           WHERE node.member_id = %s""",
        [member_id],
    )
    assert node is not None, "each member stands in the tree"
    return InTrees(
        sponsor=_person(node.sponsor_id),
        parent=_person(node.parent_id),
        side=_side(node.side, node.plan_kind),
        depth=node.depth,
        sponsored=node.sponsored,
        customers=node.customers,
        below=_below(member_id),
    )


def sponsor_of(customer_id: int) -> Any:
    """A customer's sponsor, as a row of id and username."""
    return _person(sponsor_of_customer(customer_id))


def _side(side: int | None, plan_kind: PlanKind) -> str:
    if side is None:
        return ""
    return SIDE_LETTERS[side] if plan_kind == PlanKind.BINARY else str(side)


def _person(user_id: int | None) -> Any | None:
    return sql.one("SELECT id, username FROM members_user WHERE id = %s", [user_id])


def _below(member_id: int) -> list[Any]:
    return sql.rows(
        """SELECT person.id, person.username FROM genealogy_node node
           JOIN members_user person ON person.id = node.member_id
           WHERE node.parent_id = %s ORDER BY node.side, node.member_id LIMIT %s""",
        [member_id, BELOW_MAX],
    )
