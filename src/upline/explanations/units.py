"""What the figures of a line count."""

from __future__ import annotations

from enum import StrEnum

from upline.base.amounts import POINT_DECIMALS
from upline.plans.plan import PERCENT_DECIMALS


class Unit(StrEnum):
    """What a figure counts: minor units, hundredths of points, things, millionths."""

    MONEY = "money"
    POINTS = "points"
    COUNT = "count"
    PERCENT = "percent"


DECIMALS = {Unit.POINTS: POINT_DECIMALS, Unit.COUNT: 0, Unit.PERCENT: PERCENT_DECIMALS}
"""How many decimals a figure has; those of money are its currency's."""
