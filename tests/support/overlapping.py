"""Two units of work of which one begins before the other has ended."""

import threading
import time
from collections.abc import Callable
from typing import Any

MOST_SECONDS = 25
WAITING = """
SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted
               AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


def first(holds: Callable[[], Any], comes: Callable[[], Any]) -> None:
    """`comes` begins when `holds` has done everything but commit, which it does when `comes` waits
    for it or has ended. Raises what either raises."""
    from django.db import connection, transaction

    from upline.base.actors import Shell, acting_as

    done, ended = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def hold() -> None:
        try:
            with transaction.atomic(), acting_as(Shell()):
                holds()
                done.set()
                wait_for_other(ended)
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(MOST_SECONDS)
    try:
        comes()
    finally:
        ended.set()
        thread.join()
    if failed:
        raise failed[0]


def wait_for_other(ended: threading.Event) -> None:
    """Inside a transaction: until somebody waits for it, or has ended."""
    from django.db import connection

    deadline = time.monotonic() + MOST_SECONDS
    while not ended.wait(0.05) and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
