"""`./upline run explain`: why a member gets what they get from a run, and the statement of it."""

import sys
from typing import Any

from django.core.management.base import CommandError

from upline.base.amounts import POINT_DECIMALS, as_text
from upline.company import queries as company
from upline.members.errors import UsernameNotFound
from upline.members.queries import find_person
from upline.office.management.files import keep
from upline.papers import Paper, as_csv, as_pdf
from upline.papers import as_text as as_table
from upline.screens import earnings
from upline.screens import statement as statements

ALL_RUNS = 10_000
DECIMALS = {"points": POINT_DECIMALS, "percent": 2, "count": 0}


def explain(options: dict[str, Any]) -> str:
    """Print a paper, or keep it in a file. Returns what is left to say. Raises CommandError and
    refusals."""
    form, path = options["format"], options["output"]
    if form == "pdf" and path is None and sys.stdout.isatty():
        raise CommandError("A PDF is not for a terminal: name a file with --output.")
    written = _written(_paper(options), form)
    if path is None:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
        return ""
    keep(written, path)
    return f"It is in {path}."


def _written(paper: Paper, form: str) -> bytes:
    if form == "pdf":
        return as_pdf(paper)
    return (as_csv if form == "csv" else as_table)(paper).encode()


def _paper(options: dict[str, Any]) -> Paper:
    member_id = _member(options["member"])
    run_id = options["run"] or earnings.latest_run()
    earnings.must_be_computed(run_id)
    earned = earnings.earned_in(member_id, run_id, earnings.COMPUTED)
    if options["line"] is None:
        # Nobody reads more on paper, and to lay out takes its time.
        most = statements.LINES_MAX if options["format"] == "pdf" else statements.ALL_LINES
        return statements.statement(member_id, earned, earnings.OFFICE, most=most, with_orders=True)
    line, fed = earnings.line(run_id, member_id, earnings.OFFICE, options["line"], ALL_RUNS)
    return statements.of_line(line, fed, [(each.name, _shown(each)) for each in line.figures])


def _member(username: str) -> int:
    """Anybody who is or was a member. Raises UsernameNotFound."""
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    return person.member_id


def _shown(figure: Any) -> str:
    decimals = DECIMALS.get(figure.unit, company.current().exponent)
    return as_text(figure.value, decimals, ",") + {"percent": " %", "points": " points"}.get(
        figure.unit, ""
    )
