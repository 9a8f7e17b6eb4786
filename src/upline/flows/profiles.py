"""Changing a profile where it tells somebody: the e-mail address, the picture."""

from typing import Any

from upline.base.unit import Unit
from upline.flows import limits
from upline.mailings import actions as mailings
from upline.members import actions as members
from upline.members import profile
from upline.members.errors import LinkUsedUp
from upline.members.models import User
from upline.members.queries import Caller
from upline.pictures import actions as pictures


def change_contact(unit: Unit, caller: Caller, **fields: Any) -> None:
    """Change contact data. A new e-mail address shows at once; resets go to the old one until
    the link mailed to the new one is used. Raises EmailInUse where the office wants one member
    per address."""

    def change() -> None:
        if "email" in fields:
            members.claim_email(fields["email"], caller.member_id)
        new_email = profile.change_contact(unit, caller.member_id, **fields)
        if new_email is not None:
            confirmed = User.objects.get(pk=caller.member_id).email
            mailings.write("email_changed", caller.member_id, confirmed, new_email=new_email)
            mailings.write("confirm_email", caller.member_id, new_email)

    unit.commit(change)


def confirm_email(unit: Unit, secret: str) -> None:
    """Use the link mailed to a new address. Raises LinkUsedUp, also where the profile shows
    yet another address by now; LoginBlocked."""

    def confirm() -> None:
        link = members.use_link(secret, "confirm_email")
        if not profile.confirm_email(unit, link.user_id, link.email):
            raise LinkUsedUp(
                "Your profile shows another e-mail address by now: use the link mailed to that one."
            )

    unit.commit(confirm)


def change_picture(unit: Unit, caller: Caller, content: bytes) -> None:
    """Show another picture. Raises NotAPicture, PictureTooLarge, TooManyRequests."""
    limits.count_picture(caller)
    drawn = pictures.draw_anew(content)
    unit.commit(lambda: profile.change_picture(caller.member_id, pictures.keep(drawn).pk))
