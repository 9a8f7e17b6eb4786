"""The database and the environment of a command: private or given, with all it needs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from upline.launch import secret_keys
from upline.launch.capacity import SPARE, Processes
from upline.launch.environment import Settings, make_data_dir
from upline.launch.errors import LaunchError
from upline.launch.postgres import PrivatePostgres

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Surroundings:
    """What a command works with. `postgres` is None where DATABASE_URL names a server."""

    environment: dict[str, str]
    postgres: PrivatePostgres | None


@contextlib.contextmanager
def surroundings(
    settings: Settings,
    *,
    own: bool = False,
    server_user: str | None = None,
    guest: int | None = None,
) -> Iterator[Surroundings]:
    """Provide database and environment for as long as the block runs.

    `own`: the private server must live as long as this command, so none is joined.
    `guest`: the number of another user, who serves. Raises LaunchError with what is missing.
    """
    make_data_dir(settings.data_dir)
    if settings.database_url is not None and settings.owner_url is not None:
        yield _around(settings, settings.database_url, settings.owner_url, None)
        return
    secret_keys.keep(settings.data_dir)
    needed = Processes(settings.web_workers, worker=True).connections + SPARE
    postgres = PrivatePostgres(
        settings.data_dir, server_user=server_user, connections=needed, guest=guest
    )
    postgres.start(join=not own)
    try:
        yield _around(settings, postgres.app_url, postgres.owner_url, postgres)
    finally:
        postgres.stop(patience=0 if own else PATIENCE_SECONDS)


def require_secrets(settings: Settings) -> None:
    """With a database elsewhere, secrets are never made up: another machine may have them."""
    lacking = secret_keys.missing(settings.data_dir)
    if settings.database_url is not None and lacking:
        raise LaunchError(
            f"{' and '.join(lacking)} must be set, the same on every machine that uses this "
            "database. For a new installation, `./upline secrets` prints a fresh pair."
        )


def _around(
    settings: Settings, app_url: str, owner_url: str, postgres: PrivatePostgres | None
) -> Surroundings:
    environment = {
        **os.environ,
        **secret_keys.export(settings.data_dir),
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        "DATA_DIR": str(settings.data_dir),
        "DJANGO_SETTINGS_MODULE": "upline.settings",
        "NUMBA_CACHE_DIR": str(settings.data_dir / "numba"),
        "PYTHONUNBUFFERED": "1",
    }
    # A DATABASE_URL_FILE would win over the value that was just decided.
    environment.pop("DATABASE_URL_FILE", None)
    environment.pop("DATABASE_OWNER_URL_FILE", None)
    return Surroundings(environment, postgres)
