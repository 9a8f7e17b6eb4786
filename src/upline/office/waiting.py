"""Members who wait for a place in the tree, and the button that gives them one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from upline.base.unit import UnitOfWork
from upline.flows import placing
from upline.genealogy.models import Position
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, FactsBlock
from upline.office.desk import Desk
from upline.office.positions import PlaceForm
from upline.screens import shown

_LIST = "genealogy_position_changelist"


def _place(unit: UnitOfWork, waiting: Position, asked: dict[str, Any]) -> str:
    side = int(asked["position"])
    placing.place(unit, waiting.pk, asked["placement_username"], side, asked["reason"])
    return gettext("{member} is placed.", member=waiting.member)


@admin.register(Position)
class WaitingDesk(Desk):
    plural = lazy("Waiting for a place")
    nothing = lazy("Nobody waits. New members who name no placement appear here if you allow it.")
    list_display = ("username", "sponsored_by", "until")
    ordering = ("place_by", "pk")
    buttons = (
        Button(
            "place",
            lazy("Give a place"),
            placing.place,
            _place,
            lazy("The member gets this place in the tree. It counts from now on."),
            PlaceForm,
            fits=lambda waiting: waiting.place_by is not None,
            main=True,
        ),
    )

    @admin.display(description=lazy("username"), ordering="member__user__username")
    def username(self, waiting: Position) -> str:
        return str(waiting.member)

    @admin.display(description=lazy("sponsor"), ordering="sponsor__user__username")
    def sponsored_by(self, waiting: Position) -> str:
        return str(waiting.sponsor)

    @admin.display(description=lazy("placed by"), ordering="place_by")
    def until(self, waiting: Position) -> str:
        return shown.moment(waiting.place_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        """The list has who waits; the page of one stays when they have their place."""
        found = Position.objects.filter(number=1, sponsor__isnull=False)
        found = found.select_related("member__user", "sponsor__user")
        is_list = request.resolver_match and request.resolver_match.url_name == _LIST
        return found.filter(place_by__isnull=False) if is_list else found

    def heading(self, thing: Position) -> str:
        if thing.place_by:
            return gettext("{member} waits for a place", member=thing.member)
        return gettext("{member} is placed", member=thing.member)

    def blocks(self, request: HttpRequest, thing: Position) -> Sequence[Block]:
        rows = [
            (gettext("Member"), shown.member(thing.member_id, str(thing.member))),
            (gettext("Sponsor"), shown.member(thing.sponsor_id, str(thing.sponsor))),
            (gettext("Since"), shown.moment(thing.opened_at)),
            (gettext("Placed by Upline"), shown.moment(thing.place_by)),
        ]
        return [FactsBlock(gettext("Waiting"), rows)]
