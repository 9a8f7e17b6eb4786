"""Tax totals, against what plain lists of the books come to."""

import csv
from collections.abc import Callable
from datetime import date

import pytest

from commissions.world import found, noon, opened, paid, people, sell, use_plan
from reports.conftest import Reporting
from reports.reading import Books, Row, Sections, euros
from reports.stored import books_as_stored
from reports.story import PAID_ON, PLAN, TAXES
from upline.base import sql
from upline.base.actors import Shell
from upline.base.unit import UnitOfWork

# The plan's tax year begins on the first of February.
YEAR = ("2025-02-01", "2026-01-31")
RULES, MEMBERS, PROOF = "Tax rates, by the last day of a run", "Members", "Proof"
# By the month in which a run ends: the first plan's two taxes, then the second plan's.
THRESHOLDS = {month: 2_000 if month < 4 else 6_000 if month < 10 else 2_500 for month in range(13)}


@pytest.fixture(scope="module")
def books(told: Reporting) -> Books:
    return Books(told.does(books_as_stored), *YEAR)


@pytest.fixture(scope="module")
def report(told: Reporting) -> Sections:
    return told.sections("tax", "--year", "2025")


def exceeded_on(books: Books, member: str) -> str:
    """The day of the payment with which the gross was first above the run's threshold."""
    gross = 0
    for run in sorted({transfer.run for transfer in books.transfers}):
        of_run = [t for t in books.transfers if t.run == run and t.member == member]
        gross += sum(transfer.amount for transfer in of_run)
        if of_run and gross > THRESHOLDS[run]:
            return of_run[0].day
    return ""


def row_of(books: Books, member: str) -> list[str]:
    withheld = {t.run for t in books.transfers if t.member == member and "_tax" in t.kind}
    taxable = sum(base for run, who, base in books.taxed if who == member and run in withheld)
    return [
        member, euros(books.gross(member)), euros(books.part(member, "_charge")), euros(taxable),
        euros(books.part(member, "_tax")), euros(books.paid(member)), exceeded_on(books, member),
    ]  # fmt: skip


def of_members(report: Sections) -> list[Row]:
    return report[MEMBERS][:-1]


def test_every_member_who_was_paid_has_the_figures_of_the_ledger(
    report: Sections, books: Books
) -> None:
    members = sorted({transfer.member for transfer in books.transfers})
    rows = [row_of(books, member) for member in members]
    assert [list(row.values()) for row in of_members(report)] == rows
    days = {row[-1] for row in rows}
    assert "" in days
    assert len(days) > 2


def test_the_first_run_is_of_the_tax_year_in_which_it_was_paid(
    report: Sections, told: Reporting, books: Books
) -> None:
    """By hand: January's sales of 100.00, 200.00, 50.00, 40.00 and 30.00 pay acme 24.50, anna
    10.50 and ben 3.00. The threshold of 20.00 is only acme's, the tax 5 percent."""
    days = ("--from", "2025-02-01", "--to", "2025-02-28")
    assert PAID_ON[1].month == 2
    assert [list(row.values()) for row in of_members(told.sections("tax", *days))] == [
        ["acme", "24.50", "2.45", "24.50", "1.22", "20.83", "2025-02-05"],
        ["anna", "10.50", "1.05", "0.00", "0.00", "9.45", ""],
        ["ben", "3.00", "0.30", "0.00", "0.00", "2.70", ""],
    ]
    (said,) = told.reports(("tax", "--year", "2025"))
    assert f"For earlier periods  {books.transfers[0].run}\n" in said


def test_totals_are_what_the_ledgers_accounts_moved(report: Sections, books: Books) -> None:
    totals = report[MEMBERS][-1]
    gross = sum(transfer.amount for transfer in books.transfers)
    tax = sum(transfer.amount for transfer in books.transfers if "_tax" in transfer.kind)
    assert gross > tax > 0
    assert (totals["Gross"], totals["Tax withheld"]) == (euros(gross), euros(tax))
    assert [list(row.values())[1:] for row in report[PROOF]] == [
        [euros(gross), euros(gross), "0.00"],
        [euros(tax), euros(tax), "0.00"],
    ]


def test_the_withheld_taxes_of_all_years_are_the_balance_of_the_account(told: Reporting) -> None:
    totals = [
        told.sections("tax", "--year", year)[MEMBERS][-1]["Tax withheld"]
        for year in ("2024", "2025")
    ]
    balance = told.value(
        """SELECT sum(CASE kind WHEN 'commission_tax' THEN amount ELSE -amount END)
           FROM wallet_transfer WHERE kind IN ('commission_tax', 'commission_tax_back')"""
    )
    assert sum(round(float(total) * 100) for total in totals) == balance


def test_thresholds_are_named_with_the_days_on_which_they_held(report: Sections) -> None:
    assert [list(row.values()) for row in report[RULES]] == [
        ["2025-01-01", "2025-03-31", "5.00", "20.00", "Levels 1"],
        ["2025-04-01", "2025-09-30", "2.00", "60.00", "Levels 1"],
        ["2025-10-01", "", "3.00", "25.00", "Levels 2"],
    ]


def test_only_the_taxes_of_the_days_asked_for_are_named(told: Reporting) -> None:
    days = ("--from", "2025-09-01", "--to", "2025-09-20")
    found = told.sections("tax", *days)
    # August's run was paid in these days.
    assert [row["From"] for row in found[RULES]] == ["2025-04-01"]
    assert {row["Threshold exceeded"] for row in of_members(found)} == {""}


def test_a_year_begins_as_the_plan_says(told: Reporting) -> None:
    assert "Acme, 2025 (2025-02-01 to 2026-01-31) " in told.report("tax", "--year", "2025")


def test_one_member_has_the_same_row_and_nobody_else_one(told: Reporting, books: Books) -> None:
    found, nobody = told.each_sections(
        ("tax", "--year", "2025", "--member", "ANNA"), ("tax", "--year", "2025", "--member", "zed")
    )
    assert PROOF not in found
    assert [list(row.values()) for row in of_members(found)] == [row_of(books, "anna")]
    assert [row["Member"] for row in nobody[MEMBERS]] == ["Total"]


def pay_january(taxes: str) -> int:
    """A company whose root is paid for one sale, by a plan with these taxes; the run's number."""
    found(date(2025, 1, 2))
    with noon(date(2025, 1, 3)):
        use_plan(date(2025, 1, 1), PLAN.format(number=1, taxes=taxes))
    sell("anna", date(2025, 1, 10), 20_000, 0)
    with noon(date(2025, 2, 4)):
        (run,) = opened()
        paid(run)
    return run


def take_back_in_march() -> None:
    run = pay_january(TAXES.replace('"20.00"', '"1.00"'))
    (acme,) = people("acme")

    def take_back() -> None:
        sql.run(
            """SELECT wallet_settle_commissions(%s, 'EUR', ARRAY[%s::bigint], ARRAY[-300],
                   ARRAY[-100], ARRAY[-50], ARRAY[-25], '2025-03-04', now(), '(shell,,,)')""",
            [run + 1, acme],
        )

    with noon(date(2025, 3, 4)):
        UnitOfWork(Shell()).commit(take_back)


def test_what_is_taken_back_counts_against_it(fresh: Callable[..., Reporting]) -> None:
    company = fresh(take_back_in_march)
    # 10 percent of 200.00; off it 10 and 5 percent.
    both = {"acme": ["20.00", "2.00", "20.00", "1.00", "17.00", "2025-02-04"]}
    before, found = company.each_sections(
        ("tax", "--from", "2025-02-01", "--to", "2025-02-28"),
        ("tax", "--from", "2025-02-01", "--to", "2025-03-31"),
    )
    assert {row["Member"]: list(row.values())[1:] for row in of_members(before)} == both
    both = {"acme": ["15.25", "1.50", "20.00", "0.75", "13.00", "2025-02-04"]}
    assert {row["Member"]: list(row.values())[1:] for row in of_members(found)} == both
    assert {row["Difference"] for row in found[PROOF]} == {"0.00"}
    said = company.report("income", "--from", "2025-03-01", "--to", "2025-03-31")
    assert "It was paid -4.00 EUR." in said


def test_a_plan_without_taxes_withholds_nothing_and_no_threshold_is_exceeded(
    fresh: Callable[..., Reporting],
) -> None:
    company = fresh(pay_january, "")
    found = company.sections("tax", "--year", "2025")
    assert found[RULES] == []
    assert [list(row.values()) for row in of_members(found)] == [
        ["acme", "20.00", "2.00", "0.00", "0.00", "18.00", ""]
    ]


def test_as_csv_a_single_table_is_what_programs_expect(told: Reporting) -> None:
    whole = told.file("customers", "--year", "2025", "--member", "ben", "--format", "csv")
    assert whole.count(b"\r\n") == 2
    (row,) = csv.DictReader(whole.decode().splitlines())
    assert row["Member"] == "ben"


def test_members_are_named_as_the_tax_office_knows_them(told: Reporting) -> None:
    found = told.sections("tax", "--year", "2025")
    people = {row["Member"]: row for row in found["Names and addresses"]}
    assert set(people) == {row["Member"] for row in of_members(found)}
    assert people["anna"]["Name"] == "Anna Example"
    assert {"Address", "Tax number"} <= set(people["anna"])
