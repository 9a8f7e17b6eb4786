"""`./upline serve`: the web server and the worker, in production."""

from __future__ import annotations

import argparse
import os
import sys
from urllib.parse import urlsplit

from upline.launch import capacity, ports, processes, programs
from upline.launch.capacity import Need
from upline.launch.database import Surroundings, require_secrets, surroundings
from upline.launch.environment import Settings, make_data_dir, value_of
from upline.launch.errors import LaunchError
from upline.launch.running import only_server


def serve(settings: Settings, arguments: list[str]) -> int:
    """Serve until a signal stops it. Raises LaunchError for what production lacks."""
    asked = _parse(arguments)
    require_production(settings, alone=asked.web_only or asked.worker_only)
    make_data_dir(settings.data_dir)
    if settings.database_url is not None:
        return _run(settings, asked)
    with only_server(settings.data_dir, "serve") as (other, announce):
        if other is not None:
            raise LaunchError(f"The {other.command} of this folder already runs at {other.url}.")
        announce(value_of("UPLINE_BASE_URL") or "")
        return _run(settings, asked)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("./upline serve", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--web-only", action="store_true", help="only the web server")
    choice.add_argument("--worker-only", action="store_true", help="only the worker")
    return parser.parse_args(arguments)


def require_production(settings: Settings, *, alone: bool) -> None:
    """Say everything that is missing, in one go."""
    problems = [
        *_base_url_problems(value_of("UPLINE_BASE_URL")),
        *_private_database_problems(settings, alone),
    ]
    try:
        require_secrets(settings)
    except LaunchError as error:
        problems.append(str(error))
    if problems:
        raise LaunchError("\n".join(problems))


def _base_url_problems(url: str | None) -> list[str]:
    if not url:
        return ["UPLINE_BASE_URL must be set to the public address, https://office.example.com."]
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost"):
        return []
    return [f"UPLINE_BASE_URL must begin with https://, not {url!r}: passwords travel there."]


def _private_database_problems(settings: Settings, alone: bool) -> list[str]:
    if settings.database_url is not None:
        return []
    if alone:
        return ["--web-only and --worker-only share a database: set DATABASE_URL."]
    cluster = settings.data_dir / "postgres"
    if os.geteuid() == 0 and cluster.exists() and cluster.stat().st_uid == 0:
        return [
            f"The database in {cluster} was made by root's demo, and serving it as root is not "
            f"safe: set DATA_DIR to another folder, or give it away (chown -R nobody {cluster})."
        ]
    return []


def _run(settings: Settings, asked: argparse.Namespace) -> int:
    if asked.worker_only:
        return _run_programs(settings, asked)
    reservation = ports.take(settings.bind, settings.port)
    if reservation is None:
        raise LaunchError(f"Port {settings.port} is taken; set PORT to a free one.")
    with reservation:
        return _run_programs(settings, asked)


def _run_programs(settings: Settings, asked: argparse.Namespace) -> int:
    with surroundings(settings, own=True, server_user=settings.server_user) as around:
        _require_readiness(around)
        need = Need(0 if asked.worker_only else settings.web_workers, worker=not asked.web_only)
        capacity.require(need, around.environment["DATABASE_URL"])
        if os.geteuid() == 0:
            print("You are root: better run Upline as a user of its own.", file=sys.stderr)
        children = []
        if not asked.worker_only:
            children.append(programs.web_server(settings, settings.port, around.environment))
        if not asked.web_only:
            children.append(programs.worker(around.environment))
        processes.supervise(children, around.postgres, lambda: _say_ready(settings, asked))
    return 0


def _require_readiness(around: Surroundings) -> None:
    """The command says itself what is in the way: the version, a secret, the clock."""
    if processes.run_to_end(programs.django("ready"), around.environment):
        raise LaunchError("Nothing was started.")


def _say_ready(settings: Settings, asked: argparse.Namespace) -> bool:
    if asked.worker_only:
        print("The worker runs.", file=sys.stderr)
        return True
    if not ports.answers(settings.bind, settings.port):
        return False
    print(f"Upline answers on {settings.bind}:{settings.port}.", file=sys.stderr)
    return True
