"""Amounts as people and programs are shown them: exact, digit by digit."""

from decimal import Decimal

import pytest

from upline.base.amounts import UNITS_MAX, as_number, as_text


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
