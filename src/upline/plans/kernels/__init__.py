"""The loops over members, compiled. One pass each, up or down the tree.

Every kernel asks that parents come before children. They give integers that fit 64 bits, since
each bonus has checked its largest product before (`arrays.must_fit`). What they mean is told
where they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def _folder() -> str:
    """Where compiled kernels are kept: apart for each version of the core, since numba compares a
    kernel's own file alone, and kernels are made of parts and types of other files."""
    core = Path(__file__).parents[1]
    version = sha256()
    for path in sorted(core.rglob("*.py")):
        version.update(path.read_bytes())
    kept = Path(_settings.CACHE_DIR or Path(__file__).with_name("__pycache__"))
    return str(kept / version.hexdigest()[:16])


_settings: Any = numba.config
_settings.CACHE_DIR = _folder()


def kernel(function: F) -> F:
    """Compile a function at its first call, and keep the result on disk for the next process."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def part(function: F) -> F:
    """Compile a function into each kernel that calls it: a call would count references to every
    array it is given, for each member."""
    return cast(F, numba.njit(inline="always", error_model="numpy")(function))
