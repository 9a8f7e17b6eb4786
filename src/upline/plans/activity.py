"""The rule by which a plan calls members active, for runs and screens (docs/plans/ranks.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from upline.plans.periods import window
from upline.plans.plan import Active, Plan

if TYPE_CHECKING:
    # Screens that ask about one member need no arrays.
    from upline.plans.arrays import Flags, Ints


def asks_for_points(rule: Active) -> bool:
    """Whether members are active by their own points; else everybody is."""
    return rule.personal_points > 0


def counts_from(plan: Plan, last_day: int) -> int:
    """The first day whose orders count for a period that ends on this day."""
    return window(last_day, plan.active.every, plan.active.periods, plan.week_starts)


@overload
def is_enough(rule: Active, points: int) -> bool: ...
@overload
def is_enough(rule: Active, points: Ints) -> Flags: ...
def is_enough(rule: Active, points: int | Ints) -> bool | Flags:
    """Whether so many own points, in hundredths, make a member active."""
    return points >= rule.personal_points
