"""The button that lets a member or staff user try again after too many wrong passwords."""

from collections.abc import Callable
from typing import Any

from upline.base.unit import UnitOfWork
from upline.language import gettext, lazy
from upline.members.models import User
from upline.office.buttons import Button


def unlock_button(
    flow: Callable[[UnitOfWork, str], None],
    user_of: Callable[[Any], User],
    fits: Callable[[Any], bool],
) -> Button:
    """For things that belong to a user, as `user_of` says; `flow` unlocks them."""

    def unlock(unit: UnitOfWork, thing: Any, asked: dict[str, Any]) -> str:
        username = user_of(thing).username
        flow(unit, username)
        return gettext("{username} can try to sign in again.", username=username)

    return Button(
        "unlock",
        lazy("Unlock sign-in"),
        flow,
        unlock,
        lazy(
            "After too many wrong passwords or e-pins, people have to wait. This ends "
            "the wait. Passwords stay as they are."
        ),
        fits=fits,
    )
