"""What the tests need from Debian: installed as root, told as anybody else."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from upline.launch.errors import LaunchError

POLICY = Path("/usr/sbin/policy-rc.d")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/upline-test.conf")
QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


@dataclass(frozen=True)
class NeededProgram:
    """A program that some tests need, its package, and what is skipped without it."""

    program: str
    package: str
    skipped: str

    def is_missing(self) -> bool:
        """Whether the program is neither on PATH nor where Debian puts it."""
        if self.program.startswith("/"):
            return not Path(self.program).exists()
        folders = ["/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
        path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
        return shutil.which(self.program, path=path) is None


NGINX_MODULE = "/usr/lib/nginx/modules/ngx_http_js_module.so"
NEEDS = (
    NeededProgram("curl", "curl", "the README's first hour"),
    NeededProgram("initdb", "postgresql", "the tests on the machine's own PostgreSQL"),
    NeededProgram("chromium", "chromium", "the tests in a browser"),
    NeededProgram("chromedriver", "chromium-driver", "the tests in a browser"),
    NeededProgram("nginx", "nginx-light", "the tests behind nginx"),
    NeededProgram(NGINX_MODULE, "libnginx-mod-http-js", "the tests behind nginx"),
)


# By what a long programme's name contains: only whoever starts it needs this.
LONG_NEEDS = {"shifted_days": NeededProgram("cc", "build-essential", "the shifted days")}


def provide(arguments: list[str]) -> None:
    """Install what tests with these arguments miss, or say in a sentence each what is skipped."""
    asked = [need for name, need in LONG_NEEDS.items() if name in " ".join(arguments)]
    missing = [need for need in (*NEEDS, *asked) if need.is_missing()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([need.package for need in missing])
        return
    for need in missing:
        print(
            f"{need.program} is missing, so {need.skipped} are skipped; "
            f"`sudo apt-get install {need.package}` brings it.",
            file=sys.stderr,
        )


def _install(packages: list[str]) -> None:
    _apt(["update"], "Reading Debian's package lists")
    with _nothing_started():
        names = " ".join(packages)
        _apt(["install", "-y", "--no-install-recommends", *packages], f"Installing {names}")


def _apt(arguments: list[str], doing: str) -> None:
    print(f"{doing} …", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    done = subprocess.run(
        ["apt-get", *arguments],
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    print(f" {time.monotonic() - started:.0f} s", file=sys.stderr)
    if done.returncode:
        raise LaunchError(f"{done.stdout[-2000:]}{done.stderr[-2000:]}\n{doing} failed.")


@contextlib.contextmanager
def _nothing_started() -> Iterator[None]:
    """Keep packages from making a database and from starting services meanwhile.

    The tests want programs; a server on this machine's ports would be a surprise.
    """
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n")
    policy_is_ours = not POLICY.exists()
    if policy_is_ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        NO_CLUSTER.unlink(missing_ok=True)
        if policy_is_ours:
            POLICY.unlink(missing_ok=True)
