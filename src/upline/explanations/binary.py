"""Sentences for the binary."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, amounts, chosen, counted, percents, told
from upline.language import gettext
from upline.plans.arrays import Array, Indexes, Ints
from upline.plans.bonus import Pairs
from upline.plans.bonuses.binary import limits_in, pay_in
from upline.plans.lines import Lines
from upline.plans.result import LegSums, Side
from upline.plans.rounding import Scale, divided
from upline.plans.terms import Spot, Stated


def of_pairs(bonus: Pairs, lines: Lines, facts: RunFacts) -> Texts:
    """`Binary: 6 pairs of 200.00; left leg 1,200.00, right leg 1,900.00; 20.00 per pair`; where
    the member has several positions, `Binary at position 2: …`."""
    legs, basis = facts.result.legs[bonus.name], bonus.volume.basis
    at = position_of(lines)
    left, right = (available(bonus, side, at) for side in (legs.left, legs.right))
    what = facts.by_class(facts.at_position(gettext("Binary"), lines), bonus.rates.by, lines.member)
    parts = {
        "what": what,
        "left": facts.volume(left, basis),
        "right": facts.volume(right, basis),
        "pay": _pay(bonus, lines, np.minimum(left, right), facts),
    }
    if bonus.unit == 1 and bonus.first == bonus.second:
        sentence = told("{what}: left leg {left}, right leg {right}; {pay}", **parts)
    else:
        sentence = told(
            "{what}: {pairs}; left leg {left}, right leg {right}; {pay}",
            pairs=_pairs(bonus, legs, at, facts), **parts,
        )  # fmt: skip
    return _with_rates(_cut(sentence, bonus, lines, legs, facts), bonus, lines, facts)


def _with_rates(sentence: Texts, bonus: Pairs, lines: Lines, facts: RunFacts) -> Texts:
    """With the rates at which it was converted, or with what the plan states for a market."""
    if not bonus.rates.flat:
        return facts.at_rates(sentence, lines)
    column = np.array([row[0] for row in bonus.rates.table], np.int64)
    of_plan = column[facts.classes(bonus.rates.by, lines.member)]
    pays, spot = pair_rate(bonus, lines, facts), Spot(bonus.name, Stated.RATES)
    return facts.currencies.at_stated(sentence, lines, of_plan, pays, spot)


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


def _pairs(bonus: Pairs, legs: LegSums, at: Array, facts: RunFacts) -> Texts:
    """`6 pairs of 200.00`; the very first pair of a position may have taken another volume."""
    pairs = legs.pairs[at]
    number = amounts(pairs, 0, grouped=True)
    units = np.array([bonus.unit, bonus.first * bonus.unit, bonus.second * bonus.unit])
    plain, size, second = facts.volume(units, bonus.volume.basis).to_pylist()
    if bonus.first != bonus.second:
        size = gettext("{one} and {other}", one=size, other=second)
    if not bonus.ratio_on_first_pair_only:
        return _pairs_of(pairs, number, size)
    with_first = counted(
        "{number} pair of {size} (the first ever took {first})",
        "{number} pairs of {size} (the first ever took {first})",
        pairs, number=number, size=plain, first=size,
    )  # fmt: skip
    return chosen(legs.first[at], with_first, _pairs_of(pairs, number, plain))


def _pairs_of(pairs: Array, number: Texts, size: str) -> Texts:
    return counted(
        "{number} pair of {size}", "{number} pairs of {size}", pairs, number=number, size=size
    )


def _pay(bonus: Pairs, lines: Lines, weaker: Ints, facts: RunFacts) -> Texts:
    """What a pair pays, or what a percentage is taken of: all of the weaker leg or a part."""
    if bonus.rates.flat:
        pays = facts.earned(pair_rate(bonus, lines, facts), lines)
        return told("{amount} per pair", amount=pays)
    of = {"percent": percents(lines.rate), "volume": facts.worth(lines, bonus.volume.basis)}
    whole = told("{percent} of the weaker leg ({volume})", **of)
    part = told("{percent} of {volume} of the weaker leg", **of)
    return chosen(lines.base == weaker, whole, part)


def pair_rate(bonus: Pairs, lines: Lines, facts: RunFacts) -> Ints:
    """What a pair pays each line's member, in their currency; a percentage where it is one."""
    classes = facts.classes(bonus.rates.by, lines.member)
    return _by_market(lines, facts, lambda market: _pay_in(bonus, facts, market)[1][classes])


def _pay_in(bonus: Pairs, facts: RunFacts, market: int) -> tuple[Scale, Ints]:
    return pay_in(bonus, facts.plan, facts.exchange, market)


def _by_market(lines: Lines, facts: RunFacts, of: Callable[[int], Ints]) -> Ints:
    """What holds in a market, for the market of each line's member."""
    received = np.broadcast_to(facts.currencies.received_in(lines), len(lines))
    found = of(0)
    for market in range(1, len(facts.exchange.rates) if facts.exchange else 0):
        found = np.where(received == market, of(market), found)
    return found


def cap_limits(bonus: Pairs, number: int, lines: Lines, facts: RunFacts) -> Ints:
    """The limit of a cap, by its number, for each line's member, in their currency; -1 for none."""
    classes = facts.classes(bonus.caps[number].by, lines.member)

    def limits(market: int) -> Ints:
        return limits_in(bonus, number, facts.exchange, market)[classes]

    return _by_market(lines, facts, limits)


def _cut(sentence: Texts, bonus: Pairs, lines: Lines, legs: LegSums, facts: RunFacts) -> Texts:
    """With what caps took: money that pairs would have paid, or volume whose pairs are not paid."""
    at = position_of(lines)
    earned = _uncapped(bonus, lines, legs, facts)
    capped = told(
        "{sentence} = {earned}, capped at {amount}",
        sentence=sentence, earned=facts.earned(earned, lines),
        amount=facts.earned(lines.amount, lines),
    )  # fmt: skip
    sentence = chosen(lines.amount < earned, _capped_in(capped, bonus, lines, facts), sentence)
    smaller = np.minimum(legs.left.consumed[at], legs.right.consumed[at])
    above = told(
        "{sentence}; the rest of the {volume} that was paired is above the cap",
        sentence=sentence, volume=facts.volume(smaller, bonus.volume.basis),
    )  # fmt: skip
    return chosen(smaller > lines.base, above, sentence)


def _capped_in(sentence: Texts, bonus: Pairs, lines: Lines, facts: RunFacts) -> Texts:
    """With the caps that the plan states for a market."""
    for number, cap in enumerate(bonus.caps):
        if not cap.in_pairs:
            limits = cap_limits(bonus, number, lines, facts)
            of_plan = np.array(cap.limits, np.int64)[facts.classes(cap.by, lines.member)]
            spot = Spot(bonus.name, Stated.CAP, number)
            told_of = facts.currencies.in_place(sentence, lines, of_plan, limits, spot)
            sentence = chosen((limits >= 0) & (of_plan >= 0), told_of, sentence)
    return sentence


def cut_by_caps(bonus: Pairs, lines: Lines, facts: RunFacts) -> Ints:
    """What caps kept back of each line, in the currency of whom it pays."""
    kept: Ints = _uncapped(bonus, lines, facts.result.legs[bonus.name], facts) - lines.amount
    return kept


def _uncapped(bonus: Pairs, lines: Lines, legs: LegSums, facts: RunFacts) -> Array:
    if bonus.rates.flat:
        return legs.pairs[position_of(lines)] * pair_rate(bonus, lines, facts)

    def worth(market: int) -> Ints:
        scale = _pay_in(bonus, facts, market)[0]
        return divided(lines.base, lines.rate * scale.multiplier, scale.divisor, "a pair")

    return _by_market(lines, facts, worth)
