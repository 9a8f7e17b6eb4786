"""Finding a port that is truly free."""

from __future__ import annotations

import socket

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


def next_free(bind: str, port: int) -> int | None:
    """The first free port from this one on; None where there is none near."""
    candidates = range(port, min(port + TRIES, 65536))
    return next((number for number in candidates if is_free(bind, number)), None)


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
