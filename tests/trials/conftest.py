"""Trials read and write files: their tests need no installation."""

from pathlib import Path

import pytest

from trials.trial import Trial


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""


@pytest.fixture
def trial(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Trial:
    """A small company's files in a folder of their own, and the command on them."""
    made = Trial(tmp_path, capfdbinary)
    made.write_all()
    return made
