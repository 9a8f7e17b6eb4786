"""Blocking members, letting them act again, and ending memberships."""

from upline.base.errors import Conflict
from upline.base.unit import UnitOfWork
from upline.flows.permissions import Right, needs
from upline.language import gettext
from upline.members import actions as members
from upline.members.models import Member, Standing
from upline.screens import leaving


class StandingDiffers(Conflict):
    """The member's standing does not allow this."""


class StillHas(Conflict):
    """A member has something here that nobody has confirmed to be known."""


@needs(Right.BLOCK_MEMBERS)
def block_member(unit: UnitOfWork, member_id: int, reason: str) -> None:
    """Block an active member: logins answer 1005, tokens end. Raises StandingDiffers,
    OwnAccount."""
    unit.commit(
        lambda: _change_standing(unit, member_id, Standing.ACTIVE, Standing.BLOCKED, reason)
    )


@needs(Right.BLOCK_MEMBERS)
def unblock_member(unit: UnitOfWork, member_id: int, reason: str) -> None:
    """Let a blocked member act again. Raises StandingDiffers, OwnAccount."""
    unit.commit(
        lambda: _change_standing(unit, member_id, Standing.BLOCKED, Standing.ACTIVE, reason)
    )


@needs(Right.END_MEMBERSHIPS)
def close_member(unit: UnitOfWork, member_id: int, reason: str, confirmed: str = "") -> None:
    """End the membership of a blocked member for good: they keep their place in the trees, and
    never act or earn again. `confirmed` is the sentence about what they still have, as somebody
    has read it. Raises StandingDiffers; StillHas where that is not so, or no longer."""

    def close() -> None:
        _change_standing(unit, member_id, Standing.BLOCKED, Standing.CLOSED, reason)
        remaining = leaving.remains(member_id)
        if remaining != confirmed:
            raise StillHas(
                remaining
                or gettext("There is nothing to take from this member any more. Reload the page.")
            )

    unit.commit(close)


def _change_standing(
    unit: UnitOfWork, member_id: int, before: Standing, after: Standing, reason: str
) -> None:
    unit.refuse_own(member_id)
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    if member.standing != before:
        raise StandingDiffers(
            gettext("This member is {standing}.", standing=member.get_standing_display())
        )
    members.change_standing(unit, member_id, after, reason)
