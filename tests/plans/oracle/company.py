"""A company, what a run hands on, and what a run gives, as plain lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

Line = tuple[str, int, int, int, int, int, int]
"""Bonus, member, source, level, rate, base, amount."""


@dataclass(frozen=True)
class Market:
    """Where members are paid and orders sold: what one unit (1.00) of the plan currency and one
    point are worth there, in millionths of a unit; the decimals of its currency, whose name is
    `currency`; what plans call the market."""

    per_unit: int
    per_point: int | None = None
    decimals: int = 2
    currency: str = "EUR"
    code: str = ""


@dataclass(frozen=True)
class Member:
    """A member; `sponsor` and `placement` are -1 where there is none, `active` is None where the
    plan's rule has to say; `market` is None where all is in plan currency."""

    sponsor: int
    placement: int
    side: int
    joined: int
    package: int
    active: bool | None = None
    market: int | None = None


@dataclass(frozen=True)
class Position:
    """A position in the placement tree: whose it is, the position above (-1 where there is none),
    and on which side of it; a closed one is never paid. A member's first position comes before the
    others."""

    member: int
    placement: int
    side: int
    closed: bool = False


@dataclass(frozen=True)
class Order:
    """A paid order; `first`: no other order of the member came before it; `position`: the one it
    counts at, -1 for the member's first one; `figure`: what it has of the one further figure that
    the plans know; `customer_id`: who bought it, 0 where nobody knows; `market`: who sold it, in
    whose currency its value is."""

    member: int
    day: int
    value: int
    points: int
    customer: int
    first: bool
    position: int = -1
    figure: int = 0
    customer_id: int = 0
    market: int | None = None

    def times(self, scale: int) -> Order:
        """The same order, worth so many times as much."""
        parts = self.value, self.points, self.figure
        value, points, figure = (part * scale for part in parts)
        return replace(self, value=value, points=points, figure=figure)

    def plus(self, more: int) -> Order:
        """The same order, worth so much more."""
        value, points, figure = (part + more for part in (self.value, self.points, self.figure))
        return replace(self, value=value, points=points, figure=figure)


@dataclass(frozen=True)
class Company:
    """Members by seniority, parents before children, and orders by day; `several`: all positions,
    empty where each member has one, which `placement` and `side` of the members tell. `markets`:
    their rates, of which the first is in plan currency; empty where all is."""

    members: list[Member]
    orders: list[Order]
    several: list[Position] = field(default_factory=list)
    markets: list[Market] = field(default_factory=list)

    @cached_property
    def positions(self) -> list[Position]:
        """All positions, parents before children."""
        return self.several or [
            Position(number, member.placement, member.side)
            for number, member in enumerate(self.members)
        ]

    @cached_property
    def first_positions(self) -> list[int]:
        """The first position of each member."""
        return [
            next(i for i, position in enumerate(self.positions) if position.member == number)
            for number in range(len(self.members))
        ]

    @cached_property
    def people_above(self) -> list[int]:
        """Whose first position is the next one above each member's first position."""
        return [self._person_above(number) for number in range(len(self.members))]

    def _person_above(self, member: int) -> int:
        here = self.positions[self.first_positions[member]].placement
        while here >= 0 and self.first_positions[self.positions[here].member] != here:
            here = self.positions[here].placement
        return self.positions[here].member if here >= 0 else -1

    def position_of(self, order: Order) -> int:
        """The position that an order counts at."""
        return order.position if order.position >= 0 else self.first_positions[order.member]

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
    """What a run gives. `legs[bonus]`: for each position the left side, the right side, pairs;
    `pair_lines`: the lines that pairs paid, by bonus and position."""

    lines: list[Line]
    kept: Kept
    active: list[bool]
    rank: list[int]
    title: list[int]
    turnover: int
    totals: list[int]
    purchase: list[int]
    legs: dict[str, list[tuple[SideSums, SideSums, int]]]
    pair_lines: dict[tuple[str, int], Line]
