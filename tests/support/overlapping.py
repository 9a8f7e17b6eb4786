"""Two units of work of which one begins before the other has ended."""

import threading
from collections.abc import Callable
from typing import Any

PAUSE_SECONDS = 0.7


def first(holds: Callable[[], Any], comes: Callable[[], Any]) -> None:
    """`comes` begins when `holds` has done everything but commit."""
    from django.db import connection, transaction

    done = threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                holds()
                done.set()
                threading.Event().wait(PAUSE_SECONDS)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(10)
    comes()
    thread.join()
