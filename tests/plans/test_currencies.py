"""Orders and members of several currencies: by hand, and at the limits of what 64 bits hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from plans.agreement import lines_of
from plans.currencies import as_arrays
from plans.oracle.company import Company, Market, Member, Order
from upline.plans.arrays import LARGEST, TooLarge
from upline.plans.bonus import Items, Levels, Pairs, Pool, Rates
from upline.plans.carry import Carry
from upline.plans.counting import Basis, Volume
from upline.plans.exchange import RunRates
from upline.plans.periods import Every, day_of, period_of
from upline.plans.plan import Plan, Settlement
from upline.plans.rates import RunRate
from upline.plans.result import Result
from upline.plans.rounding import divided
from upline.plans.run import run
from upline.plans.terms import Charge, Tax

DAY = day_of(date(2026, 1, 10))
PERIOD = period_of(DAY, Every.MONTH)
EURO, FRANC, YEN = 0, 1, 2
MARKETS = [
    Market(1_000_000),
    Market(941_200, None, 2, "CHF"),
    Market(163_250_000, 150_000_000, 0, "JPY"),
]


def of(company: list[tuple[int, int]], sales: list[tuple[int, int, int, int]]) -> Company:
    """Members by sponsor and market; orders by member, market, value and points."""
    members = [
        Member(sponsor, sponsor, 0, DAY - 30, 0, True, market) for sponsor, market in company
    ]
    orders = [
        Order(member, DAY, value, points, 2, True, market=market)
        for member, market, value, points in sales
    ]
    return Company(members, orders, [], MARKETS)


def worked_out(plan: Plan, company: Company, carry: Carry | None = None) -> Result:
    members, orders, exchange = as_arrays(plan, company)
    return run(plan, members, orders, PERIOD, carry, exchange=exchange)


def amounts(result: Result) -> list[tuple[str, int, int]]:
    """Bonus, member, amount of each line."""
    return [(line[0], line[1], line[6]) for line in lines_of(result)]


def plan(*bonuses: object, **more: object) -> Plan:
    return Plan("abroad", bonuses, **more)  # type: ignore[arg-type]


LEVELS = Levels("levels", rates=Rates(((100_000, 50_000),)))


def test_an_order_pays_its_value_by_the_sellers_rate_times_the_receivers_rounded_once() -> None:
    """100.01 EUR at 10 % is 9.41294 CHF, and 5 % of it 816.3316… JPY; each is rounded down."""
    company = of([(-1, YEN), (0, FRANC), (1, EURO)], [(2, EURO, 10_001, 0)])
    assert amounts(worked_out(plan(LEVELS), company)) == [("levels", 1, 941), ("levels", 0, 816)]


def test_an_order_in_the_receivers_own_currency_is_not_exchanged() -> None:
    company = of([(-1, FRANC), (0, FRANC)], [(1, FRANC, 9_999, 0)])
    assert amounts(worked_out(plan(LEVELS), company)) == [("levels", 0, 999)]


def test_between_two_foreign_currencies_it_is_rounded_once() -> None:
    """12,345 JPY / 163.25 * 0.9412 is 71.17388… CHF, of which 10 % is 7.117…"""
    company = of([(-1, FRANC), (0, YEN)], [(1, YEN, 12_345, 0)])
    assert amounts(worked_out(plan(LEVELS), company)) == [("levels", 0, 711)]


def test_a_point_is_worth_what_the_market_says_or_else_the_plan_at_its_rate() -> None:
    """50.00 points at 10 %: 5 points are 5 * 1.00 * 0.9412 CHF, and 2.5 points 2.5 * 150 JPY."""
    by_points = replace(LEVELS, volume=Volume(Basis.POINTS))
    company = of([(-1, YEN), (0, FRANC), (1, EURO)], [(2, EURO, 0, 5_000)])
    assert amounts(worked_out(plan(by_points), company)) == [("levels", 1, 470), ("levels", 0, 375)]


def test_what_is_matched_is_exchanged_from_the_earners_currency() -> None:
    """9.41 CHF at 50 % is 4.705 CHF, which is 816.0650… JPY at 163.25 / 0.9412."""
    matching = Levels("matching", items=Items.EARNINGS, of=("levels",), rates=Rates(((500_000,),)))
    one = replace(LEVELS, rates=Rates(((100_000,),)))
    company = of([(-1, YEN), (0, FRANC), (1, EURO)], [(2, EURO, 10_001, 0)])
    found = amounts(worked_out(plan(one, matching), company))
    assert found == [("levels", 1, 941), ("matching", 0, 816)]


def test_amounts_that_the_plan_states_are_in_plan_currency() -> None:
    flat = Levels("joined", items=Items.ACTIVE_MEMBERS, rates=Rates(((1_001,),), flat=True))
    company = of([(-1, FRANC), (0, YEN), (1, EURO)], [])
    assert amounts(worked_out(plan(flat), company)) == [("joined", 0, 942), ("joined", 1, 1_634)]


def test_legs_count_value_in_plan_currency() -> None:
    pairs = Pairs("pairs", rates=Rates(((100_000,),)))
    members = [
        Member(-1, -1, 0, DAY - 30, 0, True, FRANC),
        Member(0, 0, 0, DAY - 30, 0, True, EURO),
        Member(0, 0, 1, DAY - 30, 0, True, YEN),
    ]
    sold = [
        Order(1, DAY, 10_000, 0, 2, True, market=EURO),
        Order(2, DAY, 10_001, 0, 2, True, market=YEN),
    ]
    result = worked_out(plan(pairs), Company(members, sold, [], MARKETS))
    legs = result.legs["pairs"]
    # 10,001 JPY / 163.25 is 61.2618… EUR; a tenth of 61.26 EUR is 5.7657… CHF.
    assert (legs.left.entered[0], legs.right.entered[0]) == (10_000, 6_126)
    assert amounts(result) == [("pairs", 0, 576)]


def test_a_pool_is_shared_in_plan_currency_and_each_share_exchanged() -> None:
    pool = Pool("pool", rate=1_000_000)
    company = of([(-1, FRANC), (0, EURO)], [(1, YEN, 163_250, 0)])
    result = worked_out(plan(pool), company)
    assert result.turnover == 100_000
    assert amounts(result) == [("pool", 0, 47_060), ("pool", 1, 50_000)]


def test_a_ceiling_holds_for_all_currencies_together() -> None:
    terms = Settlement(ceiling=100_000)
    company = of([(-1, FRANC), (0, YEN), (1, EURO)], [(2, EURO, 100_000, 0)])
    result = worked_out(plan(LEVELS, settlement=terms), company)
    figures = result.figures.ceiling
    assert figures is not None
    # 50.00 EUR are 47.06 CHF, 100.00 EUR are 16,325 JPY: 150.00 EUR of 100.00.
    assert (figures.share, figures.gross) == (10_000, 15_000)
    assert result.totals.tolist() == [3_137, 10_883, 0]


def test_minimum_tax_and_charge_are_of_the_members_own_currency() -> None:
    terms = Settlement(
        charges=(Charge(0, 100_000),), taxes=(Tax(0, 200_000, threshold=4_900),), minimum=4_000
    )
    company = of([(-1, FRANC), (0, EURO)], [(1, EURO, 50_000, 0)])
    result = worked_out(plan(LEVELS, settlement=terms), company)
    # 47.06 CHF exceed 46.11 CHF (49.00 EUR); less 4.70 and 9.41 are 32.95, below 37.64 (40.00 EUR).
    assert result.totals.tolist() == [0, 0]
    assert result.carry.held.tolist() == [3_295, 0]


def test_what_moves_to_another_currency_is_rounded_towards_nothing() -> None:
    rates = tuple(
        RunRate(index, each.currency, each.decimals, each.per_unit, each.per_point)
        for index, each in enumerate(MARKETS)
    )
    held = np.array([10_001, -10_001, 10_001], np.int64)
    before, after = np.array([0, 0, 1], np.int8), np.array([1, 1, 1], np.int8)
    moved = RunRates(plan(), rates).converted(held, before, after)
    assert moved.tolist() == [9_412, -9_412, 10_001]


def test_a_product_of_any_size_is_divided_exactly() -> None:
    chance = Random("products")

    def number(least: int = 0) -> int:
        return max(chance.getrandbits(chance.randint(1, 63)), least)

    rows = [(number(), number(), number(1)) for _ in range(5_000)]
    rows = [row for row in rows if row[0] * row[1] // row[2] <= LARGEST]
    assert any(one * other > 2**64 for one, other, _ in rows)
    one, other, by = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    expected = [one * other // by for one, other, by in rows]
    assert divided(one, other, by, "a product").tolist() == expected


@pytest.mark.parametrize("row", [(LARGEST, 2, 1), (LARGEST, LARGEST, 2), (2**62, 2, 1)])
def test_a_quotient_that_exceeds_64_bits_is_refused(row: tuple[int, int, int]) -> None:
    one, other, by = (np.array([value], np.int64) for value in row)
    with pytest.raises(TooLarge, match="a product would exceed"):
        divided(one, other, by, "a product")


def test_a_percentage_of_four_decimals_of_a_very_large_order_is_rounded_once() -> None:
    """33.3333 % of 92,233,720,368,547.00 in a single order: the product needs 83 bits."""
    value = 9_223_372_036_854_700
    third = Levels("third", rates=Rates(((333_333,),)))
    company = of([(-1, EURO), (0, EURO)], [(1, EURO, value, 0)])
    found = amounts(worked_out(plan(third), replace(company, markets=[])))
    assert found == [("third", 0, value * 333_333 // 1_000_000)]
    terms = Settlement(charges=(Charge(0, 71_250),))
    settled = worked_out(plan(third, settlement=terms), company)
    earned = found[0][2]
    assert settled.totals.tolist() == [earned - earned * 71_250 // 1_000_000, 0]
