"""The integer arrays that the core takes and gives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
"""Money, points, counts."""
Indexes = NDArray[np.int32]
"""Indexes into other arrays, days; -1 where there is none."""
Small = NDArray[np.int8]
"""Ranks, packages, sides, classes of buyers."""
Flags = NDArray[np.bool_]
Array = NDArray[Any]

LARGEST = 2**63 - 1


class TooLarge(Exception):
    """Numbers that would not fit 64 bits on the way. Says which in a sentence."""


def must_fit(largest: int, what: str) -> None:
    """Raise TooLarge where a product or sum could exceed 64 bits; `largest` is exact."""
    if largest > LARGEST:
        raise TooLarge(f"{what} would exceed what 64 bits hold")


def total(values: Array) -> int:
    """The exact sum of integers that are none below zero, whatever its size."""
    high, low = (values >> 32).sum(dtype=np.int64), (values & 0xFFFFFFFF).sum(dtype=np.int64)
    return (int(high) << 32) + int(low)


def indexes_among(wanted: Ints, ids: Ints) -> tuple[Indexes, Flags]:
    """Where each of these stands among `ids`, and whether it does."""
    if not len(ids):
        return np.zeros(len(wanted), np.int32), np.zeros(len(wanted), np.bool_)
    order = np.argsort(ids, kind="stable") if np.any(ids[1:] < ids[:-1]) else None
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    indexes = (at if order is None else order[at]).astype(np.int32)
    return indexes, ids[indexes] == wanted
