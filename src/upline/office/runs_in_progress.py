"""The commission runs that wait for a person, for the first page."""

from upline.commissions.models import Run, RunStatus
from upline.language import gettext, lazy
from upline.office.buttons import TableBlock
from upline.screens import shown

_NEXT: dict[str, str] = {
    RunStatus.OPEN: lazy("calculate"),
    RunStatus.COMPUTED: lazy("check"),
    RunStatus.REVIEWED: lazy("approve, by another person"),
    RunStatus.APPROVED: lazy("pay into wallets"),
    RunStatus.PAID: lazy("close"),
}

# A run takes over what the one before it carries, which holds once that is approved.
_UNAPPROVED = (RunStatus.OPEN, RunStatus.COMPUTED, RunStatus.REVIEWED)


def run_name(run: Run) -> str:
    """A run inside a sentence: `run 5, month 1 Nov 2026 to 30 Nov 2026`."""
    return gettext(
        "run {run}, {length} {first} to {last}",
        run=run.pk,
        length=gettext(run.every),
        first=shown.day(run.first_day),
        last=shown.day(run.last_day),
    )


def run_title(run: Run) -> str:
    """The same as the heading of its page: `Run 5, month 1 Nov 2026 to 30 Nov 2026`."""
    return gettext(
        "Run {run}, {length} {first} to {last}",
        run=run.pk,
        length=gettext(run.every),
        first=shown.day(run.first_day),
        last=shown.day(run.last_day),
    )


def _next(run: Run) -> str:
    before = run.previous
    if run.status == RunStatus.OPEN and before is not None and before.status in _UNAPPROVED:
        return gettext("after run {run} is approved", run=before.pk)
    return _NEXT[run.status]


def in_progress() -> TableBlock:
    """All runs that are not closed, the one that is next in front, each with its next step."""
    found = Run.objects.exclude(status=RunStatus.CLOSED)
    rows = [
        (
            shown.link("commissions_run", run.pk, run_name(run)),
            shown.status(run.status),
            _next(run),
        )
        for run in found.select_related("previous").order_by("last_day", "pk")
    ]
    return TableBlock(
        gettext("Commission runs in progress"),
        (gettext("Run"), gettext("Status"), gettext("Next")),
        rows,
    )
