"""The loops over members, compiled. One pass each, up or down the tree.

Every kernel asks that parents come before children. They give integers that fit 64 bits, since
each bonus has checked its largest product before (`arrays.must_fit`). What they mean is told
where they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function at its first call, and keep the result on disk for the next process."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def part(function: F) -> F:
    """Compile a function into each kernel that calls it: a call would count references to every
    array it is given, for each member."""
    return cast(F, numba.njit(inline="always", error_model="numpy")(function))
