"""Requests that leave at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run all of them in threads of their own, let go together; what each gave, in order."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def times(number: int, call: Callable[[], T]) -> list[T]:
    """The same call so many times at once."""
    return at_once([call] * number)


def outcomes(answers: Iterable[httpx.Response]) -> Counter[str]:
    """How often each answer came: a success by its status, a refusal by its code."""
    return Counter(
        answer.json()["error"]["code"] if answer.status_code >= 400 else str(answer.status_code)
        for answer in answers
    )
