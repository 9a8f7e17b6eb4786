"""Sentences for what is paid as one amount: full levels, boards, rank advancement."""

from __future__ import annotations

from upline.plans.lines import Lines
from upline.plans.plan import Board, FullLevels
from upline.trials.csv_table import Texts
from upline.trials.facts import Facts
from upline.trials.figures import amounts, counts, joined


def of_full_levels(bonus: FullLevels, lines: Lines, facts: Facts) -> Texts:
    """`Level 2 is full: 9 members stand on it, 10.00 once`."""
    members = amounts(bonus.tree.number ** lines.level.astype("int64"), 0, grouped=True)
    paid = facts.money(lines.amount)
    return joined(
        "Level ",
        counts(lines.level),
        " is full: ",
        members,
        " members stand on it, ",
        paid,
        " once",
    )


def of_boards(bonus: Board, lines: Lines, facts: Facts) -> Texts:
    """`Top of a board of 7 that Kim filled: 100.00`."""
    places = sum(bonus.width**level for level in range(bonus.depth + 1))
    who = facts.names.of_members(lines.source)
    return joined(
        f"Top of a board of {places:,} that ", who, " filled: ", facts.money(lines.amount)
    )


def of_advancement(lines: Lines, facts: Facts) -> Texts:
    """`Silver reached for the first time: 50.00`."""
    rank, paid = facts.ranks(lines.level), facts.money(lines.amount)
    return joined(rank, " reached for the first time: ", paid)
