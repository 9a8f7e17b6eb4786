"""Staff who sign in on the shell, and passwords that it asks for."""

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from upline.base.actors import Visitor
from upline.base.errors import NotPermitted
from upline.base.unit import UnitOfWork
from upline.flows import office_door, second_factor
from upline.flows.permissions import right_of
from upline.members.security import checks
from upline.members.security import second_factor as factors


def add_person(parser: ArgumentParser, *, required: bool = True) -> None:
    """Let a command take `--as USERNAME`: its `person`, for `signed_in`."""
    parser.add_argument(
        "--as",
        dest="person",
        required=required,
        metavar="USERNAME",
        help="the staff user who does it; asks for the password",
    )


def ask_password(label: str) -> str:
    """A password, from the terminal or as the next line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{label}: ")
    return sys.stdin.readline().rstrip("\r\n")


def signed_in(username: str, flow: Callable[..., Any] | None = None) -> UnitOfWork:
    """What this staff user changes, once their password is right, and the code of their second
    factor where they have one. Raises CredentialsWrong, CodeWrong, LoginLocked; NotPermitted
    without the right that `flow` needs, where one is named."""
    unit = UnitOfWork(Visitor())
    password = ask_password(f"Password of {username}")
    user = office_door.check_password(unit, username, password, door=checks.SHELL)
    if factors.is_on(user.pk):
        code = ask_password(f"Code of {username}")
        second_factor.check_code(unit, user.pk, code, known_as=checks.SHELL)
    elif office_door.must_set_up_second_factor(user.pk):
        raise NotPermitted("Your office requires a second factor. Set it up in the office first.")
    office_door.enter(unit, user)
    unit.is_confirmed = True
    if flow and not unit.actor.may(right_of(flow)):
        raise NotPermitted(
            f"{username} is not allowed to do this. Ask an owner for the permission."
        )
    return unit
