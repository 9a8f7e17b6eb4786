"""Order and depth in a tree, and trees that are made of the sponsor tree."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, Small
from upline.plans.kernels import kernel


@kernel
def nearest_above(parent: Indexes, wanted: Flags) -> Indexes:
    """For each member the nearest one above who is wanted, -1 for none."""
    up = np.empty(len(parent), np.int32)
    for i in range(len(parent)):
        above = parent[i]
        up[i] = above if above < 0 or wanted[above] else up[above]
    return up


@kernel
def next_higher(parent: Indexes, rate: Indexes, cut: Flags) -> Indexes:
    """For each member the nearest one above with a higher rate, -1 for none or beyond a cut."""
    up = np.empty(len(parent), np.int32)
    for i in range(len(parent)):
        above = np.int32(-1) if cut[i] else parent[i]
        while above >= 0 and rate[above] <= rate[i]:
            above = up[above]
        up[i] = above
    return up


@kernel
def depths(parent: Indexes) -> Indexes:
    """How many stand above each member."""
    depth = np.zeros(len(parent), np.int32)
    for i in range(len(parent)):
        if parent[i] >= 0:
            depth[i] = depth[parent[i]] + 1
    return depth


@kernel
def active_recruits(sponsor: Indexes, active: Flags) -> Indexes:
    """How many active recruits each member has."""
    count = np.zeros(len(sponsor), np.int32)
    for i in range(len(sponsor)):
        if sponsor[i] >= 0 and active[i]:
            count[sponsor[i]] += 1
    return count


@kernel
def preorder(placement: Indexes, side: Small) -> tuple[Indexes, Indexes, Indexes]:
    """Each position's number in pre-order, how many the team is, and how many the left leg.

    A team is one stretch of numbers: the position, the left leg, the right leg.
    """
    n = len(placement)
    size, left_size = np.ones(n, np.int32), np.zeros(n, np.int32)
    for i in range(n - 1, -1, -1):
        if placement[i] >= 0:
            size[placement[i]] += size[i]
            if side[i] == 0:
                left_size[placement[i]] = size[i]
    enter, roots = np.empty(n, np.int32), 0
    for i in range(n):
        above = placement[i]
        if above < 0:
            enter[i] = roots
            roots += size[i]
        else:
            enter[i] = enter[above] + 1 + (left_size[above] if side[i] != 0 else 0)
    return enter, size, left_size


@kernel
def active_recruits_by_side(
    sponsor: Indexes, placement: Indexes, side: Small, first: Indexes, active: Flags
) -> tuple[Indexes, Indexes]:
    """How many active recruits each member has in the left and in the right leg, all of them at
    their first positions."""
    n = len(sponsor)
    enter, size, left_size = preorder(placement, side)
    left, right = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for i in range(n):
        above = sponsor[i]
        if above < 0 or not active[i]:
            continue
        top, here = first[above], enter[first[i]]
        if enter[top] < here <= enter[top] + left_size[top]:
            left[above] += 1
        elif enter[top] + left_size[top] < here < enter[top] + size[top]:
            right[above] += 1
    return left, right


@kernel
def x_up_tree(sponsor: Indexes, passed_up: int) -> Indexes:
    """Parents where the first recruits of a member go to whom the member went to."""
    n = len(sponsor)
    parent, recruits = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    for i in range(n):
        above = sponsor[i]
        if above >= 0:
            recruits[above] += 1
            passes = recruits[above] <= passed_up and parent[above] >= 0
            parent[i] = parent[above] if passes else above
    return parent


@kernel
def matrix_tree(sponsor: Indexes, width: int) -> Indexes:
    """Parents where each takes the first open place below the sponsor, level by level.

    `open_at` is the depth of the highest member in a subtree with an open place. A place is
    taken by going down to it, first child first, and told on the way back up while that depth
    changes.
    """
    n = len(sponsor)
    parent = np.full(n, -1, np.int32)
    depth, open_at, taken = np.zeros(n, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int32)
    child = np.full((n, width), -1, np.int32)
    for i in range(n):
        at = sponsor[i]
        if at < 0:
            continue
        while open_at[at] != depth[at]:
            for k in range(width):
                if open_at[child[at, k]] == open_at[at]:
                    at = child[at, k]
                    break
        child[at, taken[at]] = i
        taken[at] += 1
        parent[i], depth[i], open_at[i] = at, depth[at] + 1, depth[at] + 1
        while at >= 0 and taken[at] == width:
            highest = open_at[child[at, 0]]
            for k in range(1, width):
                highest = min(highest, open_at[child[at, k]])
            if highest == open_at[at]:
                break
            open_at[at] = highest
            at = parent[at]
    return parent


@kernel
def count_levels(parent: Indexes, counts: Ints) -> None:
    """`counts[level, member]`: how many stand so many levels below; level 0 is given."""
    for level in range(1, len(counts)):
        for i in range(len(parent)):
            if parent[i] >= 0:
                counts[level, parent[i]] += counts[level - 1, i]
