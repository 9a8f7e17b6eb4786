"""What of orders random plans count."""

from __future__ import annotations

from random import Random

from plans.companies import FIGURE
from upline.plans.counting import Basis, Counted, LeastOrder

COUNTED = (*Basis, FIGURE)
"""What bonuses may pay on."""


def random_measure(chance: Random) -> Counted:
    """Mostly points."""
    return FIGURE if chance.random() < 0.25 else Basis.POINTS


def random_least(chance: Random) -> LeastOrder:
    return LeastOrder(chance.choice([0, 5_000, 20_000]), chance.choice(COUNTED))
