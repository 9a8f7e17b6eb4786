"""Finding a port that is truly free."""

from __future__ import annotations

import socket
import sys

TRIES = 50


def is_free(bind: str, port: int) -> bool:
    """Whether nobody answers there and we could listen there.

    Both are asked: the web server shares its port quietly with any other that allows
    sharing, a forgotten one of its own for instance.
    """
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    return not answers(bind, port) and _can_listen(family, bind, port)


def answers(bind: str, port: int) -> bool:
    """Whether a connection to it succeeds."""
    try:
        with socket.create_connection((_reachable(bind), port), timeout=1):
            return True
    except OSError:
        return False


def take(bind: str, port: int) -> socket.socket | None:
    """Reserve a free port among the launchers of this machine; None where it is taken.

    The web server binds minutes later on a first start, and it would share the port with
    another launcher's. The reservation holds until the socket is closed, by whatever end."""
    reservation = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if sys.platform == "linux":
            reservation.bind(f"\0upline-port-{port}")
    except OSError:
        reservation.close()
        return None
    if is_free(bind, port):
        return reservation
    reservation.close()
    return None


def take_next(bind: str, port: int) -> tuple[int, socket.socket] | None:
    """The first port from this one on that could be taken; None where there is none near."""
    for number in range(port, min(port + TRIES, 65536)):
        if reservation := take(bind, number):
            return number, reservation
    return None


def _reachable(bind: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 (a name, no bind)


def _can_listen(family: int, bind: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True
