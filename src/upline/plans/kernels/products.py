"""Products of two numbers divided by a third, whatever the product's size: 128 bits on the way."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Ints
from upline.plans.kernels import kernel, part

TOO_LARGE = -1
SMALL = 2**31
"""Two numbers below it have a product that fits 64 bits."""
LARGEST = np.uint64(2**63 - 1)
HALF, LOW_HALF = np.uint64(32), np.uint64(2**32 - 1)
NOTHING, ONE, TOP = np.uint64(0), np.uint64(1), np.uint64(63)


@part
def quotient(one: int, other: int, divisor: int) -> int:
    """one * other // divisor, TOO_LARGE where it does not fit 64 bits. None of the three is below
    zero, and the divisor is above it."""
    x, y, d = np.uint64(one), np.uint64(other), np.uint64(divisor)
    low = (x & LOW_HALF) * (y & LOW_HALF)
    middle = (x >> HALF) * (y & LOW_HALF) + (low >> HALF)
    other_middle = (x & LOW_HALF) * (y >> HALF) + (middle & LOW_HALF)
    high = (x >> HALF) * (y >> HALF) + (middle >> HALF) + (other_middle >> HALF)
    low = (other_middle << HALF) | (low & LOW_HALF)
    found = NOTHING
    if high == NOTHING:
        found = low // d
    elif high < d:
        # Digit by digit; what remains is below the divisor, so that twice of it fits.
        for _ in range(64):
            high = (high << ONE) | (low >> TOP)
            low = low << ONE
            found = found << ONE
            if high >= d:
                high -= d
                found |= ONE
    else:
        found = LARGEST + ONE
    return int(np.int64(found)) if found <= LARGEST else TOO_LARGE


@part
def share(base: int, factor: int, divisor: int) -> int:
    """The same. Small numbers, which most are, need no wide product."""
    if base < SMALL and factor < SMALL:
        return base * factor // divisor
    return quotient(base, factor, divisor)


@kernel
def divide_products(one: Ints, other: Ints, divisor: Ints, found: Ints) -> bool:
    """Write each one * other // divisor; gives whether all fit 64 bits."""
    for k in range(len(one)):
        found[k] = share(one[k], other[k], divisor[k])
        if found[k] == TOO_LARGE:
            return False
    return True
