"""`/health/live` and `/health/ready`: what load balancers and monitoring ask, by any host name.

They tell no version and nothing of the company."""

import json
import logging
from typing import Any, NamedTuple

from django.db import Error
from django.db import connections as opened

from upline.base import clock, connections, databases, sql

PREFIX = "/health/"
log = logging.getLogger("upline.health")

# A worker says every 10 seconds that it is there.
_LOOK = """
    SELECT current_setting('transaction_read_only') = 'off' AS takes_changes,
           EXISTS (SELECT FROM procrastinate_workers
                   WHERE last_heartbeat > now() - interval '60 seconds') AS has_worker"""


class _Look(NamedTuple):
    """Whether the database takes changes, and whether a worker is there."""

    takes_changes: bool
    has_worker: bool


def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """WSGI. `live`: this process answers. `ready`: it can do what it is asked."""
    status, facts = _ANSWERS.get(environ["PATH_INFO"].rstrip("/"), _nothing)()
    body = json.dumps(facts).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _live() -> tuple[str, dict[str, str]]:
    return "200 OK", {"status": "live"}


def _ready() -> tuple[str, dict[str, str]]:
    connections.drop_dead()
    try:
        found = sql.one(_Look, _LOOK)
    except Error as error:
        log.error("The database does not answer: %s", error)
        opened[databases.current()].close()
        return _not_ready("The database does not answer.")
    assert found is not None, "one row always"
    if not found.takes_changes:
        return _not_ready("The database takes no changes.")
    try:
        clock.must_agree()
    except clock.ClockDiffers as refusal:
        log.error("%s", refusal.sentence)
        return _not_ready("The clock is not the database's.")
    return "200 OK", {"status": "ready", "worker": "working" if found.has_worker else "silent"}


def _not_ready(reason: str) -> tuple[str, dict[str, str]]:
    return "503 Service Unavailable", {"status": "not ready", "reason": reason}


def _nothing() -> tuple[str, dict[str, str]]:
    return "404 Not Found", {"status": "unknown"}


_ANSWERS = {"/health/live": _live, "/health/ready": _ready}
