"""What the page of a commission run says beside its results: how far it has come, whom it could not
pay, and what was done with it."""

from typing import Any, NamedTuple

from upline.base.models import AuditEntry
from upline.commissions.models import Run
from upline.language import gettext, lazy
from upline.language.writing import day
from upline.members.models import Standing
from upline.office import audit_words
from upline.office.buttons import TableBlock
from upline.screens import run_page, shown, who

_LISTED = 50


class WorkerStep(NamedTuple):
    """What is said of a step that a worker does: its name, and how far it has come."""

    name: str
    will: str
    failed: str
    began: str
    was_asked: str


STEPS = {
    "compute": WorkerStep(
        lazy("calculate"),
        lazy("A worker will calculate run {run}. Reload this page to see how far it has come."),
        lazy("failed to calculate it, last at {moment}"),
        lazy("began to calculate it at {moment}"),
        lazy("was asked to calculate it"),
    ),
    "pay": WorkerStep(
        lazy("pay"),
        lazy("A worker will pay run {run}. Reload this page to see how far it has come."),
        lazy("failed to pay it, last at {moment}"),
        lazy("began to pay it at {moment}"),
        lazy("was asked to pay it"),
    ),
}


def facts(run: Run) -> list[tuple[str, Any]]:
    """How far the run has come, and who did what."""
    asked, by, worker = run_page.asked_for(run), shown.moment_by, gettext("the worker")
    rows = [
        (gettext("Status"), shown.status(run.status)),
        (gettext("Plan"), _plan(run)),
        (gettext("Previous run"), _before(run)),
        (gettext("Started"), by(run.opened_at, run.opened_by or worker)),
        (gettext("Calculated"), by(run.computed_at, run.computed_by or worker)),
        (gettext("Checked"), by(run.reviewed_at, run.reviewed_by)),
        (gettext("Approved"), by(run.approved_at, run.approved_by)),
        (gettext("Paid into wallets"), by(run.paid_at, run.paid_by)),
        (gettext("Closed"), by(run.closed_at, run.closed_by)),
    ]
    if to_drop := run_page.asked_to_drop(run):
        asked_by = by(to_drop.at, to_drop.actor)
        rows.append(
            (gettext("Drop requested"), shown.link("members_stepasked", to_drop.pk, asked_by))
        )
    if run.outputs_hash:
        rows.append((gettext("Fingerprint of the result"), bytes(run.outputs_hash).hex()))
    if asked:
        rows.append((gettext("Worker"), _asked(asked)))
    return rows


def _plan(run: Run) -> str:
    return gettext("{plan} from {day}", plan=run.plan.name, day=day(run.plan.since))


def _asked(asked: run_page.Asked) -> Any:
    step = STEPS[asked.step]
    if asked.has_failed:
        failed = step.failed.format(moment=shown.moment(asked.begun))
        return shown.link("procrastinate_procrastinatejob", asked.job_id, failed)
    if asked.begun:
        return step.began.format(moment=shown.moment(asked.begun))
    return str(step.was_asked)


def _before(run: Run) -> Any:
    before = run.previous_id
    if not before:
        return shown.NOTHING
    return shown.link("commissions_run", before, gettext("run {run}", run=before))


def withheld(run: Run) -> TableBlock:
    """Whom it could not pay, and what becomes of that."""
    rows = [
        (
            shown.member(each.member_id, each.username),
            shown.status(each.standing),
            shown.money(each.total, each.currency),
            _what_becomes_of(each),
        )
        for each in run_page.withheld(run, _LISTED)
    ]
    return TableBlock(
        gettext("Withheld"),
        (gettext("Member"), gettext("Standing"), gettext("Amount"), gettext("What happens")),
        rows,
    )


def _what_becomes_of(withheld: run_page.Waiting) -> str:
    if withheld.forfeited_at:
        return gettext(
            "forfeited {moment} by {staff}: {reason}",
            moment=shown.moment(withheld.forfeited_at),
            staff=withheld.forfeited_by,
            reason=withheld.reason,
        )
    return (
        gettext("can be forfeited")
        if withheld.standing == Standing.CLOSED
        else gettext("waiting for the member")
    )


def _details(entry: AuditEntry) -> str:
    """Why something was refused, or which step a worker was asked for."""
    step = STEPS.get(entry.facts.get("step", ""))
    return entry.facts.get("why") or (str(step.name) if step else "")


def history(run: Run) -> TableBlock:
    """What was done with the run or refused, the newest first."""
    entries = AuditEntry.objects.filter(subject=f"run:{run.pk}").select_related(*who.COLUMNS)
    rows = [
        (
            shown.link("base_auditentry", entry.pk, audit_words.event(entry.event)),
            who.named(entry),
            shown.moment(entry.at),
            _details(entry),
        )
        for entry in entries.order_by("-pk")[:_LISTED]
    ]
    return TableBlock(
        gettext("History"),
        (gettext("Event"), gettext("By"), gettext("When"), gettext("Details")),
        rows,
    )
