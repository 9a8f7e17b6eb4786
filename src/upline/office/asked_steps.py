"""What staff asked for and takes a second person: to be confirmed, refused or withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.event_kinds import EventKind
from upline.base.unit import UnitOfWork
from upline.company import current as company
from upline.flows import asked_steps
from upline.flows.permissions import meaning
from upline.language import gettext, lazy, ngettext
from upline.members.models import StepAsked, StepStatus
from upline.office import subjects
from upline.office.asked_details import Row, named, rows_of, settings_table
from upline.office.asking import actor_of
from upline.office.buttons import Block, Button, ButtonForm, FactsBlock, TextBlock
from upline.office.desk import ByStatus, Desk
from upline.office.fields import reason_field
from upline.screens import shown


class RefusalForm(ButtonForm):
    reason = reason_field(
        help_text=lazy("The person who asked is mailed this. It is kept for good.")
    )


def _confirm(unit: UnitOfWork, asked: StepAsked, form: dict[str, Any]) -> str:
    asked_steps.confirm(unit, asked.pk)
    return gettext(
        "“{step}” is done, as {staff} asked.",
        step=asked_steps.WORDS[asked.event],
        staff=asked.actor,
    )


def _refuse(unit: UnitOfWork, asked: StepAsked, form: dict[str, Any]) -> str:
    asked_steps.refuse(unit, asked.pk, form["reason"])
    return gettext("Refused. Nothing was changed.")


def _withdraw(unit: UnitOfWork, asked: StepAsked, form: dict[str, Any]) -> str:
    asked_steps.withdraw(unit, asked.pk)
    return gettext("Withdrawn. Nothing was changed.")


def _is_open(asked: StepAsked) -> bool:
    return asked.status == StepStatus.ASKED


def _preview(asked: StepAsked, form: dict[str, Any]) -> Block:
    return FactsBlock(gettext("What happens"), rows_of(asked))


@admin.register(StepAsked)
class StepDesk(Desk):
    plural = lazy("Steps to confirm")
    nothing = lazy("No step is waiting for a second person.")
    list_display = ("step", "about", "sum", "actor", "asked", "state")
    list_filter = (("status", ByStatus),)
    list_select_related = ("actor", "closed_by", "person")
    ordering = ("-pk",)
    buttons = (
        Button(
            "confirm",
            lazy("Confirm and do it"),
            None,
            _confirm,
            lazy("You are the second person. Check what was asked for: it is done at once."),
            fits=lambda asked: _is_open(asked) and not asked.is_own,
            preview=_preview,
            by_second=lambda _: True,
            main=True,
        ),
        Button(
            "refuse",
            lazy("Refuse"),
            None,
            _refuse,
            lazy("Nothing is changed. The person who asked is mailed your reason."),
            RefusalForm,
            fits=lambda asked: _is_open(asked) and not asked.is_own,
            grave=True,
        ),
        Button(
            "withdraw",
            lazy("Withdraw"),
            None,
            _withdraw,
            lazy("You no longer need this. Nothing is changed."),
            fits=lambda asked: _is_open(asked) and asked.is_own,
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Each sees what they asked for, and what they could confirm."""
        return asked_steps.takes_part(actor_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=lazy("step"), ordering="event")
    def step(self, asked: StepAsked) -> str:
        return self.heading(asked)

    @admin.display(description=lazy("about"))
    def about(self, asked: StepAsked) -> Any:
        return _about(asked)

    @admin.display(description=lazy("amount"), ordering="amount")
    def sum(self, asked: StepAsked) -> str:
        return shown.amount(asked)

    @admin.display(description=lazy("asked"), ordering="at")
    def asked(self, asked: StepAsked) -> str:
        return shown.moment(asked.at)

    @admin.display(description=lazy("status"), ordering="status")
    def state(self, asked: StepAsked) -> SafeString:
        return shown.status(asked.status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        own = When(actor=request.user.pk, then=Value(True))
        is_own = Case(own, default=Value(False), output_field=BooleanField())
        found = asked_steps.seen_by(actor_of(request)).select_related(*self.list_select_related)
        return found.annotate(is_own=is_own)

    def heading(self, thing: StepAsked) -> str:
        return str(asked_steps.WORDS[thing.event])

    def blocks(self, request: HttpRequest, thing: StepAsked) -> Sequence[Block]:
        rows = [
            (gettext("Status"), shown.status(thing.status)),
            (gettext("Asked by"), thing.actor),
            (gettext("Asked"), shown.moment(thing.at)),
            (gettext("Right needed"), meaning(thing.right)),
            *_closed(thing),
        ]
        blocks: list[Block] = [
            FactsBlock(gettext("Request"), rows),
            FactsBlock(gettext("What was asked for"), rows_of(thing)),
        ]
        if thing.event == EventKind.PLAN_PUT_IN_FORCE:
            blocks.append(TextBlock(gettext("Plan"), thing.arguments["text"]))
        if thing.event == EventKind.SETTINGS_CHANGED:
            blocks.append(settings_table(thing.arguments["changes"]))
        return blocks


def _closed(asked: StepAsked) -> list[Row]:
    if asked.status == StepStatus.ASKED:
        return [(gettext("Can be confirmed"), _days(company.office().asked_days))]
    rows: list[Row] = [(gettext("Answered"), shown.moment(asked.closed_at))]
    if asked.closed_by:
        rows.append((gettext("Answered by"), asked.closed_by))
    if asked.answer:
        rows.append((gettext("Why"), asked.answer))
    return rows


def _days(days: int) -> str:
    return ngettext("within {count} day of the request", "within {count} days of the request", days)


def _about(asked: StepAsked) -> Any:
    if asked.person is not None:
        return named(asked.person)
    return subjects.named(asked.subject) or shown.NOTHING
