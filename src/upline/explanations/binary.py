"""Sentences for the binary."""

from __future__ import annotations

import numpy as np

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, amounts, chosen, joined, percents
from upline.plans.arrays import Array, Indexes, Ints
from upline.plans.lines import Lines
from upline.plans.plan import Pairs
from upline.plans.result import LegSums, Side
from upline.plans.rounding import scale_of


def of_pairs(bonus: Pairs, lines: Lines, facts: RunFacts) -> Texts:
    """`Binary: 6 pairs of 200.00; left leg 1,200.00, right leg 1,900.00; 20.00 per pair`; where
    the member has several positions, `Binary at position 2: …`."""
    legs, basis = facts.result.legs[bonus.name], bonus.volume.basis
    at = position_of(lines)
    left, right = (available(bonus, side, at) for side in (legs.left, legs.right))
    return joined(
        "Binary", facts.position_of(lines), facts.class_of(bonus.rates.by, lines.member), ": ",
        *_pairs(bonus, legs, at, facts),
        "left leg ", facts.volume(left, basis), ", right leg ", facts.volume(right, basis), "; ",
        _pay(bonus, lines, np.minimum(left, right), facts), _cut(bonus, lines, legs, facts),
    )  # fmt: skip


def position_of(lines: Lines) -> Indexes:
    """The index of the position whose pairs each line pays."""
    assert lines.position is not None, "pairs are of a position"
    return lines.position


def available(bonus: Pairs, side: Side, at: Array) -> Ints:
    """What was brought over and what counted of the new, at these positions."""
    brought, entered = side.brought[at], side.entered[at]
    if bonus.volume_limit < 0:
        return brought + entered
    return brought + np.minimum(entered, bonus.volume_limit)


def _pairs(bonus: Pairs, legs: LegSums, at: Array, facts: RunFacts) -> list[Texts | str]:
    pairs = legs.pairs[at]
    if bonus.unit == 1 and bonus.first == bonus.second:
        return []
    word = chosen(pairs == 1, " pair", " pairs")
    sizes = {bonus.first: None, bonus.second: None}
    units = np.array([size * bonus.unit for size in sizes])
    size = " and ".join(facts.volume(units, bonus.volume.basis).to_pylist())
    plain = facts.volume(np.array([bonus.unit]), bonus.volume.basis)[0].as_py()
    rest: Texts | str = f" of {size}; "
    if bonus.ratio_on_first_pair_only:
        with_first = f" of {plain} (the first ever took {size}); "
        rest = chosen(legs.first[at], with_first, f" of {plain}; ")
    return [amounts(pairs, 0, grouped=True), word, rest]


def _pay(bonus: Pairs, lines: Lines, weaker: Ints, facts: RunFacts) -> Texts:
    """What a pair pays, or what a percentage is taken of: all of the weaker leg or a part."""
    if bonus.rates.flat:
        return joined(facts.money(pair_rate(bonus, lines, facts)), " per pair")
    basis = bonus.volume.basis
    base = joined(facts.volume(lines.base, basis), facts.a_point(basis))
    whole, part = joined("the weaker leg (", base, ")"), joined(base, " of the weaker leg")
    return joined(percents(lines.rate), " of ", chosen(lines.base == weaker, whole, part))


def pair_rate(bonus: Pairs, lines: Lines, facts: RunFacts) -> Ints:
    """What a pair pays each line's member."""
    column = np.array([row[0] for row in bonus.rates.table], np.int64)
    return column[facts.classes(bonus.rates.by, lines.member)]


def _cut(bonus: Pairs, lines: Lines, legs: LegSums, facts: RunFacts) -> Texts:
    """What caps took: money that pairs would have paid, or volume whose pairs are not paid."""
    at = position_of(lines)
    earned = _uncapped(bonus, lines, legs, facts)
    money = joined(" = ", facts.money(earned), ", capped at ", facts.money(lines.amount))
    smaller = np.minimum(legs.left.consumed[at], legs.right.consumed[at])
    taken = facts.volume(smaller, bonus.volume.basis)
    paired = joined("; the rest of the ", taken, " that was paired is above the cap")
    of_pairs = chosen(smaller > lines.base, paired, "")
    return joined(chosen(lines.amount < earned, money, ""), of_pairs)


def _uncapped(bonus: Pairs, lines: Lines, legs: LegSums, facts: RunFacts) -> Array:
    if bonus.rates.flat:
        return legs.pairs[position_of(lines)] * pair_rate(bonus, lines, facts)
    scale = scale_of(facts.plan, bonus.volume.basis)
    return lines.base * scale.multiplier * lines.rate // scale.divisor
