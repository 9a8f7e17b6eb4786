"""Sentences for levels and generations: unilevel, matching, overrides, referral and the like."""

from __future__ import annotations

from functools import partial

import numpy as np

from upline.explanations.currencies import IN_PLAN
from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, chosen, counts, percents, told
from upline.language import gettext
from upline.plans.bonus import By, Count, Items, Levels
from upline.plans.bonuses.currencies import rows_of
from upline.plans.counting import Basis
from upline.plans.lines import Lines
from upline.plans.terms import Spot, Stated


def why(bonus: Levels, lines: Lines, facts: RunFacts) -> Texts:
    """`Level 3: 5 % of 80.00 from order O-17 of Kim`, and what else may be carried up a tree."""
    step = _class(_step(bonus, lines), bonus, lines, facts)
    return told("{what}: {reason}", what=step, reason=_reason(bonus, lines, facts))


def _step(bonus: Levels, lines: Lines) -> Texts:
    number = counts(lines.level)
    if bonus.count is Count.GENERATIONS:
        if bonus.items is Items.EARNINGS:
            step = told("Matching generation {number}", number=number)
        else:
            step = told("Generation {number}", number=number)
        own = gettext("Own group")
    else:
        if bonus.items is Items.EARNINGS:
            step = told("Matching level {number}", number=number)
        else:
            step = told("Level {number}", number=number)
        own = gettext("Own order")
    if bonus.first_level > 0:
        return step
    own = gettext("Own activity") if bonus.items is Items.ACTIVE_MEMBERS else own
    return chosen(lines.level == 0, own, step)


def _class(step: Texts, bonus: Levels, lines: Lines, facts: RunFacts) -> Texts | str:
    by, packages = bonus.rates.by, facts.members.package
    if by not in (By.LOWER_PACKAGE, By.BUYER_PACKAGE):
        return facts.by_class(step, by, lines.member)
    source = packages[_source_members(bonus, lines, facts)]
    if by is By.BUYER_PACKAGE:
        theirs = facts.packages(source)
        return told("{what} for a buyer with {package}", what=step, package=theirs)
    lower = facts.packages(np.minimum(source, packages[lines.member]))
    return told("{what} at the lower package, {package}", what=step, package=lower)


def _source_members(bonus: Levels, lines: Lines, facts: RunFacts) -> np.ndarray:
    if bonus.items in (Items.ORDERS, Items.FIRST_ORDERS):
        return facts.orders.member[lines.source]
    return lines.source


def _reason(bonus: Levels, lines: Lines, facts: RunFacts) -> Texts:
    """What is paid, of what, and where that comes from."""
    who = facts.names.of_members(_source_members(bonus, lines, facts))
    paid = facts.earned(lines.amount, lines)
    if bonus.items is Items.JOININGS:
        joined = told("{amount} because {member} joined", amount=paid, member=who)
        return _at_stated(joined, bonus, lines, facts)
    if bonus.items is Items.ACTIVE_MEMBERS:
        active = told("{amount} because {member} is active", amount=paid, member=who)
        return _at_stated(active, bonus, lines, facts)
    if bonus.items is Items.EARNINGS:
        return _of_earnings(bonus, lines, who, facts)
    return _of_orders(bonus, lines, who, facts)


def _at_stated(sentence: Texts, bonus: Levels, lines: Lines, facts: RunFacts) -> Texts:
    """A sentence about flat amounts, with what the plan states: converted, or for a market."""
    origin, by = _source_members(bonus, lines, facts), bonus.rates.by
    rows = rows_of(by, partial(facts.classes, by), lines.member, origin)
    of_plan = np.array(bonus.rates.table, np.int64)[rows, lines.level - bonus.first_level]
    spot = Spot(bonus.name, Stated.RATES)
    return facts.currencies.at_stated(sentence, lines, of_plan, lines.amount, spot)


def _of_earnings(bonus: Levels, lines: Lines, who: Texts, facts: RunFacts) -> Texts:
    names, *more = bonus.of
    for each in more:
        names = gettext("{one} and {other}", one=names, other=each)
    earned = facts.names.escape(names)
    if bonus.rates.flat:
        flat = told(
            "{amount} because {member} earned from {bonuses}",
            amount=facts.earned(lines.amount, lines), member=who, bonuses=earned,
        )  # fmt: skip
        return _at_stated(flat, bonus, lines, facts)
    before = facts.currencies.earned_in(lines)
    base = facts.currencies.money(lines.base, before)
    part = told(
        "{percent} of {amount} that {member} earned from {bonuses}",
        percent=percents(lines.rate), amount=base, member=who, bonuses=earned,
    )  # fmt: skip
    return facts.at_rates(part, lines, before)


def _of_orders(bonus: Levels, lines: Lines, who: Texts, facts: RunFacts) -> Texts:
    order, is_first = facts.names.of_orders(lines.source), bonus.items is Items.FIRST_ORDERS
    if bonus.rates.flat:
        paid = {"amount": facts.earned(lines.amount, lines), "order": order, "member": who}
        flat = told("{amount} for order {order} of {member}", **paid)
        if is_first:
            flat = told("{amount} for first order {order} of {member}", **paid)
        return _at_stated(flat, bonus, lines, facts)
    basis = bonus.volume.basis
    before = facts.currencies.sold_in(lines) if basis is Basis.VALUE else IN_PLAN
    of = {
        "percent": percents(lines.rate),
        "volume": facts.worth(lines, basis, before),
        "order": order,
        "member": who,
    }
    part = told("{percent} of {volume} from order {order} of {member}", **of)
    if is_first:
        part = told("{percent} of {volume} from first order {order} of {member}", **of)
    return facts.at_rates(part, lines, before)
