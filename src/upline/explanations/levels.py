"""Sentences for levels and generations: unilevel, matching, overrides, referral and the like."""

from __future__ import annotations

import numpy as np

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, chosen, counts, joined, percents
from upline.plans.lines import Lines
from upline.plans.plan import By, Count, Items, Levels


def why(bonus: Levels, lines: Lines, facts: RunFacts) -> Texts:
    """`Level 3: 5 % of 80.00 from order O-17 of Kim`, and what else may be carried up a tree."""
    return joined(
        _step(bonus, lines), _class(bonus, lines, facts), ": ", *_what(bonus, lines, facts)
    )


def _step(bonus: Levels, lines: Lines) -> Texts:
    word = "generation" if bonus.count is Count.GENERATIONS else "level"
    word = f"Matching {word}" if bonus.items is Items.EARNINGS else word.capitalize()
    step = joined(f"{word} ", counts(lines.level))
    if bonus.first_level > 0:
        return step
    own = "Own group" if bonus.count is Count.GENERATIONS else "Own order"
    own = "Own activity" if bonus.items is Items.ACTIVE_MEMBERS else own
    return chosen(lines.level == 0, own, step)


def _class(bonus: Levels, lines: Lines, facts: RunFacts) -> Texts | str:
    by, packages = bonus.rates.by, facts.members.package
    if by not in (By.LOWER_PACKAGE, By.BUYER_PACKAGE):
        return facts.class_of(by, lines.member)
    source = packages[_source_members(bonus, lines, facts)]
    if by is By.BUYER_PACKAGE:
        return joined(" for a buyer with ", facts.packages(source))
    lower = np.minimum(source, packages[lines.member])
    return joined(" at the lower package, ", facts.packages(lower))


def _source_members(bonus: Levels, lines: Lines, facts: RunFacts) -> np.ndarray:
    if bonus.items in (Items.ORDERS, Items.FIRST_ORDERS):
        return facts.orders.member[lines.source]
    return lines.source


def _what(bonus: Levels, lines: Lines, facts: RunFacts) -> list[Texts | str]:
    """What is paid, of what, and where that comes from."""
    who = facts.names.of_members(_source_members(bonus, lines, facts))
    flat = facts.money(lines.amount)
    if bonus.items is Items.JOININGS:
        return [flat, " because ", who, " joined"]
    if bonus.items is Items.ACTIVE_MEMBERS:
        return [flat, " because ", who, " is active"]
    if bonus.items is Items.EARNINGS:
        earned = facts.names.escape(" and ".join(bonus.of))
        if bonus.rates.flat:
            return [flat, " because ", who, f" earned from {earned}"]
        of = [percents(lines.rate), " of ", facts.money(lines.base)]
        return [*of, " that ", who, f" earned from {earned}"]
    order = ["first order " if bonus.items is Items.FIRST_ORDERS else "order "]
    order += [facts.names.of_orders(lines.source), " of ", who]
    if bonus.rates.flat:
        return [flat, " for ", *order]
    basis = bonus.volume.basis
    base = [facts.volume(lines.base, basis), facts.a_point(basis)]
    return [percents(lines.rate), " of ", *base, " from ", *order]
