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
    """The places of all members, parents before children in both trees.

    `by_seniority` lists the members by joining, then id. It is given back as it is where parents
    joined before their children; otherwise members go by their depth over both links, and at one
    depth by seniority. Raises Cycle.
    """
    seniority = inverse(by_seniority)
    if _is_above(sponsor, seniority) and _is_above(placement, seniority):
        return by_seniority
    depth, cycle = _depths(sponsor, placement)
    if len(cycle):
        raise Cycle(cycle)
    return by_seniority[np.argsort(depth[by_seniority], kind="stable")]


def inverse(order: Indexes) -> Indexes:
    """Where each of the things that `order` lists stands in it."""
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    return places


def moved(links: Indexes, order: Indexes) -> Indexes:
    """Links between members, after the members were put in an order."""
    places = np.append(inverse(order), np.int32(NOBODY))
    return places[links[order]]


def _is_above(parent: Indexes, seniority: Indexes) -> bool:
    linked = np.flatnonzero(parent != NOBODY)
    return bool(np.all(seniority[parent[linked]] < seniority[linked]))


UNKNOWN = -1
ON_THE_WAY = -2


@kernel
def _depths(sponsor: Indexes, placement: Indexes) -> tuple[Indexes, Indexes]:
    """Each member's depth over both links, and the first cycle that was met, or nobody.

    Walks up with a stack of its own, so that a chain of any length fits: who is on the way
    is on the stack, each below the one before.
    """
    depth = np.full(len(sponsor), UNKNOWN, np.int32)
    stack = np.empty(len(sponsor), np.int32)
    for start in range(len(sponsor)):
        height = 0
        if depth[start] == UNKNOWN:
            stack[0], height = start, 1
        while height > 0:
            member = stack[height - 1]
            depth[member] = ON_THE_WAY
            above, deepest = NOBODY, -1
            for parent in (sponsor[member], placement[member]):
                if parent == NOBODY:
                    continue
                if depth[parent] == ON_THE_WAY:
                    first = height - 1
                    while stack[first] != parent:
                        first -= 1
                    return depth, stack[first:height]
                if depth[parent] == UNKNOWN:
                    above = parent
                else:
                    deepest = max(deepest, depth[parent])
            if above != NOBODY:
                stack[height] = above
                height += 1
            else:
                depth[member] = deepest + 1
                height -= 1
    return depth, stack[:0]
