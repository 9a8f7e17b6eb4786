"""Advisory file locks: who uses a data folder right now.

The kernel lets go of them when their process dies in whatever way, so a lock is
never stale. Descriptors are not inherited by children.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    """A lock on one file, exclusive or shared, that can be tried and released."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def try_exclusive(self, seconds: float = 0) -> bool:
        """Take it alone; keep trying for so many seconds; say whether it was got."""
        return self._try(fcntl.LOCK_EX, seconds)

    def try_shared(self, seconds: float = 0) -> bool:
        """Take it beside other sharers; keep trying for so many seconds."""
        return self._try(fcntl.LOCK_SH, seconds)

    def write(self, text: str) -> None:
        """Leave a note for those who find the lock taken."""
        self.path.write_text(text)

    def read(self) -> str:
        """The note of the one who has the lock; empty where there is none."""
        return self.path.read_text() if self.path.exists() else ""

    def release(self) -> None:
        """Let go; harmless where it was not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _try(self, kind: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        while not _locked(self._descriptor, kind):
            if time.monotonic() >= deadline:
                self.release()
                return False
            time.sleep(0.05)
        return True


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
