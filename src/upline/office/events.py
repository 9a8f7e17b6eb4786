"""Events: what happened that other systems may want to know."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest

from upline.base.event_kinds import DESCRIBED, EventKind
from upline.events.models import Event
from upline.events.queries import Cursor
from upline.language import gettext, lazy
from upline.members.models import User
from upline.office import audit_words, subjects
from upline.office.buttons import Block, FactsBlock
from upline.office.desk import ByDay, Desk
from upline.screens import shown


class ByEventKind(admin.SimpleListFilter):
    title = lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return sorted(
            ((kind.value, audit_words.event(kind)) for kind in EventKind), key=lambda each: each[1]
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Event)
class EventDesk(Desk):
    plural = lazy("Events")
    nothing = lazy(
        "Nothing has happened yet. Joined members, orders, payouts and runs appear here."
    )
    list_display = ("what", "about", "member", "when")
    list_filter = (ByEventKind, ("occurred_at", ByDay))

    @admin.display(description=lazy("what"), ordering="kind")
    def what(self, event: Event) -> str:
        return audit_words.event(event.kind)

    @admin.display(description=lazy("about"), ordering="subject")
    def about(self, event: Event) -> str:
        return subjects.named(event.subject)

    @admin.display(description=lazy("member"))
    def member(self, event: Any) -> Any:
        return shown.member(event.member_id, event.username or "")

    @admin.display(description=lazy("when"), ordering="occurred_at")
    def when(self, event: Event) -> str:
        return shown.moment(event.occurred_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        named = Cast(KT("data__member_id"), BigIntegerField())
        person = User.objects.filter(pk=OuterRef("member_id")).values("username")
        return Event.objects.annotate(member_id=named).annotate(username=Subquery(person))

    def heading(self, thing: Event) -> str:
        return self.what(thing)

    def blocks(self, request: HttpRequest, thing: Any) -> Sequence[Block]:
        rows = [
            (gettext("What"), self.what(thing)),
            (gettext("Meaning"), str(DESCRIBED[EventKind(thing.kind)].meaning)),
            (gettext("Kind"), thing.kind),
            (gettext("Subject"), thing.subject),
            (gettext("About"), subjects.linked(thing.subject)),
            (gettext("Member"), self.member(thing)),
            (gettext("When"), shown.moment(thing.occurred_at)),
            (gettext("Cursor"), str(Cursor(thing.transaction, thing.pk))),
        ]
        data = [(name, _said(value)) for name, value in thing.data.items()]
        return [FactsBlock(gettext("Event"), rows), FactsBlock(gettext("Data"), data)]


def _said(value: Any) -> str:
    """Data as a program gets them."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or shown.NOTHING
    return shown.NOTHING if value is None else str(value)
