"""Who speaks on the shell: passwords asked for, staff signed in."""

import getpass
import sys

from upline.base.errors import NotPermitted
from upline.base.unit import Unit
from upline.flows import staff


def ask_password(label: str) -> str:
    """A password, from the terminal or as the next line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{label}: ")
    return sys.stdin.readline().strip()


def signed_in(username: str, permission: str = "") -> Unit:
    """What this staff user changes, once their password is right. Raises CredentialsWrong,
    LoginLocked; NotPermitted without the permission, where one is named."""
    unit = Unit()
    user = staff.sign_in(unit, username, ask_password(f"Password of {username}"))
    if permission and not user.has_perm(permission):
        raise NotPermitted(f"{username} may not do this. Ask a superuser for the permission.")
    return unit
