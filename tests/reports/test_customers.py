"""Outside customers, against what plain lists of the books come to."""

import csv
from collections.abc import Callable
from datetime import date

import pytest

from commissions.world import found
from reports.conftest import Reporting
from reports.reading import Books, Sections, euros, percent
from reports.stored import books_as_stored
from reports.story import buy
from upline.members.models import MemberKind

YEAR = ("2025-01-01", "2025-12-31")
VOLUME, TESTS, PASSED, MEMBERS = (
    "The company's volume", "Tests of the company", "Tests of the members", "Members",
)  # fmt: skip
OUTSIDE = ("retail", "preferred")


@pytest.fixture(scope="module")
def books(told: Reporting) -> Books:
    return Books(told.does(books_as_stored), *YEAR)


@pytest.fixture(scope="module")
def report(told: Reporting) -> Sections:
    return told.sections("customers", "--year", "2025")


def everybody(books: Books) -> list[str]:
    return books.team("acme")


def volume(books: Books, members: list[str]) -> tuple[int, int]:
    """What these members sold outside, and all that was sold."""
    outside = sum(books.sold(member, *OUTSIDE) for member in members)
    return outside, outside + sum(books.sold(member, "member") for member in members)


def said(passed: bool, whole: int) -> str:
    if not whole:
        return ""
    return "passed" if passed else "not passed"


def results(books: Books, member: str) -> list[str]:
    """One half and one third of the team's, 70 percent of what the member sold."""
    team, of_team = volume(books, books.team(member))
    sold, of_member = volume(books, [member])
    return [
        said(team / of_team > 0.5 if of_team else False, of_team),
        said((of_team - team) * 3 <= of_team, of_team),
        said(sold * 10 >= of_member * 7, of_member),
    ]


def test_the_companys_volume_is_by_class_of_buyer_without_tax_and_refunds(
    report: Sections, books: Books
) -> None:
    amounts = {
        "Retail customers": sum(books.sold(member, "retail") for member in everybody(books)),
        "Preferred customers": sum(books.sold(member, "preferred") for member in everybody(books)),
        "Members' own purchases": sum(books.sold(member, "member") for member in everybody(books)),
    }
    # By hand, in euros without tax. Retail: 3 x 100, 4 less 3 x 50, 500, 1000, 1. Preferred:
    # 2 x 200. Own: 420 in January, 20, 2 less 1 x 10, 2 x 300, 10, 50, 60, 90.
    assert list(amounts.values()) == [185_100, 40_000, 126_000]
    whole = sum(amounts.values())
    rows = [[label, euros(sold), percent(sold, whole)] for label, sold in amounts.items()]
    assert [list(row.values()) for row in report[VOLUME]] == [
        *rows, ["Total", euros(whole), "100.00"],
    ]  # fmt: skip


def test_each_test_of_the_company_is_passed_or_not_with_its_figures(
    report: Sections, books: Books
) -> None:
    outside, whole = volume(books, everybody(books))
    figures = [percent(outside, whole), percent(whole - outside, whole)]
    assert [list(row.values()) for row in report[TESTS]] == [
        ["one half", "more than half outside", *figures, "passed"],
        ["one third", "own purchases at most a third", *figures, "not passed"],
        ["70 percent", "70 percent outside", *figures, "not passed"],
        ["80 percent", "80 percent outside", *figures, "not passed"],
    ]
    assert figures == ["64.11", "35.88"]


def test_every_member_has_own_and_team_figures(report: Sections, books: Books) -> None:
    rows = []
    for member in sorted(everybody(books)):
        outside, whole = volume(books, [member])
        team, of_team = volume(books, books.team(member))
        if of_team:
            rows.append(
                [member, *(euros(books.sold(member, buyer)) for buyer in (*OUTSIDE, "member")),
                 percent(outside, whole), euros(of_team), percent(team, of_team),
                 *results(books, member)]
            )  # fmt: skip
    assert [list(row.values()) for row in report[MEMBERS]] == rows
    found = {result for row in rows for result in row[7:]}
    assert found == {"passed", "not passed", ""}
    assert all({"passed", "not passed"} <= {row[place] for row in rows} for place in (7, 8, 9))


def test_how_many_members_pass_is_counted_of_those_who_sold(report: Sections, books: Books) -> None:
    columns = list(zip(*(results(books, member) for member in everybody(books)), strict=True))
    assert [list(row.values())[2:] for row in report[PASSED]] == [
        [str(len([one for one in column if one])), str(column.count("passed")),
         str(column.count("not passed")),
         percent(column.count("passed"), len([one for one in column if one]))]
        for column in columns
    ]  # fmt: skip


def test_a_refund_lowers_the_day_on_which_it_was_made(told: Reporting) -> None:
    before, after = told.each_sections(
        ("customers", "--from", "2025-03-01", "--to", "2025-03-31"),
        ("customers", "--from", "2025-06-01", "--to", "2025-06-30"),
    )
    (sold,) = [row for row in before[MEMBERS] if row["Member"] == "mia3"]
    assert (sold["Retail"], sold["Own purchases"]) == ("200.00", "20.00")
    (taken,) = [row for row in after[MEMBERS] if row["Member"] == "mia3"]
    assert (taken["Retail"], taken["Own purchases"], taken["Outside"]) == ("-150.00", "-10.00", "")
    assert [row["Result"] for row in after[TESTS]] == [""] * 4


def sell_month_by_month(months: list[list[int]]) -> None:
    """dan's sales in each month: outside, and own purchases."""
    found(date(2025, 1, 2))
    for month, (outside, own) in enumerate(months, 1):
        buy(
            "dan",
            date(2025, month, 3),
            (MemberKind.PREFERRED, outside, 0, 1),
            (MemberKind.MEMBER, own, 0, 1),
        )


def test_what_is_just_enough_passes_and_one_cent_less_does_not(
    fresh: Callable[..., Reporting],
) -> None:
    months = ((500, 500), (501, 499), (667, 333), (666, 334), (700, 300), (699, 301),
              (800, 200), (799, 201))  # fmt: skip
    company = fresh(sell_month_by_month, [list(each) for each in months])
    passed = []
    days = [
        ("--from", f"2025-{month:02}-01", "--to", f"2025-{month:02}-28")
        for month in range(1, len(months) + 1)
    ]
    for read in company.each_sections(*(("customers", *each) for each in days)):
        results = [row["Result"] for row in read[TESTS]]
        passed.append(results.count("passed"))
        # They are in the order of what they ask for.
        assert results == sorted(results, reverse=True)
    assert passed == [0, 1, 2, 1, 3, 2, 4, 3]


def test_one_members_report_has_nobody_elses_figures(told: Reporting, books: Books) -> None:
    words = ("customers", "--year", "2025", "--member", "Anna", "--format", "csv")
    (printed,) = told.reports(words)
    (row,) = csv.DictReader(printed.splitlines())
    outside, whole = volume(books, ["anna"])
    assert (row["Member"], row["Outside"]) == ("anna", percent(outside, whole))
    assert [row["One half"], row["One third"], row["70 percent"]] == results(books, "anna")
