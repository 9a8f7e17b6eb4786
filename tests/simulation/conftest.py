"""The simulation needs no installation, only a folder for compiled kernels."""

import os
from pathlib import Path

import pytest

os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[2] / "var" / "compiled")
)


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""
