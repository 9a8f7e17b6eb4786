"""Argon2id, with a limit on how many hashes run at once and how many wait for that.

Hashing takes the machine's processors, and whoever waits for it holds a thread of the web server.
So in each process a few run at once and a few more wait; everybody else is refused at once, and
every other call goes on. One of the slots to hash is kept for people whom we know: signed in, on
a known device, or with a mailed link. Strangers cannot take it."""

import os
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from upline.base.errors import TooManyRequests
from upline.language import lazy

_slots = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)
_slots_of_strangers = threading.BoundedSemaphore(max(1, settings.HASHES_AT_ONCE - 1))
_queue = threading.BoundedSemaphore(settings.PASSWORDS_WAITING)
# Told one and the same figure, all who were refused together would come back together.
_RETRY_SECONDS_MOST = 5
_queue_of_strangers = threading.BoundedSemaphore(max(1, settings.PASSWORDS_WAITING * 2 // 3))

# The kernel lets all other threads go first: a hash may take longer, other calls may not.
_NICENESS = 10
_hashers = ThreadPoolExecutor(
    settings.HASHES_AT_ONCE,
    thread_name_prefix="hash",
    initializer=lambda: os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS),
)


class Busy(TooManyRequests):
    sentence = lazy("Too many passwords are being checked right now. Try again in a moment.")


@contextmanager
def queued(*, is_known: bool) -> Iterator[None]:
    """Inside, a password may be looked at. Raises Busy where too many wait already."""
    queues = [_queue] if is_known else [_queue_of_strangers, _queue]
    with ExitStack() as entered:
        for queue in queues:
            if not queue.acquire(blocking=False):
                raise Busy(retry_after=1 + secrets.randbelow(_RETRY_SECONDS_MOST))
            entered.callback(queue.release)
        yield


@contextmanager
def _a_slot(*, is_known: bool) -> Iterator[None]:
    with nullcontext() if is_known else _slots_of_strangers, _slots:
        yield


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


def normalised(password: str) -> str:
    """One way to write what keyboards write in several: NFKC, as everywhere in this file."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str, *, is_known: bool = True) -> str:
    """The hash to store. Raises Busy."""
    known = _hashes.get()
    if known is None:
        return _hash(password, is_known)
    if password not in known:
        known[password] = _hash(password, is_known)
    return known[password]


def _hash(password: str, is_known: bool) -> str:
    with queued(is_known=is_known), _a_slot(is_known=is_known):
        return _hashers.submit(make_password, normalised(password)).result()


def matches(password: str, stored: str | None, *, is_known: bool = True) -> bool:
    """Whether `password` is the stored one, looked at inside `queued`. Costs the same where
    nothing is stored."""
    known = _answers.get()
    if known is None or stored is None:
        return _matches(password, stored, is_known)
    if (password, stored) not in known:
        known[password, stored] = _matches(password, stored, is_known)
    return known[password, stored]


def _matches(password: str, stored: str | None, is_known: bool) -> bool:
    # Pages used to store what was typed as it was.
    for typed in dict.fromkeys((normalised(password), password)):
        with _a_slot(is_known=is_known):
            wanted = stored or _nobodys_hash()
            if _hashers.submit(check_password, typed, wanted).result():
                return bool(stored)
    return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("nobody has this password")
