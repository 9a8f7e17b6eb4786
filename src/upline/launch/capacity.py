"""How many connections to PostgreSQL the processes of this machine need."""

from __future__ import annotations

from dataclasses import dataclass

THREADS = 16
"""Threads of a web process. Each keeps one connection for as long as it lives."""
WORKER_CONNECTIONS = 6
"""The worker: one that works, one that listens for jobs, and four that look after jobs."""
SPARE = 20
"""For commands, backups and people who look."""


@dataclass(frozen=True)
class Processes:
    """What runs on this machine: so many web processes, and perhaps the worker."""

    web_processes: int
    worker: bool

    @property
    def connections(self) -> int:
        """The most that these processes hold at any time."""
        return self.web_processes * THREADS + self.worker * WORKER_CONNECTIONS
