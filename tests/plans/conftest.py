"""The core is pure: its tests need no installation."""

import pytest


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No test in here moves money."""
