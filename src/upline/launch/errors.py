"""What ends a command early: a sentence for the person, or a signal."""

from __future__ import annotations

import signal
from types import FrameType


class LaunchError(Exception):
    """Something the person can put right; the message is a sentence for them."""


class Stopped(BaseException):
    """A signal asked this command to stop.

    It is no Exception, so that nothing but the command itself takes it for an error.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_on_signals() -> None:
    """Turn the first Ctrl-C, SIGTERM or SIGHUP into Stopped; the next ones change nothing.

    A second Ctrl-C must not break the orderly stop that the first one began.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _raise_once)


def ignore_further_signals() -> None:
    """Let nothing interrupt the orderly stop; children do not inherit this."""
    for number in STOP_SIGNALS:
        signal.signal(number, _do_nothing)


def _raise_once(number: int, _frame: FrameType | None) -> None:
    ignore_further_signals()
    raise Stopped(number)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """A handler instead of SIG_IGN, which children would inherit."""
