"""What a member has of each rank, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from upline.base.amounts import POINT_DECIMALS, grouped
from upline.explanations.units import Unit
from upline.language import gettext, lazy, ngettext
from upline.language.writing import whole
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.counting import Basis, LeastOrder, figure_of
from upline.plans.periods import Every
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
    """One thing that a rank asks for: `what` it is, in English. `wanted` and `reached` are counts,
    or hundredths of points. `to_do` says what is missing, or
    what there is where nothing is."""

    what: str
    wanted: int
    reached: int
    unit: Unit
    sentence: str
    to_do: str

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
        Rung(step.name, [_told(step, asked) for asked in _asked(step, plan, index, on_ladder)])
        for step in plan.ranks.steps[held:]
    ]


class RankAsks(NamedTuple):
    """What a rank asks for, how much of it, and how much there is; `told` says what so many of it
    are, or so many more, where these are not simply `3 more`."""

    what: str
    wanted: int
    reached: int
    unit: Unit
    told: Callable[..., str] | None = None


_BEING_ACTIVE = lazy("being active")


def _asked(step: Rank, plan: Plan, index: int, on_ladder: OnLadder) -> Iterator[RankAsks]:
    found = on_ladder.figures
    row = found.windows.index(step.periods)
    if step.active and (plan.active.personal_points or not on_ladder.active[index]):
        yield RankAsks(_BEING_ACTIVE, 1, int(on_ladder.active[index]), Unit.COUNT, _being_active)
    figure = figure_of(plan.ranks.measured_in)
    if step.personal_points:
        own = int(found.points[row, index])
        what = lazy("own {figure}", figure=figure) if figure else lazy("own points")
        yield RankAsks(_over(what, step, plan), step.personal_points, own, Unit.POINTS)
    if step.group_points:
        group = _limited(found.group[row], index, step, on_ladder, plan.ranks.breakaway)
        what = lazy("group {figure}", figure=figure) if figure else lazy("group points")
        yield RankAsks(_up_to(_over(what, step, plan), step), step.group_points, group, Unit.POINTS)
    if step.team_points:
        team = _limited(found.team[row], index, step, on_ladder, 0)
        what = lazy("team {figure}", figure=figure) if figure else lazy("team points")
        yield RankAsks(_up_to(_over(what, step, plan), step), step.team_points, team, Unit.POINTS)
    if step.customers:
        customers = int(found.customers[row, index])
        what = _over(lazy("orders of customers"), step, plan)
        yield RankAsks(what, step.customers, customers, Unit.COUNT)
    if step.buyers:
        row = plan.ranks.buyers().index((step.periods, step.buyers_order))
        what = _over(_with_order(step.buyers_order, plan), step, plan)
        yield RankAsks(what, step.buyers, int(found.buyers[row, index]), Unit.COUNT)
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


def _people(step: Rank, plan: Plan, index: int, on_ladder: OnLadder) -> Iterator[RankAsks]:
    legs, directs = _below(on_ladder.parent, index), _below(on_ladder.sponsor, index)
    for have in step.legs:
        count = _count(have, on_ladder.figures.best[legs], on_ladder.active[legs])
        more = partial(_people_in_legs, _rank_of(have, plan))
        yield RankAsks(_legs(have, plan), have.count, count, Unit.COUNT, more)
    for have in step.directs:
        count = _count(have, on_ladder.rank[directs], on_ladder.active[directs])
        more = partial(_sponsored, _rank_of(have, plan))
        yield RankAsks(_directs(have, plan), have.count, count, Unit.COUNT, more)


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


def _rank_of(have: Have, plan: Plan) -> str:
    """The rank that these people need; '' where they only have to be active."""
    return plan.ranks.steps[have.rank - 1].name if have.rank else ""


def _being_active(count: int, *, is_more: bool) -> str:
    return gettext("Become active") if is_more else gettext("You are active")


def _people_in_legs(rank: str, count: int, *, is_more: bool) -> str:
    if not rank and is_more:
        return ngettext("{count} more active leg", "{count} more active legs", count)
    if not rank:
        return ngettext("{count} active leg", "{count} active legs", count)
    if is_more:
        return ngettext(
            "Somebody with the rank {rank} in {count} more leg",
            "Somebody with the rank {rank} in {count} more legs",
            count,
            rank=rank,
        )
    return ngettext(
        "Somebody with the rank {rank} in {count} leg",
        "Somebody with the rank {rank} in {count} legs",
        count,
        rank=rank,
    )


def _sponsored(rank: str, count: int, *, is_more: bool) -> str:
    if not rank and is_more:
        return ngettext(
            "Sponsor {count} more active member", "Sponsor {count} more active members", count
        )
    if not rank:
        return ngettext(
            "You sponsor {count} active member", "You sponsor {count} active members", count
        )
    if is_more:
        return ngettext(
            "{count} more of the members you sponsor becomes {rank}",
            "{count} more of the members you sponsor become {rank}",
            count,
            rank=rank,
        )
    return ngettext(
        "{count} member you sponsor is {rank}",
        "{count} members you sponsor are {rank}",
        count,
        rank=rank,
    )


def _told(step: Rank, asked: RankAsks) -> Condition:
    what, wanted, reached, unit, _ = asked
    sentence = _sentence(step.name, what, wanted, reached, unit)
    return Condition(what, wanted, reached, unit, sentence, _to_do(asked))


def _to_do(asked: RankAsks) -> str:
    """`800 more team points`; where that is reached, `2,150 of 2,000 team points`."""
    missing = asked.wanted - asked.reached
    if asked.told:
        return asked.told(missing if missing > 0 else asked.reached, is_more=missing > 0)
    if missing > 0:
        return gettext("{number} more {what}", number=_number(missing, asked.unit), what=asked.what)
    reached, wanted = (_number(each, asked.unit) for each in (asked.reached, asked.wanted))
    return gettext("{reached} of {wanted} {what}", reached=reached, wanted=wanted, what=asked.what)


def _number(figure: int, unit: Unit) -> str:
    """A count, or points with as many decimals as they need."""
    points, part = divmod(figure, 10**POINT_DECIMALS)
    if unit is not Unit.POINTS:
        return whole(figure)
    return grouped(figure, POINT_DECIMALS) if part else whole(points)


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
