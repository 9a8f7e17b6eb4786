"""`./upline report`: income disclosure, outside customers and tax totals, for the law."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from upline.company import current as company
from upline.papers import Paper
from upline.reports import days as reported
from upline.reports.customers import outside_customers
from upline.reports.days import Days
from upline.reports.errors import OfAllMembers
from upline.reports.income import income_disclosure
from upline.shell.command import ShellCommand, day
from upline.shell.files import FORMS, FORMS_HELP
from upline.shell.printing import (
    add_language,
    hand_out,
    in_language,
    member_named,
    must_not_be_for_a_terminal,
)

KINDS = {
    "income": "what all members were paid and what they spent",
    "customers": "how much was sold to people who are not members",
    "tax": "what each member was paid, and the tax withheld",
}


class Command(ShellCommand):
    help = "Make a report for the law: income, customers, or tax."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kind", choices=KINDS, help="; ".join(f"{kind}: {says}" for kind, says in KINDS.items())
        )
        parser.add_argument("--year", type=int, help="the year; for tax, the plan's tax year")
        parser.add_argument("--from", dest="first", type=day, metavar="DATE", help="the first day")
        parser.add_argument("--to", dest="last", type=day, metavar="DATE", help="the last day")
        parser.add_argument("--member", metavar="USERNAME", help="only this member")
        parser.add_argument("--format", choices=FORMS, default="table", help=FORMS_HELP)
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="a new file; printed by default"
        )
        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        form, path = options["format"], options["output"]
        must_not_be_for_a_terminal(form, path)
        with in_language(options["language"], form):
            company.current()
            hand_out(_made(options["kind"], options), form, path, self.stdout)


def _made(kind: str, options: dict[str, Any]) -> Paper:
    """The report, of the year or the days asked for. Raises the refusals of reports."""
    member_id = member_named(options["member"]) if options["member"] is not None else None
    if kind == "income":
        if member_id is not None:
            raise OfAllMembers()
        return income_disclosure(_days(options, reported.calendar_year))
    if kind == "customers":
        return outside_customers(_days(options, reported.calendar_year), member_id)
    # What calculates costs each process its time: only those that know taxes.
    from upline.reports.taxes import tax_totals

    return tax_totals(_days(options, reported.tax_year), member_id)


def _days(options: dict[str, Any], of_year: Callable[[int | None], Days]) -> Days:
    first, last = options["first"], options["last"]
    if first is None and last is None:
        return of_year(options["year"])
    if options["year"] is not None:
        raise CommandError("Use either --year, or --from and --to.")
    if first is None or last is None:
        raise CommandError("Use --from and --to together.")
    return reported.between(first, last)
