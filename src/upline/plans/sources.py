"""What the lines of a bonus come from. Nothing here calculates, so that a web process can ask."""

from __future__ import annotations

from upline.plans.bonus import Bonus, Items, Levels, Stairstep


def comes_from_orders(bonus: Bonus | None) -> bool:
    """Whether the sources of a bonus's lines are orders; else they are members, or there are none.
    The settlement's lines are of no bonus."""
    if isinstance(bonus, Levels):
        return bonus.items in (Items.ORDERS, Items.FIRST_ORDERS)
    return isinstance(bonus, Stairstep)
