"""What one run hands to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, Small
from upline.plans.bonus import Board, Pairs
from upline.plans.plan import Plan


@dataclass(slots=True)
class LegCarry:
    """Of one binary bonus, by position: volume left over on each side, and what the caps have used.

    `paired`: which had a first pair. `used[cap]`: pairs or money counted against a cap in the
    period of that cap which began on `used_since[cap]`, a row for each cap of the bonus.
    """

    left: Ints
    right: Ints
    paired: Flags
    used: Ints
    used_since: list[int]


@dataclass(slots=True)
class BoardCarry:
    """Of one board bonus: the open boards, the oldest first; one row of seats each, the top
    first and then level by level, -1 where nobody stands yet. `board_of`: the open board that a
    member entered last, -1 for none."""

    boards: Indexes
    board_of: Indexes


@dataclass(slots=True)
class TaxCarry:
    """The running year, each member's gross in it, and the part of it that no tax was taken of."""

    year: int
    gross: Ints
    untaxed: Ints


@dataclass(slots=True)
class Carry:
    """All that a run hands on, by the names of the bonuses. `held`: earned, not yet paid out;
    below zero a debt, such as a commission taken back, which the next earnings pay.

    `rank`: paid-as, as last calculated; `title`: the highest ever held. `paid`: of each run
    under a ceiling the first day, the last day, and what its bonuses paid, as long as a longer run
    can ask for it.
    """

    rank: Small
    title: Small
    held: Ints
    legs: dict[str, LegCarry] = field(default_factory=dict)
    full_levels: dict[str, Ints] = field(default_factory=dict)
    boards: dict[str, BoardCarry] = field(default_factory=dict)
    tax: TaxCarry | None = None
    paid: tuple[tuple[int, int, int], ...] = ()


def nothing_carried(members: int) -> Carry:
    """The carry of a company's first run."""
    return Carry(
        rank=np.zeros(members, np.int8),
        title=np.zeros(members, np.int8),
        held=np.zeros(members, np.int64),
    )


class CarryMismatch(Exception):
    """A carry that is not of these members, or not of this plan. Says why in a sentence."""


def must_suit(carry: Carry, plan: Plan, members: int, positions: int) -> None:
    """Raise CarryMismatch where a carry lacks an entry for a member, a position, a cap or a seat of
    a board."""
    if len(carry.held) != members:
        raise CarryMismatch(f"the carry is of {len(carry.held)} members, and there are {members}")
    for bonus in plan.bonuses:
        leg, boards = carry.legs.get(bonus.name), carry.boards.get(bonus.name)
        if isinstance(bonus, Pairs) and leg and leg.used.shape != (len(bonus.caps), positions):
            raise CarryMismatch(
                f"{bonus.name}: the carry is of a plan with other caps, or of other positions"
            )
        if isinstance(bonus, Board) and boards and boards.boards.shape[1] != bonus.seats:
            raise CarryMismatch(f"{bonus.name}: the carry is of a plan with other boards")
