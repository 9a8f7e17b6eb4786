"""A company, what a run hands on, and what a run gives, as plain lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

Line = tuple[str, int, int, int, int, int, int]
"""Bonus, member, source, level, rate, base, amount."""


@dataclass(frozen=True)
class Member:
    """A member; `sponsor` and `placement` are -1 where there is none, `active` is None where the
    plan's rule has to say."""

    sponsor: int
    placement: int
    side: int
    joined: int
    package: int
    active: bool | None = None


@dataclass(frozen=True)
class Order:
    """A paid order; `first`: no other order of the member came before it."""

    member: int
    day: int
    value: int
    points: int
    customer: int
    first: bool


@dataclass(frozen=True)
class Company:
    """Members by seniority, parents before children, and orders by day."""

    members: list[Member]
    orders: list[Order]

    @cached_property
    def recruits(self) -> list[list[int]]:
        """Whom each member sponsored, the most senior first."""
        recruits: list[list[int]] = [[] for _ in self.members]
        for number, member in enumerate(self.members):
            if member.sponsor >= 0:
                recruits[member.sponsor].append(number)
        return recruits


@dataclass
class LegsKept:
    """Of one binary bonus. `used[cap]` counts since `used_since[cap]`."""

    left: list[int]
    right: list[int]
    paired: list[bool]
    used: list[list[int]]
    used_since: list[int]


@dataclass
class Kept:
    """What one run hands to the next. A board is a list of places, -1 where nobody stands; `paid`
    is the first and last day of earlier runs and what they paid, where there is a ceiling."""

    rank: list[int]
    title: list[int]
    held: list[int]
    legs: dict[str, LegsKept] = field(default_factory=dict)
    full_levels: dict[str, list[set[int]]] = field(default_factory=dict)
    boards: dict[str, list[list[int]]] = field(default_factory=dict)
    paid: list[tuple[int, int, int]] = field(default_factory=list)
    tax_year: int | None = None
    tax_gross: list[int] = field(default_factory=list)
    tax_untaxed: list[int] = field(default_factory=list)


def nothing_kept(members: int) -> Kept:
    return Kept([0] * members, [0] * members, [0] * members)


@dataclass
class SideSums:
    """What became of the volume of one leg in a run."""

    brought: int = 0
    entered: int = 0
    consumed: int = 0
    flushed: int = 0
    carried: int = 0


@dataclass
class Answer:
    """What a run gives. `legs[bonus]`: for each member the left side, the right side, pairs."""

    lines: list[Line]
    kept: Kept
    active: list[bool]
    rank: list[int]
    title: list[int]
    turnover: int
    totals: list[int]
    purchase: list[int]
    legs: dict[str, list[tuple[SideSums, SideSums, int]]]
