"""Why a line is what it is, in a sentence by which its amount can be checked by hand.

All lines of a bonus at once, or a single one: the same templates on arrays of any length.
"""

from __future__ import annotations

from upline.explanations import levels, others, settlement
from upline.explanations.binary import of_pairs
from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts
from upline.plans.bonus import (
    Board,
    Bonus,
    FullLevels,
    Levels,
    Pairs,
    Pool,
    RankAdvancement,
    Stairstep,
)
from upline.plans.lines import Lines
from upline.plans.settlement import NAMES as SETTLEMENT


def why(lines: Lines, facts: RunFacts) -> Texts:
    """A sentence for each of these lines of one bonus, or of the settlement."""
    if lines.bonus in SETTLEMENT:
        return settlement.why(lines, facts)
    bonus = bonus_of(lines, facts)
    match bonus:
        case Levels():
            return levels.why(bonus, lines, facts)
        case Stairstep():
            return others.of_stairsteps(bonus, lines, facts)
        case Pairs():
            return of_pairs(bonus, lines, facts)
        case Pool():
            return others.of_pools(bonus, lines, facts)
        case FullLevels():
            return others.of_full_levels(bonus, lines, facts)
        case Board():
            return others.of_boards(bonus, lines, facts)
        case RankAdvancement():
            return others.of_advancement(bonus, lines, facts)
    raise TypeError(f"no sentence tells of {type(bonus).__name__}")


def bonus_of(lines: Lines, facts: RunFacts) -> Bonus:
    """The bonus that paid these lines."""
    return next(bonus for bonus in facts.plan.bonuses if bonus.name == lines.bonus)
