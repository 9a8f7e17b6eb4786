"""The launcher's tests start their own servers and leave the shared installation alone."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def books_hold() -> None:
    """No books are kept here, so none are checked after each test."""


@pytest.fixture(autouse=True)
def passable(tmp_path: Path) -> None:
    """Where root cannot make a user namespace, PostgreSQL runs as another user, who must be
    able to pass through the folders above its own."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/") and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
