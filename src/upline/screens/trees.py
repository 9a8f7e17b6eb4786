"""A member's places in both trees, as the office sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from upline.base import sql
from upline.company.models import PlanKind
from upline.genealogy import queries
from upline.genealogy.models import Position, PositionStatus
from upline.genealogy.queries import (
    SIDE_LETTERS,
    NamedPosition,
    number_of_customers,
    sponsor_of_customer,
)
from upline.orders.models import Order, PositionOrder

BELOW_MAX = 20


@dataclass(frozen=True)
class FurtherPosition:
    """One of a member's further positions, the one above it and those directly below; and the
    order that paid for it, None where staff opened it."""

    position: NamedPosition
    parent: NamedPosition
    side: str
    opened_at: datetime
    below: list[NamedPosition]
    order: Order | None
    status: PositionStatus


class Named(NamedTuple):
    """A person by id and username."""

    id: int
    username: str


class _Node(NamedTuple):
    """Where a member's first position stands, and how many they sponsor; `place_by` until when an
    unplaced one is to be placed."""

    sponsor_id: int | None
    parent_id: int | None
    side: int | None
    depth: int
    place_by: datetime | None
    sponsored: int
    status: str
    plan_kind: str


@dataclass(frozen=True)
class InTrees:
    """Who stands above and below the first position. `side` is L, R, a number in a matrix, or ''.
    `below` is cut at 20; `customers` is how many the member sponsors. `further`: the other
    positions."""

    sponsor: Named | None
    parent: NamedPosition | None
    side: str
    depth: int
    sponsored: int
    customers: int
    below: list[NamedPosition]
    further: list[FurtherPosition]
    place_by: datetime | None
    status: PositionStatus


def in_trees(member_id: int) -> InTrees:
    """The member's place. Every member has one; customers have none."""
    node = sql.one(
        _Node,
        """SELECT node.sponsor_id, node.parent_id, node.side, node.depth, node.place_by,
                  (SELECT count(*) FROM genealogy_position WHERE sponsor_id = node.member_id)
                      AS sponsored,
                  node.status, company.plan_kind
           FROM genealogy_position node CROSS JOIN company_company company
           WHERE node.id = %s""",
        [member_id],
    )
    assert node is not None, "each member stands in the tree"
    return InTrees(
        sponsor=_person(node.sponsor_id),
        parent=queries.positions_named([node.parent_id])[node.parent_id]
        if node.parent_id
        else None,
        side=_side(node.side, node.plan_kind),
        depth=node.depth,
        sponsored=node.sponsored,
        customers=number_of_customers(member_id),
        below=_below(member_id),
        further=_further(member_id, node.plan_kind),
        place_by=node.place_by,
        status=PositionStatus(node.status),
    )


def sponsor_of(customer_id: int) -> Named | None:
    """A customer's sponsor."""
    return _person(sponsor_of_customer(customer_id))


def _side(side: int | None, plan_kind: str) -> str:
    if side is None:
        return ""
    return SIDE_LETTERS[side] if plan_kind == PlanKind.BINARY else str(side)


def _person(user_id: int | None) -> Named | None:
    return sql.one(Named, "SELECT id, username FROM members_user WHERE id = %s", [user_id])


def _below(position_id: int) -> list[NamedPosition]:
    found = Position.objects.filter(parent_id=position_id).order_by("side", "pk")[:BELOW_MAX]
    ids = [each.pk for each in found]
    named = queries.positions_named(ids)
    return [named[each] for each in ids]


def _further(member_id: int, plan_kind: str) -> list[FurtherPosition]:
    found = list(Position.objects.filter(member_id=member_id, number__gt=1).order_by("number"))
    above = [each.parent_id for each in found if each.parent_id]
    named = queries.positions_named([*(each.pk for each in found), *above])
    bought = PositionOrder.objects.select_related("order").filter(position__in=found)
    orders = {each.position_id: each.order for each in bought}
    return [
        FurtherPosition(
            named[each.pk],
            named[each.parent_id],
            _side(each.side, plan_kind),
            each.opened_at,
            _below(each.pk),
            orders.get(each.pk),
            PositionStatus(each.status),
        )
        for each in found
        if each.parent_id
    ]
