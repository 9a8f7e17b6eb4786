"""`./upline plan try`: the arguments, the files, the exit code."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from upline.base.amounts import grouped
from upline.base.csv_cells import BOM
from upline.explanations.names import Escape, Names, for_csv, for_json, for_people, names_for
from upline.language import gettext, ngettext
from upline.language.current import catalog
from upline.language.loading import ENGLISH
from upline.language.writing import whole
from upline.plan_documents import PlanErrors, find, read
from upline.plans.arrays import TooLarge
from upline.plans.bonus import Pairs
from upline.plans.carry import Carry
from upline.plans.periods import Period
from upline.plans.plan import Plan
from upline.trials.asked_periods import FORMS, asked, check_after, runs_of_orders, runs_within
from upline.trials.files.carry_file import read_carry
from upline.trials.files.complaints import FileErrors, shortened
from upline.trials.files.members_file import NamedMembers, read_members
from upline.trials.files.orders_file import NamedOrders, read_orders
from upline.trials.output.as_csv import CsvWriter, FolderWriter
from upline.trials.output.as_json import JsonWriter
from upline.trials.output.as_table import TableWriter
from upline.trials.output.as_trace import TraceWriter
from upline.trials.output.destination import whole_file
from upline.trials.output.outcome import TrialOutcome
from upline.trials.trying import Say, TrialCompany, Writer, try_plan

QUIET_SECONDS = 2.0
"""Who waits longer is told what goes on."""
ONE_FILE: dict[str, tuple[Callable[[BinaryIO, Names], Writer], Escape]] = {
    "table": (TableWriter, for_people),
    "json": (JsonWriter, for_json),
    "csv": (CsvWriter, for_csv),
    "excel": (partial(CsvWriter, start=BOM), for_csv),
}

_CSV = {"csv": "", "excel": BOM}
"""The forms that can be several files, and what each of these begins with."""


def add_arguments(parser: ArgumentParser) -> None:
    """What the command line can say."""
    add = parser.add_argument
    add("plan", metavar="PLAN", help="a file or a ready-made plan")
    add("--members", required=True, metavar="FILE", help="members.csv, see docs/plans/files.md")
    add("--positions", metavar="FILE", help="positions.csv: further positions of members")
    add("--orders", required=True, metavar="FILE", help="orders.csv, see docs/plans/files.md")
    add("--period", help=f"{FORMS}; without it, all from the first order's month to the last's")
    add(
        "--format",
        choices=list(ONE_FILE),
        default="table",
        help="table by default; excel is CSV for Excel",
    )
    add("--carry", metavar="FILE", help="start from what an earlier run carried over (its JSON)")
    add(
        "--trace",
        metavar="MEMBER",
        help="show which orders fed this member's pairs instead, or those of a further position",
    )
    add(
        "--output",
        metavar="FILE",
        help="write there; with csv a folder gets all in four files",
    )


def run(arguments: Namespace) -> int:
    """Try a plan; the exit code. `arguments` are those of `add_arguments`."""
    try:
        _try(arguments)
    except (PlanErrors, FileErrors) as error:
        _tell("\n".join(shortened(error.sentences)))
        return 1
    except TooLarge as error:
        _tell(f"{arguments.orders}: {error}")
        return 1
    return 0


def _try(arguments: Namespace) -> None:
    if arguments.format != "table" and catalog().tag != ENGLISH.tag:
        sentence = gettext("--language: CSV and JSON are in English; use it with --format table")
        raise FileErrors([sentence])
    say = _progress()
    plan = read(find(arguments.plan))
    period = asked(arguments.period, plan.week_starts) if arguments.period else None
    within = runs_within(plan, period) if period else None
    say(gettext("reading the files …"))
    company = _read(arguments, plan, period)
    carry, until = _carry(arguments.carry, plan, company.members)
    periods = runs_of_orders(plan, company.orders.orders, until) if within is None else within
    if until is not None:
        check_after(periods, until, arguments.carry)
    with _writer(arguments, company) as writer:
        outcome = try_plan(company, periods, carry, writer, say)
    if arguments.format in _CSV:
        _tell(_summary(outcome))


def _tell(text: str) -> None:
    """Say something beside the output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _progress() -> Say:
    last = time.monotonic()

    def say(text: str) -> None:
        nonlocal last
        if time.monotonic() - last > QUIET_SECONDS:
            last = time.monotonic()
            _tell(text)

    return say


def _read(arguments: Namespace, plan: Plan, period: Period | None) -> TrialCompany:
    """Both files, and what is wrong with either."""
    last_day = period.last_day if period else None
    further = Path(arguments.positions) if arguments.positions else None
    members: NamedMembers | None = None
    orders: NamedOrders | None = None
    sentences = []
    try:
        members = read_members(Path(arguments.members), plan, further)
    except FileErrors as error:
        sentences += error.sentences
    try:
        orders = read_orders(Path(arguments.orders), plan, members, last_day)
    except FileErrors as error:
        sentences += error.sentences
    if members is None or orders is None:
        raise FileErrors(sentences)
    return TrialCompany(plan, members, orders)


def _carry(path: str | None, plan: Plan, members: NamedMembers) -> tuple[Carry | None, int | None]:
    if not path:
        return None, None
    return read_carry(Path(path), plan, members.names, members.positions)


@contextmanager
def _writer(arguments: Namespace, company: TrialCompany) -> Iterator[Writer]:
    form, output = arguments.format, arguments.output
    people, orders = company.members, company.orders.names

    def names_of(escape: Escape) -> Names:
        return names_for(people.names, orders, escape, people.positions)

    path = Path(output) if output else None
    if arguments.trace is not None:
        position = _to_be_traced(arguments, company)
        with whole_file(path) as file:
            yield TraceWriter(file, names_of(for_people), position)
        return
    if path is not None and (path.is_dir() or (output or "").endswith("/")):
        if form not in _CSV:
            sentence = gettext(
                "{path}: is a folder; only --format csv and excel write several files", path=output
            )
            raise FileErrors([sentence])
        with ExitStack() as files:
            names = names_of(for_csv), names_of(for_json)
            yield FolderWriter(_made(path), files, *names, start=_CSV[form])
        return
    kind, escape = ONE_FILE[form]
    with whole_file(path) as file:
        yield kind(file, names_of(escape))


def _to_be_traced(arguments: Namespace, company: TrialCompany) -> int:
    """The position whose legs are followed; a member's id is that of the first one."""
    if arguments.format != "table":
        raise FileErrors([gettext("--trace: is only shown as a table")])
    if not any(isinstance(bonus, Pairs) for bonus in company.plan.bonuses):
        sentence = gettext("--trace: this plan has no binary bonus, so no legs to follow")
        raise FileErrors([sentence])
    found = company.members.of_positions.index(arguments.trace).as_py()
    if found < 0:
        raise FileErrors([_not_there(arguments.trace, company)])
    return int(found)


def _not_there(name: str, company: TrialCompany) -> str:
    if company.members.positions is None:
        return gettext("--trace: there is no member {name} in the files", name=repr(name))
    return gettext("--trace: there is no member or position {name} in the files", name=repr(name))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        sentence = gettext("{path}: cannot be made: {reason}", path=folder, reason=error.strerror)
        raise FileErrors([sentence]) from None
    return folder


def _summary(outcome: TrialOutcome) -> str:
    """What CSV lines do not show."""
    members = int((outcome.totals != 0).sum())
    lines = ngettext("{number} line", "{number} lines", outcome.lines, number=whole(outcome.lines))
    return ngettext(
        "{lines}; {total} to {number} member",
        "{lines}; {total} to {number} members",
        members,
        lines=lines,
        total=grouped(int(outcome.totals.sum()), outcome.plan.decimals),
        number=whole(members),
    )
