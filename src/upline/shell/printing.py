"""Papers that commands print, or keep in a file; and whom they are about."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from upline.base.errors import Refusal
from upline.company.queries import NotFounded
from upline.language.current import bound
from upline.members.errors import UsernameNotFound
from upline.members.queries import find_person
from upline.papers import Paper, Table, as_csv, as_pdf, as_text, sheet
from upline.shell.files import keep
from upline.shell.languages import HELP, installed_language

LINES_OF_A_PDF_MAX = 20_000
_FOR_PROGRAMS = ("csv", "excel")


def add_language(parser: CommandParser) -> None:
    """Tell a parser which language a paper can be in."""
    parser.add_argument("--language", type=installed_language, metavar="TAG", help=HELP)


@contextmanager
def in_language(tag: str | None, form: str) -> Iterator[None]:
    """All inside makes a paper in a language, English where none is named; refusals become
    CommandErrors in it. Raises CommandError for another language than English in CSV, which
    programs read."""
    if tag not in (None, sheet.LANGUAGE) and form in _FOR_PROGRAMS:
        raise CommandError("CSV files are in English. Use --language with a table or PDF.")
    with bound(tag or sheet.LANGUAGE):
        try:
            yield
        except (Refusal, NotFounded) as error:
            raise CommandError(str(error)) from error


def must_not_be_for_a_terminal(form: str, path: Path | None) -> None:
    """Said before the work is done. Raises CommandError."""
    if form == "pdf" and path is None and sys.stdout.isatty():
        raise CommandError("A PDF cannot be printed to a terminal. Name a file with --output.")


def hand_out(paper: Paper, form: str, path: Path | None, out: OutputWrapper) -> None:
    """Print a paper, or keep it in a file and say so. Raises CommandError."""
    content = written(paper, form)
    if path is not None:
        keep(content, path)
        out.write(f"It is in {path}.")
    elif form == "pdf":
        sys.stdout.buffer.write(content)
    else:
        out.write(content.decode(), ending="")


def written(paper: Paper, form: str) -> bytes:
    """The paper as a file. Raises CommandError where it is too long for a PDF."""
    if form in _FOR_PROGRAMS:
        return as_csv(paper, excel=form == "excel").encode()
    if form == "table":
        return as_text(paper).encode()
    lines = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    if lines > LINES_OF_A_PDF_MAX:
        raise CommandError(
            f"It has {lines:,} lines, and a PDF takes {LINES_OF_A_PDF_MAX:,} at most: make it a "
            "CSV file, or name a --member."
        )
    return as_pdf(paper)


def member_named(username: str) -> int:
    """Anybody who is or was a member: who is closed is still asked about. Raises
    UsernameNotFound."""
    person = find_person(username)
    if person is None or person.member_id is None:
        raise UsernameNotFound()
    return person.member_id
