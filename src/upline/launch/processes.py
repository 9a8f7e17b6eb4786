"""Running other programs: one to its end, or some side by side for as long as we live."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from upline.launch.errors import Stopped
from upline.launch.postgres import PrivatePostgres
from upline.launch.privileges import tether

LOOK_SECONDS = 0.2
STOP_SECONDS = 15.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0


def run_to_end(
    command: list[str], environment: dict[str, str], *, uses_terminal: bool = False
) -> int:
    """Run one program and return its exit code; a signal to us ends it first.

    With `uses_terminal` it may ask questions; otherwise Ctrl-C reaches only us, and the
    program ends without a word.
    """
    process = subprocess.Popen(
        [*tether("TERM"), *command], env=environment, start_new_session=not uses_terminal
    )
    try:
        return process.wait()
    except Stopped as stopped:
        process.send_signal(stopped.number if uses_terminal else signal.SIGTERM)
        _wait_or_kill(process, STOP_SECONDS)
        raise


class Child:
    """A program that must always run, in a process group of its own."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        *,
        last_signal: str = "TERM",
        needs_fresh_database: bool = False,
        prefix: Sequence[str] = (),
    ) -> None:
        """`last_signal` reaches it when we are killed; a change of user, in the `prefix`, forgets
        it, and so comes first.

        `needs_fresh_database`: it does not recover from a restart of the database.
        """
        self.name = name
        self.last_signal = last_signal
        self.needs_fresh_database = needs_fresh_database
        self.command = command
        self.environment = environment
        self.prefix = prefix
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0
        self._pause = 0.0

    def look(self) -> None:
        """Start it where it does not run; after a death, only when its pause is over."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process, now)
        if self._process is None and now >= self._due:
            self._start(now)

    def renew(self) -> None:
        """End it now; the next look starts it again."""
        if self._process is not None:
            _kill_group(self._process.pid)

    def ask_to_stop(self) -> None:
        """Tell its leader to end in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def await_stop(self, seconds: float) -> None:
        """Give it so many seconds, then end its whole group."""
        if self._process is not None:
            _wait_or_kill(self._process, seconds)

    def _start(self, now: float) -> None:
        self._started = now
        self._process = subprocess.Popen(
            [*self.prefix, *tether(self.last_signal), *self.command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _bury(self, process: subprocess.Popen[bytes], now: float) -> None:
        """Clear what its group left behind, and plan the next start, each later than the last."""
        _kill_group(process.pid)
        steady = now - self._started > STEADY_SECONDS
        self._pause = 1.0 if steady or not self._pause else min(self._pause * 2, LONGEST_PAUSE)
        self._due = now + self._pause
        self._process = None
        print(
            f"The {self.name} ended ({_how(process.returncode)}); "
            f"starting it again in {self._pause:.0f} s.",
            file=sys.stderr,
        )


def supervise(
    children: list[Child], postgres: PrivatePostgres | None, ready: Callable[[], bool]
) -> None:
    """Keep all of them running until a signal raises Stopped; then stop them in order.

    `ready` is called again and again until it returns True (it says so to the person).
    """
    is_ready = False
    try:
        while True:
            _revive(postgres, children)
            for child in children:
                child.look()
            is_ready = is_ready or ready()
            time.sleep(LOOK_SECONDS)
    finally:
        _stop_all(children)


def _revive(postgres: PrivatePostgres | None, children: list[Child]) -> None:
    if postgres is None or not postgres.has_died():
        return
    print("PostgreSQL ended by itself; starting it again.", file=sys.stderr)
    postgres.restart()
    for child in children:
        if child.needs_fresh_database:
            child.renew()


def _stop_all(children: list[Child]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.await_stop(max(0.1, deadline - time.monotonic()))


def _wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    if process.returncode is None and os.getpgid(process.pid) != process.pid:
        process.kill()
    else:
        _kill_group(process.pid)
    process.wait()


def _kill_group(group: int) -> None:
    """End a group that we made; its leader was our child, so the number is ours."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
