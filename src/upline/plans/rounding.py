"""What a rate takes of an amount: one rounding, down."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from upline.plans.counting import Basis, Counted
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan


@dataclass(frozen=True, slots=True)
class Scale:
    """amount = base * multiplier * rate // divisor; a divisor of 0 says that rates are amounts."""

    multiplier: int
    divisor: int

    def most(self, base: int, rate: int) -> int:
        """The largest number on the way, to be checked before anything is multiplied."""
        return base * self.multiplier * max(rate, 1)


FLAT = Scale(1, 0)
OF_MONEY = Scale(1, HUNDRED_PERCENT)


def scale_of(plan: Plan, basis: Counted, *, flat: bool = False) -> Scale:
    """How a rate becomes an amount, on value, or on points or a figure (hundredths * the value of a
    point)."""
    if flat:
        return FLAT
    if basis is Basis.VALUE:
        return OF_MONEY
    divisor = HUNDREDTHS * HUNDRED_PERCENT
    common = gcd(plan.point_value, divisor)
    return Scale(plan.point_value // common, divisor // common)
