"""The order of members in which parents stand before children in both trees."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Indexes
from upline.plans.company import NOBODY
from upline.plans.kernels import kernel


class Cycle(Exception):
    """Links that lead back to where they began.

    `members`: who is on the cycle, each below the next by sponsor or by placement.
    """

    def __init__(self, members: Indexes) -> None:
        super().__init__(f"{len(members)} members are above themselves")
        self.members = members


def arrangement(sponsor: Indexes, placement: Indexes, by_seniority: Indexes) -> Indexes:
    """The indexes of all members, parents before children in both trees.

    `by_seniority` lists the members by joining, then id. It is given back as it is where parents
    joined before their children; otherwise who stands above a senior member comes right before
    that one, and all others stay in their order. Raises Cycle.
    """
    seniority = inverse(by_seniority)
    if _is_above(sponsor, seniority) and _is_above(placement, seniority):
        return by_seniority
    order, cycle = _ancestors_first(sponsor, placement, by_seniority)
    if len(cycle):
        raise Cycle(cycle)
    return order


def inverse(order: Indexes) -> Indexes:
    """Where each of the things that `order` lists stands in it."""
    indexes = np.empty(len(order), np.int32)
    indexes[order] = np.arange(len(order), dtype=np.int32)
    return indexes


def moved(links: Indexes, order: Indexes) -> Indexes:
    """Links between members, after the members were put in an order."""
    indexes = np.append(inverse(order), np.int32(NOBODY))
    return indexes[links[order]]


def _is_above(parent: Indexes, seniority: Indexes) -> bool:
    linked = np.flatnonzero(parent != NOBODY)
    return bool(np.all(seniority[parent[linked]] < seniority[linked]))


UNSEEN, ON_THE_WAY, PLACED = 0, 1, 2


@kernel
def _ancestors_first(
    sponsor: Indexes, placement: Indexes, by_seniority: Indexes
) -> tuple[Indexes, Indexes]:
    """The members by seniority, each after all above, and the first cycle met, or nobody.

    Walks up with a stack of its own, so that a chain of any length fits: who is on the way
    is on the stack, each below the one before.
    """
    state = np.zeros(len(sponsor), np.int8)
    stack, order, placed = np.empty(len(sponsor), np.int32), np.empty(len(sponsor), np.int32), 0
    for start in by_seniority:
        stack[0], height = start, 1 if state[start] == UNSEEN else 0
        while height > 0:
            member = stack[height - 1]
            state[member] = ON_THE_WAY
            above = NOBODY
            for parent in (sponsor[member], placement[member]):
                if parent == NOBODY or state[parent] == PLACED:
                    continue
                if state[parent] == ON_THE_WAY:
                    first = height - 1
                    while stack[first] != parent:
                        first -= 1
                    return order, stack[first:height]
                above = parent
            if above != NOBODY:
                stack[height] = above
                height += 1
            else:
                order[placed], state[member] = member, PLACED
                placed += 1
                height -= 1
    return order, stack[:0]
