"""The two secrets of an installation: what signs, and what encrypts.

UPLINE_SECRET_KEY signs sessions and links. UPLINE_MASTER_KEYS is a comma-separated list
of Fernet keys: the first encrypts, all decrypt. Losing the second loses encrypted data.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from pathlib import Path

from upline.launch.environment import value_of

NAMES = ("UPLINE_SECRET_KEY", "UPLINE_MASTER_KEYS")
FILE = "secrets.env"


def new_secrets() -> dict[str, str]:
    """A fresh pair: 64 random URL-safe characters, and one Fernet key."""
    values = (secrets.token_urlsafe(48), base64.urlsafe_b64encode(os.urandom(32)).decode())
    return dict(zip(NAMES, values, strict=True))


def missing(data_dir: Path) -> list[str]:
    """The secrets that neither the environment nor the data folder's file gives."""
    kept = _read(data_dir / FILE)
    return [name for name in NAMES if value_of(name) is None and name not in kept]


def keep(data_dir: Path) -> None:
    """Make the data folder's file once, readable by its owner alone.

    It appears under its name only when it is whole, and the first of two starts wins.
    """
    file = data_dir / FILE
    if file.exists():
        return
    draft = data_dir / f".{FILE}.{os.getpid()}"
    draft.touch(0o600)
    with draft.open("w") as handle:
        handle.write(as_lines(new_secrets()))
        handle.flush()
        os.fsync(handle.fileno())
    with contextlib.suppress(FileExistsError):
        file.hardlink_to(draft)
    draft.unlink()


def as_lines(values: dict[str, str]) -> str:
    """The lines of an environment file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def export(data_dir: Path) -> dict[str, str]:
    """What to add to the environment: secrets that only the file has."""
    kept = _read(data_dir / FILE)
    return {name: kept[name] for name in NAMES if value_of(name) is None and name in kept}


def values(data_dir: Path) -> dict[str, str]:
    """The secrets that there are, from the environment or else from the data folder's file."""
    given = {name: value_of(name) for name in NAMES}
    return export(data_dir) | {name: value for name, value in given.items() if value is not None}


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}
