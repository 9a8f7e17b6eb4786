"""What the figures of a line count."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts: minor units, hundredths of points, things, basis points."""

    MONEY = "money"
    POINTS = "points"
    COUNT = "count"
    PERCENT = "percent"
