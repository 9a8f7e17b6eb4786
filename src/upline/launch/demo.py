"""`./upline demo`: a demo company, from a fresh clone to a running server."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from upline.launch import ports, processes, programs
from upline.launch.database import Surroundings, surroundings
from upline.launch.environment import Settings, is_local, make_data_dir, value_of
from upline.launch.errors import LaunchError
from upline.launch.running import Announce, only_server


def demo(settings: Settings) -> int:
    """Run the demo until a signal stops it. A second one only says where the first is."""
    make_data_dir(settings.data_dir)
    with only_server(settings.data_dir, "demo") as (other, announce):
        if other is not None:
            print(f"This folder's {other.command} is already running at {other.url}.")
            return 0
        port, reservation = take_port(settings)
        with reservation:
            _run(settings, port, announce)
    return 0


def take_port(settings: Settings) -> tuple[int, socket.socket]:
    """PORT, or where it was not set the next free one from 8000 on, with its reservation.

    Raises LaunchError where the port that was asked for is taken.
    """
    if reservation := ports.take(settings.bind, settings.port):
        return settings.port, reservation
    other = None if settings.port_is_given else ports.take_next(settings.bind, settings.port)
    if other is None:
        raise LaunchError(f"Port {settings.port} is in use. Set PORT to a free port.")
    print(f"Port {settings.port} is in use; using {other[0]} instead.", file=sys.stderr)
    return other


def _run(settings: Settings, port: int, announce: Announce) -> None:
    url = f"http://127.0.0.1:{port}"
    announce(url)
    with surroundings(settings, own=True) as around:
        around.environment.setdefault("UPLINE_BASE_URL", url)
        _prepare(around)
        if not ports.is_free(settings.bind, port):
            raise LaunchError(f"Port {port} was taken in the meantime. Start again.")
        _serve(settings, around, port)


def _prepare(around: Surroundings) -> None:
    steps = (
        ("Updating the database", ["migrate", "--verbosity", "0"]),
        ("Checking the secrets and the clock", ["ready", "--verbosity", "0"]),
        ("Preparing the demo company", ["demo_company"]),
    )
    for sentence, arguments in steps:
        print(f"{sentence} …", file=sys.stderr, flush=True)
        if processes.run_to_end(programs.django(*arguments), around.environment):
            raise LaunchError(f"{sentence} failed. The lines above say why.")


def _serve(settings: Settings, around: Surroundings, port: int) -> None:
    url = value_of("UPLINE_BASE_URL") or around.environment["UPLINE_BASE_URL"]
    app = app_for(settings.bind, url, value_of("UPLINE_BEHIND_PROXY"))
    children = [
        programs.web_server(settings, port, around.environment, app=app),
        programs.worker(around.environment),
    ]

    def ready() -> bool:
        if not ports.answers(settings.bind, port):
            return False
        print(welcome(around.environment["UPLINE_BASE_URL"], settings.data_dir / "demo.json"))
        sys.stdout.flush()
        return True

    processes.supervise(children, around.postgres, ready)


def app_for(bind: str, url: str, behind_proxy: str | None = None) -> str:
    """What is served: where others could reach the demo, directly, at its public address or
    through a proxy, the front page signs nobody in."""
    is_ours = is_local(bind) and is_local(_host(url)) and behind_proxy in (None, "off")
    return "demo_app" if is_ours else "web_app"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def welcome(url: str, file: Path) -> str:
    """What the person needs: the address, the logins, how to stop."""
    logins = json.loads(file.read_text()) if file.exists() else {}
    lines = ["", f"Upline runs at {url}", *_people(logins), "", "Press Ctrl-C to stop it.", ""]
    return "\n".join(lines)


def _people(logins: dict[str, Any]) -> list[str]:
    """One line per login of demo.json, in columns."""
    lines = []
    if "api_key" in logins:
        lines.append(f"  api key   {logins['api_key']}")
    staff = [("office", logins.get("office")), ("approver", logins.get("approver"))]
    members = [("member", member) for member in logins.get("members", [])]
    for role, person in [*staff, *members]:
        if person:
            lines.append(
                f"  {role:<9} {person['username']:<18} {person['password']}  " + _more(person)
            )
    return [line.rstrip() for line in lines]


def _more(person: dict[str, str]) -> str:
    shown = (
        ("transaction_password", "transaction password"),
        ("epin_code", "e-pin"),
        ("url", "at"),
    )
    return ", ".join(f"{label} {person[key]}" for key, label in shown if key in person)
