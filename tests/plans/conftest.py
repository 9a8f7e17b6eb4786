"""The core is pure: its tests need no installation, only a folder for compiled kernels."""

import os
from pathlib import Path

import pytest

# numba reads this when it is first imported; what is compiled once serves all runs of the tests.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[2] / "var" / "compiled")
)


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""
