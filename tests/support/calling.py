"""Functions of the tests that run in another process: named by their file, with arguments and
answer as plain values."""

import importlib
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).resolve().parents[1]


def program(work: Callable[..., Any], given: tuple[Any, ...]) -> str:
    """A program that calls a function at the top of a file of tests, or of Upline. What is given
    must be written by `repr`: numbers, texts, days, and lists of these."""
    file, module = Path(inspect.getfile(work)).resolve(), work.__module__
    if file.is_relative_to(_TESTS):
        module = ".".join(file.relative_to(_TESTS).with_suffix("").parts)
    return (
        "import datetime; from support import calling; "
        f"calling.answer({module!r}, {work.__name__!r}, {given!r})"
    )


def answer(module: str, name: str, given: tuple[Any, ...]) -> None:
    """In the other process: call the function, and print what it returns as the last line."""
    import django

    django.setup()
    work = getattr(importlib.import_module(module), name)
    print(json.dumps(work(*given)), flush=True)


def answered(printed: str) -> Any:
    """What the function returned, from all that the program printed."""
    return json.loads(printed.splitlines()[-1])
