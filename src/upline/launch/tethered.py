"""Ties a web worker process to the life of its web server.

A worker whose server was killed would go on answering on the shared port with nobody to
stop it. So each asks the kernel for its own end when its parent ends.
"""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def to_parent() -> None:
    """From now on this process ends with the one that started it (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
