"""Amounts as people and programs are shown them: exact, digit by digit."""

from decimal import Decimal

import pytest

from upline.base.amounts import (
    UNITS_MAX,
    NotAnAmount,
    as_number,
    as_read,
    as_text,
    as_typed,
    grouped,
)


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (1005, 2, "10.05"),
        (105, 0, "105"),
        (1005, 3, "1.005"),
        (5, 2, "0.05"),
        (0, 2, "0.00"),
        (-5, 2, "-0.05"),
        (-123456, 2, "-1234.56"),
    ],
)
def test_text_has_every_decimal(units: int, decimals: int, text: str) -> None:
    assert as_text(units, decimals) == text


def test_text_sets_thousands_apart_where_it_is_asked_to() -> None:
    assert as_text(123456789, 2, ",") == "1,234,567.89"
    assert as_text(-100000, 2, "'") == "-1'000.00"
    assert as_text(99999, 2, ",") == "999.99"


@pytest.mark.parametrize(
    ("units", "decimals", "number"),
    [
        (4990, 2, "49.9"),
        (4999, 2, "49.99"),
        (5000, 2, "50"),
        (0, 2, "0"),
        (-1, 2, "-0.01"),
        (1005, 3, "1.005"),
        (105, 0, "105"),
        (UNITS_MAX * 1000 + 1, 2, "10000000000000.01"),
    ],
)
def test_a_number_is_exact_and_has_as_few_digits_as_it_needs(
    units: int, decimals: int, number: str
) -> None:
    assert str(as_number(units, decimals)) == number
    assert as_number(units, decimals) == Decimal(number)


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize(
    ("typed", "decimals", "units"),
    [
        ("59,90", 2, 5990),
        ("59.90", 2, 5990),
        ("1.234,50", 2, 123450),
        ("1,234.50", 2, 123450),
        ("1 234,5", 2, 123450),
        ("1\u202f234.50", 2, 123450),
        ("1'234'567.80", 2, 123456780),
        ("1.234.567", 2, 123456700),
        (" 12 ", 2, 1200),
        (".5", 2, 50),
        ("-5", 2, -500),
        ("0,125", 3, 125),
        ("1 234 567", 0, 1234567),
    ],
)
def test_what_people_type_is_read_whatever_marks_the_decimals(
    typed: str, decimals: int, units: int, mark: str
) -> None:
    assert as_read(typed, decimals, mark) == units


@pytest.mark.parametrize(
    ("typed", "decimals", "mark", "units"),
    [("1.234", 3, ".", 1234), ("1,234", 3, ",", 1234), ("1,234", 0, ".", 1234)],
)
def test_what_could_be_two_amounts_is_decided_by_the_companys_mark(
    typed: str, decimals: int, mark: str, units: int
) -> None:
    assert as_read(typed, decimals, mark) == units


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("typed", ["1,234", "1.234", "999,000"])
def test_what_could_be_two_amounts_and_fits_neither_way_is_refused(typed: str, mark: str) -> None:
    with pytest.raises(NotAnAmount, match="This could mean"):
        as_read(typed, 2, mark)


@pytest.mark.parametrize(
    "typed",
    ["", "1e3", "1E3", "NaN", "nan", "Infinity", "inf", "+5", "1_000", "0x10", "\u0665", "five",
     "5.", "1.2.3", "12,34,56", "1,234.5,6", "12 34", "--5", "9" * 5000, "5 EUR", "1.001",
     "1234.567", "=1+1"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotAnAmount, match=r"[A-Z].*\."):
        as_read(typed, 2)


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("decimals", [0, 2, 3])
@pytest.mark.parametrize("units", [0, 7, 1000, 123456, -99999999, UNITS_MAX])
def test_what_is_shown_is_read_as_the_same(units: int, decimals: int, mark: str) -> None:
    for shown in (as_typed(units, decimals, mark), grouped(units, decimals, mark)):
        assert as_read(shown, decimals, mark) == units
