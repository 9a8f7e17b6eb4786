"""Which server has a data folder: a note that a second start reads."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from upline.launch.locks import FileLock

Announce = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """A server at work: its command, its address, its process number."""

    command: str
    url: str
    process: int


@contextlib.contextmanager
def only_server(data_dir: Path, command: str) -> Iterator[tuple[Running | None, Announce]]:
    """Hold the folder's place for one server. Yields the server that has it, if one does, and
    a function that tells others our address once we know it."""
    lock = FileLock(data_dir / "server.lock")

    def announce(url: str) -> None:
        lock.write(json.dumps(asdict(Running(command, url, os.getpid()))))

    if not lock.try_exclusive():
        yield _read(lock), announce
        return
    try:
        yield None, announce
    finally:
        lock.release()


def _read(lock: FileLock) -> Running:
    try:
        return Running(**json.loads(lock.read()))
    except (ValueError, TypeError):
        return Running("upline", "an address that it has not told yet", 0)
