"""The WSGI application for a web worker process, tied to the life of its web server.

A worker whose server was killed would go on answering on the shared port with nobody to
stop it. So each asks the kernel for its own end when its parent ends. The application is
imported by name: the launcher itself knows nothing of it.
"""

from __future__ import annotations

import ctypes
import importlib
import signal
import sys

PR_SET_PDEATHSIG = 1

if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

application = importlib.import_module("upline.wsgi").application
