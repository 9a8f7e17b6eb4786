"""`./upline run`: commission runs, from open to closed."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.base.amounts import as_text
from upline.base.errors import Refusal
from upline.base.unit import UnitOfWork
from upline.commissions import queries
from upline.commissions.errors import RunState
from upline.commissions.models import Run, RunStatus
from upline.company import current as company
from upline.company.queries import NotFounded
from upline.flows import commission_run
from upline.markets import current as markets
from upline.screens import earnings_so_far, run_page
from upline.shell.command import ShellCommand, line
from upline.shell.files import FORMS, FORMS_HELP
from upline.shell.people import add_person, signed_in
from upline.shell.printing import add_language

STEPS = {
    "compute": ("calculate a run", (RunStatus.OPEN,)),
    "review": ("confirm that you have checked the calculation", (RunStatus.COMPUTED,)),
    "approve": (
        "approve a run; not by the person who opened or reviewed it",
        (RunStatus.REVIEWED,),
    ),
    "pay": ("pay the members of a run", (RunStatus.APPROVED,)),
    "close": ("finish a run; it can no longer change", (RunStatus.PAID,)),
}
DONE = {"review": RunStatus.REVIEWED, "approve": RunStatus.APPROVED, "close": RunStatus.CLOSED}


class Command(ShellCommand):
    help = "Open, compute, review, approve, pay and close commission runs; interim runs."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="STEP", required=True)
        verbs.add_parser("list", help="list all runs")
        add_person(verbs.add_parser("open", help="open a run for each period that has ended"))
        for verb, (says, states) in STEPS.items():
            step = verbs.add_parser(verb, help=says)
            waits = " or ".join(states)
            step.add_argument(
                "run", nargs="?", type=int, help=f"by default the first one that is {waits}"
            )
            add_person(step)
        verbs.add_parser("interim", help="calculate the earnings of the current periods so far")
        _explain_arguments(verbs.add_parser("explain", help="explain what a run pays a member"))
        drop = verbs.add_parser("drop", help="ask to drop a run that was opened by mistake, or "
                                             "agree to it")  # fmt: skip
        drop.add_argument("run", type=int)
        drop.add_argument("--reason", required=True, type=line(300), help="kept for good")
        add_person(drop)
        forfeit = verbs.add_parser("forfeit", help="let the company keep what it withholds from a "
                                                   "closed member")  # fmt: skip
        forfeit.add_argument("run", type=int)
        forfeit.add_argument("username")
        forfeit.add_argument("--reason", required=True, type=line(300), help="kept for good")
        add_person(forfeit)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._do(options)
        except (Refusal, NotFounded) as error:
            raise CommandError(str(error)) from error

    def _do(self, options: dict[str, Any]) -> None:
        verb = options["verb"]
        if verb == "list":
            self._list()
            return
        if verb == "interim":
            self._interim()
            return
        if verb == "explain":
            self._explain(options)
            return
        unit = signed_in(options["person"])
        if verb == "open":
            self._open(unit)
        elif verb == "forfeit":
            self._forfeit(unit, options)
        elif verb == "drop":
            self._drop(unit, options)
        else:
            getattr(self, f"_{verb}", self._step)(unit, _chosen(options), verb)

    def _list(self) -> None:
        found = Run.objects.order_by("pk")
        if not found:
            self.stdout.write("There are no runs yet. `./upline run open` opens what is due.")
        for run in found:
            self.stdout.write(_row(run))

    def _interim(self) -> None:
        for each in commission_run.interim(self._progress):
            days = f"{each.every:<5}  {each.first_day} to {each.last_day}"
            self.stdout.write(f"{days}  so far, {earnings_so_far.basis(each)}")

    def _forfeit(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        run_id, username = options["run"], options["username"]
        amount = commission_run.forfeit(unit, run_id, username, options["reason"])
        shown = _amount(abs(amount.minor), amount.currency)
        kept = "stay with the company" if amount.minor >= 0 else "will no longer be taken back"
        self.stdout.write(f"{shown} of run {run_id} {kept}: {username} is closed.")

    def _drop(self, unit: UnitOfWork, options: dict[str, Any]) -> None:
        commission_run.drop(unit, options["run"], options["reason"])
        self.stdout.write(run_page.dropped(options["run"]))

    def _explain(self, options: dict[str, Any]) -> None:
        # What explains lines and writes PDF costs a process time: only those that do.
        from upline.shell import explained

        explained.explain(options, self.stdout)

    def _open(self, unit: UnitOfWork) -> None:
        made = commission_run.open_due(unit)
        for run in made:
            self.stdout.write(_row(run))
        if not made:
            self.stdout.write("Nothing is due. A period can be opened once its last day is over.")

    def _compute(self, unit: UnitOfWork, run_id: int, verb: str) -> None:
        run = commission_run.compute(unit, run_id, self._progress)
        self.stdout.write(_row(run))
        for name in ("inputs", "outputs"):
            self.stdout.write(f"{name:>9} {bytes(getattr(run, f'{name}_hash')).hex()}")

    def _pay(self, unit: UnitOfWork, run_id: int, verb: str) -> None:
        run = commission_run.pay(unit, run_id, self._progress)
        self.stdout.write(_row(run))
        waiting = run.withheld.filter(forfeited_at=None).select_related("member__user")
        for withheld in waiting.order_by("member_id"):
            self.stdout.write(f"withheld: {withheld.member.user.username} is not active")

    def _step(self, unit: UnitOfWork, run_id: int, verb: str) -> None:
        getattr(commission_run, verb)(unit, run_id)
        self.stdout.write(f"Run {run_id} is {DONE[verb]}.")

    def _progress(self, sentence: str) -> None:
        self.stderr.write(sentence)


def _explain_arguments(parser: CommandParser) -> None:
    parser.add_argument("run", nargs="?", type=int, help="by default the last computed run")
    parser.add_argument("--member", metavar="USERNAME", required=True)
    parser.add_argument("--line", type=int, metavar="NUMBER", help="only this line, in full")
    parser.add_argument("--format", choices=FORMS, default="table", help=FORMS_HELP)
    parser.add_argument("--output", type=Path, metavar="FILE", help="a new file; default: printed")
    add_language(parser)


def _chosen(options: dict[str, Any]) -> int:
    """The run that is named, else the first one that waits for this step. Raises RunState."""
    if options["run"] is not None:
        return int(options["run"])
    states = STEPS[options["verb"]][1]
    waiting = queries.first_waiting(*states)
    if waiting is None:
        raise RunState(f"No run is {' or '.join(states)}.")
    return int(waiting.pk)


def _amount(minor: int, currency: str) -> str:
    """An amount; only one of another currency than the company's says which."""
    shown = as_text(minor, markets.decimals_of(currency), ",")
    return shown if currency == company.current().plan_currency else f"{shown} {currency}"


def _row(run: Run) -> str:
    """One line: number, days, status, and what it came to once it is computed."""
    days = f"{run.pk:>5}  {run.every:<5}  {run.first_day} to {run.last_day}  {run.status:<8}"
    if run.outputs_hash is None:
        return days.rstrip()
    exponent = company.current().plan_exponent
    paid = as_text(run.paid, exponent, ",")
    return f"{days}  {paid} to {run.members:,} members, {run.lines:,} lines"
