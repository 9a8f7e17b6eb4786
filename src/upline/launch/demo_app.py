"""The same for the demo, whose front page signs visitors in with one click. Only `./upline demo`
names this file."""

from __future__ import annotations

import importlib

from upline.launch import tethered

tethered.to_parent()
application = importlib.import_module("upline.showroom.wsgi").application
