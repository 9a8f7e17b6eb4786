"""The buttons that open a further position of a member, and one again that was closed."""

from typing import Any

from django import forms

from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.company.models import PlanKind
from upline.flows import opening
from upline.flows.opening import PositionRequest
from upline.genealogy.models import Position, PositionStatus
from upline.language import gettext, lazy
from upline.members.models import Member, MemberKind, Standing
from upline.office.buttons import Button, ButtonForm
from upline.office.fields import LineField, reason_field


class PlaceForm(ButtonForm):
    """Where a position is to stand, and why."""

    placement_username = LineField(
        max_length=40,
        label=lazy("Below"),
        help_text=lazy("A username, or such as anna/2 for a member's second position."),
    )
    position = forms.ChoiceField(
        label=lazy("Side"), choices=[(1, lazy("left")), (2, lazy("right"))]
    )
    reason = reason_field(help_text=lazy("Kept for good, together with your name."))


def _open(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    wish = PositionRequest(member.pk, asked["placement_username"], int(asked["position"]))
    opened = opening.open_position(unit, wish, asked["reason"])
    return gettext("Position {name} is open.", name=opened.name)


def _may_have_more(member: Member) -> bool:
    several = company.office().positions_max > 1
    is_binary = company.current().plan_kind == PlanKind.BINARY
    is_in_tree = member.kind == MemberKind.MEMBER and member.standing != Standing.CLOSED
    return several and is_binary and is_in_tree


POSITION = Button(
    "position",
    lazy("Open position"),
    opening.open_position,
    _open,
    lazy(
        "The member gets a further position in the tree. Its legs gather volume "
        "and are paired on their own from now on."
    ),
    PlaceForm,
    fits=_may_have_more,
)


class ClosedPositionForm(ButtonForm):
    """Which position, and why."""

    closed_position = LineField(
        max_length=40,
        label=lazy("Position"),
        help_text=lazy("The username, or such as anna/2 for a member's second position."),
    )
    reason = reason_field(help_text=lazy("Kept for good, together with your name."))


def _reopen(unit: UnitOfWork, member: Member, asked: dict[str, Any]) -> str:
    named = opening.reopen_position(unit, member.pk, asked["closed_position"], asked["reason"])
    return gettext("Position {name} is open.", name=named.name)


def _has_closed_one(member: Member) -> bool:
    if member.standing == Standing.CLOSED:
        return False
    return Position.objects.filter(member_id=member.pk, status=PositionStatus.CLOSED).exists()


REOPEN = Button(
    "reopen",
    lazy("Open position again"),
    opening.reopen_position,
    _reopen,
    lazy("The position earns again from now on. The order that was refunded stays refunded."),
    ClosedPositionForm,
    fits=_has_closed_one,
)
