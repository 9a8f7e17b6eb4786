"""Figures are read exactly, in the core's units, or refused."""

from __future__ import annotations

import pytest

from plan_documents.documents import TOP, bonus_with, plan_with, said_of, said_of_bonus, with_bonus
from upline.plan_documents import parse
from upline.plans.bonus import Levels, Pool

POOL = 'name = "pool"\nkind = "pool"\npercent = 2\n'


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("10", 100_000),
        ("12.5", 125_000),
        ('"12.50"', 125_000),
        ("0.07", 700),
        ('"12.5 %"', 125_000),
        ('"3%"', 30_000),
        ("1e1", 100_000),
        ("100", 1_000_000),
        ("1_0", 100_000),
    ],
)
def test_a_percentage_is_read_in_millionths(written: str, points: int) -> None:
    bonus = bonus_with(f'name = "pool"\nkind = "pool"\npercent = {written}')
    assert isinstance(bonus, Pool)
    assert bonus.rate == points


@pytest.mark.parametrize(
    ("decimals", "written", "units"),
    [
        (2, "12.5", 1250),
        (0, "12", 12),
        (3, '"12.345"', 12345),
        (2, '"0.01"', 1),
        (2, "12.50", 1250),
    ],
)
def test_money_is_read_in_the_smallest_unit(decimals: int, written: str, units: int) -> None:
    text = with_bonus(f"{POOL}cap = {written}", f"decimals = {decimals}\n{TOP}")
    bonus = parse(text, "plan.toml").bonuses[0]
    assert isinstance(bonus, Pool)
    assert bonus.cap == units


def test_points_are_read_in_hundredths() -> None:
    needs = bonus_with(f"{POOL}needs = {{personal_points = 99.5}}").needs
    assert needs.personal_points == 9950


@pytest.mark.parametrize(
    ("decimals", "written"), [(2, "0.005"), (0, "1.5"), (3, "1.0001"), (2, '"10.123"')]
)
def test_more_decimals_than_the_money_has_are_refused(decimals: int, written: str) -> None:
    said = said_of(with_bonus(f"{POOL}cap = {written}", f"decimals = {decimals}\n{TOP}"))
    assert len(said) == 1
    assert "cap: " in said[0]
    assert "too many decimals: this plan's money has" in said[0]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("12.34567", "12.34567 has too many decimals: a percentage has 4."),
        ("100.01", "100.01 is more than 100 percent."),
        ("-1", "-1 is negative."),
        ('"-1"', '"-1" is negative.'),
        ("true", 'must be a number such as 12 or "12.50", not true.'),
        ('"ten"', 'must be a number such as 12 or "12.50", not "ten".'),
        ("[10]", 'must be a number such as 12 or "12.50", not a list.'),
        ("2026-01-01", 'must be a number such as 12 or "12.50", not 2026-01-01.'),
        ("nan", 'must be a number such as 12 or "12.50", not NaN.'),
        ("inf", 'must be a number such as 12 or "12.50", not Infinity.'),
        ("1." + "0" * 60 + "1", f"1.{'0' * 58}… has too many decimals: a percentage has 4."),
        ("1e-99999999", "1E-99999999 has too many decimals: a percentage has 4."),
        ("1e400", "1E+400 is too large."),
        ("1e99999999999999999999", 'must be a number such as 12 or "12.50", not NaN.'),
        ('"1e5"', 'must be a number such as 12 or "12.50", not "1e5".'),
        ("9" * 200, "so long a number is too large."),
    ],
)
def test_what_is_no_percentage_is_refused(written: str, sentence: str) -> None:
    said = said_of_bonus(f'name = "pool"\nkind = "pool"\npercent = {written}')
    assert said == [f"3: pool: percent: {sentence}"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            "needs = {personal_points = 10.000}",
            "10.000 has too many decimals: a number of points has 2. Write 10000 for thousands.",
        ),
        (
            'cap = "1.000"',
            '"1.000" has too many decimals: this plan\'s money has 2. Write 1000 for thousands.',
        ),
        ("cap = 0.500", "0.500 has too many decimals: this plan's money has 2."),
        ("cap = 1.0000", "1.0000 has too many decimals: this plan's money has 2."),
    ],
)
def test_zeros_are_decimals_too(key: str, sentence: str) -> None:
    [said] = said_of_bonus(f"{POOL}{key}")
    assert said.endswith(f": {sentence}")


def test_a_percentage_with_zeros_for_decimals_is_refused() -> None:
    [said] = said_of_bonus('name = "pool"\nkind = "pool"\npercent = 10.00000')
    assert said == "3: pool: percent: 10.00000 has too many decimals: a percentage has 4."


def test_money_that_could_overflow_is_refused() -> None:
    largest = "1000000000000.00"
    assert said_of_bonus(f"{POOL}cap = {largest}") == []
    assert said_of_bonus(f"{POOL}cap = 1000000000000.01") == [
        "4: pool: cap: 1000000000000.01 is too large."
    ]
    assert said_of_bonus(f"{POOL}cap = {10**30}") == [f"4: pool: cap: {10**30} is too large."]


def test_a_number_of_thousands_of_digits_is_a_sentence() -> None:
    assert said_of(f"name = {'9' * 5000}") == ["plan.toml:1: there is a number that is too long."]


def test_a_class_that_is_not_listed_takes_what_the_one_below_it_has() -> None:
    bonus = bonus_with(
        'name = "levels"\nkind = "levels"\n[bonuses.percents]\nSilver = [10, 5]\nDiamond = [7]'
    )
    assert isinstance(bonus, Levels)
    assert bonus.rates.table == ((0, 0), (100_000, 50_000), (100_000, 50_000), (70_000, 0))


def test_a_table_by_package_begins_with_the_lowest_package() -> None:
    bonus = bonus_with(
        'name = "levels"\nkind = "levels"\nby = "lower package"\namounts = {Pro = ["1.50"]}'
    )
    assert isinstance(bonus, Levels)
    assert bonus.rates.table == ((0,), (150,), (150,))
    assert (bonus.rates.flat, bonus.rates.by) == (True, "lower package")


def test_shares_and_awards_are_only_for_the_ranks_that_are_listed_or_above() -> None:
    pool = bonus_with(f'{POOL}share = "rank"\nshares = {{Gold = 5}}')
    assert isinstance(pool, Pool)
    assert pool.shares == (0, 0, 5, 5)
    award = bonus_with('name = "a"\nkind = "rank_advancement"\namounts = {Gold = 5}')
    assert getattr(award, "amounts", None) == (0, 0, 500, 0)


def test_a_point_is_worth_one_where_nothing_is_said() -> None:
    assert plan_with(POOL).point_value == 100
    assert parse(with_bonus(POOL, f"decimals = 0\n{TOP}"), "plan.toml").point_value == 1
