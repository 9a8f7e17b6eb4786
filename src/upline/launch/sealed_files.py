"""A file that opens with the installation's master key alone, and not at all where it is damaged.

Magic, length of the header, the header as JSON, then chunks of AES-256-GCM. A chunk's nonce is its
number and whether it is the last one, and each is bound to the header: chunks cannot be left out,
swapped or cut off. The key is made for this file and wrapped by the newest master key (Fernet).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from upline.launch.errors import LaunchError

MAGIC = b"UPLINE BACKUP 1\n"
CHUNK = 2**20
_TAG = 16
_LONGEST_HEADER = 2**16

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Sealed:
    """What the beginning of a file says; nothing of it is proved before the first chunk is."""

    header: dict[str, Any]
    raw: bytes


def name_of(key: str) -> str:
    """What a secret is called where it must not be shown."""
    return hmac.digest(key.encode(), MAGIC, hashlib.sha256)[:4].hex()


def seal(
    source: IO[bytes], target: IO[bytes], master_key: str, about: dict[str, Any], tell: Tell
) -> None:
    """Copy `source` into `target`, sealed. `tell` hears how many bytes were copied."""
    key = AESGCM.generate_key(bit_length=256)
    wrapped = Fernet(master_key).encrypt(key).decode()
    header = json.dumps(about | {"master_key": name_of(master_key), "key": wrapped}).encode()
    raw = MAGIC + struct.pack(">I", len(header)) + header
    target.write(raw)
    cipher, number, copied, chunk = AESGCM(key), 0, 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(number, not following), chunk, raw))
        copied += len(chunk)
        tell(copied)
        if not following:
            return
        number, chunk = number + 1, following


def read_header(file: IO[bytes], path: Path) -> Sealed:
    """The header; the file is then at its first chunk. Raises LaunchError for any other file."""
    start = file.read(len(MAGIC) + 4)
    if len(start) < len(MAGIC) + 4 or not start.startswith(MAGIC):
        raise LaunchError(f"{path} is not an Upline backup.")
    (length,) = struct.unpack(">I", start[len(MAGIC) :])
    text = file.read(min(length, _LONGEST_HEADER))
    try:
        header = json.loads(text)
        if not isinstance(header["master_key"], str) or not isinstance(header["key"], str):
            raise _damaged(path)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    return Sealed(header, start + text)


def unseal(path: Path, master_keys: list[str], tell: Tell) -> Iterator[bytes]:
    """The content, chunk by chunk, each proved before it is given. Raises LaunchError where no
    master key opens it, and where a single bit is wrong or missing."""
    with path.open("rb") as file:
        sealed = read_header(file, path)
        cipher = AESGCM(_key(sealed, master_keys, path))
        number, chunk = 0, file.read(CHUNK + _TAG)
        while True:
            following = file.read(CHUNK + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, not following), chunk, sealed.raw)
            except (InvalidTag, ValueError) as error:
                raise _damaged(path) from error
            tell(file.tell())
            if not following:
                return
            number, chunk = number + 1, following


def _key(sealed: Sealed, master_keys: list[str], path: Path) -> bytes:
    wanted = sealed.header["master_key"]
    fitting = [key for key in master_keys if name_of(key) == wanted]
    if not fitting:
        have = ", ".join(map(name_of, master_keys))
        raise LaunchError(
            f"{path} opens with the master key {wanted}, and UPLINE_MASTER_KEYS has {have}: add "
            "the one from your safe behind the newest."
        )
    try:
        return Fernet(fitting[0]).decrypt(sealed.header["key"].encode())
    except (InvalidToken, ValueError) as error:
        raise _damaged(path) from error


def _nonce(number: int, is_last: bool) -> bytes:
    return struct.pack(">QI", number, is_last)


def _damaged(path: Path) -> LaunchError:
    return LaunchError(f"{path} is damaged. Use another backup file.")
