"""What a member has of each rank, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upline.base.amounts import POINT_DECIMALS, grouped
from upline.explanations.units import Unit
from upline.language import gettext, lazy
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.counting import Basis, LeastOrder, figure_of
from upline.plans.plan import Every, Have, Plan, Rank
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
    """One thing that a rank asks for: `what` it is, in English. `wanted` and `reached` are counts,
    or hundredths of points."""

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
_BEING_ACTIVE = lazy("being active")


def _asked(step: Rank, plan: Plan, index: int, on_ladder: OnLadder) -> Iterator[Asked]:
    """What a rank asks for, how much of it, and how much there is."""
    found = on_ladder.figures
    row = found.windows.index(step.periods)
    if step.active and (plan.active.personal_points or not on_ladder.active[index]):
        yield _BEING_ACTIVE, 1, int(on_ladder.active[index]), Unit.COUNT
    figure = figure_of(plan.ranks.measured_in)
    if step.personal_points:
        own = int(found.points[row, index])
        what = lazy("own {figure}", figure=figure) if figure else lazy("own points")
        yield _over(what, step, plan), step.personal_points, own, Unit.POINTS
    if step.group_points:
        group = _limited(found.group[row], index, step, on_ladder, plan.ranks.breakaway)
        what = lazy("group {figure}", figure=figure) if figure else lazy("group points")
        yield _up_to(_over(what, step, plan), step), step.group_points, group, Unit.POINTS
    if step.team_points:
        team = _limited(found.team[row], index, step, on_ladder, 0)
        what = lazy("team {figure}", figure=figure) if figure else lazy("team points")
        yield _up_to(_over(what, step, plan), step), step.team_points, team, Unit.POINTS
    if step.customers:
        customers = int(found.customers[row, index])
        what = _over(lazy("orders of customers"), step, plan)
        yield what, step.customers, customers, Unit.COUNT
    if step.buyers:
        row = plan.ranks.buyers().index((step.periods, step.buyers_order))
        what = _over(_with_order(step.buyers_order, plan), step, plan)
        yield what, step.buyers, int(found.buyers[row, index]), Unit.COUNT
    yield from _people(step, plan, index, on_ladder)


def _with_order(order: LeastOrder, plan: Plan) -> str:
    """`customers with an order of at least 50.00 points`."""
    if not order.amount:
        return lazy("customers with an order")
    if order.counted is Basis.VALUE:
        amount = grouped(order.amount, plan.decimals)
        return lazy("customers with an order of at least {amount}", amount=amount)
    amount, figure = grouped(order.amount, POINT_DECIMALS), figure_of(order.counted)
    if figure:
        return lazy(
            "customers with an order of at least {amount} {figure}", amount=amount, figure=figure
        )
    return lazy("customers with an order of at least {amount} points", amount=amount)


def _over(what: str, step: Rank, plan: Plan) -> str:
    """`own points in 3 months`, where a rank looks back at several periods."""
    if step.periods <= 1:
        return what
    if plan.ranks.every is Every.MONTH:
        return lazy("{what} in {count} months", what=what, count=step.periods)
    if plan.ranks.every is Every.WEEK:
        return lazy("{what} in {count} weeks", what=what, count=step.periods)
    return lazy("{what} in {count} days", what=what, count=step.periods)


def _up_to(what: str, step: Rank) -> str:
    """`group points, each leg counting 40.00 at most`, where a rank limits legs."""
    if step.leg_limit < 0:
        return what
    limit = grouped(step.leg_limit, POINT_DECIMALS)
    return lazy("{what}, each leg counting {limit} at most", what=what, limit=limit)


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
        yield _legs(have, plan), have.count, count, Unit.COUNT
    for have in step.directs:
        count = _count(have, on_ladder.rank[directs], on_ladder.active[directs])
        yield _directs(have, plan), have.count, count, Unit.COUNT


def _count(have: Have, rank: Small, active: Flags) -> int:
    return int(np.count_nonzero(rank >= have.rank if have.rank else active))


def _legs(have: Have, plan: Plan) -> str:
    if not have.rank:
        return lazy("active legs")
    return lazy("legs of {rank}", rank=plan.ranks.steps[have.rank - 1].name)


def _directs(have: Have, plan: Plan) -> str:
    if not have.rank:
        return lazy("active directs")
    return lazy("directs of {rank}", rank=plan.ranks.steps[have.rank - 1].name)


def _told(step: Rank, what: str, wanted: int, reached: int, unit: Unit) -> Condition:
    return Condition(what, wanted, reached, unit, _sentence(step.name, what, wanted, reached, unit))


def _sentence(rank: str, what: str, wanted: int, reached: int, unit: Unit) -> str:
    """`Silver: 1,200.00 of 2,000.00 team points; 800.00 to go`."""
    missing = wanted - reached
    if what == _BEING_ACTIVE and missing > 0:
        return gettext("{rank}: not active yet", rank=rank)
    if what == _BEING_ACTIVE:
        return gettext("{rank}: active", rank=rank)
    decimals = POINT_DECIMALS if unit is Unit.POINTS else 0
    have, want = (grouped(figure, decimals) for figure in (reached, wanted))
    if missing <= 0:
        return gettext(
            "{rank}: {reached} of {wanted} {what}", rank=rank, reached=have, wanted=want, what=what
        )
    return gettext(
        "{rank}: {reached} of {wanted} {what}; {missing} to go",
        rank=rank,
        reached=have,
        wanted=want,
        what=what,
        missing=grouped(missing, decimals),
    )
