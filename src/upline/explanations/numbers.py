"""What a line was calculated from, as named figures: the ones that its sentence tells.

From them its amount follows by the rules of docs/commissions.md, "Explanations"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from upline.explanations.binary import available, cap_limits, pair_rate, position_of
from upline.explanations.facts import RunFacts
from upline.explanations.units import Unit
from upline.explanations.why import bonus_of
from upline.plans.arrays import Array, Flags
from upline.plans.counting import Basis, Counted
from upline.plans.lines import Lines
from upline.plans.plan import Bonus, FullLevels, Items, Levels, Pairs, Pool, Share, Stairstep
from upline.plans.settlement import CARRIED, CEILING, TAX
from upline.plans.settlement import NAMES as SETTLEMENT


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one line."""

    name: str
    value: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A figure of all lines, or of those that `where` marks."""

    name: str
    values: Array | int
    unit: Unit
    where: Flags | None = None


def figures_of(lines: Lines, facts: RunFacts) -> list[list[Figure]]:
    """The figures of each of these lines of one bonus, or of the settlement."""
    found: list[list[Figure]] = [[] for _ in range(len(lines))]
    for column in _columns(lines, facts):
        values = np.broadcast_to(np.asarray(column.values, np.int64), len(lines)).tolist()
        for row, value in enumerate(values):
            if column.where is None or column.where[row]:
                found[row].append(Figure(column.name, value, column.unit))
    return found


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
    return _of_others(bonus, lines)


def _of_volume(
    name: str, values: Array | int, basis: Counted, facts: RunFacts
) -> Iterator[FigureColumn]:
    """A volume; of points also what each is worth."""
    if basis is Basis.VALUE:
        yield FigureColumn(name, values, Unit.MONEY)
    else:
        yield FigureColumn(name, values, Unit.POINTS)
        yield FigureColumn("point_value", facts.plan.point_value, Unit.MONEY)


def _of_levels(bonus: Levels, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    yield FigureColumn("level", lines.level, Unit.COUNT)
    if bonus.rates.flat:
        yield FigureColumn("each", lines.amount, Unit.MONEY)
        return
    yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    basis = Basis.VALUE if bonus.items is Items.EARNINGS else bonus.volume.basis
    yield from _of_volume("of", lines.base, basis, facts)


def _of_stairstep(bonus: Stairstep, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    step = facts.stairstep(bonus)
    own = step.rate[lines.member]
    if step.points is not None:
        yield FigureColumn("group_points", step.points[lines.member], Unit.POINTS)
    yield FigureColumn("own_percent", own, Unit.PERCENT)
    yield FigureColumn("percent_paid_below", own - lines.rate, Unit.PERCENT)
    yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    yield from _of_volume("of", lines.base, bonus.volume.basis, facts)


def _of_pairs(bonus: Pairs, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    legs, at = facts.result.legs[bonus.name], position_of(lines)
    several = facts.numbers_of(lines)
    yield FigureColumn("position", several, Unit.COUNT, several > 0)
    volume = Unit.MONEY if bonus.volume.basis is Basis.VALUE else Unit.POINTS
    for name, side in (("left", legs.left), ("right", legs.right)):
        yield FigureColumn(name, available(bonus, side, at), volume)
    yield FigureColumn("pairs", legs.pairs[at], Unit.COUNT)
    if bonus.rates.flat:
        yield FigureColumn("a_pair", pair_rate(bonus, lines, facts), Unit.MONEY)
    else:
        yield FigureColumn("percent", lines.rate, Unit.PERCENT)
        yield from _of_volume("of", lines.base, bonus.volume.basis, facts)
    yield from _of_caps(bonus, lines, facts)


def _of_caps(bonus: Pairs, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    """Each cap on money that holds for a line, and what was used of it before the run."""
    legs = facts.result.carry.legs[bonus.name]
    for number, cap in enumerate(bonus.caps):
        limit = cap_limits(cap, lines, facts)
        if not cap.in_pairs:
            used = legs.used[number][position_of(lines)] - lines.amount
            yield FigureColumn(f"cap_of_the_{cap.per}", limit, Unit.MONEY, limit >= 0)
            yield FigureColumn(f"used_of_the_{cap.per}", used, Unit.MONEY, limit >= 0)


def _of_pool(bonus: Pool, lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    pool, by_points = facts.pool(bonus), bonus.share in (Share.PERSONAL_POINTS, Share.GROUP_POINTS)
    unit = Unit.POINTS if by_points else Unit.COUNT
    yield FigureColumn("shares", lines.base, unit)
    yield FigureColumn("all_shares", pool.shares, unit)
    yield FigureColumn("fund", pool.fund, Unit.MONEY)
    yield FigureColumn("percent", bonus.rate, Unit.PERCENT)
    yield from _of_volume("turnover", pool.turnover, bonus.volume.basis, facts)
    if bonus.cap >= 0:
        yield FigureColumn("cap", facts.currencies.stated(bonus.cap, lines), Unit.MONEY)


def _of_others(bonus: Bonus, lines: Lines) -> Iterator[FigureColumn]:
    """What is paid as one amount."""
    if isinstance(bonus, FullLevels):
        yield FigureColumn("level", lines.level, Unit.COUNT)
    yield FigureColumn("each", lines.amount, Unit.MONEY)


def _of_settlement(lines: Lines, facts: RunFacts) -> Iterator[FigureColumn]:
    after = facts.result.carry
    if lines.bonus == CARRIED:
        held = after.held[lines.member]
        yield FigureColumn("earned", lines.base, Unit.MONEY)
        yield FigureColumn("held_before", held + lines.amount, Unit.MONEY)
        yield FigureColumn("held_after", held, Unit.MONEY)
        return
    if lines.bonus != CEILING:
        yield FigureColumn("percent", lines.rate, Unit.PERCENT)
    yield FigureColumn("of", lines.base, Unit.MONEY)
    if lines.bonus == CEILING:
        yield FigureColumn("limit_for_all", facts.ceiling.limit, Unit.MONEY)
        yield FigureColumn("earned_by_all", facts.ceiling.gross, Unit.MONEY)
    if lines.bonus == TAX and after.tax:
        yield FigureColumn("earned_this_year", after.tax.gross[lines.member], Unit.MONEY)
