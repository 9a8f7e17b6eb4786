"""Ten minutes of bursts and rests: connections stay within the figure, and memory does not grow.

    ./upline test tests/long/bursts.py -s

Rests are longer than the web server keeps an idle thread, so that every burst gets new ones."""

import random
import time

from support.bursts import Server, bursts
from support.cast import Cast
from support.client import Client
from support.installation import THREADS, Installation

SECONDS = 600
REST_SECONDS = 34
WARM_ROUNDS = 3
GROWTH_MOST = 16 * 2**20


def test_ten_minutes_of_bursts_and_rests(installation: Installation, cast: Cast) -> None:
    began, memory = time.monotonic(), []
    with bursts(installation) as server:
        while time.monotonic() - began < SECONDS:
            memory.append(_round(server, cast.anna.client))
            print(f"{time.monotonic() - began:4.0f} s  {memory[-1] / 2**20:6.1f} MB", flush=True)
            time.sleep(REST_SECONDS)
        assert server.connections() <= 1
    assert max(memory[WARM_ROUNDS:]) - memory[WARM_ROUNDS - 1] < GROWTH_MOST, memory


def _round(server: Server, caller: Client) -> int:
    """One burst, which nobody is refused in. Returns the memory held afterwards."""
    for _ in range(random.randint(3, 8)):
        assert set(server.burst(caller)) == {200}
        assert server.connections() <= THREADS
    return server.memory()
