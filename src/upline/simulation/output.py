"""Writing the pictures, whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from upline.language import gettext


class CannotWrite(Exception):
    """A folder that cannot be written to. Says so in a sentence."""


def must_be_writable(folder: Path) -> None:
    """Raise CannotWrite before the work, not after it. Leaves nothing behind."""
    nearest = folder
    try:
        if "\0" in str(folder):
            raise ValueError(folder)
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except (OSError, ValueError) as error:
        raise _sentence(folder, error) from error


def write_all(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made where it is not there. Raises CannotWrite.

    All are written beside each other under other names first, and then put in their places.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as new:
            for name, content in files.items():
                (Path(new) / name).write_bytes(content)
            for name in files:
                (Path(new) / name).replace(folder / name)
    except OSError as error:
        raise _sentence(folder, error) from error


def _sentence(folder: Path, error: OSError | ValueError) -> CannotWrite:
    reason = getattr(error, "strerror", None) or gettext("not a folder's name")
    return CannotWrite(
        gettext("The plots cannot be written to {folder}: {reason}.", folder=folder, reason=reason)
    )
