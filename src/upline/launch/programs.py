"""The command lines of Upline's own programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from upline.launch.capacity import THREADS
from upline.launch.environment import Settings
from upline.launch.processes import Child

# Whoever waits for a password to be checked holds a thread: these are left to all other calls.
THREADS_FOR_OTHERS = 4
BACKLOG = 1024


def django(*arguments: str) -> list[str]:
    """A Django command, with the same Python."""
    return [sys.executable, "-m", "upline.launch.manage", *arguments]


def web_server(
    settings: Settings,
    port: int,
    environment: dict[str, str],
    *,
    prefix: Sequence[str] = (),
    app: str = "web_app",
) -> Child:
    """The web server: HTTP/1 with kept connections, no log of requests (they are personal). `app`
    is the file beside this one that it serves."""
    options = {
        "--host": settings.bind,
        "--port": port,
        "--interface": "wsgi",
        "--http": 1,
        "--workers": settings.web_workers,
        "--blocking-threads": THREADS,
        "--backlog": BACKLOG,
        "--respawn-interval": 1,
        "--workers-kill-timeout": 10,
        "--log-level": "error",
    }
    words = [str(word) for pair in options.items() for word in pair]
    switches = ["--no-ws", "--http1-keep-alive", "--no-access-log", "--respawn-failed-workers"]
    granian = [sys.executable, "-m", "granian", *words, *switches]
    queue = {"UPLINE_PASSWORDS_WAITING": str(THREADS - THREADS_FOR_OTHERS)}
    command = [*granian, f"upline.launch.{app}:application"]
    return Child("web server", command, queue | as_application(environment, "web"), prefix=prefix)


def worker(environment: dict[str, str], *, prefix: Sequence[str] = ()) -> Child:
    """The worker for background jobs; a job gets 10 seconds to end when we stop.

    Asked to end while its database is gone, it waits for it for ever, and after a restart
    of the database it no longer hears of new jobs at once: hence the last two arguments.
    """
    command = django("procrastinate", "worker", "--shutdown-graceful-timeout", "10")
    return Child(
        "worker",
        command,
        as_application(environment, "worker"),
        last_signal="KILL",
        needs_fresh_database=True,
        prefix=prefix,
    )


def as_application(environment: dict[str, str], name: str) -> dict[str, str]:
    """What serves need not know how to become the tables' owner. PostgreSQL shows `name`."""
    kept = {key: value for key, value in environment.items() if key != "DATABASE_OWNER_URL"}
    return {"PGAPPNAME": f"upline {name}", **kept}
