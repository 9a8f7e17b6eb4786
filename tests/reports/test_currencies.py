"""Reports of a company with two currencies: each on its own, and no sum of both."""

from collections.abc import Callable
from datetime import date

import pytest

from commissions.world import found, noon
from reports.conftest import Reporting
from reports.reading import Sections
from reports.story import buy
from support.markets import move, open_japan
from upline.members.models import MemberKind
from upline.members.queries import find_person


def sell_in_two_currencies() -> None:
    """Dan buys in euros, moves to Japan and buys in yen; anna buys in euros."""
    found(date(2025, 1, 2))
    buy("dan", date(2025, 1, 10), (MemberKind.MEMBER, 1_999, 0, 1))
    dan = find_person("dan")
    assert dan is not None
    with noon(date(2025, 1, 20)):
        move(dan.id, open_japan())
    buy(
        "dan",
        date(2025, 2, 10),
        (MemberKind.RETAIL, 11_900, 1_900, 3),
        (MemberKind.MEMBER, 2_003, 0, 1),
    )
    buy(
        "anna",
        date(2025, 2, 11),
        (MemberKind.RETAIL, 11_900, 1_900, 1),
        (MemberKind.MEMBER, 10_000, 0, 1),
    )


@pytest.fixture
def company(fresh: Callable[..., Reporting]) -> Reporting:
    return fresh(sell_in_two_currencies)


def _rows(tables: Sections, title: str, first: str) -> dict[str, list[str]]:
    return {row[first]: [*row.values()][1:] for row in tables[title]}


def test_sold_is_counted_and_tested_in_each_currency(company: Reporting) -> None:
    tables = company.sections("customers", "--year", "2025")
    assert _rows(tables, "The company's volume, EUR", "Sold to")["Total"][0] == "219.99"
    assert _rows(tables, "The company's volume, JPY", "Sold to")["Total"][0] == "32003"
    in_yen = _rows(tables, "Members, JPY", "Member")
    assert in_yen["dan"][:3] == ["30000", "0", "2003"]
    assert in_yen["ben"][4] == "32003", "the team's volume in yen"
    in_euros = _rows(tables, "Members, EUR", "Member")
    assert in_euros["ben"][4] == "19.99", "dan's, of before the move"
    assert tables["Tests of the company, EUR"][0]["Result"] == "not passed"
    assert {row["Result"] for row in tables["Tests of the company, JPY"]} == {"passed"}


def test_the_income_disclosure_tells_each_currency_apart(company: Reporting) -> None:
    tables = company.sections("income", "--year", "2025")
    spent = "Expenses: packages, products and fees"
    assert _rows(tables, "In short, EUR", "All members")[spent][0] == "119.99"
    assert _rows(tables, "In short, JPY", "All members")[spent] == ["2003", "2003", "2003"]
    said = company.report("income", "--year", "2025")
    assert "had 1 member in markets with JPY" in said
    assert "members paid the company 2,003 JPY on average" in said
    assert "had 4 members in markets with EUR" in said, "dan spent euros before the move"


def test_tax_totals_are_listed_in_each_currency(company: Reporting) -> None:
    tables = company.sections("tax", "--year", "2025")
    for currency, nothing in (("EUR", "0.00"), ("JPY", "0")):
        assert [row["Difference"] for row in tables[f"Proof, {currency}"]] == [nothing, nothing]
