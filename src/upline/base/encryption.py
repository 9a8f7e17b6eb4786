"""Encryption at rest: a key per person, wrapped by the installation's master keys.

Destroying a person's key makes everything sealed with it unreadable; a backup from before has
the key, sealed by a master key. Master keys rotate: the newest wraps, all of them unwrap
(`UPLINE_MASTER_KEYS`, newest first). Wrong secrets raise ImproperlyConfigured before anything is
sealed, opened or looked up with them: the database keeps a check value of each.
"""

import hashlib
import hmac
import os
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from upline.base import databases, sql

_NONCE_BYTES = 12
_CHECKED = b"the secrets of this installation"
_WRONG = (
    "{name} does not belong to this database: existing data could not be decrypted, and new data "
    "would be encrypted with the wrong key. Set the value that this database was created with. "
    "Nothing was changed."
)


class SealedRow(NamedTuple):
    """What a master key has sealed, by the number of its row."""

    id: int
    sealed: bytes


class Unreadable(Exception):
    """The ciphertext does not belong here, or its key is gone."""


def masters() -> MultiFernet:
    """The master keys, proved once in each process. Raises ImproperlyConfigured."""
    return proved_masters(databases.current())


@cache
def proved_masters(alias: str) -> MultiFernet:
    """The master keys, proved to be those of the database of this alias, which is the one that is
    worked in. Raises ImproperlyConfigured."""
    keys = MultiFernet([Fernet(key) for key in settings.MASTER_KEYS])
    sealed = sql.value(bytes, "SELECT sealed FROM base_keycheck")
    if sealed is None:
        # An installation older than the check value: the newest person's key tells as much.
        sealed = sql.value(
            bytes, "SELECT wrapped FROM base_personkey ORDER BY user_id DESC LIMIT 1"
        )
    if sealed is not None and not opens(keys, sealed):
        raise ImproperlyConfigured(_WRONG.format(name="UPLINE_MASTER_KEYS"))
    return keys


def opens(keys: MultiFernet, sealed: bytes | memoryview) -> bool:
    """Whether one of the keys opens this."""
    try:
        keys.decrypt(bytes(sealed))
    except InvalidToken:
        return False
    return True


@cache
def _signing_key(alias: str) -> bytes:
    """What hashes are keyed with, proved once for each database. Raises ImproperlyConfigured."""
    key = settings.SECRET_KEY.encode()
    kept = sql.value(bytes, "SELECT digest FROM base_keycheck")
    if kept is not None and not hmac.compare_digest(_check_digest(key), kept):
        raise ImproperlyConfigured(_WRONG.format(name="UPLINE_SECRET_KEY"))
    return key


def _check_digest(key: bytes) -> bytes:
    return hmac.digest(key, _CHECKED, hashlib.sha256)


def prove_secrets() -> None:
    """Raise ImproperlyConfigured where a secret is not this installation's; remember both
    where no check value is kept yet and a person has a key."""
    keys, signing_key = masters(), _signing_key(databases.current())
    if sql.value(bool, "SELECT EXISTS (SELECT FROM base_personkey)"):
        sql.run(
            "INSERT INTO base_keycheck (id, sealed, digest) VALUES (1, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [keys.encrypt(_CHECKED), _check_digest(signing_key)],
        )


def new_person_key() -> bytes:
    """A fresh wrapped key, to be stored beside the person."""
    return masters().encrypt(AESGCM.generate_key(bit_length=256))


def seal(text: str, *, wrapped_key: bytes, context: str) -> bytes:
    """Encrypt `text` for one context (`table.column:person`), so that rows cannot be swapped."""
    nonce = os.urandom(_NONCE_BYTES)
    key = AESGCM(masters().decrypt(wrapped_key))
    return nonce + key.encrypt(nonce, text.encode(), context.encode())


def unseal(sealed: bytes, *, wrapped_key: bytes, context: str) -> str:
    """The text again. Raises Unreadable where key or context is not the one it was sealed with."""
    key = AESGCM(masters().decrypt(bytes(wrapped_key)))
    sealed = bytes(sealed)
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode()).decode()
    except InvalidTag as error:
        raise Unreadable(context) from error


def wrapped_key_of(user_id: int) -> bytes | None:
    """The wrapped key of a person; None after erasure."""
    return sql.value(bytes, "SELECT wrapped FROM base_personkey WHERE user_id = %s", [user_id])


def give_person_key(user_id: int) -> None:
    """Make the key of a new member: nobody else has one."""
    sql.run(
        "INSERT INTO base_personkey (user_id, wrapped) VALUES (%s, %s)",
        [user_id, new_person_key()],
    )


def seal_for(context: str, text: str) -> bytes:
    """Encrypt a secret of a person without a key of their own, such as a staff user, with the
    master key: for one context (`table.column:person`), so that rows cannot be swapped."""
    return masters().encrypt(f"{context}\0{text}".encode())


def open_for(context: str, sealed: bytes | memoryview, *, seconds: int | None = None) -> str:
    """The secret again. Raises Unreadable where no master key opens it, or it is another's, or
    older than so many seconds."""
    try:
        opened = masters().decrypt(bytes(sealed), ttl=seconds).decode()
    except (InvalidToken, UnicodeDecodeError) as error:
        raise Unreadable(context) from error
    whose, _, text = opened.partition("\0")
    if whose != context:
        raise Unreadable(context)
    return text


def rotate(sealed: bytes | memoryview) -> bytes:
    """The same secret (a person's key, an e-pin's code), sealed by the newest master key.
    Raises Unreadable where none of the keys opens it."""
    try:
        return masters().rotate(bytes(sealed))
    except InvalidToken as error:
        raise Unreadable("no master key opens it") from error


def digest(purpose: str, text: str) -> bytes:
    """A keyed hash to look secrets up by (tokens, e-pin codes), useless without SECRET_KEY."""
    return hmac.digest(
        _signing_key(databases.current()), f"{purpose}:{text}".encode(), hashlib.sha256
    )
