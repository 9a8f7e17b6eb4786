"""Argon2id, with a limit on how many hashes run at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

# Two at once for all web processes: more would let guessers take the machine from everybody.
_places = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum: t=2, m=19 MiB, p=1."""

    time_cost = 1 if settings.ARGON2_CHEAP else 2
    memory_cost = 64 if settings.ARGON2_CHEAP else 19_456
    parallelism = 1


# What is known inside `each_hashed_once`: hashes by password, answers by password and hash.
_hashes: ContextVar[dict[str, str] | None] = ContextVar("hashes", default=None)
_answers: ContextVar[dict[tuple[str, str], bool] | None] = ContextVar("answers", default=None)


@contextmanager
def each_hashed_once() -> Iterator[None]:
    """Inside, people of one password share one hash, and looking at it again costs nothing.

    Only for building the demo company, whose members have one password and a year that passes
    in seconds. Other threads see nothing of it, and the hashes are as strong as any."""
    hashes, answers = _hashes.set({}), _answers.set({})
    try:
        yield
    finally:
        _hashes.reset(hashes)
        _answers.reset(answers)


def hashed(password: str) -> str:
    """The hash to store."""
    known = _hashes.get()
    if known is None:
        return _hash(password)
    if password not in known:
        known[password] = _hash(password)
    return known[password]


def _hash(password: str) -> str:
    with _places:
        return make_password(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether `password` is the stored one. Costs the same where nothing is stored."""
    known = _answers.get()
    if known is None or stored is None:
        return _matches(password, stored)
    if (password, stored) not in known:
        known[password, stored] = _matches(password, stored)
    return known[password, stored]


def _matches(password: str, stored: str | None) -> bool:
    with _places:
        return check_password(password, stored or _nobodys_hash()) and bool(stored)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("nobody has this password")
