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
from upline.office.buttons import Block, Button, FactsBlock, TableBlock
from upline.office.desk import ByStatus, Desk
from upline.screens import shown

_EVENTS = {
    "deferred": "queued",
    "deferred_for_retry": "queued for another try",
    "succeeded": "done",
}


def _again(unit: UnitOfWork, job: ProcrastinateJob, asked: dict[str, Any]) -> str:
    jobs.try_again(unit, job.pk)
    return f"Job {job.pk} is queued again."


@admin.register(ProcrastinateJob)
class JobDesk(Desk):
    plural = "Jobs"
    nothing = "There are no jobs at the moment. The background work of Upline appears here."
    list_display = ("what", "condition", "tries", "last_seen")
    list_filter = (("status", ByStatus),)
    ordering = ("-pk",)
    buttons = (
        Button(
            "again",
            "Try again",
            jobs.try_again,
            _again,
            "A worker does it again as soon as one is free. The worker's log says why it failed.",
            fits=lambda job: job.status == JobStatus.FAILED.value,
            main=True,
        ),
    )

    @admin.display(description="job", ordering="pk")
    def what(self, job: ProcrastinateJob) -> str:
        return _name(job)

    @admin.display(description="status", ordering="status")
    def condition(self, job: ProcrastinateJob) -> SafeString:
        return shown.status(job.status)

    @admin.display(description="tries", ordering="attempts")
    def tries(self, job: ProcrastinateJob) -> int:
        return job.attempts

    @admin.display(description="last event", ordering="last_event")
    def last_seen(self, job: Any) -> str:
        return shown.moment(job.last_event)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        found: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.annotate(
            last_event=Max("procrastinateevent__at")
        )
        return found

    def heading(self, thing: ProcrastinateJob) -> str:
        return f"Job {thing.pk}: {_name(thing)}"

    def blocks(self, request: HttpRequest, thing: ProcrastinateJob) -> Sequence[Block]:
        asked = ", ".join(_detail(name, value) for name, value in thing.args.items())
        rows = [
            ("Status", shown.status(thing.status)),
            ("Details", asked or shown.NOTHING),
            ("Tries", thing.attempts),
        ]
        events = ProcrastinateEvent.objects.filter(job=thing).order_by("-pk")
        history = [
            (_EVENTS.get(event.type, shown.words(event.type)), shown.moment(event.at))
            for event in events
        ]
        return [FactsBlock("Job", rows), TableBlock("History", ("Event", "When"), history)]


def _event(event: ProcrastinateEvent) -> str:
    return _EVENTS.get(event.type, shown.words(event.type))


def _detail(name: str, value: Any) -> str:
    """`run_id 5` is `run 5`; the worker's clock is a moment."""
    if name == "timestamp" and isinstance(value, int):
        return f"due {shown.moment(datetime.fromtimestamp(value, UTC))}"
    return f"{shown.words(name.removesuffix('_id'))} {value}"


def _name(job: ProcrastinateJob) -> str:
    """`upline.flows.tasks.work_on_run` is `Work on run`."""
    return shown.words(job.task_name.rpartition(".")[2]).capitalize()
