"""A company as it stands at a time: a run need not look at who joins later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from upline.plans.arrays import Array
from upline.plans.carry import Carry, LegCarry
from upline.plans.company import NOBODY, Members, Orders, Positions


def so_far(members: Members, orders: Orders, last_day: int) -> tuple[Members, Orders]:
    """Who has joined and what was ordered by a day, as views."""
    count = int(np.searchsorted(members.joined, np.int32(last_day), "right"))
    until = orders.between(0, last_day)
    return (
        replace(
            members,
            sponsor=members.sponsor[:count],
            placement=members.placement[:count],
            side=members.side[:count],
            joined=members.joined[:count],
            package=members.package[:count],
            positions=_of_first(members.positions, count),
        ),
        Orders(
            orders.member[until],
            orders.day[until],
            orders.value[until],
            orders.points[until],
            orders.customer[until],
            orders.first[until],
            figures={name: figure[until] for name, figure in orders.figures.items()},
            customer_id=None if orders.customer_id is None else orders.customer_id[until],
        ),
    )


def _of_first(positions: Positions | None, members: int) -> Positions | None:
    """The positions of so many members, which come before those of later ones."""
    if positions is None:
        return None
    count = int(np.searchsorted(positions.member, np.int32(members), "left"))
    return Positions(
        positions.member[:count],
        positions.placement[:count],
        positions.side[:count],
        positions.first[:members],
    )


def with_newcomers(carry: Carry, members: int, positions: int) -> Carry:
    """What was handed on, with room for those who have joined since, and for their positions, to
    whom nothing was."""

    def more(values: Array, nothing: int = 0, count: int = members) -> Array:
        room = np.full((*values.shape[:-1], count - values.shape[-1]), nothing, values.dtype)
        return np.concatenate((values, room), axis=-1)

    def legs(before: LegCarry) -> LegCarry:
        return replace(
            before,
            left=more(before.left, count=positions),
            right=more(before.right, count=positions),
            paired=more(before.paired, count=positions),
            used=more(before.used, count=positions),
        )

    tax = carry.tax
    return replace(
        carry,
        rank=more(carry.rank),
        title=more(carry.title),
        held=more(carry.held),
        legs={name: legs(each) for name, each in carry.legs.items()},
        full_levels={name: more(each) for name, each in carry.full_levels.items()},
        boards={
            name: replace(each, board_of=more(each.board_of, NOBODY))
            for name, each in carry.boards.items()
        },
        tax=replace(tax, gross=more(tax.gross), untaxed=more(tax.untaxed)) if tax else None,
    )
