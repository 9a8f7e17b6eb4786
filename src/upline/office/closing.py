"""Closing a membership: what the member still has is said first, and must be known."""

from typing import Any

from django import forms

from upline.base.unit import UnitOfWork
from upline.flows import blocking
from upline.language import gettext
from upline.members.models import Member
from upline.office.buttons import ReasonForm
from upline.screens import leaving


class CloseForm(ReasonForm):
    """Where the member still has something here, it is said, and must be ticked as known."""

    def __init__(self, thing: Member, *args: Any, **more: Any) -> None:
        super().__init__(thing, *args, **more)
        remains = leaving.remains(thing.pk)
        if remains:
            self.fields["known"] = forms.MultipleChoiceField(
                label=remains,
                choices=[(remains, gettext("I know this. Close the membership anyway."))],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": gettext("Confirm that you know this."),
                                "invalid_choice": gettext(
                                    "This has just changed. Look at it again.")},
            )  # fmt: skip


def close(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    blocking.close_member(unit, member.pk, asked["reason"], *asked.get("known", []))
    return gettext("The membership of {member} has ended.", member=member)
