"""Commission runs: how far each has come, what it comes to, and its next step as a button."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.models import AuditEntry
from upline.base.unit import UnitOfWork
from upline.commissions.models import Run, RunStatus
from upline.flows import commission_run
from upline.members.models import Standing
from upline.office import audit_words, run_results
from upline.office.buttons import Block, Button, FactsBlock, ReasonForm, TableBlock
from upline.office.desk import ByStatus, Desk
from upline.office.fields import LineField
from upline.office.runs_in_progress import run_name
from upline.screens import run_page, shown, who

_LISTED = 50
_PEOPLE = ("opened_by", "computed_by", "reviewed_by", "approved_by", "paid_by", "closed_by")
_ASKED = "Reload this page to see how far it has come."
_STEPS = {"compute": "calculate", "pay": "pay"}


def _step(
    step: Callable[[UnitOfWork, int], None], done: str
) -> Callable[[UnitOfWork, Run, Any], str]:
    def act(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
        step(unit, run.pk)
        return f"Run {run.pk} is {done}."

    return act


def _by_worker(step: str) -> Callable[[UnitOfWork, Run, Any], str]:
    def act(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
        commission_run.ask_worker(unit, run.pk, step)
        return f"A worker will {_STEPS[step]} run {run.pk}. {_ASKED}"

    return act


def _open(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    made = commission_run.open_due(unit)
    if not made:
        return "No run is due. A run can start once the last day of its period is over."
    return "Started: " + ", ".join(run_name(run) for run in made) + "."


class ForfeitForm(ReasonForm):
    """Asks whose money the company keeps, and why."""

    username = LineField(
        max_length=30, help_text="A closed member with withheld earnings in this run."
    )
    field_order = ("username", "reason")


def _forfeit(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
    amount = commission_run.forfeit(unit, run.pk, asked["username"], asked["reason"])
    kept = "stays with the company" if amount.minor >= 0 else "is no longer taken back"
    return f"{shown.money(abs(amount.minor), amount.currency)} of {run_name(run)} {kept}."


def _drop(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
    commission_run.drop(unit, run.pk, asked["reason"])
    return run_page.dropped(run.pk)


def _is(*statuses: RunStatus) -> Callable[[Run], bool]:
    return lambda run: run.status in statuses


def _comes_to(run: Run, asked: dict[str, Any]) -> FactsBlock:
    rows = [
        ("Members with an amount or a rank", f"{run.members:,}"),
        ("Total paid to members", shown.plan_money(run.paid)),
    ]
    return FactsBlock("Results", rows)


class ByLength(admin.AllValuesFieldListFilter):
    """Days, weeks or months."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = "length"


@admin.register(Run)
class RunDesk(Desk):
    plural = "Commission runs"
    nothing = "There are no runs yet. A run starts once the last day of its period is over."
    list_display = ("run", "period", "status_label", "gets", "members_paid", "line_count", "opened")
    list_filter = (("status", ByStatus), ("every", ByLength))
    ordering = ("-pk",)
    list_buttons = (
        Button(
            "open",
            "Start due runs",
            commission_run.open_due,
            _open,
            "Starts a run for each period that has ended and freezes its days: orders that come "
            "later count for a later day. The worker also does this every ten minutes.",
        ),
    )
    buttons = (
        Button(
            "compute",
            "Calculate",
            commission_run.compute,
            _by_worker("compute"),
            "A worker calculates the run, again if it was calculated before. Someone then has to "
            "check it again.",
            fits=_is(RunStatus.OPEN, RunStatus.COMPUTED, RunStatus.REVIEWED),
            main=True,
        ),
        Button(
            "review",
            "I have checked it",
            commission_run.review,
            _step(commission_run.review, "marked as checked"),
            "Confirm that you have checked the results. Another person approves the run.",
            fits=_is(RunStatus.COMPUTED),
            preview=_comes_to,
            main=True,
        ),
        Button(
            "approve",
            "Approve run",
            commission_run.approve,
            _step(commission_run.approve, RunStatus.APPROVED),
            "The results and the ranks become final, and the run can be paid. You cannot approve a "
            "run that you started or checked.",
            fits=_is(RunStatus.REVIEWED),
            preview=_comes_to,
            by_second=lambda _: True,
            main=True,
        ),
        Button(
            "pay",
            "Pay into wallets",
            commission_run.pay,
            _by_worker("pay"),
            "A worker pays every member who is not paid yet. Earnings of blocked or closed members "
            "are withheld. Press this again once they are active to pay them.",
            fits=_is(RunStatus.APPROVED),
            preview=_comes_to,
            main=True,
        ),
        Button(
            "forfeit",
            "Forfeit withheld earnings",
            commission_run.forfeit,
            _forfeit,
            "Earnings that this run withholds from a closed member stay with the company for good.",
            ForfeitForm,
            fits=_is(RunStatus.APPROVED),
            grave=True,
        ),
        Button(
            "drop",
            "Drop run",
            commission_run.drop,
            _drop,
            "For a run that was started by mistake. It takes two people: one asks, another "
            "confirms. The run is deleted and its days are open again. Orders made meanwhile keep "
            "their business dates.",
            ReasonForm,
            fits=_is(RunStatus.OPEN, RunStatus.COMPUTED),
            grave=True,
        ),
        Button(
            "close",
            "Close run",
            commission_run.close,
            _step(commission_run.close, RunStatus.CLOSED),
            "Everything is paid. After this the run cannot change.",
            fits=_is(RunStatus.PAID),
            main=True,
        ),
    )

    @admin.display(description="run", ordering="pk")
    def run(self, run: Run) -> str:
        return f"{run.pk}: {run.every}"

    @admin.display(description="period", ordering="last_day")
    def period(self, run: Run) -> str:
        return f"{shown.day(run.first_day)} to {shown.day(run.last_day)}"

    @admin.display(description="status", ordering="status")
    def status_label(self, run: Run) -> SafeString:
        return shown.status(run.status)

    @admin.display(description="total paid", ordering="paid")
    def gets(self, run: Run) -> str:
        return shown.plan_money(run.paid) if run.computed_at else shown.NOTHING

    @admin.display(description="members", ordering="members")
    def members_paid(self, run: Run) -> str:
        return f"{run.members:,}" if run.computed_at else shown.NOTHING

    @admin.display(description="lines", ordering="lines")
    def line_count(self, run: Run) -> str:
        return f"{run.lines:,}" if run.computed_at else shown.NOTHING

    @admin.display(description="started", ordering="opened_at")
    def opened(self, run: Run) -> str:
        return shown.moment(run.opened_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return Run.objects.select_related("plan", *_PEOPLE)

    def heading(self, thing: Run) -> str:
        return f"Run{run_name(thing).removeprefix('run')}"

    def blocks(self, request: HttpRequest, thing: Run) -> Sequence[Block]:
        found: list[Block] = [FactsBlock("Run", _facts(thing))]
        if thing.computed_at:
            found += run_results.blocks(thing)
        withheld = _withheld(thing)
        if withheld.rows:
            found.append(withheld)
        return [*found, _history(thing)]


def _facts(run: Run) -> list[tuple[str, Any]]:
    asked = run_page.asked_for(run)
    rows = [
        ("Status", shown.status(run.status)),
        ("Plan", str(run.plan)),
        ("Previous run", _before(run)),
        ("Started", _by(run.opened_at, run.opened_by or "the worker")),
        ("Calculated", _by(run.computed_at, run.computed_by or "the worker")),
        ("Checked", _by(run.reviewed_at, run.reviewed_by)),
        ("Approved", _by(run.approved_at, run.approved_by)),
        ("Paid into wallets", _by(run.paid_at, run.paid_by)),
        ("Closed", _by(run.closed_at, run.closed_by)),
    ]
    if to_drop := run_page.asked_to_drop(run):
        asked_by = _by(to_drop.at, to_drop.actor)
        rows.append(("Asked to drop it", shown.link("members_stepasked", to_drop.pk, asked_by)))
    if run.outputs_hash:
        rows.append(("Fingerprint of the result", bytes(run.outputs_hash).hex()))
    if asked:
        rows.append(("Worker", _asked(asked)))
    return rows


def _asked(asked: run_page.Asked) -> Any:
    step = _STEPS.get(asked.step, asked.step)
    if asked.has_failed:
        failed = f"failed to {step} it, last at {shown.moment(asked.begun)}"
        return shown.link("procrastinate_procrastinatejob", asked.job_id, failed)
    if asked.begun:
        return f"began to {step} it at {shown.moment(asked.begun)}"
    return f"was asked to {step} it"


def _before(run: Run) -> Any:
    before = run.previous_id
    return shown.link("commissions_run", before, f"run {before}") if before else shown.NOTHING


def _by(at: Any, who: Any) -> str:
    return f"{shown.moment(at)} by {who}" if at else shown.NOTHING


def _withheld(run: Run) -> TableBlock:
    rows = [
        (
            shown.member(each.member_id, each.username),
            shown.status(each.standing),
            shown.money(each.total, each.currency),
            _what_becomes_of(each),
        )
        for each in run_page.withheld(run, _LISTED)
    ]
    return TableBlock("Withheld", ("Member", "Standing", "Amount", "What happens"), rows)


def _what_becomes_of(withheld: run_page.Waiting) -> str:
    if withheld.forfeited_at:
        return f"forfeited {_by(withheld.forfeited_at, withheld.forfeited_by)}: {withheld.reason}"
    return "can be forfeited" if withheld.standing == Standing.CLOSED else "waiting for the member"


def _history(run: Run) -> TableBlock:
    """What was done with the run or refused, the newest first."""
    entries = AuditEntry.objects.filter(subject=f"run:{run.pk}").select_related(*who.COLUMNS)
    rows = [
        (
            shown.link("base_auditentry", entry.pk, audit_words.event(entry.event)),
            who.named(entry),
            shown.moment(entry.at),
            entry.facts.get("why", _STEPS.get(entry.facts.get("step", ""), "")),
        )
        for entry in entries.order_by("-pk")[:_LISTED]
    ]
    return TableBlock("History", ("Event", "By", "When", "Details"), rows)
