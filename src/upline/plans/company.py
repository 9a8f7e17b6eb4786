"""Who is in the company and what was ordered, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Flags, Indexes, Ints, Small

NOBODY = -1
LEFT, RIGHT = 0, 1


@dataclass(frozen=True, slots=True)
class Members:
    """All members by seniority: parents before children in both trees, else by joining, then id.

    `sponsor`, `placement`: index of the one above, -1 for none. `side`: 0 left, 1 right, or the
    place among the children of a wider tree. `joined`: days. `active`: who is known to be active;
    where `known` is given, only for those it marks; where `active` is None, the plan's rule says.
    """

    sponsor: Indexes
    placement: Indexes
    side: Small
    joined: Indexes
    package: Small
    active: Flags | None = None
    known: Flags | None = None

    def __len__(self) -> int:
        return len(self.sponsor)


@dataclass(frozen=True, slots=True)
class Orders:
    """Paid orders, by day and then id. Those before a run's period feed windows only.

    `member`: index of whose volume it is; `value` in minor units, `points` in hundredths, none
    below zero; `customer`: the buyer's class; `first`: whether it is the member's first ever.
    """

    member: Indexes
    day: Indexes
    value: Ints
    points: Ints
    customer: Small
    first: Flags

    def __len__(self) -> int:
        return len(self.member)

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
