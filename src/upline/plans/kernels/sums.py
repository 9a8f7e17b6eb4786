"""Sums over teams."""

from __future__ import annotations

from upline.plans.arrays import Flags, Indexes, Ints, Small
from upline.plans.kernels import kernel


@kernel
def add_up(member: Indexes, amounts: Ints, sums: Ints) -> None:
    """Add each amount to its member's sum."""
    for k in range(len(member)):
        sums[member[k]] += amounts[k]


@kernel
def sum_groups(parent: Indexes, cut: Flags, group: Ints) -> None:
    """Turn own volume into group volume, in place; nothing goes up from who is cut."""
    for i in range(len(parent) - 1, -1, -1):
        if parent[i] >= 0 and not cut[i]:
            group[parent[i]] += group[i]


@kernel
def sum_legs(placement: Indexes, side: Small, own: Ints, left: Ints, right: Ints) -> None:
    """The volume of all in each position's left and right leg."""
    for i in range(len(placement) - 1, -1, -1):
        above = placement[i]
        if above >= 0:
            team = own[i] + left[i] + right[i]
            if side[i] == 0:
                left[above] += team
            else:
                right[above] += team
