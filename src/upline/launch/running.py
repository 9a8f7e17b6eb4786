"""Who serves a data folder: a note that the second start of a server reads."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from upline.launch.locks import FileLock


@dataclass(frozen=True)
class Running:
    """A server at work: its command, its address, its process number."""

    command: str
    url: str
    process: int


@contextlib.contextmanager
def only_server(data_dir: Path, command: str, url: str) -> Iterator[Running | None]:
    """Hold the folder's place for one server; yields the one who has it, if somebody does."""
    lock = FileLock(data_dir / "server.lock")
    if not lock.try_exclusive():
        yield _read(lock)
        return
    try:
        lock.write(json.dumps(asdict(Running(command, url, os.getpid()))))
        yield None
    finally:
        lock.release()


def _read(lock: FileLock) -> Running:
    try:
        return Running(**json.loads(lock.read()))
    except (ValueError, TypeError):
        return Running("upline", "an address that it has not told yet", 0)
