"""Sentences for the stairstep, for pools, and for what is paid as one amount."""

from __future__ import annotations

import numpy as np

from upline.base.amounts import POINT_DECIMALS
from upline.explanations.currencies import IN_PLAN
from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, amounts, chosen, counts, percent, percents, told
from upline.language.writing import whole
from upline.plans.arrays import Array
from upline.plans.bonus import Board, Bonus, FullLevels, Pool, RankAdvancement, Share, Stairstep
from upline.plans.counting import Basis
from upline.plans.lines import Lines
from upline.plans.terms import Spot, Stated


def of_stairsteps(bonus: Stairstep, lines: Lines, facts: RunFacts) -> Texts:
    """`Stairstep: 15 % (1,500.00 group points) less 12 % paid below, 3 % on 1,000.00 from …`."""
    own, basis = facts.stairstep(bonus).rate[lines.member], bonus.volume.basis
    before = facts.currencies.sold_in(lines) if basis is Basis.VALUE else IN_PLAN
    parts = {
        "percent": _own(bonus, percents(own), lines, facts),
        "volume": facts.worth(lines, basis, before),
        "order": facts.names.of_orders(lines.source),
        "member": facts.names.of_members(facts.orders.member[lines.source]),
    }
    less = told(
        "Stairstep: {percent}, less {below} paid below = {rest} on {volume} from order {order} of "
        "{member}",
        below=percents(own - lines.rate), rest=percents(lines.rate), **parts,
    )  # fmt: skip
    all_of_it = told("Stairstep: {percent} on {volume} from order {order} of {member}", **parts)
    return facts.at_rates(chosen(own == lines.rate, all_of_it, less), lines, before)


def _own(bonus: Stairstep, own: Texts, lines: Lines, facts: RunFacts) -> Texts | str:
    """A member's percentage, and what it was chosen by: `15 % (1,500.00 group points)`."""
    points = facts.stairstep(bonus).points
    if bonus.rates is not None:
        return facts.by_class(own, bonus.rates.by, lines.member)
    assert points is not None, "brackets choose by group points"
    theirs = amounts(points[lines.member], POINT_DECIMALS, grouped=True)
    if figure := facts.figure(bonus.measured_in):
        return told(
            "{percent} ({points} group {figure})", percent=own, points=theirs, figure=figure
        )
    return told("{percent} ({points} group points)", percent=own, points=theirs)


def of_pools(bonus: Pool, lines: Lines, facts: RunFacts) -> Texts:
    """`Pool: 5 of 120 shares of 4,000.00, which is 2 % of the turnover of 200,000.00`."""
    pool = facts.pool(bonus)
    parts: dict[str, Texts | str] = {
        "own": _shares(bonus, lines.base),
        "all": str(_shares(bonus, np.array([pool.shares]))[0]),
        "fund": facts.one(pool.fund),
        "percent": percent(bonus.rate),
        "turnover": facts.one_worth(pool.turnover, bonus.volume.basis),
    }
    figure = facts.figure(bonus.measured_in)
    if figure and bonus.share is Share.PERSONAL_POINTS:
        sentence = told(
            "Pool: {own} of {all} {figure} of {fund}, which is {percent} of the turnover of "
            "{turnover}", figure=figure, **parts,
        )  # fmt: skip
    elif figure and bonus.share is Share.GROUP_POINTS:
        sentence = told(
            "Pool: {own} of {all} group {figure} of {fund}, which is {percent} of the turnover of "
            "{turnover}", figure=figure, **parts,
        )  # fmt: skip
    elif bonus.share is Share.PERSONAL_POINTS:
        sentence = told(
            "Pool: {own} of {all} points of {fund}, which is {percent} of the turnover of "
            "{turnover}", **parts,
        )  # fmt: skip
    elif bonus.share is Share.GROUP_POINTS:
        sentence = told(
            "Pool: {own} of {all} group points of {fund}, which is {percent} of the turnover of "
            "{turnover}", **parts,
        )  # fmt: skip
    else:
        sentence = told(
            "Pool: {own} of {all} shares of {fund}, which is {percent} of the turnover of "
            "{turnover}", **parts,
        )  # fmt: skip
    spot = Spot(bonus.name, Stated.CAP)
    cap = facts.currencies.stated(bonus.cap, spot, lines)
    most = facts.earned(cap, lines)
    capped = told("{sentence}; capped at {amount}", sentence=sentence, amount=most)
    capped = facts.currencies.in_place(capped, lines, bonus.cap, cap, spot)
    return facts.at_rates(chosen(lines.amount == cap, capped, sentence), lines)


def _shares(bonus: Pool, shares: Array) -> Texts:
    if bonus.share in (Share.PERSONAL_POINTS, Share.GROUP_POINTS):
        return amounts(shares, POINT_DECIMALS, grouped=True)
    return counts(shares)


def of_full_levels(bonus: FullLevels, lines: Lines, facts: RunFacts) -> Texts:
    """`Level 2 is full with 9 members: 10.00, paid once`."""
    full = told(
        "Level {level} is full with {members} members: {amount}, paid once",
        level=counts(lines.level),
        members=amounts(bonus.tree.number ** lines.level.astype("int64"), 0, grouped=True),
        amount=facts.earned(lines.amount, lines),
    )
    of_plan = np.array(bonus.amounts, np.int64)[lines.level - 1]
    return _at_stated(full, bonus, lines, of_plan, facts)


def of_boards(bonus: Board, lines: Lines, facts: RunFacts) -> Texts:
    """`Top of a board of 7 that Kim filled: 100.00`."""
    filled = told(
        "Top of a board of {seats} that {member} filled: {amount}",
        seats=whole(bonus.seats),
        member=facts.names.of_members(lines.source),
        amount=facts.earned(lines.amount, lines),
    )
    return _at_stated(filled, bonus, lines, bonus.pays, facts)


def of_advancement(bonus: RankAdvancement, lines: Lines, facts: RunFacts) -> Texts:
    """`Silver reached for the first time: 50.00`."""
    reached = told(
        "{rank} reached for the first time: {amount}",
        rank=facts.ranks(lines.level),
        amount=facts.earned(lines.amount, lines),
    )
    of_plan = np.array(bonus.amounts, np.int64)[lines.level]
    return _at_stated(reached, bonus, lines, of_plan, facts)


def _at_stated(
    sentence: Texts, bonus: Bonus, lines: Lines, of_plan: Array | int, facts: RunFacts
) -> Texts:
    """A sentence about an amount, with what the plan states: converted, or for a market."""
    spot = Spot(bonus.name, Stated.AMOUNT)
    return facts.currencies.at_stated(sentence, lines, of_plan, lines.amount, spot)
