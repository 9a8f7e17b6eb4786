"""What a rate takes of an amount: one rounding, down."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from upline.plans.arrays import Array, Ints, TooLarge, must_fit
from upline.plans.counting import Basis, Counted
from upline.plans.kernels.products import divide_products
from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan


@dataclass(frozen=True, slots=True)
class Scale:
    """amount = base * multiplier * rate // divisor; a divisor of 0 says that rates are amounts."""

    multiplier: int
    divisor: int

    def must_fit(self, base: int, rate: int, what: str) -> None:
        """Raise TooLarge with `what` it is, where the most that a rate takes of the largest base
        would exceed 64 bits, or the factor that the base is multiplied by."""
        factor = self.multiplier * max(rate, 1)
        must_fit(max(factor, base * factor // max(self.divisor, 1)), what)


FLAT = Scale(1, 0)
OF_MONEY = Scale(1, HUNDRED_PERCENT)
ONLY_WHETHER = Scale(1, 1)
"""For kernels that only find which lines there are: amounts follow once they are known."""


def scale_of(plan: Plan, basis: Counted, *, flat: bool = False) -> Scale:
    """How a rate becomes an amount, on value, or on points or a figure (hundredths * the value of a
    point)."""
    if flat:
        return FLAT
    if basis is Basis.VALUE:
        return OF_MONEY
    return of_each(Fraction(plan.point_value, HUNDREDTHS))


def of_each(worth: Fraction) -> Scale:
    """How a rate becomes an amount where each unit of the base is worth this much."""
    amount = worth / HUNDRED_PERCENT
    return Scale(amount.numerator, amount.denominator)


def divided(one: Array, other: Array | int, divisor: Array | int, what: str) -> Ints:
    """one * other // divisor, row by row, with one rounding whatever the product's size; a single
    number stands for all. None is below zero. Raises TooLarge with `what` it is."""
    found = np.empty(len(one), np.int64)
    first, second, third = (
        np.ascontiguousarray(np.broadcast_to(np.asarray(column, np.int64), len(one)))
        for column in (one, other, divisor)
    )
    if not divide_products(first, second, third, found):
        raise TooLarge(f"{what} would exceed what 64 bits hold")
    return found
