"""PostgreSQL's own programs for a backup: which ones, and how they reach the database."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from upline.launch.binaries import folders
from upline.launch.errors import LaunchError


@dataclass(frozen=True)
class DumpTools:
    """pg_dump and pg_restore of one version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """Where one of them stands."""
        return str(self.folder / program)


def find_tools(server: int) -> DumpTools:
    """The first that are not older than the server. Raises LaunchError where there are none."""
    found = [tools for tools in map(_inspect, folders("pg_dump")) if tools]
    for tools in found:
        if tools.major >= server:
            return tools
    have = ", ".join(str(tools.major) for tools in found)
    raise LaunchError(
        f"The database is PostgreSQL {server}, and a backup needs pg_dump of this version or a "
        f"newer one: here is {f'only {have}' if have else 'none'}. Install Debian's package "
        f"`postgresql-client-{server}`."
    )


def _inspect(folder: Path) -> DumpTools | None:
    programs = [folder / "pg_dump", folder / "pg_restore"]
    if not all(os.access(program, os.X_OK) for program in programs):
        return None
    asked = subprocess.run(
        [str(programs[0]), "--version"], capture_output=True, text=True, check=False
    )
    said = re.search(r"\) (\d+)", asked.stdout)
    return DumpTools(folder, int(said.group(1))) if said else None


def connect(url: str) -> psycopg.Connection:
    """A connection, or LaunchError with a sentence."""
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise LaunchError(f"The database cannot be reached: {error}".strip()) from error


def server_version(url: str) -> int:
    """The server's major version."""
    with connect(url) as connection:
        return connection.info.server_version // 10_000


def environment(url: str) -> dict[str, str]:
    """What the programs need to reach the database; a password is no argument that others see."""
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in psycopg.pq.Conninfo.get_defaults()
        if option.envvar
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    said = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    return kept | {variables[name]: value for name, value in said.items() if name in variables}
