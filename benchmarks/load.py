"""Clients on keep-alive connections, each with one request under way at any time: one thread
that waits for all sockets, so that it takes little from the server that it measures."""

import random
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from calls import Call
from filling import Filled

WARM_UP_SECONDS = 1.0


@dataclass
class Measured:
    """Answers in time order: latencies in seconds, `refused` those that were no success."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0
    refused: int = 0
    first_refusal: bytes = b""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1000

    def add(self, other: "Measured") -> None:
        """Count another stretch of the same call in."""
        self.latencies += other.latencies
        self.seconds += other.seconds
        self.client_cpu += other.client_cpu
        self.server_cpu += other.server_cpu
        self.refused += other.refused
        self.first_refusal = self.first_refusal or other.first_refusal


class Connection:
    """One client: its socket, its member, and when its request left."""

    def __init__(self, port: int, call: Call, filled: Filled) -> None:
        self.call, self.filled = call, filled
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.left = 0
        self.answer = b""
        self.sent_at = 0.0

    def send(self) -> None:
        if not self.left:
            self.number, self.left = random.randrange(self.filled.members), self.call.visit
        self.left -= 1
        self.answer = b""
        request = self.call.request(self.filled, self.number)
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def has_whole_answer(self) -> bool:
        """Read what came. Raises ConnectionError where the server hung up."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.answer += part
        head, separator, body = self.answer.partition(b"\r\n\r\n")
        return bool(separator) and len(body) >= _length(head)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def drive(
    port: int,
    call: Call,
    filled: Filled,
    connections: int,
    seconds: float,
    server_cpu: Callable[[], float],
) -> Measured:
    """Keep every connection busy for so many seconds, after a second that does not count."""
    clients = [Connection(port, call, filled) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send()
        _turn(selector, WARM_UP_SECONDS)
        before, client_cpu = server_cpu(), time.process_time()
        measured = _turn(selector, seconds)
        measured.client_cpu = time.process_time() - client_cpu
        measured.server_cpu = server_cpu() - before
    for client in clients:
        client.socket.close()
    return measured


def _turn(selector: selectors.BaseSelector, seconds: float) -> Measured:
    measured = Measured()
    began = now = time.perf_counter()
    while now - began < seconds:
        for key, _ in selector.select(timeout=1):
            client: Connection = key.data
            if client.has_whole_answer():
                now = time.perf_counter()
                measured.latencies.append(now - client.sent_at)
                if client.answer[9:10] != b"2":
                    measured.refused += 1
                    measured.first_refusal = measured.first_refusal or client.answer
                client.send()
    measured.seconds = time.perf_counter() - began
    return measured
