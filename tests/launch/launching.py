"""A launcher whose only child takes no interrupt. The child notes each of its starts in the file
that NOTE names; it is this program with an argument."""

import os
import signal
import sys
import time
from pathlib import Path

from upline.launch.errors import Stopped, stop_on_signals
from upline.launch.processes import Child, supervise


def launch() -> None:
    stop_on_signals()
    children = [Child("sleeper", [sys.executable, __file__, "sleep"], dict(os.environ))]
    try:
        supervise(children, None, lambda: True)
    except Stopped:
        print("stopped in order", flush=True)


def sleep() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.environ["NOTE"]).open("a") as note:
        note.write(f"{os.getpid()}\n")
    time.sleep(60)


if __name__ == "__main__":
    (sleep if sys.argv[1:] else launch)()
