"""What a member still needs in each leg for the next pair of a binary bonus."""

from typing import NamedTuple

from upline.plans.bonus import Legs, Pairs


class Missing(NamedTuple):
    """What is missing in each leg, in what the legs count: hundredths of points, or minor units of
    the plan currency."""

    left: int
    right: int


def missing(bonus: Pairs, left: int, right: int) -> Missing:
    """What both legs need beyond what stands in them. A leg that has enough needs 0; the ratio is
    the plan's, for the first pair alone or for each."""
    is_turned = bonus.legs == Legs.STRONGER_FIRST and right > left
    first_leg, second_leg = (right, left) if is_turned else (left, right)
    pairs = min(_pairs(bonus, first_leg, bonus.first), _pairs(bonus, second_leg, bonus.second))
    first = max(0, _needed(bonus, pairs + 1, bonus.first) - first_leg)
    second = max(0, _needed(bonus, pairs + 1, bonus.second) - second_leg)
    return Missing(second, first) if is_turned else Missing(first, second)


def _needed(bonus: Pairs, pairs: int, units: int) -> int:
    """What so many pairs take of a leg of which the first one takes `units`."""
    further = 1 if bonus.ratio_on_first_pair_only else units
    return bonus.unit * (units + (pairs - 1) * further)


def _pairs(bonus: Pairs, leg: int, units: int) -> int:
    """How many pairs a leg is enough for."""
    first = bonus.unit * units
    if leg < first:
        return 0
    further = bonus.unit if bonus.ratio_on_first_pair_only else first
    return 1 + (leg - first) // further
