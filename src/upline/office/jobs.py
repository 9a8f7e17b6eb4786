"""Jobs of the worker: what waits, what is being done, what failed and may be tried again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.jobs import Status as JobStatus

from upline.base.unit import UnitOfWork
from upline.flows import jobs
from upline.language import gettext, lazy
from upline.office.buttons import Block, Button, FactsBlock, TableBlock
from upline.office.desk import ByStatus, Desk
from upline.office.run_facts import STEPS
from upline.screens import shown

_EVENTS = {
    "deferred": lazy("queued"),
    "deferred_for_retry": lazy("queued for another try"),
    "succeeded": lazy("done"),
}
_TASKS = {
    "deliver_mail": lazy("Deliver mail"),
    "login_forgotten": lazy("Login forgotten"),
    "staff_forgot": lazy("Staff forgot"),
    "every_minute": lazy("Every minute"),
    "every_hour": lazy("Every hour"),
    "every_night": lazy("Every night"),
    "commission_runs": lazy("Commission runs"),
    "work_on_run": lazy("Work on run"),
    "interim_runs": lazy("Interim runs"),
}
_ARGUMENTS = {
    "run_id": lazy("run"),
    "step": lazy("step"),
    "actor_id": lazy("staff user"),
    "mail_id": lazy("mail"),
    "username": lazy("username"),
    "past_limit": lazy("past the limit:"),
}


def _again(unit: UnitOfWork, job: ProcrastinateJob, asked: dict[str, Any]) -> str:
    jobs.try_again(unit, job.pk)
    return gettext("Job {pk} is queued again.", pk=job.pk)


@admin.register(ProcrastinateJob)
class JobDesk(Desk):
    plural = lazy("Jobs")
    nothing = lazy("There are no jobs at the moment. The background work of Upline appears here.")
    list_display = ("what", "condition", "tries", "last_seen")
    list_filter = (("status", ByStatus),)
    ordering = ("-pk",)
    buttons = (
        Button(
            "again",
            lazy("Try again"),
            jobs.try_again,
            _again,
            lazy(
                "A worker does it again as soon as one is free. The worker's log says why "
                "it failed."
            ),
            fits=lambda job: job.status == JobStatus.FAILED.value,
            main=True,
        ),
    )

    @admin.display(description=lazy("job"), ordering="pk")
    def what(self, job: ProcrastinateJob) -> str:
        return _name(job)

    @admin.display(description=lazy("status"), ordering="status")
    def condition(self, job: ProcrastinateJob) -> SafeString:
        return shown.status(job.status)

    @admin.display(description=lazy("tries"), ordering="attempts")
    def tries(self, job: ProcrastinateJob) -> int:
        return job.attempts

    @admin.display(description=lazy("last event"), ordering="last_event")
    def last_seen(self, job: Any) -> str:
        return shown.moment(job.last_event)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        found: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.annotate(
            last_event=Max("procrastinateevent__at")
        )
        return found

    def heading(self, thing: ProcrastinateJob) -> str:
        return gettext("Job {pk}: {name}", pk=thing.pk, name=_name(thing))

    def blocks(self, request: HttpRequest, thing: ProcrastinateJob) -> Sequence[Block]:
        asked = ", ".join(_detail(name, value) for name, value in thing.args.items())
        rows = [
            (gettext("Status"), shown.status(thing.status)),
            (gettext("Details"), asked or shown.NOTHING),
            (gettext("Tries"), thing.attempts),
        ]
        events = ProcrastinateEvent.objects.filter(job=thing).order_by("-pk")
        history = [(_event(event), shown.moment(event.at)) for event in events]
        return [
            FactsBlock(gettext("Job"), rows),
            TableBlock(gettext("History"), (gettext("Event"), gettext("When")), history),
        ]


def _event(event: ProcrastinateEvent) -> str:
    return _EVENTS.get(event.type, shown.words(event.type))


def _detail(name: str, value: Any) -> str:
    """`run_id 5` is `run 5`; the worker's clock is a moment."""
    if name == "timestamp" and isinstance(value, int):
        return gettext("due {moment}", moment=shown.moment(datetime.fromtimestamp(value, UTC)))
    said = STEPS[value].name if name == "step" and value in STEPS else value
    return f"{_ARGUMENTS.get(name) or name} {said}"


def _name(job: ProcrastinateJob) -> str:
    """`upline.flows.tasks.work_on_run` is `Work on run`."""
    name = job.task_name.rpartition(".")[2]
    return str(_TASKS.get(name) or name.replace("_", " ").capitalize())
