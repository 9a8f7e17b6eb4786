"""`./upline plan`: the plan commands, with a place for what is compiled."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from upline.launch.environment import data_dir


def plan(arguments: list[str]) -> NoReturn:
    """Become the plan command: no database, no secrets, and its own exit code."""
    command = [sys.executable, "-m", "upline.shell.plan_commands", *arguments]
    os.execve(command[0], command, {**cache(), **os.environ})  # noqa: S606 (no shell wanted)


def cache() -> dict[str, str]:
    """Where compiled code, and what matplotlib knows of fonts, is kept from start to start; nothing
    where there is no safe place."""
    for folder in _candidates():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(folder):
                return {"NUMBA_CACHE_DIR": str(folder), "MPLCONFIGDIR": str(folder)}
    return {}


def _candidates() -> Iterator[Path]:
    """Folders of this user alone, best first: code that another user left is never run."""
    name = f"compiled-{os.geteuid()}"
    yield data_dir() / name
    yield Path(tempfile.gettempdir()) / f"upline-{name}"


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return ours and not found.st_mode & 0o022 and os.access(folder, os.W_OK | os.X_OK)
