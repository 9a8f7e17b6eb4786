"""The loops over members, compiled. One pass each, up or down the tree.

Every kernel asks that parents come before children. They give integers that fit 64 bits, since
each bonus has checked its largest product before (`arrays.must_fit`). What they mean is told
where they are used.

The compiler is imported by the first kernel that is called: most processes call none, and it costs
them half a second and 60 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, update_wrapper
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function at its first call, and keep the result on disk for the next process."""
    return cast(F, _Kernel(function, cache=True, nogil=True))


def part(function: F) -> F:
    """Compile a function into each kernel that calls it: a call would count references to every
    array it is given, for each member."""
    return cast(F, _Kernel(function, inline="always"))


@cache
def compiler() -> Any:
    """numba, which keeps compiled kernels in a folder of this version of the core."""
    import numba

    settings: Any = numba.config
    settings.CACHE_DIR = _folder(settings.CACHE_DIR)
    return numba


def _folder(given: str) -> str:
    """Where compiled kernels are kept: apart for each version of the core, since numba compares a
    kernel's own file alone, and kernels are made of parts and types of other files."""
    core = Path(__file__).parents[1]
    version = sha256()
    for path in sorted(core.rglob("*.py")):
        version.update(path.read_bytes())
    kept = Path(given or Path(__file__).with_name("__pycache__"))
    return str(kept / version.hexdigest()[:16])


_making = RLock()


class _Kernel:
    """Stands for a compiled function until it is called."""

    def __init__(self, function: Callable[..., object], **options: object) -> None:
        update_wrapper(self, function)
        self._function, self._options = function, options
        self._made: Any = None
        self._called: Any = None

    def __call__(self, *given: object, **named: object) -> object:
        if self._called is None:
            with _making:
                self._called = self._make()
        return self._called(*given, **named)

    def _make(self) -> Any:
        """The compiled function. What it calls by names of its module must be compiled too, so
        those names are given what they stand for."""
        if self._made is None:
            self._made = compiler().njit(error_model="numpy", **self._options)(self._function)
            names = self._function.__globals__
            for name, value in list(names.items()):
                if isinstance(value, _Kernel):
                    names[name] = value._make()
        return self._made
