"""What is taken back of earlier runs is settled with what a run pays: by hand, in round sums."""

from __future__ import annotations

from dataclasses import replace

from plans.oracle.clawback import Remaining
from plans.oracle.company import Member
from plans.refunding import MONDAY, Weeks, by_hand, order
from upline.plans.bonus import Levels, Rates
from upline.plans.periods import Every
from upline.plans.plan import Plan, Settlement
from upline.plans.terms import Charge, Tax

ANNA, BERT, CORA = 0, 1, 2
MEMBERS = [Member(above, above, 0, 0, 0, True) for above in (-1, 0, 1)]
ALL_OF_IT = Rates(((1_000_000,),))
"""What a direct buys is what the sponsor earns."""
GONE = (0, 0)
NEXT_MONDAY = MONDAY + 7


def settled(settlement: Settlement, *earned: int, refunds: dict[int, list[int]]) -> Weeks:
    """Week by week what anna earns of bert's orders, which are numbered from 1 on, one a week;
    and which of them each week takes to task."""
    plan = Plan("p", (Levels("levels", Every.WEEK, rates=ALL_OF_IT),), settlement=settlement)
    orders = [order(number, BERT, number - 1, value) for number, value in enumerate(earned, 1)]
    gone: dict[int, Remaining] = {
        week: dict.fromkeys([(n, 2) for n in some], GONE) for week, some in refunds.items()
    }
    return by_hand(plan, MEMBERS, orders, gone, len(earned))


def totals(told: Weeks) -> list[int]:
    return [week[ANNA] for week in told.totals]


def held(told: Weeks) -> list[int]:
    return [int(result.carry.held[ANNA]) for result in told.results]


def test_a_total_may_be_below_zero_and_what_is_held_pays_first() -> None:
    """Below the minimum of 50.00 earnings are held; what is taken back takes these first, and the
    rest is asked for at once, a fifth of it of what can only buy."""
    rules = Settlement(minimum=5_000, purchase_share=200_000)
    told = settled(rules, 10_000, 3_000, 0, 4_000, 2_000, refunds={2: [1], 4: [4]})
    assert totals(told) == [10_000, 0, 3_000 - 10_000, 0, 0]
    assert held(told) == [0, 3_000, 0, 4_000, 4_000 + 2_000 - 4_000]
    assert [int(result.purchase[ANNA]) for result in told.results] == [2_000, 0, -1_400, 0, 0]


def test_what_stays_behind_stays_though_something_is_taken_back() -> None:
    """Of 100.00 or more all but 50.00 is paid; 120.00 less 20.00 is still enough."""
    rules = Settlement(minimum=10_000, remainder=5_000)
    told = settled(rules, 12_000, 2_000, 5_000, refunds={2: [2]})
    assert held(told) == [5_000, 7_000, 5_000 + 2_000 - 2_000 + 5_000 - 5_000]
    assert totals(told) == [7_000, 0, 5_000]


def test_a_charge_is_given_back_at_the_rate_of_its_own_run() -> None:
    """10 % in the first week, 25 % from the second one on."""
    rules = Settlement(charges=(Charge(MONDAY, 100_000), Charge(NEXT_MONDAY, 250_000)))
    told = settled(rules, 10_000, 4_000, refunds={1: [1]})
    assert totals(told) == [9_000, 4_000 - 1_000 - 9_000]
    assert lines_of(told, 1, "service charge") == [(250_000, 4_000, -1_000)]


def test_a_charge_is_given_back_on_what_was_taken_back_of_its_line_in_all() -> None:
    """10 % of 0.19 are 0.01, of 0.10 too, and of nothing nothing: the first refund gives back no
    charge, the second one all of it."""
    plan = Plan("p", (Levels("levels", Every.WEEK, rates=ALL_OF_IT),))
    plan = replace(plan, settlement=Settlement(charges=(Charge(MONDAY, 100_000),)))
    refunds: dict[int, Remaining] = {1: {(1, 2): (10, 10)}, 2: {(1, 2): GONE}}
    told = by_hand(plan, MEMBERS, [order(1, BERT, 0, 19)], refunds, weeks=3)
    assert totals(told) == [18, -9, -9]


def test_of_what_a_ceiling_cut_only_the_part_that_was_left_is_taken_back() -> None:
    """50 % and 30 % of 100.00 and of 50.00 are 120.00, and 60 % of the turnover 90.00: of each sum
    three quarters are left. Of the order of 50.00 bert has 18.75 left and anna 11.25."""
    plan = Plan(
        "p",
        (Levels("levels", Every.WEEK, rates=Rates(((500_000, 300_000),))),),
        settlement=Settlement(ceiling=600_000),
    )
    orders = [order(1, CORA, 0, 10_000), order(2, CORA, 0, 5_000)]
    told = by_hand(plan, MEMBERS, orders, {1: {(2, 2): GONE}, 2: {(1, 2): GONE}}, weeks=3)
    assert told.totals == [[3_375, 5_625, 0], [-1_125, -1_875, 0], [-2_250, -3_750, 0]]


TAXED = Settlement(taxes=(Tax(MONDAY, 50_000, 15_000),))
"""5 % where the year's earnings exceed 150.00."""


def test_tax_is_given_back_where_the_years_earnings_fall_to_the_threshold() -> None:
    """200.00 were taxed: 10.00. Without the first 100.00 nothing of the year is taxed any more;
    100.00 later all of it is again."""
    told = settled(TAXED, 10_000, 10_000, 0, 10_000, refunds={2: [1]})
    assert totals(told) == [10_000, 10_000 - 1_000, -10_000 + 1_000, 10_000 - 1_000]
    assert lines_of(told, 2, "tax") == [(50_000, -20_000, 1_000)]
    assert lines_of(told, 3, "tax") == [(50_000, 20_000, -1_000)]


def test_tax_of_what_is_taken_back_is_given_back_above_the_threshold() -> None:
    told = settled(TAXED, 20_000, 10_000, 0, refunds={2: [2]})
    assert totals(told) == [20_000 - 1_000, 10_000 - 500, -10_000 + 500]


def test_earnings_and_what_is_taken_back_are_taxed_together() -> None:
    told = settled(TAXED, 20_000, 10_000, 4_000, refunds={2: [2]})
    assert totals(told)[2] == 4_000 - 10_000 + 300
    assert lines_of(told, 2, "tax") == [(50_000, -6_000, 300)]


def test_nothing_is_given_back_where_nothing_was_taxed() -> None:
    told = settled(TAXED, 10_000, 0, 10_000, refunds={1: [1]})
    assert totals(told) == [10_000, -10_000, 10_000]
    assert all(lines_of(told, week, "tax") == [] for week in range(3))


def test_what_a_year_ago_was_earned_lessens_the_year_in_which_it_is_taken_back() -> None:
    """The year begins with the second week: its earnings fall to 100.00 below zero, so 250.00 more
    are 150.00, which is not above the threshold; the next cent is."""
    rules = replace(TAXED, year_starts=(2, 2))
    told = settled(rules, 10_000, 0, 25_000, 20, refunds={1: [1]})
    assert totals(told) == [10_000, -10_000, 25_000, 20 - 20]
    assert lines_of(told, 3, "tax") == [(50_000, 15_020, -20)]


def lines_of(told: Weeks, week: int, name: str) -> list[tuple[int, int, int]]:
    """Rate, base and amount of anna's lines of the settlement."""
    return [
        (int(lines.rate[i]), int(lines.base[i]), int(lines.amount[i]))
        for lines in told.results[week].lines
        for i in range(len(lines))
        if lines.bonus == name and lines.member[i] == ANNA
    ]
