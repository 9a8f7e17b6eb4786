"""Every module of the source, imported."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import upline

# What starts a program or belongs to one state of the database.
_LEFT_OUT = (".migrations", "__main__", ".wsgi", "web_app", "demo_app")


def modules() -> Iterator[ModuleType]:
    """So that a test sees all of a kind, whichever tests have run before."""
    for found in pkgutil.walk_packages(upline.__path__, "upline."):
        if not any(part in found.name for part in _LEFT_OUT):
            yield importlib.import_module(found.name)
