"""What a member has of each rank, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upline.base.amounts import POINT_DECIMALS, as_text
from upline.explanations.numbers import Unit
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.plan import Have, Plan, Rank
from upline.plans.result import RankFigures


@dataclass(frozen=True, slots=True)
class OnLadder:
    """Members as ranks saw them in a run: all of a company, or one with those right below.

    `parent`: in the tree of the ranks."""

    parent: Indexes
    sponsor: Indexes
    active: Flags
    rank: Small
    figures: RankFigures


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a rank asks for. `wanted` and `reached` are counts, or hundredths of
    points."""

    what: str
    wanted: int
    reached: int
    unit: Unit
    sentence: str

    @property
    def missing(self) -> int:
        """What is still to be reached, 0 where nothing is."""
        return max(self.wanted - self.reached, 0)


@dataclass(frozen=True, slots=True)
class Rung:
    """A rank with all that it asks for."""

    rank: str
    conditions: list[Condition]


def above(plan: Plan, index: int, on_ladder: OnLadder) -> list[Rung]:
    """Each rank above the one that a member is paid as."""
    held = int(on_ladder.rank[index])
    return [
        Rung(step.name, [_told(step, *asked) for asked in _asked(step, plan, index, on_ladder)])
        for step in plan.ranks.steps[held:]
    ]


Asked = tuple[str, int, int, Unit]


def _asked(step: Rank, plan: Plan, index: int, on_ladder: OnLadder) -> Iterator[Asked]:
    """What a rank asks for, how much of it, and how much there is."""
    found = on_ladder.figures
    row = found.windows.index(step.periods)
    if step.active and (plan.active.personal_points or not on_ladder.active[index]):
        yield "being active", 1, int(on_ladder.active[index]), Unit.COUNT
    over = f" in {step.periods} {plan.ranks.every}s" if step.periods > 1 else ""
    if step.personal_points:
        own = int(found.points[row, index])
        yield f"own points{over}", step.personal_points, own, Unit.POINTS
    if step.group_points:
        group = _limited(found.group[row], index, step, on_ladder, plan.ranks.breakaway)
        yield f"group points{over}{_limit(step)}", step.group_points, group, Unit.POINTS
    if step.team_points:
        team = _limited(found.team[row], index, step, on_ladder, 0)
        yield f"team points{over}{_limit(step)}", step.team_points, team, Unit.POINTS
    if step.customers:
        customers = int(found.customers[row, index])
        yield f"orders of customers{over}", step.customers, customers, Unit.COUNT
    yield from _people(step, plan, index, on_ladder)


def _limit(step: Rank) -> str:
    if step.leg_limit < 0:
        return ""
    return f", each leg counting {as_text(step.leg_limit, POINT_DECIMALS, ',')} at most"


def _limited(sums: Ints, index: int, step: Rank, on_ladder: OnLadder, breakaway: int) -> int:
    """A member's points, where no leg counts more than the limit; legs that broke away do not."""
    if step.leg_limit < 0:
        return int(sums[index])
    row = on_ladder.figures.windows.index(step.periods)
    below = _below(on_ladder.parent, index)
    if breakaway:
        below = below[on_ladder.rank[below] < breakaway]
    own = int(on_ladder.figures.points[row, index])
    return own + int(np.minimum(sums[below], step.leg_limit).sum())


def _below(links: Indexes, index: int) -> Array:
    return np.flatnonzero(links == index)


def _people(step: Rank, plan: Plan, index: int, on_ladder: OnLadder) -> Iterator[Asked]:
    legs, directs = _below(on_ladder.parent, index), _below(on_ladder.sponsor, index)
    for have in step.legs:
        count = _count(have, on_ladder.figures.best[legs], on_ladder.active[legs])
        yield _named(have, "legs", plan), have.count, count, Unit.COUNT
    for have in step.directs:
        count = _count(have, on_ladder.rank[directs], on_ladder.active[directs])
        yield _named(have, "directs", plan), have.count, count, Unit.COUNT


def _count(have: Have, rank: Small, active: Flags) -> int:
    return int(np.count_nonzero(rank >= have.rank if have.rank else active))


def _named(have: Have, what: str, plan: Plan) -> str:
    return f"{what} of {plan.ranks.steps[have.rank - 1].name}" if have.rank else f"active {what}"


def _told(step: Rank, what: str, wanted: int, reached: int, unit: Unit) -> Condition:
    """`Silver: 1,200.00 of 2,000.00 team points; 800.00 to go`."""
    decimals = POINT_DECIMALS if unit is Unit.POINTS else 0
    have, want = (as_text(figure, decimals, ",") for figure in (reached, wanted))
    missing = wanted - reached
    rest = f"; {as_text(missing, decimals, ',')} to go" if missing > 0 else ""
    sentence = f"{step.name}: {have} of {want} {what}{rest}"
    if what == "being active":
        sentence = f"{step.name}: {'not active yet' if missing > 0 else 'active'}"
    return Condition(what, wanted, reached, unit, sentence)
