"""Commission runs: how far each has come, what it comes to, and its next step as a button."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from upline.base.unit import UnitOfWork
from upline.commissions.models import Run, RunStatus
from upline.flows import commission_run
from upline.language import gettext, lazy
from upline.language.writing import whole
from upline.office import run_facts, run_results
from upline.office.buttons import Block, Button, FactsBlock, ReasonForm
from upline.office.desk import ByStatus, Desk
from upline.office.fields import LineField
from upline.office.runs_in_progress import run_name, run_title
from upline.screens import run_page, shown

_PEOPLE = ("opened_by", "computed_by", "reviewed_by", "approved_by", "paid_by", "closed_by")


def _step(
    step: Callable[[UnitOfWork, int], None], done: str
) -> Callable[[UnitOfWork, Run, Any], str]:
    """`done` is what is said afterwards, with `{run}` in it."""

    def act(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
        step(unit, run.pk)
        return done.format(run=run.pk)

    return act


def _by_worker(step: str) -> Callable[[UnitOfWork, Run, Any], str]:
    def act(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
        commission_run.ask_worker(unit, run.pk, step)
        return run_facts.STEPS[step].will.format(run=run.pk)

    return act


def _open(unit: UnitOfWork, _: None, asked: dict[str, Any]) -> str:
    made = commission_run.open_due(unit)
    if not made:
        return gettext("No run is due. A run can start once the last day of its period is over.")
    return gettext("Started: {runs}.", runs=", ".join(run_name(run) for run in made))


class ForfeitForm(ReasonForm):
    """Asks whose money the company keeps, and why."""

    username = LineField(
        max_length=30,
        label=lazy("Username"),
        help_text=lazy("A closed member with withheld earnings in this run."),
    )
    field_order = ("username", "reason")


def _forfeit(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
    amount = commission_run.forfeit(unit, run.pk, asked["username"], asked["reason"])
    sentence = (
        lazy("{amount} of {run} stays with the company.")
        if amount.minor >= 0
        else lazy("{amount} of {run} is no longer taken back.")
    )
    return sentence.format(
        amount=shown.money(abs(amount.minor), amount.currency), run=run_name(run)
    )


def _drop(unit: UnitOfWork, run: Run, asked: dict[str, Any]) -> str:
    commission_run.drop(unit, run.pk, asked["reason"])
    return run_page.dropped(run.pk)


def _is(*statuses: RunStatus) -> Callable[[Run], bool]:
    return lambda run: run.status in statuses


def _comes_to(run: Run, asked: dict[str, Any]) -> FactsBlock:
    rows = [
        (gettext("Members with an amount or a rank"), whole(run.members)),
        (gettext("Total paid to members"), shown.plan_money(run.paid)),
    ]
    return FactsBlock(gettext("Results"), rows)


class ByLength(admin.AllValuesFieldListFilter):
    """Days, weeks or months."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.title = "length"


@admin.register(Run)
class RunDesk(Desk):
    plural = lazy("Commission runs")
    nothing = lazy("There are no runs yet. A run starts once the last day of its period is over.")
    list_display = ("run", "period", "status_label", "gets", "members_paid", "line_count", "opened")
    list_filter = (("status", ByStatus), ("every", ByLength))
    ordering = ("-pk",)
    list_buttons = (
        Button(
            "open",
            lazy("Start due runs"),
            commission_run.open_due,
            _open,
            lazy(
                "Starts a run for each period that has ended and freezes its days: orders that "
                "come later count for a later day. The worker also does this every ten minutes."
            ),
        ),
    )
    buttons = (
        Button(
            "compute",
            lazy("Calculate"),
            commission_run.compute,
            _by_worker("compute"),
            lazy(
                "A worker calculates the run, again if it was calculated before. Someone then has "
                "to check it again."
            ),
            fits=_is(RunStatus.OPEN, RunStatus.COMPUTED, RunStatus.REVIEWED),
            main=True,
        ),
        Button(
            "review",
            lazy("I have checked it"),
            commission_run.review,
            _step(commission_run.review, lazy("Run {run} is marked as checked.")),
            lazy("Confirm that you have checked the results. Another person approves the run."),
            fits=_is(RunStatus.COMPUTED),
            preview=_comes_to,
            main=True,
        ),
        Button(
            "approve",
            lazy("Approve run"),
            commission_run.approve,
            _step(commission_run.approve, lazy("Run {run} is approved.")),
            lazy(
                "The results and the ranks become final, and the run can be paid. You cannot "
                "approve a run that you started or checked."
            ),
            fits=_is(RunStatus.REVIEWED),
            preview=_comes_to,
            by_second=lambda _: True,
            main=True,
        ),
        Button(
            "pay",
            lazy("Pay into wallets"),
            commission_run.pay,
            _by_worker("pay"),
            lazy(
                "A worker pays every member who is not paid yet. Earnings of blocked or closed "
                "members are withheld. Press this again once they are active to pay them."
            ),
            fits=_is(RunStatus.APPROVED),
            preview=_comes_to,
            main=True,
        ),
        Button(
            "forfeit",
            lazy("Forfeit withheld earnings"),
            commission_run.forfeit,
            _forfeit,
            lazy(
                "Earnings that this run withholds from a closed member stay with the company for "
                "good."
            ),
            ForfeitForm,
            fits=_is(RunStatus.APPROVED),
            grave=True,
        ),
        Button(
            "drop",
            lazy("Drop run"),
            commission_run.drop,
            _drop,
            lazy(
                "For a run that was started by mistake. It takes two people: one asks, another "
                "confirms. The run is deleted and its days are open again. Orders made meanwhile "
                "keep their business dates."
            ),
            ReasonForm,
            fits=_is(RunStatus.OPEN, RunStatus.COMPUTED),
            grave=True,
        ),
        Button(
            "close",
            lazy("Close run"),
            commission_run.close,
            _step(commission_run.close, lazy("Run {run} is closed.")),
            lazy("Everything is paid. After this the run cannot change."),
            fits=_is(RunStatus.PAID),
            main=True,
        ),
    )

    @admin.display(description=lazy("run"), ordering="pk")
    def run(self, run: Run) -> str:
        return f"{run.pk}: {gettext(run.every)}"

    @admin.display(description=lazy("period"), ordering="last_day")
    def period(self, run: Run) -> str:
        return gettext(
            "{first} to {last}", first=shown.day(run.first_day), last=shown.day(run.last_day)
        )

    @admin.display(description=lazy("status"), ordering="status")
    def status_label(self, run: Run) -> SafeString:
        return shown.status(run.status)

    @admin.display(description=lazy("total paid"), ordering="paid")
    def gets(self, run: Run) -> str:
        return shown.plan_money(run.paid) if run.computed_at else shown.NOTHING

    @admin.display(description=lazy("members"), ordering="members")
    def members_paid(self, run: Run) -> str:
        return whole(run.members) if run.computed_at else shown.NOTHING

    @admin.display(description=lazy("lines"), ordering="lines")
    def line_count(self, run: Run) -> str:
        return whole(run.lines) if run.computed_at else shown.NOTHING

    @admin.display(description=lazy("started"), ordering="opened_at")
    def opened(self, run: Run) -> str:
        return shown.moment(run.opened_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return Run.objects.select_related("plan", *_PEOPLE)

    def heading(self, thing: Run) -> str:
        return run_title(thing)

    def blocks(self, request: HttpRequest, thing: Run) -> Sequence[Block]:
        found: list[Block] = [FactsBlock(gettext("Run"), run_facts.facts(thing))]
        if thing.computed_at:
            found += run_results.blocks(thing)
        withheld = run_facts.withheld(thing)
        if withheld.rows:
            found.append(withheld)
        return [*found, run_facts.history(thing)]
