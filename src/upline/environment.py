"""What the environment says, read once, with a sentence for each wrong value."""

import base64
import binascii
import os
import re
from collections.abc import Collection
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

_POSTGRESQL = re.compile("postgres(ql)?://")


def text(name: str, default: str | None = None) -> str:
    """The value of a variable, or of the file that NAME_FILE names.

    Raises ImproperlyConfigured where neither is set and there is no default."""
    file = os.environ.get(f"{name}_FILE")
    value = _content(name, file) if file else os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See docs/operate.md for what it is.")
    return value


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read.") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """A setting that is a number, both limits included. Raises ImproperlyConfigured."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {value!r}."
        )
    return int(value)


def switch(name: str, default: bool) -> bool:
    """A setting that is on or off. Raises ImproperlyConfigured."""
    value = text(name, "on" if default else "off").lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")
    return value == "on"


def one_of(name: str, default: str, choices: Collection[str]) -> str:
    """A setting that is one of these words. Raises ImproperlyConfigured."""
    value = text(name, default).lower()
    if value not in choices:
        listed = ", ".join(sorted(choices))
        raise ImproperlyConfigured(f"{name} must be one of {listed}, not {value!r}.")
    return value


def secret(name: str) -> str:
    """A secret of at least 50 characters."""
    value = text(name)
    if len(value) < 50:
        raise ImproperlyConfigured(f"{name} must have at least 50 characters.")
    return value


def master_keys(name: str) -> list[str]:
    """Fernet keys, newest first: the first encrypts, all of them decrypt."""
    keys = words(name)
    for key in keys:
        if not _is_fernet_key(key):
            raise ImproperlyConfigured(
                f"{name} must list keys of 32 bytes in URL-safe base64, separated by commas."
            )
    if not keys:
        raise ImproperlyConfigured(f"{name} is not set. See docs/operate.md for what it is.")
    return keys


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def _address(name: str, value: str, schemes: Collection[str], example: str) -> SplitResult:
    """The parts of an address like `example`; its port is a number."""
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in schemes and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(f"{name} must look like {example}.")
    return parts


def origin(name: str, default: str | None = None) -> str:
    """`https://host[:port]` without a path: the only source of links in mails."""
    value = text(name, default).rstrip("/")
    example = f"https://office.example.com, not {value!r}"
    parts = _address(name, value, {"http", "https"}, example)
    more_than_origin = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if not parts.hostname or more_than_origin:
        raise ImproperlyConfigured(f"{name} must look like {example}.")
    return value


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """Django's settings for a postgresql:// address in any form that libpq reads, such as
    several hosts, of which the one that takes changes is used."""
    value = text(name, default)
    try:
        found = conninfo_to_dict(value) if _POSTGRESQL.match(value) else {}
    except psycopg.Error:
        found = {}
    ports = str(found.get("port") or "5432").split(",")
    if not found.get("dbname") or not all(each.isdigit() for each in ports if each):
        example = "postgresql://user:password@host/database"
        raise ImproperlyConfigured(f"{name} must look like {example}.")
    options = {key: str(said) for key, said in found.items()}
    if "," in options.get("host", ""):
        options.setdefault("target_session_attrs", "read-write")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "OPTIONS": options,
    }


def smtp(name: str) -> dict[str, Any] | None:
    """smtp://[user:password@]host[:port], smtps:// for TLS, smtp+tls:// for STARTTLS.

    None where it is unset or empty: then there is no mail server, and mails wait."""
    value = text(name, "")
    if not value:
        return None
    ports = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
    example = "smtp+tls://user:password@mail.example.com:587"
    parts = _address(name, value, ports, example)
    if not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like {example}.")
    return {
        "host": parts.hostname,
        "port": parts.port or ports[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls",
    }


def sender(name: str, default: str) -> str:
    """`Name <user@host>` or `user@host`: who mails come from."""
    value = text(name, default)
    user, at, host = parseaddr(value)[1].rpartition("@")
    if not (user and at and host) or "\n" in value:
        raise ImproperlyConfigured(
            f"{name} must look like Acme <office@example.com>, not {value!r}."
        )
    return value
