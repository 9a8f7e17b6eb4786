"""Who is in the company and what was ordered, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.kernels.trees import nearest_above

NOBODY = -1
LEFT, RIGHT = 0, 1


@dataclass(frozen=True, slots=True)
class Positions:
    """All positions of the placement tree, parents before children. A member has one or more.

    `member`: index of whose it is. `placement`: index of the position above, -1 for none; `side`:
    0 left, 1 right, or the number among the children of a wider tree. `first`: of each member the
    index of the first position. `is_one_each`: position i is the only one of member i. `closed`:
    which are never paid, though volume passes through their legs; None where all are open.
    """

    member: Indexes
    placement: Indexes
    side: Small
    first: Indexes
    is_one_each: bool = False
    closed: Flags | None = None

    def __len__(self) -> int:
        return len(self.placement)

    def of_members(self, values: Array) -> Array:
        """What holds for each member, for each position of theirs."""
        return values if self.is_one_each else values[self.member]


@dataclass(frozen=True, slots=True)
class Members:
    """All members by seniority: parents before children in both trees, else by joining, then id.

    `sponsor`, `placement`: index of the member above, -1 for none. `side`: 0 left, 1 right, or the
    number among the children of a wider tree. `joined`: days. `active`: who is known to be active;
    where `known` is given, only for those it marks; where `active` is None, the plan's rule says.
    `positions`: where they stand in the placement tree; None where everybody has one position. Else
    `placement` and `side` are those of first positions alone (`people_above`). `market`: index of
    the market that each is paid in, by the run's rates (`exchange.RunRates`); None where all are
    paid in plan currency.
    """

    sponsor: Indexes
    placement: Indexes
    side: Small
    joined: Indexes
    package: Small
    active: Flags | None = None
    known: Flags | None = None
    positions: Positions | None = None
    market: Small | None = None

    def __len__(self) -> int:
        return len(self.sponsor)

    def in_positions(self) -> Positions:
        """Where they stand in the placement tree."""
        if self.positions is not None:
            return self.positions
        each = np.arange(len(self), dtype=np.int32)
        return Positions(each, self.placement, self.side, each, is_one_each=True)


def people_above(positions: Positions) -> Indexes:
    """The member above each one among people, who are seen at their first positions only: whose
    first position is the nearest above one's own; -1 for nobody."""
    is_first = np.zeros(len(positions), np.bool_)
    is_first[positions.first] = True
    above = nearest_above(positions.placement, is_first)[positions.first]
    return np.append(positions.member, np.int32(NOBODY))[above]


@dataclass(frozen=True, slots=True)
class Orders:
    """Paid orders, by day and then id. Those before a run's period feed windows only.

    `member`: index of whose volume it is; `value` in minor units, `points` in hundredths, none
    below zero; `customer`: the buyer's class; `first`: whether it is the member's first ever.
    `position`: index of the position that it counts at: its volume enters the legs of those above;
    None where that is always the member's first one. `figures`: by name the further figures that
    the plan counts, in hundredths, none below zero. `customer_id`: the customer who bought it; 0
    where that was the member, or nobody knows who it was. `market`: index of the market that sold
    it, in whose currency `value` is; `plan_value`: the same in plan currency; None where all are in
    it.
    """

    member: Indexes
    day: Indexes
    value: Ints
    points: Ints
    customer: Small
    first: Flags
    position: Indexes | None = None
    figures: Mapping[str, Ints] = field(default_factory=dict)
    customer_id: Ints | None = None
    market: Small | None = None
    plan_value: Ints | None = None

    def __len__(self) -> int:
        return len(self.member)

    @property
    def in_plan(self) -> Ints:
        """The value in plan currency."""
        return self.value if self.plan_value is None else self.plan_value

    def at(self, positions: Positions) -> Indexes:
        """The position that each order counts at."""
        if self.position is not None:
            return self.position
        return self.member if positions.is_one_each else positions.first[self.member]

    def between(self, first_day: int, last_day: int) -> slice:
        """Which orders are dated within these days, both included."""
        return slice(
            int(np.searchsorted(self.day, np.int32(first_day), "left")),
            int(np.searchsorted(self.day, np.int32(last_day), "right")),
        )


def firsts(member: Indexes) -> Flags:
    """Which orders are their member's first, of orders by day and then id."""
    first = np.full(int(member.max(initial=NOBODY)) + 1, -1, np.int64)
    # Written from the last to the first, so that the first one stays.
    first[member[::-1]] = np.arange(len(member))[::-1]
    flags = np.zeros(len(member), np.bool_)
    flags[first[first >= 0]] = True
    return flags
