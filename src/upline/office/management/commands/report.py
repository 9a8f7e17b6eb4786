"""`./upline report`: income disclosure, outside customers and tax totals, for the law."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from upline.base.errors import Refusal
from upline.company import queries as company
from upline.company.queries import NotFounded
from upline.members.errors import UsernameNotFound
from upline.members.queries import find_person
from upline.office.management.files import keep
from upline.papers import Paper, Table, as_csv, as_pdf, as_text
from upline.reports import days as reported
from upline.reports.customers import outside_customers
from upline.reports.days import Days
from upline.reports.errors import OfAllMembers
from upline.reports.income import income_disclosure

LINES_OF_A_PDF_MAX = 20_000
KINDS = {
    "income": "what all members were paid and what they spent",
    "customers": "how much was sold to people who are not members",
    "tax": "what each member was paid, and the tax withheld",
}


class Command(BaseCommand):
    help = "Make a report for the law: income, customers, or tax."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kind", choices=KINDS, help="; ".join(f"{kind}: {says}" for kind, says in KINDS.items())
        )
        parser.add_argument("--year", type=int, help="the year; of taxes the plan's")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="the first day")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="the last day")
        parser.add_argument("--member", metavar="USERNAME", help="only this one")
        parser.add_argument("--format", choices=("table", "csv", "pdf"), default="table")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="a new file; else it is printed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        to_a_terminal = options["output"] is None and sys.stdout.isatty()
        if options["format"] == "pdf" and to_a_terminal:
            raise CommandError("A PDF is not for a terminal: name a file with --output.")
        try:
            company.current()
            paper = _made(options["kind"], options)
        except (Refusal, NotFounded) as error:
            raise CommandError(str(error)) from error
        content, path = written(paper, options["format"]), options["output"]
        if path is not None:
            keep(content, path)
            self.stdout.write(f"It is in {path}.")
        elif options["format"] == "pdf":
            sys.stdout.buffer.write(content)
        else:
            self.stdout.write(content.decode(), ending="")


def _made(kind: str, options: dict[str, Any]) -> Paper:
    """The report, of the year or the days asked for. Raises the refusals of reports."""
    member_id = _member(options["member"])
    if kind == "income":
        if member_id is not None:
            raise OfAllMembers()
        return income_disclosure(_days(options, reported.calendar_year))
    if kind == "customers":
        return outside_customers(_days(options, reported.calendar_year), member_id)
    # What is compiled costs each process its time: only those that know taxes.
    from upline.reports.taxes import tax_totals

    return tax_totals(_days(options, reported.tax_year), member_id)


def _days(options: dict[str, Any], of_year: Callable[[int | None], Days]) -> Days:
    first, last = options["first"], options["last"]
    if first is None and last is None:
        return of_year(options["year"])
    if options["year"] is not None:
        raise CommandError("Either --year, or --from and --to.")
    if first is None or last is None:
        raise CommandError("--from and --to belong together.")
    return reported.between(first, last)


def _member(username: str | None) -> int | None:
    """Also one who is closed: the year before is still asked about."""
    if username is None:
        return None
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    return person.member_id


def written(paper: Paper, form: str) -> bytes:
    """The paper as a file. Raises CommandError where it is too long for a PDF."""
    if form == "csv":
        return as_csv(paper).encode()
    if form == "table":
        return as_text(paper).encode()
    lines = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    if lines > LINES_OF_A_PDF_MAX:
        raise CommandError(
            f"It has {lines:,} lines, and a PDF takes {LINES_OF_A_PDF_MAX:,} at most: make it a "
            "CSV file, or name a --member."
        )
    return as_pdf(paper)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not a day: a day is written yyyy-mm-dd"
        ) from None
