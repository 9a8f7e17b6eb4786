"""What a line was calculated from, as named figures: the ones that its sentence tells.

From them its amount follows by the rules of docs/commissions.md, "Explanations". Each amount says
which currency it is in: that of whom the line pays, of the order's seller, or of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upline.explanations.binary import available, cap_limits, pair_rate, position_of
from upline.explanations.currencies import IN_PLAN, RATE_DECIMALS
from upline.explanations.facts import RunFacts
from upline.explanations.units import DECIMALS, Unit
from upline.explanations.why import bonus_of
from upline.plans.arrays import Array, Flags
from upline.plans.bonus import Bonus, FullLevels, Items, Levels, Pairs, Pool, Share, Stairstep
from upline.plans.counting import Basis, Counted
from upline.plans.lines import Lines
from upline.plans.settlement import CARRIED, CEILING, TAX
from upline.plans.settlement import NAMES as SETTLEMENT
from upline.plans.terms import Spot, Stated


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one line. `decimals`: how many of the value's digits are behind the point;
    `currency`: of money, in three letters, else ''."""

    name: str
    value: int
    unit: Unit
    decimals: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A figure of all lines, or of those that `where` marks. `market`: of money, the market in
    whose currency it is; `decimals`: where it has others than its unit or its currency."""

    name: str
    values: Array | int
    unit: Unit
    where: Flags | None = None
    market: Array | int = IN_PLAN
    decimals: int | None = None


def figures_of(lines: Lines, facts: RunFacts) -> list[list[Figure]]:
    """The figures of each of these lines of one bonus, or of the settlement."""
    found: list[list[Figure]] = [[] for _ in range(len(lines))]
    for column in _columns(lines, facts):
        values, markets = (
            np.broadcast_to(np.asarray(each, np.int64), len(lines)).tolist()
            for each in (column.values, column.market)
        )
        for row, value in enumerate(values):
            if column.where is None or column.where[row]:
                found[row].append(_figure(column, value, markets[row], facts))
    return found


def _figure(column: FigureColumn, value: int, market: int, facts: RunFacts) -> Figure:
    if column.unit is not Unit.MONEY:
        return Figure(column.name, value, column.unit, DECIMALS[column.unit])
    currency, decimals = facts.currencies.of(market)
    if column.decimals is not None:
        decimals = column.decimals
    return Figure(column.name, value, column.unit, decimals, currency)


def _columns(lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    if lines.bonus in SETTLEMENT:
        return _of_settlement(lines, facts)
    bonus = bonus_of(lines, facts)
    match bonus:
        case Levels():
            return _of_levels(bonus, lines, facts)
        case Stairstep():
            return _of_stairstep(bonus, lines, facts)
        case Pairs():
            return _of_pairs(bonus, lines, facts)
        case Pool():
            return _of_pool(bonus, lines, facts)
    return _of_others(bonus, lines, facts)


def _earned(
    name: str, values: Array, lines: Lines, facts: RunFacts, where: Flags | None = None
) -> FigureColumn:
    """Amounts in the currency of whom the lines pay."""
    return FigureColumn(name, values, Unit.MONEY, where, facts.currencies.received_in(lines))


def _of_base(
    lines: Lines, basis: Counted, facts: RunFacts, market: Array | int = IN_PLAN
) -> Iterator[FigureColumn]:
    """What a rate was taken of: money of these markets, or points with what each is worth to whom
    the lines pay."""
    if basis is Basis.VALUE:
        yield FigureColumn("of", lines.base, Unit.MONEY, market=market)
        return
    yield FigureColumn("of", lines.base, Unit.POINTS)
    received = np.broadcast_to(facts.currencies.received_in(lines), len(lines))
    by_plan = np.ones(len(lines), np.bool_)
    for index, rate in enumerate(facts.exchange.rates if facts.exchange else ()):
        if rate.per_point is not None:
            there = received == index
            by_plan &= ~there
            yield FigureColumn(
                "point_value", rate.per_point, Unit.MONEY, there, index, RATE_DECIMALS
            )
    yield FigureColumn("point_value", facts.plan.point_value, Unit.MONEY, by_plan)


def _of_levels(bonus: Levels, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    yield FigureColumn("level", lines.level, Unit.COUNT)
    if bonus.rates.flat:
        yield _earned("each", lines.amount, lines, facts)
        return
    yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    currencies, is_earned = facts.currencies, bonus.items is Items.EARNINGS
    basis = Basis.VALUE if is_earned else bonus.volume.basis
    before = currencies.earned_in(lines) if is_earned else currencies.sold_in(lines)
    yield from _of_base(lines, basis, facts, before)


def _of_stairstep(bonus: Stairstep, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    step = facts.stairstep(bonus)
    own = step.rate[lines.member]
    if step.points is not None:
        yield FigureColumn("group_points", step.points[lines.member], Unit.POINTS)
    yield FigureColumn("own_percent", own, Unit.PERCENT)
    yield FigureColumn("percent_paid_below", own - lines.rate, Unit.PERCENT)
    yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    yield from _of_base(lines, bonus.volume.basis, facts, facts.currencies.sold_in(lines))


def _of_pairs(bonus: Pairs, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    legs, at = facts.result.legs[bonus.name], position_of(lines)
    several = facts.numbers_of(lines)
    yield FigureColumn("position", several, Unit.COUNT, several > 0)
    volume = Unit.MONEY if bonus.volume.basis is Basis.VALUE else Unit.POINTS
    for name, side in (("left", legs.left), ("right", legs.right)):
        yield FigureColumn(name, available(bonus, side, at), volume)
    yield FigureColumn("pairs", legs.pairs[at], Unit.COUNT)
    if bonus.rates.flat:
        yield _earned("a_pair", pair_rate(bonus, lines, facts), lines, facts)
    else:
        yield FigureColumn("percent", lines.rate, Unit.PERCENT)
        yield from _of_base(lines, bonus.volume.basis, facts)
    yield from _of_caps(bonus, lines, facts)


def _of_caps(bonus: Pairs, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    """Each cap on money that holds for a line, and what was used of it before the run."""
    legs = facts.result.carry.legs[bonus.name]
    for number, cap in enumerate(bonus.caps):
        limit = cap_limits(bonus, number, lines, facts)
        if not cap.in_pairs:
            used = legs.used[number][position_of(lines)] - lines.amount
            yield _earned(f"cap_of_the_{cap.per}", limit, lines, facts, limit >= 0)
            yield _earned(f"used_of_the_{cap.per}", used, lines, facts, limit >= 0)


def _of_pool(bonus: Pool, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    pool, by_points = facts.pool(bonus), bonus.share in (Share.PERSONAL_POINTS, Share.GROUP_POINTS)
    unit = Unit.POINTS if by_points else Unit.COUNT
    yield FigureColumn("shares", lines.base, unit)
    yield FigureColumn("all_shares", pool.shares, unit)
    yield FigureColumn("fund", pool.fund, Unit.MONEY)
    yield FigureColumn("percent", bonus.rate, Unit.PERCENT)
    if bonus.volume.basis is Basis.VALUE:
        yield FigureColumn("turnover", pool.turnover, Unit.MONEY)
    else:
        yield FigureColumn("turnover", pool.turnover, Unit.POINTS)
        yield FigureColumn("point_value", facts.plan.point_value, Unit.MONEY)
    if bonus.cap >= 0:
        cap = facts.currencies.stated(bonus.cap, Spot(bonus.name, Stated.CAP), lines)
        yield _earned("cap", cap, lines, facts)


def _of_others(bonus: Bonus, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    """What is paid as one amount."""
    if isinstance(bonus, FullLevels):
        yield FigureColumn("level", lines.level, Unit.COUNT)
    yield _earned("each", lines.amount, lines, facts)


def _of_settlement(lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    after = facts.result.carry
    if lines.bonus == CARRIED:
        held = after.held[lines.member]
        yield _earned("earned", lines.base, lines, facts)
        yield _earned("held_before", held + lines.amount, lines, facts)
        yield _earned("held_after", held, lines, facts)
        return
    if lines.bonus != CEILING:
        yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    yield _earned("of", lines.base, lines, facts)
    if lines.bonus == CEILING:
        yield FigureColumn("limit_for_all", facts.ceiling.limit, Unit.MONEY)
        yield FigureColumn("earned_by_all", facts.ceiling.gross, Unit.MONEY)
    if lines.bonus == TAX and after.tax:
        yield _earned("earned_this_year", after.tax.gross[lines.member], lines, facts)
