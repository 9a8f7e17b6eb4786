"""Argon2id, with a limit on how many hashes run at once."""

import threading
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

# Two at once: more would let guessers take the machine from everybody else.
_places = threading.BoundedSemaphore(2)


class Argon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum: t=2, m=19 MiB, p=1."""

    time_cost = 1 if settings.ARGON2_CHEAP else 2
    memory_cost = 64 if settings.ARGON2_CHEAP else 19_456
    parallelism = 1


def hashed(password: str) -> str:
    """The hash to store."""
    with _places:
        return make_password(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether `password` is the stored one. Costs the same where nothing is stored."""
    with _places:
        return check_password(password, stored or _nobodys_hash()) and bool(stored)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return make_password("nobody has this password")
