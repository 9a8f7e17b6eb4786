"""Each thread's connection to PostgreSQL: how it ends, and how a dead one is noticed.

Django keeps a connection per thread, in objects that refer to each other. A web server that ends
an idle thread leaves them to the garbage collector, which may not come for hours."""

import select
import threading
from typing import Any

from django.core.signals import request_started
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class _Opened:
    """An open connection. It ends with the thread that holds it."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self.database = database
        self.connection: Any = database.connection

    def __del__(self) -> None:
        self.connection.close()

    def is_dead(self) -> bool:
        """Whether the server has hung up: between two transactions it says nothing but farewell."""
        if self.connection.closed:
            return True
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return bool(poll.poll(0))


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.opened: dict[str, _Opened] = {}


_of_thread = _OfThread()


def watch() -> None:
    """From now on each thread's connections end with it, and no request begins on a dead one."""
    connection_created.connect(_keep, dispatch_uid="upline.base.connections")
    request_started.connect(_begin, dispatch_uid="upline.base.connections")


def drop_dead() -> None:
    """Close this thread's connections whose server has hung up; the next statement opens new
    ones. Looking at the socket costs no trip to the database."""
    for opened in _of_thread.opened.values():
        database = opened.database
        if database.connection is not None and not database.in_atomic_block and opened.is_dead():
            database.close()


def _keep(connection: BaseDatabaseWrapper, **_: Any) -> None:
    _of_thread.opened[connection.alias] = _Opened(connection)


def _begin(**_: Any) -> None:
    drop_dead()
