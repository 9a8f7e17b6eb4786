"""Commission lines, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Indexes, Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one bonus. Each has an amount other than zero, negative for a deduction.

    `bonus`: its name, or one of those in `settlement.py`. `source`: index of
    the order, or of the member whose joining, activity or earnings paid, by `items`; -1 for
    none. `level`: level, generation, matrix level or rank. `rate`: millionths, 0 where flat.
    `base`: what the rate was taken of. `position`: index of the position whose pairs are paid, None
    where lines are of no position.
    """

    bonus: str
    member: Indexes
    source: Indexes
    level: Array
    rate: Indexes
    base: Ints
    amount: Ints
    position: Indexes | None = None

    def __len__(self) -> int:
        return len(self.member)


def of_members(
    bonus: str, member: Array, amount: Ints | int, *, level: Array | int = 0,
    source: Array | int = -1, rate: Array | int = 0, base: Ints | int = 0,
) -> Lines:  # fmt: skip
    """Lines of these members; a single number stands for all of them."""
    count = len(member)

    def column(value: Array | int, kind: type[np.generic]) -> Array:
        return np.broadcast_to(np.asarray(value, kind), count)

    return Lines(
        bonus,
        member.astype(np.int32),
        column(source, np.int32),
        column(level, np.int16),
        column(rate, np.int32),
        column(base, np.int64),
        column(amount, np.int64),
    )


def without_nothing(lines: Lines) -> Lines:
    """Only the lines that pay something."""
    some = np.flatnonzero(lines.amount)
    if len(some) == len(lines):
        return lines
    position = None if lines.position is None else lines.position[some]
    return Lines(
        lines.bonus, lines.member[some], lines.source[some], lines.level[some], lines.rate[some],
        lines.base[some], lines.amount[some], position,
    )  # fmt: skip
