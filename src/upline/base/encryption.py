"""Encryption at rest: a key per person, wrapped by the installation's master keys.

Destroying a person's key makes everything sealed with it unreadable, in backups too. Master
keys rotate: the newest wraps, all of them unwrap (`UPLINE_MASTER_KEYS`, newest first).
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from upline.base import sql

_NONCE_BYTES = 12


class Unreadable(Exception):
    """The ciphertext does not belong here, or its key is gone."""


@lru_cache(maxsize=1)
def masters() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.MASTER_KEYS])


def new_person_key() -> bytes:
    """A fresh wrapped key, to be stored beside the person."""
    return masters().encrypt(AESGCM.generate_key(bit_length=256))


def seal(text: str, *, wrapped_key: bytes, place: str) -> bytes:
    """Encrypt `text` for one place (`table.column:person`), so that rows cannot be swapped."""
    nonce = os.urandom(_NONCE_BYTES)
    key = AESGCM(masters().decrypt(wrapped_key))
    return nonce + key.encrypt(nonce, text.encode(), place.encode())


def unseal(sealed: bytes, *, wrapped_key: bytes, place: str) -> str:
    """The text again. Raises Unreadable where key or place is not the one it was sealed with."""
    key = AESGCM(masters().decrypt(bytes(wrapped_key)))
    sealed = bytes(sealed)
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()
    except InvalidTag as error:
        raise Unreadable(place) from error


def wrapped_key_of(user_id: int) -> bytes | None:
    """The wrapped key of a person; None after erasure."""
    key = sql.value("SELECT wrapped FROM base_personkey WHERE user_id = %s", [user_id])
    return None if key is None else bytes(key)


def give_person_key(user_id: int) -> None:
    """Make the key of a new person."""
    sql.run(
        "INSERT INTO base_personkey (user_id, wrapped) VALUES (%s, %s)",
        [user_id, new_person_key()],
    )


def rotate(sealed: bytes | memoryview) -> bytes:
    """The same secret (a person's key, an e-pin's code), sealed by the newest master key."""
    return masters().rotate(bytes(sealed))


def digest(purpose: str, text: str) -> bytes:
    """A keyed hash to look secrets up by (tokens, e-pin codes), useless without SECRET_KEY."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{purpose}:{text}".encode(), hashlib.sha256)
