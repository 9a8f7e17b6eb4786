"""Items carried up a tree, paying on the way."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.kernels import kernel, part
from upline.plans.kernels.products import share

RECEIVERS, LOWER, SOURCES = 0, 1, 2
"""Whose class chooses the row of the table: the receiver's, the lower of both, the source's."""


@part
def _rate(column: Ints, classes: Small, whose: int, receiver: int, origin: int) -> int:
    if whose == SOURCES:
        return int(column[classes[origin]])
    if whose == LOWER:
        return int(column[min(classes[receiver], classes[origin])])
    return int(column[classes[receiver]])


@kernel
def pay_step(
    origin: Indexes, base: Ints, holder: Indexes, paid: Flags, classes: Small, whose: int,
    column: Ints, multiplier: int, divisor: int,
    item: Indexes, rates: Indexes, amounts: Ints,
) -> int:  # fmt: skip
    """Pay each item to who holds it; gives how many lines there are.

    A divisor of 0 says that the column holds flat amounts.
    """
    lines = 0
    for k in range(len(origin)):
        receiver = holder[k]
        if receiver < 0 or not paid[receiver]:
            continue
        rate = _rate(column, classes, whose, receiver, origin[k])
        amount = rate if divisor == 0 else share(base[k], multiplier * rate, divisor)
        if amount > 0:
            item[lines], amounts[lines] = k, amount
            rates[lines] = 0 if divisor == 0 else rate
            lines += 1
    return lines


@kernel
def move_up(holder: Indexes, up: Indexes) -> int:
    """Move each item to the next member above; gives how many have one."""
    remaining = 0
    for k in range(len(holder)):
        if holder[k] >= 0:
            holder[k] = up[holder[k]]
            remaining += holder[k] >= 0
    return remaining


@kernel
def pay_generations(
    origin: Indexes, base: Ints, head: Flags, up: Indexes, paid: Flags, classes: Small,
    table: Ints, first: int, multiplier: int, divisor: int, fill: bool,
    item: Indexes, receivers: Indexes, level: Array, rates: Indexes, amounts: Ints,
) -> int:  # fmt: skip
    """Pay each item to the heads of generations above it, where these are paid.

    `up` leads from head to head. The lines are counted only, unless they are to be filled in.
    """
    lines, last = 0, first + table.shape[1] - 1
    for k in range(len(origin)):
        receiver = origin[k] if first == 0 and head[origin[k]] else up[origin[k]]
        generation = 1 if head[origin[k]] and receiver != origin[k] else 0
        while receiver >= 0 and generation <= last:
            if paid[receiver] and generation >= first:
                rate = table[classes[receiver], generation - first]
                amount = rate if divisor == 0 else share(base[k], multiplier * rate, divisor)
                if amount > 0:
                    if fill:
                        item[lines], receivers[lines] = k, receiver
                        level[lines], amounts[lines] = generation, amount
                        rates[lines] = 0 if divisor == 0 else rate
                    lines += 1
            generation += 1
            receiver = up[receiver]
    return lines


@kernel
def pay_differences(
    origin: Indexes, base: Ints, parent: Indexes, up: Indexes, rate: Indexes, cut: Flags,
    depth: Indexes, first_level: int, multiplier: int, divisor: int, fill: bool,
    item: Indexes, receivers: Indexes, level: Array, rates: Indexes, amounts: Ints,
) -> int:  # fmt: skip
    """Pay each item to all above whose rate exceeds the highest below, the difference only."""
    lines = 0
    for k in range(len(origin)):
        seller, best = origin[k], 0
        receiver = seller
        if first_level > 0:
            receiver = np.int32(-1) if cut[seller] else parent[seller]
        while receiver >= 0:
            if rate[receiver] > best:
                amount = share(base[k], multiplier * (rate[receiver] - best), divisor)
                if amount > 0:
                    if fill:
                        item[lines], receivers[lines] = k, receiver
                        level[lines] = depth[seller] - depth[receiver]
                        rates[lines], amounts[lines] = rate[receiver] - best, amount
                    lines += 1
                best = rate[receiver]
            receiver = up[receiver]
    return lines
