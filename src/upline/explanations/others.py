"""Sentences for the stairstep, for pools, and for what is paid as one amount."""

from __future__ import annotations

import numpy as np

from upline.base.amounts import POINT_DECIMALS
from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, amounts, chosen, counts, joined, percent, percents
from upline.plans.arrays import Array
from upline.plans.lines import Lines
from upline.plans.plan import Board, FullLevels, Pool, Share, Stairstep

POINTS = {Share.PERSONAL_POINTS: "points", Share.GROUP_POINTS: "group points"}


def of_stairsteps(bonus: Stairstep, lines: Lines, facts: RunFacts) -> Texts:
    """`Stairstep: 15 % (1,500.00 group points) less 12 % paid below, 3 % on 1,000.00 from …`."""
    own = facts.stairstep(bonus).rate[lines.member]
    below, difference = percents(own - lines.rate), percents(lines.rate)
    less = chosen(own == lines.rate, "", joined(", less ", below, " paid below = ", difference))
    basis = bonus.volume.basis
    seller = facts.orders.member[lines.source]
    return joined(
        "Stairstep: ", percents(own), _chosen_by(bonus, lines, facts), less,
        " on ", facts.volume(lines.base, basis), facts.a_point(basis),
        " from order ", facts.names.of_orders(lines.source),
        " of ", facts.names.of_members(seller),
    )  # fmt: skip


def _chosen_by(bonus: Stairstep, lines: Lines, facts: RunFacts) -> Texts | str:
    """What the percentage was chosen by."""
    points = facts.stairstep(bonus).points
    if bonus.rates is not None:
        return facts.class_of(bonus.rates.by, lines.member)
    assert points is not None, "brackets choose by group points"
    theirs = amounts(points[lines.member], POINT_DECIMALS, grouped=True)
    return joined(" (", theirs, " group points)")


def of_pools(bonus: Pool, lines: Lines, facts: RunFacts) -> Texts:
    """`Pool: 5 of 120 shares of 4,000.00, which is 2 % of the turnover of 200,000.00`."""
    pool = facts.pool(bonus)
    basis = bonus.volume.basis
    volume = facts.volume(np.array([pool.turnover]), basis)[0].as_py()
    of = f"{percent(bonus.rate)} of the turnover of {volume}{facts.a_point(basis)}"
    whole = f" of {_shares(bonus, np.array([pool.shares]))[0]} {POINTS.get(bonus.share, 'shares')}"
    capped = f"; capped at {facts.one(bonus.cap)}"
    return joined(
        "Pool: ", _shares(bonus, lines.base), f"{whole} of {facts.one(pool.fund)}, which is {of}",
        chosen(lines.amount == bonus.cap, capped, ""),
    )  # fmt: skip


def _shares(bonus: Pool, shares: Array) -> Texts:
    if bonus.share in POINTS:
        return amounts(shares, POINT_DECIMALS, grouped=True)
    return counts(shares)


def of_full_levels(bonus: FullLevels, lines: Lines, facts: RunFacts) -> Texts:
    """`Level 2 is full with 9 members: 10.00, paid once`."""
    members = amounts(bonus.tree.number ** lines.level.astype("int64"), 0, grouped=True)
    paid = facts.money(lines.amount)
    return joined(
        "Level ",
        counts(lines.level),
        " is full with ",
        members,
        " members: ",
        paid,
        ", paid once",
    )


def of_boards(bonus: Board, lines: Lines, facts: RunFacts) -> Texts:
    """`Top of a board of 7 that Kim filled: 100.00`."""
    who = facts.names.of_members(lines.source)
    return joined(
        f"Top of a board of {bonus.seats:,} that ", who, " filled: ", facts.money(lines.amount)
    )


def of_advancement(lines: Lines, facts: RunFacts) -> Texts:
    """`Silver reached for the first time: 50.00`."""
    rank, paid = facts.ranks(lines.level), facts.money(lines.amount)
    return joined(rank, " reached for the first time: ", paid)
