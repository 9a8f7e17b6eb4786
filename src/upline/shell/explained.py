"""`./upline run explain`: why a member gets what they get from a run, and the statement of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import OutputWrapper

from upline.papers import Paper
from upline.screens import earnings
from upline.screens import statement as statements
from upline.shell.printing import hand_out, in_language, member_named, must_not_be_for_a_terminal

ALL_RUNS = 10_000


def explain(options: dict[str, Any], out: OutputWrapper) -> None:
    """Print a paper, or keep it in a file. Raises CommandError and refusals."""
    form, path = options["format"], options["output"]
    must_not_be_for_a_terminal(form, path)
    with in_language(options["language"], form):
        hand_out(_paper(options), form, path, out)


def _paper(options: dict[str, Any]) -> Paper:
    member_id = member_named(options["member"])
    run_id = options["run"] or earnings.latest_run()
    earnings.must_be_computed(run_id)
    try:
        earned = earnings.earned_in(member_id, run_id, earnings.COMPUTED)
    except earnings.EarningNotFound as error:
        raise earnings.NotYetJoined() from error
    if options["line"] is None:
        # Nobody reads more on paper, and to lay out takes its time.
        most = statements.LINES_MAX if options["format"] == "pdf" else statements.ALL_LINES
        return statements.statement(member_id, earned, earnings.OFFICE, most=most, with_orders=True)
    line, fed = earnings.line(run_id, member_id, earnings.OFFICE, options["line"], ALL_RUNS)
    figures = statements.figures_of(line, earned.currency)
    return statements.of_line(line, fed, figures, earned.currency)
