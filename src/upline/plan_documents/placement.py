"""How many may stand below each member of the placement tree, where a plan's bonuses say."""

from __future__ import annotations

from upline.plans.bonus import Bonus, Pairs, Tree, TreeKind
from upline.plans.plan import Plan

TWO_LEGS = 2


def asks_for_legs(bonus: Bonus) -> bool:
    """Whether the bonus has to know who stands left and who right."""
    return isinstance(bonus, Pairs) or bonus.needs.directs_each_side > 0


def places_below(bonus: Bonus) -> int:
    """The most that may stand below one member for this bonus, 0 where it does not say."""
    if asks_for_legs(bonus):
        return TWO_LEGS
    tree: Tree = getattr(bonus, "tree", Tree())
    return tree.number if tree.kind is TreeKind.PLACEMENT else 0


def placement_width(plan: Plan) -> int:
    """How wide the plan's placement tree is, 0 where no bonus says; no two say otherwise."""
    return next(filter(None, map(places_below, plan.bonuses)), 0)
