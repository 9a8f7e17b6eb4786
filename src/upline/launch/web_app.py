"""The WSGI application for a web worker process. It is imported by name: the launcher itself knows
nothing of it."""

from __future__ import annotations

import importlib

from upline.launch import tethered

tethered.to_parent()
application = importlib.import_module("upline.wsgi").application
