"""The numbers of lines that no bonus pays."""

from __future__ import annotations

from enum import IntEnum


class LineNumber(IntEnum):
    """What stands for such a line where bonuses are numbered by their index in the plan."""

    CEILING = -1
    CHARGE = -2
    TAX = -3
    CARRIED = -4
    TAKEN_BACK = -5
