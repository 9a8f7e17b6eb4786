"""What other calls notice of people who keep the web server waiting: 300 half-sent bodies, 60
password checks at once, and both together; straight to the web server and through nginx.

    nice .venv/bin/python benchmarks/waiting.py [--seconds 18] [--bodies 300] [--checks 60]

Given is the p99 of calls that come at a steady pace, reads and writes in turns, before and during
each load, and the ratio of the two: after each round, and for all rounds of a load. It takes about
six minutes. Without nginx nothing ends a request whose body does not arrive, so half-sent ones hold
all threads; hence a public address requires nginx.

Whoever is told to come back later with a password does so. Half the checks are of strangers, half
of members who pay; of each, every second is wrong."""

import argparse
import contextlib
import functools
import multiprocessing
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ready  # noqa: F401 - before what it looks for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import httpx
import installation
from calls import Call, all_calls
from django.db import connections
from filling import Filled, fill
from load import Connection

from launch.nginx_server import is_installed, running_nginx

MEMBERS = 2000
CALLS_A_SECOND = 40
CLIENTS = 8
ROUNDS = 3
PATIENCE_SECONDS = 5
SENT_AGAIN_SECONDS = 10
LOAD_STARTS_SECONDS = 3
Stopped = Any  # an Event of multiprocessing
Works = list[Callable[[Counter[str]], None]]
Paced = tuple[float, bool]
"""Milliseconds that a call took from when it was due, and whether it succeeded."""


@dataclass(frozen=True)
class Target:
    """Where to call, with what."""

    port: int
    filled: Filled
    calls: list[Call]
    asked: argparse.Namespace

    def named(self, name: str) -> Call:
        return next(call for call in self.calls if call.name == name)

    @property
    def others(self) -> list[Call]:
        return [call for call in self.calls if not call.hashes]


Load = Callable[[Target, Stopped], Works]


def main() -> None:
    asked = _arguments()
    with installation.installation() as postgres:
        filled = fill(postgres.owner_url, MEMBERS)
        calls = all_calls()
        connections.close_all()
        with installation.web_server() as server:
            _compare("without nginx", Target(server.port, filled, calls, asked))
            if is_installed():
                with tempfile.TemporaryDirectory() as folder:
                    Path(folder).chmod(0o755)
                    with running_nginx(Path(folder), server.port) as port:
                        _compare("with nginx", Target(port, filled, calls, asked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=18)
    parser.add_argument("--bodies", type=int, default=300)
    parser.add_argument("--checks", type=int, default=60)
    return parser.parse_args()


def _compare(way: str, target: Target) -> None:
    """Print a row for each load: the calls alone, and beside the load."""
    _paced(target, 3)  # a first stretch, which does not count
    for name, load in _LOADS.items():
        alone, beside, answers = [], [], Counter[str]()
        for number in range(1, ROUNDS + 1):  # in turns: others may work on this machine, too
            alone += (quiet := _paced(target, target.asked.seconds / ROUNDS))
            with _beside(load, target) as seen:
                beside += (busy := _paced(target, target.asked.seconds / ROUNDS))
            answers.update(seen)
            _print(f"  round {number} of {ROUNDS}", name, quiet, busy, seen)
        _print(way, name, alone, beside, answers)


def _print(
    way: str, name: str, alone: list[Paced], beside: list[Paced], answers: Counter[str]
) -> None:
    before, during = (_percentile(each, 0.99) for each in (alone, beside))
    told = ", ".join(f"{count} x {what}" for what, count in sorted(answers.items()))
    print(
        f"{way:14} {name:10} p99 {before:6.1f} ms -> {during:6.1f} ms, ratio "
        f"{during / before:4.1f}; refused {sum(not ok for _, ok in beside)}; {told}",
        flush=True,
    )


def _paced(target: Target, seconds: float) -> list[Paced]:
    """Make calls for so long. Those that are due while others wait are made late; once nobody has
    patience any more, they fail unsent."""
    measured: list[Paced] = []
    calls, began = target.others, time.perf_counter()

    def client(number: int) -> None:
        due = began + number / CALLS_A_SECOND
        connection = _connection(target)
        while due < began + seconds:
            time.sleep(max(0, due - time.perf_counter()))
            if time.perf_counter() > began + seconds + PATIENCE_SECONDS:
                measured.append(((time.perf_counter() - due) * 1000, False))
                due += CLIENTS / CALLS_A_SECOND
                continue
            connection.call, connection.left = calls[len(measured) % len(calls)], 0
            connection.send()
            succeeded = _is_answered_well(connection)
            measured.append(((time.perf_counter() - due) * 1000, succeeded))
            if not connection.answer:
                connection = _connection(target)
            due += CLIENTS / CALLS_A_SECOND
        connection.socket.close()

    _all_at_once([functools.partial(client, number) for number in range(CLIENTS)])
    return measured


def _connection(target: Target) -> Connection:
    made = Connection(target.port, target.calls[0], target.filled)
    made.socket.settimeout(PATIENCE_SECONDS)
    return made


def _is_answered_well(connection: Connection) -> bool:
    """Whether an answer came in time and is a success."""
    try:
        while not connection.has_whole_answer():
            pass
    except OSError:
        connection.answer = b""
    return connection.answer[9:10] == b"2"


def _percentile(measured: list[Paced], share: float) -> float:
    ordered = sorted(milliseconds for milliseconds, _ in measured)
    return ordered[int(share * (len(ordered) - 1))]


def _all_at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _half_sent(target: Target, stopped: Stopped) -> Works:
    """Requests whose body stops in the middle. Whoever is answered sends the next one later."""
    call = target.named("cart add")

    def send(answers: Counter[str]) -> None:
        while not stopped.is_set():
            request = call.request(target.filled, random.randrange(target.filled.members))
            if answer := _answer_to_half(target.port, request[:-3], stopped):
                answers[f"half-sent {answer}"] += 1
            stopped.wait(random.uniform(0.5, 1.5) * SENT_AGAIN_SECONDS)

    return [send] * target.asked.bodies


def _answer_to_half(port: int, request: bytes, stopped: Stopped) -> str:
    """The status that the server answers with, `cut` where it hangs up; '' where it has said
    nothing until the load stops."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as half:
            half.sendall(request)
            half.settimeout(0.5)
            while not stopped.is_set():
                with contextlib.suppress(TimeoutError):
                    return half.recv(65536)[9:12].decode() or "cut"
    except OSError:
        return "cut"
    return ""


def _checks(target: Target, stopped: Stopped) -> Works:
    """Password checks one after another, each client waiting as long as it is told to."""

    http = httpx.Client(
        base_url=f"http://127.0.0.1:{target.port}/api/",
        timeout=PATIENCE_SECONDS,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
    )

    def client(number: int, answers: Counter[str]) -> None:
        while not stopped.is_set():
            try:
                answer = _check(http, target, number)
            except httpx.HTTPError:
                answers["check unanswered"] += 1
                continue
            answers[f"check {answer.status_code}"] += 1
            stopped.wait(int(answer.headers.get("Retry-After", 0)) + random.random())

    return [functools.partial(client, number) for number in range(target.asked.checks)]


def _check(http: httpx.Client, target: Target, number: int) -> httpx.Response:
    """Sign in as a stranger, or pay as a member; every second time with a wrong password."""
    filled = target.filled
    member = random.randrange(filled.members)
    headers = {
        "api_key": filled.api_key,
        "X-Forwarded-For": filled.address(random.randrange(filled.members)),
    }
    is_wrong = number // 2 % 2
    if number % 2:
        sent = {"username": f"member{member}", "password": installation.PASSWORD}
        sent["password"] += "x" * is_wrong
        return http.post("auth/access/", data=sent, headers=headers)
    pay = target.named("wallet payment")
    paid = pay.body(member)
    paid["transaction_password"] = f"{paid['transaction_password']}{'x' * is_wrong}"
    headers["access_token"] = filled.tokens[member]
    return http.post(pay.path, data=paid, headers=headers)


def _both(target: Target, stopped: Stopped) -> Works:
    return _half_sent(target, stopped) + _checks(target, stopped)


@contextlib.contextmanager
def _beside(load: Load, target: Target) -> Iterator[Counter[str]]:
    """Run a load in a process of its own, so that it takes no time from the one that measures."""
    context = multiprocessing.get_context("fork")
    stopped, found = context.Event(), context.Queue()
    process = context.Process(target=_run, args=(load, target, stopped, found))
    process.start()
    time.sleep(LOAD_STARTS_SECONDS)
    answers: Counter[str] = Counter()
    try:
        yield answers
    finally:
        stopped.set()
        answers.update(found.get())
        process.join()


def _run(load: Load, target: Target, stopped: Stopped, found: Any) -> None:
    answers: Counter[str] = Counter()
    works = load(target, stopped)
    _all_at_once([functools.partial(work, answers) for work in works])
    found.put(answers)


_LOADS: dict[str, Load] = {"half-sent": _half_sent, "checks": _checks, "both": _both}

if __name__ == "__main__":
    main()
