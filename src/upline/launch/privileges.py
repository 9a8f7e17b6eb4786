"""As whom PostgreSQL, the web server and the worker run: never as root.

As an ordinary user there is nothing to do. For PostgreSQL root has two ways:

- a user namespace (`unshare`), where root calls itself nobody. It reaches whatever root
  reaches, and its files stay root's: right for a demo and for tests, never for serving;
- another user (`setpriv`), who must be able to reach the programs and the data.

Web server and worker have the second way only, and a user apart from PostgreSQL's, who could
write into the database's files. Each, and the ordinary way too, asks the kernel for a signal
when the launcher dies (`setpriv --pdeathsig`, behind a change of user, which would forget it), so
that even `kill -9` of the launcher leaves no server behind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from upline.launch.errors import LaunchError

NOBODY = 65534
SERVERS = ("upline", "daemon")
"""Who runs web server and worker where nobody is named: the first that the machine knows."""
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


@dataclass(frozen=True)
class Privileges:
    """What to put in front of a command, and who owns the files it makes."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def command(self, arguments: list[str]) -> list[str]:
        """The arguments, run with these privileges."""
        return [*self.prefix, *arguments]

    def tethered(self, arguments: list[str], signal_name: str) -> list[str]:
        """The same, and with a signal (`INT`) when the launcher dies."""
        return [*self.prefix, *tether(signal_name), *arguments]

    def give(self, folder: Path) -> None:
        """Hand a folder to the one who will use it."""
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)


def tether(signal_name: str) -> list[str]:
    """A prefix that signals the command when the thread that started it is gone.

    Empty where the machine has no setpriv (it is essential in Debian).
    """
    return ["setpriv", "--pdeathsig", signal_name] if shutil.which("setpriv") else []


def choose(cluster: Path, server_user: str | None) -> Privileges:
    """The privileges for a database folder that exists or is to be made.

    An existing one decides by its owner. `server_user` is asked for by commands that
    prepare or do real work; without it root takes the namespace, where it is allowed.
    Raises LaunchError where neither way is open.
    """
    if os.geteuid() != 0:
        return _myself(cluster)
    owner = cluster.stat().st_uid if cluster.exists() else None
    if owner:
        return _other_user(owner)
    if owner is None and server_user is not None:
        return _other_user(uid_of(server_user))
    if namespace_works():
        return Privileges(NAMESPACE, 0, 0)
    return _without_namespace(cluster, owner)


def to_serve(user: str | None) -> Privileges:
    """Those of the web server and the worker, where we are root. Raises LaunchError."""
    if user is not None:
        return _other_user(uid_of(user, "UPLINE_WEB_USER"))
    known = {each.pw_name for each in pwd.getpwall()}
    for name in SERVERS:
        if name in known:
            return _other_user(uid_of(name))
    raise LaunchError(
        "As root, `serve` needs another user for the web server and the worker: "
        "`useradd --system upline`, or name one in UPLINE_WEB_USER."
    )


def uid_of(user: str, variable: str = "UPLINE_USER") -> int:
    """The number of a user. Raises LaunchError for an unknown one and for root."""
    try:
        uid = pwd.getpwnam(user).pw_uid
    except KeyError:
        sentence = f"{variable} names the user {user}, whom this machine does not know."
        raise LaunchError(sentence) from None
    if uid == 0:
        raise LaunchError(f"{variable} must not be root.")
    return uid


def namespace_works() -> bool:
    """Whether this machine lets us make a user namespace; many containers do not."""
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False)
    return tried.returncode == 0


def require_access(what: str, privileges: Privileges, *wanted: Path) -> None:
    """See that another user reaches these folders, for `what` runs as them. Raises LaunchError."""
    if privileges.prefix[:1] != ("setpriv",):
        return
    for each in wanted:
        for folder in [*reversed(each.parents), each]:
            _require_passage(what, privileges, folder)


def _require_passage(what: str, privileges: Privileges, folder: Path) -> None:
    test = privileges.command(["test", "-x", str(folder)])
    if subprocess.run(test, check=False, cwd="/").returncode:
        raise LaunchError(
            f"{what} runs as the user {name_of(privileges.uid)}, who may not enter {folder}: "
            "put Upline and DATA_DIR where this user can reach them (such as /srv/upline), "
            "or start ./upline as an ordinary user."
        )


def _myself(cluster: Path) -> Privileges:
    me = os.geteuid()
    if cluster.exists() and cluster.stat().st_uid != me:
        raise LaunchError(
            f"The database in {cluster} belongs to {name_of(cluster.stat().st_uid)}, "
            f"and you are {name_of(me)}: start as its owner, or choose another DATA_DIR."
        )
    return Privileges((), me, os.getegid())


def _other_user(uid: int) -> Privileges:
    if not shutil.which("setpriv"):
        raise LaunchError(
            "As root, Upline needs `setpriv` (Debian's util-linux). Start it as an ordinary user."
        )
    gid = _group(uid)
    prefix = ("setpriv", "--reuid", str(uid), "--regid", str(gid), "--clear-groups")
    nothing = ("--no-new-privs", "--inh-caps=-all", "--bounding-set=-all")
    return Privileges((*prefix, *nothing), uid, gid)


def _without_namespace(cluster: Path, owner: int | None) -> Privileges:
    if owner is None:
        return _other_user(NOBODY)
    raise LaunchError(
        f"The database in {cluster} belongs to root, and this machine refuses user namespaces: "
        f"give it to a user (`chown -R nobody {cluster}`), and start again."
    )


def _group(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def name_of(uid: int) -> str:
    """The user's name, or what stands for one that the machine does not know."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"
