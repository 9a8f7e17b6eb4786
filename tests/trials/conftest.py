"""Trials read and write files: their tests need no installation, only compiled kernels."""

import os
from pathlib import Path

import pytest

from trials.trial import Trial

# numba reads this when it is first imported; what is compiled once serves all runs of the tests.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[2] / "var" / "compiled")
)


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""


@pytest.fixture
def trial(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Trial:
    """A small company's files in a folder of their own, and the command on them."""
    made = Trial(tmp_path, capfdbinary)
    made.write_all()
    return made
