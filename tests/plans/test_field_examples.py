"""Worked examples that others have published, each with its source.

Numbers and addresses are those of the source beside each; members, dates and what a source
leaves open are ours. BI is https://docs.be-infinity.com/compensation-plan/business-logic/.
Example 62, a refund after the period, is in test_carry.py: no plan makes a negative
balance, a run takes it up.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from support.plan_trials import PlanTrials, members, orders

TWO_LEGS = members("anna", "bert anna L", "cora anna R")


@pytest.fixture
def try_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> PlanTrials:
    return PlanTrials(tmp_path, capsys)


def plan(text: str) -> str:
    return f'name = "Example"\n{text}'


def bonus(kind: str, keys: str) -> str:
    return f'[[bonuses]]\nname = "{kind}"\nkind = "{kind}"\n{keys}\n'


# Binary


def test_2_cycles_take_the_same_of_both_legs_and_the_rest_is_carried(try_plan: PlanTrials) -> None:
    """BI bonus/binary-bonus/bb-example-3: 9 cycles of 200:200 at $20; left 0, right 19,000."""
    cycles = plan(bonus("binary", 'pays_on = "points"\nunit = 200\npair_amount = 20'))
    tried = try_plan(cycles, TWO_LEGS, orders("bert 0 1800", "cora 0 20800"))
    assert tried.totals == {"anna": 180}
    # 200 points more on the left find 19,000 carried over on the right, and no more than that.
    later = orders("bert 0 1800", "cora 0 20800", "bert 0 20000 2026-02-15")
    assert try_plan(cycles, TWO_LEGS, later).lines("binary", "2026-02") == [
        ("anna", 19_000 // 200 * 20, None)
    ]


@pytest.mark.parametrize(
    ("cap", "paid"), [("", 40), ("[[bonuses.caps]]\nper = 'month'\namount = 30", 30)]
)
def test_6_a_tenth_of_two_units_with_and_without_an_upper_limit(
    try_plan: PlanTrials, cap: str, paid: int
) -> None:
    """https://github.com/genelet/mlm: left 500, right 400, unit 200, 0.1; left over 100 and 0."""
    tenth = plan(bonus("binary", f"unit = 200\npercent = 10\n{cap}"))
    assert try_plan(tenth, TWO_LEGS, orders("bert 500", "cora 400")).totals == {"anna": paid}
    # What is left over, 100 on the left, makes a pair with another 100 there and 200 on the right.
    later = ("bert 99.99 0 2026-02-15", "cora 200 0 2026-02-15", "bert 0.01 0 2026-03-15")
    tried = try_plan(tenth, TWO_LEGS, orders("bert 500", "cora 400", *later))
    assert tried.lines("binary", "2026-02") == []
    assert tried.lines("binary", "2026-03") == [("anna", 20, None)]


def test_10_a_tenth_of_the_lesser_leg(try_plan: PlanTrials) -> None:
    """https://mylistbuilders.com/binary-mlm-software-binary-mlm-plan-calculation-how-it-works/"""
    tenth = plan(bonus("binary", "percent = 10"))
    tried = try_plan(tenth, TWO_LEGS, orders("bert 500", "cora 1000", "bert 501 0 2026-02-15"))
    assert tried.lines("binary") == [("anna", 50, None), ("anna", 50, None)]


def test_10_a_tree_of_three_earners(try_plan: PlanTrials) -> None:
    """The same page: B has 100 and 200, C 100 and 100; A gets 10 for B and C, and 20 for theirs."""
    team = members(
        "a", "b a L", "c a R", "b1 b L", "b2 b R", "c1 c L", "c2 c R"
    )  # fmt: skip
    sales = orders(
        "b 100", "c 100", "b1 100 0 2026-02-15", "b2 200 0 2026-02-15",
        "c1 100 0 2026-02-15", "c2 100 0 2026-02-15",
    )  # fmt: skip
    tried = try_plan(plan(bonus("binary", "percent = 10")), team, sales)
    assert tried.totals == {"a": 30, "b": 10, "c": 10}


@pytest.mark.parametrize(
    ("left", "right", "paid"),
    [(495, 520, "49.50"), (520, 520, "52"), (520, 900, "52"), (5000, 520, "52")],
)
def test_11_the_pay_leg_decides(try_plan: PlanTrials, left: int, right: int, paid: str) -> None:
    """https://www.mlm.com/whats-a-pay-leg-commission/"""
    tried = try_plan(
        plan(bonus("binary", "percent = 10")), TWO_LEGS, orders(f"bert {left}", f"cora {right}")
    )
    assert tried.totals == {"anna": Decimal(paid)}


def test_14_what_is_above_a_days_cap_is_lost(try_plan: PlanTrials) -> None:
    """http://everlasting-gold.20megsfree.com/prog01.htm: $5 a pair, $30 a day, $900 in 30 days.

    The page's weekly fee is an amount, not a share of what is earned: no plan takes it.
    """
    daily = plan(
        bonus(
            "binary",
            'every = "day"\nunit = 1\npair_amount = 5\n[[bonuses.caps]]\nper = "day"\namount = 30',
        )
    )
    days = [f"2026-04-{day:02}" for day in range(1, 31)]
    sales = orders(*(f"{member} 10 0 {day}" for day in days for member in ("bert", "cora")))
    tried = try_plan(daily, TWO_LEGS, sales)
    assert tried.lines("binary") == [("anna", 30, None)] * 30
    assert tried.totals == {"anna": 900}
    # The four pairs above the first day's cap are lost: nothing is left for a day without sales.
    one_day = orders("bert 10", "cora 10", "anna 1 0 2026-01-16")
    assert try_plan(daily, TWO_LEGS, one_day).totals == {"anna": 30}


@pytest.mark.parametrize(("pairs", "paid"), [(5, 5), (15, 15), (150, 100)])
def test_15_pairs_up_to_the_ceiling(try_plan: PlanTrials, pairs: int, paid: int) -> None:
    """http://infinitemlmsoftware.com/help/network-configuration.php: price 1, ceiling 100.

    A point value of 5: five on the left and five on the right are one pair.
    """
    keys = 'pays_on = "points"\nunit = 5\npair_amount = 1\n'
    capped = plan(bonus("binary", keys + '[[bonuses.caps]]\nper = "month"\npairs = 100'))
    sales = orders(f"bert 0 {5 * pairs}", f"cora 0 {5 * pairs}")
    assert try_plan(capped, TWO_LEGS, sales).totals == {"anna": paid}


@pytest.mark.parametrize(
    "deduction",
    ["service_charge = 10", "[[settlement.taxes]]\nfrom = 2026-01-01\npercent = 10"],
)
def test_15_a_charge_or_a_tax_of_a_tenth(try_plan: PlanTrials, deduction: str) -> None:
    """The same page: 1,000 less 10 % service charge, or less 10 % tax, is 900."""
    settled = plan(f"[settlement]\n{deduction}\n" + bonus("levels", "percents = [10]"))
    tried = try_plan(settled, members("anna", "bert anna"), orders("bert 10000"))
    assert tried.totals == {"anna": 900}


def test_18_one_third_and_two_thirds(try_plan: PlanTrials) -> None:
    """http://www.itmncgroup.com/services/binary-plan: weak 200 and strong 400 are paid on 200."""
    thirds = plan(bonus("binary", 'ratio = "2:1"\npercent = 10'))
    assert try_plan(thirds, TWO_LEGS, orders("bert 200", "cora 400")).totals == {"anna": 20}
    assert try_plan(thirds, TWO_LEGS, orders("bert 200", "cora 300")).totals == {"anna": 15}


# Levels


def test_22_joining_fees_and_a_product_on_three_levels(try_plan: PlanTrials) -> None:
    """http://wtksoftware.com/clients/index.php?rp=/knowledgebase/18/Commission.html"""
    team = members("a", "b a", "c a", "d a", "e b", "f b", "k e")
    fees = orders(*(f"{member} 100" for member in "bcdefk"))
    tried = try_plan(plan(bonus("levels", "percents = [20, 5, 4]")), team, fees)
    assert sorted(tried.lines("levels")) == sorted([
        ("a", 20, "o1"), ("a", 20, "o2"), ("a", 20, "o3"),
        ("b", 20, "o4"), ("a", 5, "o4"), ("b", 20, "o5"), ("a", 5, "o5"),
        ("e", 20, "o6"), ("b", 5, "o6"), ("a", 4, "o6"),
    ])  # fmt: skip
    products = plan(bonus("levels", "percents = [10, 8, 6]"))
    tried = try_plan(products, team, orders("b 80", "e 80"))
    assert sorted(tried.lines("levels")) == [
        ("a", Decimal("6.40"), "o2"), ("a", 8, "o1"), ("b", 8, "o2"),
    ]  # fmt: skip


def test_24_a_tenth_on_each_of_three_levels(try_plan: PlanTrials) -> None:
    """https://netready.co.za/post?post=level-based-commission"""
    team = members("mary", "joan mary", "adam joan")
    tried = try_plan(plan(bonus("levels", "percents = [10, 10, 10]")), team, orders("adam 100"))
    assert tried.totals == {"joan": 10, "mary": 10}


def test_27_five_wide_and_five_deep(try_plan: PlanTrials) -> None:
    """http://automaticwebsoftware.com/how-mlms-work/: 3,905 members at $5 are $19,525."""
    assert paid_by_a_full_matrix(try_plan, 5, 5, 5) == 19_525


# Stairstep


def test_31_the_bracket_times_the_business_volume(try_plan: PlanTrials) -> None:
    """https://law.onecle.com/tax/2003/lopez8.tcm.wpd04.html: 1,000 points, $2,500 at 12 %."""
    brackets = "brackets = [{points = 100, percent = 3}, {points = 1000, percent = 12}]"
    tried = try_plan(plan(bonus("stairstep", brackets)), members("anna"), orders("anna 2500 1000"))
    assert tried.totals == {"anna": 300}


def test_32_a_group_less_what_its_members_are_paid(try_plan: PlanTrials) -> None:
    """https://issuu.com/djatb/docs/asmp_brochure-final_production, example 2."""
    text = bonus(
        "stairstep", "brackets = [{points = 300, percent = 6}, {points = 1500, percent = 9}]"
    )
    text += bonus("retail_margin", "percent = 20")
    team = members("anna", "bert anna", "cora anna", "dora anna", "emil anna")
    below = ("bert", "cora", "dora", "emil")
    sales = orders("anna 18000 300 2026-01-15 retail", *(f"{member} 18000 300" for member in below))
    tried = try_plan(plan(text), team, sales)
    assert tried.sums("stairstep") == {"anna": 3_780, **dict.fromkeys(below, 1_080)}
    assert sum(tried.sums("stairstep").values()) == 8_100
    assert tried.sums("retail_margin") == {"anna": 3_600}
    assert tried.totals["anna"] == 7_380


def test_36_three_percent_more_than_below(try_plan: PlanTrials) -> None:
    """https://support.lifeleadership.com/knowledgebase/articles/587631"""
    brackets = "brackets = [{points = 1000, percent = 12}, {points = 1500, percent = 15}]"
    tried = try_plan(
        plan(bonus("stairstep", brackets)), members("anna", "bert anna"),
        orders("anna 500", "bert 1000"),
    )  # fmt: skip
    assert ("anna", 30, "o2") in tried.lines("stairstep")


def test_40_the_difference_on_three_groups(try_plan: PlanTrials) -> None:
    """http://mlmblog.net/site/network-marketing-compensation-plans-part-1-the-stair-step-breakaway/"""
    brackets = "brackets = [{points = 100, percent = 3}, {points = 300, percent = 6}]"
    team = members("anna", "bert anna", "cora anna", "dora anna")
    sales = orders("bert 100", "cora 100", "dora 100")
    tried = try_plan(plan(bonus("stairstep", brackets)), team, sales)
    assert tried.totals == {"anna": 9, "bert": 3, "cora": 3, "dora": 3}


# Matching and generations


def test_42_three_percent_on_two_generations(try_plan: PlanTrials) -> None:
    """https://www.kuveraglobal.com/opportunity.html

    There the first generation is Mary and Larry, who has your rank, and the second are those below
    him. Here they are the own group and the first generation, which Larry heads: the same sums.
    """
    ranks = '[[ranks.steps]]\nname = "Leader"\npersonal_points = 1\n'
    generations = bonus("generation", "first_generation = 0\npercents = [3, 3]")
    team = members("you", "mary you", "larry mary", "susan larry", "sharon larry", "steve larry")
    sales = orders(
        "you 0 1", "mary 100 0", "larry 200 1", "susan 100 0", "sharon 200 0", "steve 200 0"
    )
    tried = try_plan(plan(ranks + generations), team, sales)
    yours = {source: paid for member, paid, source in tried.lines("generation") if member == "you"}
    assert yours == {"o2": 3, "o3": 6, "o4": 3, "o5": 6, "o6": 6}
    assert tried.totals["you"] == 24


def test_43_matching_on_two_levels(try_plan: PlanTrials) -> None:
    """https://www.globalmlmsolution.com/blog/mlm-matching-bonus-guide: 10 and 7 percent."""
    text = bonus("levels", "first_level = 0\npercents = [100]")
    text += bonus("matching", 'of = ["levels"]\npercents = [10, 7]')
    tried = try_plan(
        plan(text), members("anna", "bert anna", "cora bert"), orders("bert 1000", "cora 1200")
    )
    assert tried.sums("matching") == {"anna": 184, "bert": 120}


# Pool


def test_48_a_pool_by_points(try_plan: PlanTrials) -> None:
    """https://www.inhabitrealty.com/lessons/bonuses/: 10,000 times 500 of 5,000 points."""
    pool = plan(bonus("pool", 'percent = 100\nshare = "personal points"'))
    tried = try_plan(pool, members("anna", "bert anna"), orders("anna 5000 500", "bert 5000 4500"))
    assert tried.totals == {"anna": 1_000, "bert": 9_000}


# Fast start


def test_51_fast_start_on_three_levels(try_plan: PlanTrials) -> None:
    """https://doterra.com/NZ/en_NZ/brochures-magazines-building-doterra-naturally-compensation"""
    fast = plan(bonus("fast_start", 'within_days = 60\npays_on = "points"\npercents = [20, 10, 5]'))
    team = members("dan", "eve dan", "fay eve", "anna fay", "bert fay", "cora fay")
    tried = try_plan(fast, team, orders("anna 0 132", "bert 0 78", "cora 0 147"))
    by_order = {(member, source): paid for member, paid, source in tried.lines("fast_start")}
    assert [by_order["fay", order] for order in ("o1", "o2", "o3")] == [
        Decimal("26.40"), Decimal("15.60"), Decimal("29.40"),
    ]  # fmt: skip
    assert by_order["eve", "o1"] == Decimal("13.20")
    assert by_order["dan", "o1"] == Decimal("6.60")


def test_51_power_of_three_asks_for_600_team_points(try_plan: PlanTrials) -> None:
    """http://www.doterraeveryday.com.au/compensation-fast-start-bonus-paid-weekly/

    Teams of 651 and 636 qualify for 50; 552 is 48 short.
    """
    ranks = '[[ranks.steps]]\nname = "Three"\npersonal_points = 100\nteam_points = 600\n'
    ranks += "directs = [{count = 3}]\n[active]\npersonal_points = 100\n"
    fifty = bonus("levels", 'first_level = 0\nper = "active member"\namounts = {Three = [50]}')
    heads, team, sales = ("anna", "bert", "cora"), [], []
    for head, points in zip(heads, (651, 636, 552), strict=True):
        team += [head, f"{head}1 {head}", f"{head}2 {head}", f"{head}3 {head}"]
        sales += [f"{head}{n} 0 100" for n in (1, 2, 3)] + [f"{head} 0 {points - 300}"]
    tried = try_plan(plan(ranks + fifty), members(*team), orders(*sales))
    assert tried.ranks == {"anna": "Three", "bert": "Three"}
    assert tried.totals == {"anna": 50, "bert": 50}
    tried = try_plan(plan(ranks + fifty), members(*team), orders(*sales, "cora2 0 48"))
    assert set(tried.ranks) == set(heads)


# Rank


@pytest.mark.parametrize(("others", "holds"), [("4000", True), ("3999.99", False)])
def test_53_a_leg_counts_80_percent_at_most(try_plan: PlanTrials, others: str, holds: bool) -> None:
    """BI ranks/rank-qualifications/leg-size-limit: of 20,000 a leg of 19,000 counts 16,000."""
    ranks = '[[ranks.steps]]\nname = "Top"\nteam_points = 20000\nleg_limit = "80 %"\n'
    text = plan(ranks + bonus("levels", "percents = [1]"))
    team = members("anna", "bert anna", "cora anna")
    tried = try_plan(text, team, orders("bert 0 19000", f"cora 0 {others}"))
    assert ("anna" in tried.ranks) is holds


# Matrix and X-up


@pytest.mark.parametrize(("depth", "size"), [(5, 363), (6, 1092)])
def test_57_a_matrix_of_three(try_plan: PlanTrials, depth: int, size: int) -> None:
    """https://ethanvanderbuilt.com/3x5-matrix-compensation-plan/ ,
    https://www.webdefinite.com/matrixmlmsoftware.php: 3 + 9 + 27 + 81 + 243 = 363; 1,092."""
    assert paid_by_a_full_matrix(try_plan, 3, depth, 1) == size


def paid_by_a_full_matrix(try_plan: PlanTrials, width: int, depth: int, amount: int) -> Decimal:
    """What the first of a full matrix and one more level gets, all recruited by the first."""
    flat = f'width = {width}\ndepth = {depth}\nper = "active member"\namounts = {[amount] * depth}'
    size = sum(width**level for level in range(depth + 1))
    below = [f"m{number:05} m00000" for number in range(1, size + width)]
    team = members("m00000", *below)
    tried = try_plan(plan(bonus("matrix", flat)), team, orders("m00000 1"))
    levels = [line["level"] for line in tried.printed["lines"] if line["member"] == "m00000"]
    assert [levels.count(level) for level in range(1, depth + 1)] == [
        width**level for level in range(1, depth + 1)
    ]
    return tried.totals["m00000"]


def test_60_the_first_two_go_up(try_plan: PlanTrials) -> None:
    """https://www.hybridmlm.io/de/australischer-x-up-mlm-plan"""
    team = (
        "id,sponsor,joined\nemma,,2026-01-01\nalice,emma,2026-01-02\n"
        "bob,alice,2026-01-03\ncharlie,alice,2026-01-04\ndavid,alice,2026-01-05\n"
        "eve,david,2026-01-06\nfrank,david,2026-01-07\ngrace,david,2026-01-08\n"
    )
    everybody = ("bob", "charlie", "david", "eve", "frank", "grace")
    sales = orders(*(f"{member} 100" for member in everybody))
    tried = try_plan(plan(bonus("x_up", "pass_up = 2\npercents = [10]")), team, sales)
    parents = {source: member for member, _, source in tried.lines("x_up")}
    assert [parents[f"o{number}"] for number in range(1, 7)] == [
        "emma", "emma", "alice", "alice", "alice", "david",
    ]  # fmt: skip


# Payout and tax


def test_63_a_threshold_and_what_stays(try_plan: PlanTrials) -> None:
    """http://mlmsoftwaremanual.com/tiki-index.php?page=Payout: 100, remainder 50, pays 50."""
    text = "[settlement]\nminimum_payout = 100\nremainder = 50\n" + bonus(
        "levels", "percents = [10]"
    )
    team = members("anna", "bert anna")
    assert try_plan(plan(text), team, orders("bert 1000")).totals == {"anna": 50}
    tried = try_plan(plan(text), team, orders("bert 999.90"))
    assert tried.totals.get("anna", 0) == 0
    tried = try_plan(plan(text), team, orders("bert 1000", "bert 500 0 2026-02-15"))
    assert tried.totals == {"anna": 100}


@pytest.mark.parametrize(
    ("gross", "tax", "net"), [(20_000, 1_000, 19_000), (25_000, 1_250, 23_750), (12_000, 0, 12_000)]
)
def test_64_tax_above_a_threshold(try_plan: PlanTrials, gross: int, tax: int, net: int) -> None:
    """https://incometaxmanagement.in/section-194h-tds-on-commission-and-brokerage ,
    https://lemonn.co.in/blog/glossary/section-194h-of-income-tax-act: 5 % above 15,000."""
    text = "[[settlement.taxes]]\nfrom = 2016-06-01\npercent = 5\nthreshold = 15000\n"
    text = plan(text + bonus("levels", "percents = [10]"))
    tried = try_plan(text, members("anna", "bert anna"), orders(f"bert {10 * gross}"))
    assert tried.sums("tax").get("anna", 0) == -tax
    assert tried.totals == {"anna": net}
