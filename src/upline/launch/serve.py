"""`./upline serve`: the web server and the worker, in production."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from upline.launch import given_server, ports, privileges, processes, programs
from upline.launch.arguments import parser
from upline.launch.capacity import Processes
from upline.launch.database import Surroundings, require_secrets, surroundings
from upline.launch.environment import PROJECT, Settings, is_local, make_data_dir, value_of
from upline.launch.errors import LaunchError
from upline.launch.privileges import Privileges
from upline.launch.running import only_server


def serve(settings: Settings, arguments: list[str]) -> int:
    """Serve until a signal stops it. Raises LaunchError for what production lacks."""
    asked = parser("serve").parse_args(arguments)
    require_production(
        settings, alone=asked.web_only or asked.worker_only, listens=not asked.worker_only
    )
    make_data_dir(settings.data_dir)
    if settings.database_url is not None:
        return _run(settings, asked)
    with only_server(settings.data_dir, "serve") as (other, announce):
        if other is not None:
            raise LaunchError(f"This folder's {other.command} is already running at {other.url}.")
        announce(value_of("UPLINE_BASE_URL") or "")
        return _run(settings, asked)


def require_production(settings: Settings, *, alone: bool, listens: bool = True) -> None:
    """Say everything that is missing, in one go."""
    problems = [
        *_base_url_problems(value_of("UPLINE_BASE_URL")),
        *_private_database_problems(settings, alone),
        *(_bind_problems(settings) if listens else []),
    ]
    try:
        require_secrets(settings)
    except LaunchError as error:
        problems.append(str(error))
    if problems:
        raise LaunchError("\n".join(problems))


def _bind_problems(settings: Settings) -> list[str]:
    """The web server sets no time limit on the body of a request: who sends a little of it and
    waits holds a thread. nginx takes in whole bodies first."""
    if is_local(settings.bind) or os.environ.get("UPLINE_BEHIND_PROXY") == "on":
        return []
    return [
        f"UPLINE_BIND is {settings.bind}, which others can reach: put nginx with "
        "deploy/nginx.conf in front and set UPLINE_BEHIND_PROXY=on. Without it, slow requests "
        "stop the server."
    ]


def _base_url_problems(url: str | None) -> list[str]:
    if not url:
        return ["Set UPLINE_BASE_URL to the public address, such as https://office.example.com."]
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost"):
        return []
    return [f"UPLINE_BASE_URL must begin with https://, not {url!r}: passwords travel there."]


def _private_database_problems(settings: Settings, alone: bool) -> list[str]:
    if settings.database_url is not None:
        return []
    if alone:
        return ["--web-only and --worker-only need a shared database. Set DATABASE_URL."]
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
        raise LaunchError(f"Port {settings.port} is in use. Set PORT to a free port.")
    with reservation:
        return _run_programs(settings, asked)


def _run_programs(settings: Settings, asked: argparse.Namespace) -> int:
    dropped = privileges.to_serve(settings.web_user) if os.geteuid() == 0 else None
    guest = dropped.uid if dropped else None
    with surroundings(settings, own=True, server_user=settings.server_user, guest=guest) as around:
        _require_readiness(around)
        need = Processes(
            0 if asked.worker_only else settings.web_workers, worker=not asked.web_only
        )
        for remark in given_server.look(need, around.environment["DATABASE_URL"]):
            print(remark, file=sys.stderr)
        environment = around.environment
        if dropped is not None:
            environment = environment | _drop(dropped, settings, around)
        prefix = dropped.prefix if dropped else ()
        children = []
        if not asked.worker_only:
            children.append(
                programs.web_server(settings, settings.port, environment, prefix=prefix)
            )
        if not asked.web_only:
            children.append(programs.worker(environment, prefix=prefix))
        processes.supervise(children, around.postgres, lambda: _say_ready(settings, asked))
    return 0


def _drop(user: Privileges, settings: Settings, around: Surroundings) -> dict[str, str]:
    """See that the other user can work here. Returns what is different in their environment:
    compiled code is kept apart, since root must not run what they have written."""
    name = privileges.name_of(user.uid)
    files = settings.data_dir / "postgres"
    if around.postgres is not None and files.stat().st_uid == user.uid:
        raise LaunchError(
            f"{files} belongs to {name}, who would run the web server too: "
            "name another user in UPLINE_WEB_USER."
        )
    python = Path(sys.executable).resolve().parent
    source = PROJECT / "src" / "upline"
    privileges.require_access("The web server", user, python, source, settings.data_dir)
    compiled = settings.data_dir / f"compiled-{name}"
    compiled.mkdir(mode=0o700, exist_ok=True)
    user.give(compiled)
    print(f"Web server and worker run as the user {name}.", file=sys.stderr)
    return {"NUMBA_CACHE_DIR": str(compiled), "MPLCONFIGDIR": str(compiled), "HOME": str(compiled)}


def _require_readiness(around: Surroundings) -> None:
    """The command says itself what is in the way: the version, a secret, the clock."""
    if processes.run_to_end(programs.django("ready", "--verbosity", "0"), around.environment):
        raise LaunchError("Nothing was started.")


def _say_ready(settings: Settings, asked: argparse.Namespace) -> bool:
    if asked.worker_only:
        print("The worker is running.", file=sys.stderr)
        return True
    if not ports.answers(settings.bind, settings.port):
        return False
    print(f"Upline answers on {settings.bind}:{settings.port}.", file=sys.stderr)
    return True
