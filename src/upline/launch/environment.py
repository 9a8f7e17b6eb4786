"""What the environment says about starting Upline, each wrong value in one sentence."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from upline.launch.errors import LaunchError

PROJECT = Path(__file__).resolve().parents[3]
DEFAULT_PORT = 8000
DEFAULT_DATABASE_PORT = 5432
MOST_WEB_WORKERS = 64


@dataclass(frozen=True)
class Settings:
    """The launcher's settings. `port_is_given` tells whether PORT was set."""

    port: int
    port_is_given: bool
    bind: str
    data_dir: Path
    database_url: str | None
    owner_url: str | None
    web_workers: int
    server_user: str
    web_user: str | None


def read_settings() -> Settings:
    """Read and check the environment. Raises LaunchError with the variable's name."""
    database_url = _postgresql("DATABASE_URL")
    owner_url = _postgresql("DATABASE_OWNER_URL") or database_url
    if owner_url and not database_url:
        raise LaunchError("DATABASE_OWNER_URL is set, but DATABASE_URL is not. Set both.")
    return Settings(
        port=_number("PORT", DEFAULT_PORT, 65535),
        port_is_given="PORT" in os.environ,
        bind=os.environ.get("UPLINE_BIND", "127.0.0.1"),
        data_dir=data_dir(),
        database_url=database_url,
        owner_url=owner_url,
        web_workers=_number("UPLINE_WEB_WORKERS", min(os.cpu_count() or 1, 4), MOST_WEB_WORKERS),
        server_user=os.environ.get("UPLINE_USER", "nobody"),
        web_user=os.environ.get("UPLINE_WEB_USER"),
    )


def is_local(bind: str) -> bool:
    """Whether an address or host name is this machine's alone. Names that only begin like one
    (127.example.com) are anybody's."""
    if bind == "localhost":
        return True
    try:
        return ipaddress.ip_address(bind.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def value_of(name: str) -> str | None:
    """A variable's value, or what is in the file that NAME_FILE names (a mounted secret)."""
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name)
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise LaunchError(f"{name}_FILE names {file}, which cannot be read.") from error


def _number(name: str, default: int, most: int) -> int:
    said = os.environ.get(name, str(default))
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= most):
        raise LaunchError(f"{name} must be a whole number from 1 to {most}, not {said!r}.")
    return int(said)


def data_dir() -> Path:
    """Where all is kept that Upline makes. Raises LaunchError where DATA_DIR is no folder."""
    said = os.environ.get("DATA_DIR")
    if said == "":
        raise LaunchError("DATA_DIR is empty. Leave it unset, or set it to a folder.")
    folder = Path(said).expanduser().absolute() if said else PROJECT / "var"
    if folder.exists() and not folder.is_dir():
        raise LaunchError(f"DATA_DIR must be a folder, and {folder} is a file.")
    return folder


def _postgresql(name: str) -> str | None:
    said = value_of(name)
    if said is None:
        return None
    try:
        parts = conninfo_to_dict(said) if said.startswith(("postgresql://", "postgres://")) else {}
    except psycopg.Error:
        parts = {}
    ports = str(parts.get("port") or DEFAULT_DATABASE_PORT).split(",")
    if not parts.get("dbname") or not all(each.isdigit() for each in ports if each):
        raise LaunchError(f"{name} must look like postgresql://user:password@host/database.")
    return said


def make_data_dir(folder: Path) -> None:
    """Make the data folder. Raises LaunchError where that is not allowed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LaunchError(
            f"DATA_DIR is {folder}, which cannot be created: {error.strerror}."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LaunchError(f"DATA_DIR is {folder}, where you cannot write.")
