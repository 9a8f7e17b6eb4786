"""Sentences for the binary."""

from __future__ import annotations

import numpy as np

from upline.explanations.facts import Facts
from upline.explanations.texts import Texts, amounts, chosen, joined, percents
from upline.plans.arrays import Array, Ints
from upline.plans.lines import Lines
from upline.plans.money import scale_of
from upline.plans.plan import Pairs
from upline.plans.result import LegSums, Side


def of_pairs(bonus: Pairs, lines: Lines, facts: Facts) -> Texts:
    """`Binary: 6 pairs of 200.00, of left 1,200.00 and right 1,900.00; 20.00 a pair`."""
    legs, basis = facts.result.legs[bonus.name], bonus.volume.basis
    who = lines.member
    left, right = (
        facts.volume(available(bonus, side, who), basis) for side in (legs.left, legs.right)
    )
    return joined(
        "Binary", facts.class_of(bonus.rates.by, who), ": ",
        *_pairs(bonus, legs, who, facts), "of left ", left, " and right ", right, "; ",
        _pay(bonus, lines, legs, facts), _cut(bonus, lines, legs, facts),
    )  # fmt: skip


def available(bonus: Pairs, side: Side, who: Array) -> Ints:
    """What was brought over and what counted of the new."""
    brought, entered = side.brought[who], side.entered[who]
    if bonus.volume_limit < 0:
        return brought + entered
    return brought + np.minimum(entered, bonus.volume_limit)


def _pairs(bonus: Pairs, legs: LegSums, who: Array, facts: Facts) -> list[Texts | str]:
    pairs = legs.pairs[who]
    if bonus.unit == 1 and bonus.first == bonus.second:
        return ["the same on both sides "]
    word = chosen(pairs == 1, " pair", " pairs")
    sizes = {bonus.first: None, bonus.second: None}
    units = np.array([size * bonus.unit for size in sizes])
    size = " and ".join(facts.volume(units, bonus.volume.basis).to_pylist())
    plain = facts.volume(np.array([bonus.unit]), bonus.volume.basis)[0].as_py()
    rest: Texts | str = f" of {size}, "
    if bonus.ratio_on_first_pair_only:
        with_first = f" of {plain} (the first ever of {size}), "
        rest = chosen(legs.first[who], with_first, f" of {plain}, ")
    return [amounts(pairs, 0, grouped=True), word, rest]


def _pay(bonus: Pairs, lines: Lines, legs: LegSums, facts: Facts) -> Texts:
    """What a pair pays, or what a percentage is taken of."""
    if bonus.rates.flat:
        return joined(facts.money(pair_rate(bonus, lines, facts)), " a pair")
    basis = bonus.volume.basis
    base = facts.volume(lines.base, basis)
    return joined(percents(lines.rate), " of ", base, facts.a_point(basis), " on the smaller side")


def pair_rate(bonus: Pairs, lines: Lines, facts: Facts) -> Ints:
    """What a pair pays each line's member."""
    column = np.array([row[0] for row in bonus.rates.table], np.int64)
    return column[facts.classes(bonus.rates.by, lines.member)]


def _cut(bonus: Pairs, lines: Lines, legs: LegSums, facts: Facts) -> Texts:
    """What caps took: money that pairs would have paid, or volume whose pairs are not paid."""
    who = lines.member
    earned = _uncapped(bonus, lines, legs, facts)
    money = joined("; of ", facts.money(earned), " the cap leaves ", facts.money(lines.amount))
    smaller = np.minimum(legs.left.consumed[who], legs.right.consumed[who])
    taken = facts.volume(smaller, bonus.volume.basis)
    paired = joined("; the cap pays no more of the ", taken, " that were paired")
    of_pairs = chosen(smaller > lines.base, paired, "")
    return joined(of_pairs, chosen(lines.amount < earned, money, ""))


def _uncapped(bonus: Pairs, lines: Lines, legs: LegSums, facts: Facts) -> Array:
    if bonus.rates.flat:
        return legs.pairs[lines.member] * pair_rate(bonus, lines, facts)
    scale = scale_of(facts.plan, bonus.volume.basis)
    return lines.base * scale.multiplier * lines.rate // scale.divisor
