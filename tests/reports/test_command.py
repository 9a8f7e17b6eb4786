"""`./upline report`: its days, its refusals, its files, and companies where nothing happened."""

import io
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError
from pypdf import PdfReader

from commissions.world import noon
from reports.conftest import Reporting
from reports.stored import today_of_the_company
from support.company import found as found_company
from support.installation import ROOT
from upline.papers import Paper, Table, counts
from upline.shell.printing import LINES_OF_A_PDF_MAX, written

KINDS = ("income", "customers", "tax")


def test_days_that_make_no_sense_are_refused(told: Reporting) -> None:
    sentences = {
        ("--year", "2025", "--from", "2025-01-01"): "Use either --year, or --from and --to.",
        ("--year", "2025", "--to", "2025-01-01"): "Use either --year, or --from and --to.",
        ("--from", "2025-01-01"): "Use --from and --to together.",
        ("--to", "2025-01-01"): "Use --from and --to together.",
        ("--from", "2025-02-01", "--to", "2025-01-31"): (
            "2025-02-01 is after 2025-01-31: the first day comes before the last one."
        ),
        ("--from", "2025-02-30", "--to", "2025-03-01"): (
            "./upline report: --from: 2025-02-30 is not a day: a day is written yyyy-mm-dd. "
            "`./upline report --help` lists its arguments."
        ),
        ("--year", "0"): "A year is a number from 1900 to 9000.",
        ("--year", "9001"): "A year is a number from 1900 to 9000.",
        ("--year", "99999"): "A year is a number from 1900 to 9000.",
    }
    for kind in KINDS:
        said = told.reports(*((kind, *words) for words in sentences))
        assert said == list(sentences.values())


def test_a_report_that_is_none_and_one_that_is_not_of_one_member_are_refused(
    told: Reporting,
) -> None:
    wealth, income = told.reports(("wealth",), ("income", "--member", "anna"))
    assert "'wealth' is not one of" in wealth
    assert income == "An income disclosure covers all members. Leave out --member."
    assert told.refuses("report", "income", "--member", "anna").strip().endswith(income)


def test_who_is_no_member_is_refused(told: Reporting) -> None:
    asked = [(kind, "--member", name) for kind in KINDS for name in ("nobody", "olga", "")]
    assert set(told.reports(*asked)) == {"No member has this username."}


def test_a_pdf_is_not_written_to_a_terminal(told: Reporting) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "upline.launch.manage", "report", "tax", "--format", "pdf"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | told.environment,
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=120,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 1
    assert "A PDF cannot be printed to a terminal. Name a file with --output." in done.stderr


def test_more_lines_than_a_pdf_takes_are_refused_and_fit_into_csv() -> None:
    table = Table([counts("Number")], [(number,) for number in range(LINES_OF_A_PDF_MAX + 1)])
    paper = Paper("Long", blocks=[table])
    with pytest.raises(CommandError, match="20,001 lines, and a PDF takes 20,000 at most"):
        written(paper, "pdf")
    assert written(paper, "csv").count(b"\r\n") == LINES_OF_A_PDF_MAX + 2


def test_no_file_is_written_over_and_none_where_there_is_no_folder(told: Reporting) -> None:
    path = told.folder / "mine"
    path.write_text("mine")
    nowhere = told.folder / "nowhere" / "file"
    said = told.reports(("tax", "--output", str(path)), ("tax", "--output", str(nowhere)))
    assert said == [
        f"{path} cannot be written: File exists.",
        f"{nowhere} cannot be written: No such file or directory.",
    ]
    assert path.read_text() == "mine"
    assert not nowhere.parent.exists()


def test_a_report_is_for_its_owners_eyes(told: Reporting) -> None:
    path = told.folder / "secret"
    told.says("report", "tax", "--output", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("form", ["csv", "pdf"])
def test_the_same_days_give_the_same_bytes(told: Reporting, form: str) -> None:
    words = ("tax", "--year", "2025", "--format", form)
    assert told.file(*words) == told.file(*words)


@pytest.mark.parametrize("kind", KINDS)
def test_a_year_without_runs_has_a_report(told: Reporting, kind: str) -> None:
    said = told.report(kind, "--year", "2023")
    assert "Acme, 2023 (2023-" in said
    assert "None" not in said
    written = told.file(kind, "--year", "2023", "--format", "pdf")
    assert "Acme" in PdfReader(io.BytesIO(written)).pages[0].extract_text()


def test_without_days_it_is_of_the_year_of_today(told: Reporting) -> None:
    today = told.does(today_of_the_company)
    year = today[:4]
    assert f"Acme, {year} ({year}-01-01 to {year}-12-31)" in told.report("income")


def found_alone() -> None:
    with noon(date(2025, 1, 2)):
        found_company()


def do_nothing() -> None:
    """Leave the database without a company."""


def test_a_company_that_nobody_has_joined_has_reports(fresh: Callable[..., Reporting]) -> None:
    company = fresh(found_alone)
    year = ("--year", "2025")
    said, tax = company.reports(("income", *year), ("tax", *year))
    assert "Acme had no members in this period." in said
    # Without a plan a tax year is a calendar year.
    assert "2025 (2025-01-01 to 2025-12-31)" in tax
    income, customers, taxes = company.each_sections(*((kind, *year) for kind in KINDS))
    assert [row["Members"] for row in income["All members in tenths, by what they were paid"]] == [
        "0"
    ] * 10
    assert {row["Result"] for row in customers["Tests of the company"]} == {""}
    assert taxes["Tax rates, by the last day of a run"] == []


def test_before_there_is_a_company_a_sentence_says_so(
    fresh: Callable[..., Reporting],
) -> None:
    said = fresh(do_nothing).reports(*((kind,) for kind in KINDS))
    assert set(said) == {"No company has been set up yet. Run ./upline init first."}
