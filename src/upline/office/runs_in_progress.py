"""The commission runs that somebody still has to do something with, for the first page."""

from upline.commissions.models import Run, RunStatus
from upline.office.buttons import TableBlock
from upline.screens import shown

_NEXT: dict[str, str] = {
    RunStatus.OPEN: "calculate",
    RunStatus.COMPUTED: "check",
    RunStatus.REVIEWED: "approve, by another person",
    RunStatus.APPROVED: "pay into wallets",
    RunStatus.PAID: "close",
}


def run_name(run: Run) -> str:
    return f"run {run.pk}, {run.every} {shown.day(run.first_day)} to {shown.day(run.last_day)}"


def in_progress() -> TableBlock:
    """All runs that are not closed, the one that is next in front, each with its next step."""
    rows = [
        (
            shown.link("commissions_run", run.pk, run_name(run)),
            shown.status(run.status),
            _NEXT[run.status],
        )
        for run in Run.objects.exclude(status=RunStatus.CLOSED).order_by("last_day", "pk")
    ]
    return TableBlock("Commission runs in progress", ("Run", "Status", "Next"), rows)
