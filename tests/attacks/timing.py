"""Two requests that must take the same time, on a machine that does other things, too."""

import time
from collections.abc import Callable
from statistics import median

ROUNDS = 4


def ratio_of(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """How long one takes, measured by the other: medians of both in turns. What the machine does
    beside it comes and goes, so of a few rounds the one counts in which they are most alike; what a
    request really does more, it does in every round."""
    for action in (one, other) * 3:
        action()
    ratios: list[float] = []
    for _ in range(ROUNDS):
        pairs = [(_seconds(one), _seconds(other)) for _ in range(times)]
        first, second = (median(each) for each in zip(*pairs, strict=True))
        ratios.append(first / second)
    return min(ratios, key=lambda ratio: max(ratio, 1 / ratio))


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
