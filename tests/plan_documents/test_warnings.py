"""Warnings: what a plan says and its owner may not have meant; and what it pays at most."""

from __future__ import annotations

import pytest

from plan_documents.documents import TOP, plan_with, with_bonus
from upline.plan_documents import parse, warnings
from upline.plan_documents.bounds import Bound, bounds, whole
from upline.plan_documents.summary import summary

ALONE = "pays only for joining, without any order; many countries forbid paying for recruiting."
ONLY = "No bonus of this plan pays on sales. It pays only for recruiting."
LEVELS = 'name = "x"\nkind = "levels"\npercents = [10]'


@pytest.mark.parametrize(
    "keys",
    [
        'kind = "referral"\non = "joining"\namount = 10',
        'kind = "board"\nwidth = 2\ndepth = 2\namount = 5\nentry = "joining"',
    ],
)
def test_a_bonus_for_joining_is_called_so(keys: str) -> None:
    assert warnings(plan_with(f'name = "x"\n{keys}'))[:2] == [f"x: {ALONE}", ONLY]


@pytest.mark.parametrize(
    ("keys", "how"),
    [
        ('kind = "matrix"\nwidth = 2\ndepth = 2\nfull_levels = [5, 5]', "levels fill without"),
        ('kind = "levels"\namounts = [5]\nper = "active member"', "pays per person"),
        (
            'kind = "matrix"\nwidth = 2\ndepth = 1\namounts = [5]\nper = "active member"',
            "per person",
        ),
    ],
)
def test_pay_without_an_order_is_called_recruiting(keys: str, how: str) -> None:
    said = warnings(plan_with(f'name = "x"\n{keys}'))
    assert how in said[0]
    assert "many countries forbid" in said[0]
    assert ONLY in said


def test_matching_what_joining_pays_is_recruiting_too() -> None:
    said = warnings(
        plan_with(
            'name = "x"\nkind = "referral"\non = "joining"\namount = 10\n'
            '[[bonuses]]\nname = "m"\nkind = "matching"\nof = ["x"]\npercents = [10]'
        )
    )
    assert any(each.startswith("m: matches what is paid only for joining") for each in said)
    assert ONLY in said


def test_pay_for_sales_beside_it_takes_away_the_worst_warning() -> None:
    said = warnings(
        plan_with(
            f'{LEVELS}\n[[bonuses]]\nname = "r"\nkind = "referral"\non = "joining"\namount = 1'
        )
    )
    assert said[0] == f"r: {ALONE}"
    assert ONLY not in said


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (
            'kind = "levels"\npercents = [60, 60]',
            "x: can pay more than all of an order: 120 % in sum.",
        ),
        (
            'kind = "pool"\npercent = 60\n[[bonuses]]\nname = "y"\nkind = "pool"\npercent = 40.5',
            "All bonuses together can pay 100.5 % of the turnover.",
        ),
        (
            'kind = "binary"\npercent = 10',
            'Nothing in the plan limits what "x" can pay. Simulate it, or set a ceiling in '
            "[settlement].",
        ),
        (
            'kind = "stairstep"\npercents = {Silver = 9, Gold = 6}',
            "x: pays a higher class a lower percentage, so members lose when they rise.",
        ),
        (
            'kind = "retail_margin"\npercent = 5\ncustomers = "member"',
            "x: pays only on what members buy themselves, not on sales to customers.",
        ),
    ],
)
def test_what_an_owner_may_not_have_meant_is_said(keys: str, sentence: str) -> None:
    assert sentence in warnings(plan_with(f'name = "x"\n{keys}'))


def test_a_sound_plan_has_no_warnings() -> None:
    assert warnings(plan_with(LEVELS)) == []


@pytest.mark.parametrize(
    ("keys", "bound"),
    [
        ('kind = "levels"\npercents = [10, 5]', Bound(value=150_000)),
        ('kind = "levels"\npercents = [10, 5]\npays_on = "points"', Bound(points=150_000)),
        ('kind = "levels"\npercents = {Silver = [10, 1], Gold = [1, 10]}', Bound(value=200_000)),
        ('kind = "levels"\namounts = [1]', None),
        ('kind = "generation"\npercents = [3, 2]', Bound(value=150_000)),
        ('kind = "generation"\npercents = [3, 2]\nheads = "Gold"', Bound(value=50_000)),
        ('kind = "generation"\npercents = {Silver = [3], Diamond = [4]}', Bound(value=100_000)),
        ('kind = "stairstep"\nbrackets = [{points = 1, percent = 7}]', Bound(value=70_000)),
        ('kind = "pool"\npercent = 2\npays_on = "points"', Bound(points=20_000)),
        ('kind = "retail_margin"\npercent = 25', Bound(value=250_000)),
        ('kind = "referral"\non = "first order"\npercents = {Silver = 5}', Bound(value=50_000)),
        ('kind = "binary"\npercent = 10', None),
        ('kind = "rank_advancement"\namounts = {Silver = 5}', None),
    ],
)
def test_a_bonus_pays_at_most(keys: str, bound: Bound | None) -> None:
    assert bounds(plan_with(f'name = "x"\n{keys}'))["x"] == bound


def test_a_match_is_bounded_by_what_it_matches() -> None:
    match = '[[bonuses]]\nname = "m"\nkind = "matching"\nof = ["x"]\npercents = [10, 5.5]'
    assert bounds(plan_with(f"{LEVELS}\n{match}"))["m"] == Bound(value=15_500)
    free = 'name = "x"\nkind = "binary"\npercent = 10'
    assert bounds(plan_with(f"{free}\n{match}"))["m"] is None


def test_awards_for_ranks_stand_beside_the_bound() -> None:
    award = 'name = "a"\nkind = "rank_advancement"\namounts = {Gold = 5}'
    plan = plan_with(f"{LEVELS}\n[[bonuses]]\n{award}")
    assert whole(plan) == Bound(value=100_000)
    assert summary(plan)[-1].endswith("10 % of turnover, beside the awards for ranks.")
    assert warnings(plan) == []


def test_a_ceiling_bounds_all_runs_together() -> None:
    ceiling = "\n[settlement]\nceiling = 30"
    assert whole(plan_with(f"{LEVELS}{ceiling}")) == Bound(value=100_000)
    weekly = 'name = "b"\nkind = "binary"\npercent = 10\nevery = "week"'
    assert whole(plan_with(f"{weekly}{ceiling}")) == Bound(value=300_000)
    both = plan_with(f"{weekly}\n[[bonuses]]\n{LEVELS}{ceiling}")
    assert whole(both) == Bound(value=300_000)
    assert summary(both)[-1] == "  In all at most: 30 % of turnover, with the ceiling of 30 %."


SALARY = 'name = "x"\nkind = "levels"\nper = "active member"\nfirst_level = 0\n'
BY_RANK = f"{SALARY}amounts = {{Silver = [50], Gold = [100]}}"
NOBODY_SELLS = TOP.replace("personal_points = 100", "personal_points = 0")


def test_a_salary_by_rank_is_pay_for_the_sales_that_the_rank_asks_for() -> None:
    for top in (TOP, NOBODY_SELLS):
        said = warnings(parse(with_bonus(BY_RANK, top), "plan.toml"))
        assert not any("recruiting" in each for each in said)


@pytest.mark.parametrize(
    "asked",
    ["directs = [{count = 5}]", 'directs = [{count = 5}]\nlegs = [{count = 2, rank = "Gold"}]'],
)
def test_a_salary_for_a_rank_that_asks_for_heads_is_recruiting(asked: str) -> None:
    top = NOBODY_SELLS.replace("group_points = 1000", "directs = [{count = 2}]")
    top = top.replace("group_points = 5000", "directs = [{count = 4}]")
    top = top.replace("group_points = 9000", asked)
    assert ONLY in warnings(parse(with_bonus(BY_RANK, top), "plan.toml"))


def test_legs_of_a_rank_that_sells_are_sales() -> None:
    top = NOBODY_SELLS.replace("group_points = 5000", 'legs = [{count = 2, rank = "Silver"}]')
    assert ONLY not in warnings(parse(with_bonus(BY_RANK, top), "plan.toml"))


def test_an_amount_for_each_active_member_below_stays_pay_for_heads() -> None:
    said = warnings(plan_with(BY_RANK.replace("first_level = 0", "first_level = 1")))
    assert ONLY in said


def test_a_salary_is_not_called_own_orders() -> None:
    assert "an amount by rank" in "\n".join(summary(plan_with(BY_RANK)))
    assert "the seller's own orders" not in "\n".join(summary(plan_with(BY_RANK)))


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        ("group_points = 2000", "group_points = 1000", '1,000 group points and "S" for 2,000'),
        ("personal_points = 50", "group_points = 900", 'no own points and "S" for 50'),
    ],
)
def test_a_higher_rank_that_asks_for_fewer_points_is_said(
    low: str, high: str, sentence: str
) -> None:
    more = "customers = 3\n"
    steps = f'[[ranks.steps]]\nname = "S"\n{low}\n[[ranks.steps]]\nname = "G"\n{high}\n{more}'
    said = warnings(parse(with_bonus(LEVELS, f'name = "P"\n{steps}'), "plan.toml"))
    assert len(said) == 1
    assert said[0].startswith(f'"G" asks for {sentence}: each rank stands alone')


def test_points_of_more_periods_are_not_compared() -> None:
    steps = (
        '[[ranks.steps]]\nname = "S"\ngroup_points = 300\nperiods = 3\n'
        '[[ranks.steps]]\nname = "G"\ngroup_points = 200\n'
    )
    assert warnings(parse(with_bonus(LEVELS, f'name = "P"\n{steps}'), "plan.toml")) == []


@pytest.mark.parametrize(
    "keys",
    [
        'kind = "levels"\npercents = [10, 5, 0]',
        'kind = "levels"\npercents = {Silver = [10, 0], Gold = [5]}',
        'kind = "matrix"\nwidth = 2\ndepth = 2\nfull_levels = [5, 0]',
    ],
)
def test_a_zero_at_the_end_of_a_list_is_said(keys: str) -> None:
    said = warnings(plan_with(f'name = "x"\n{keys}'))
    assert "x: its list ends with 0, which pays nothing." in said


def test_a_week_beside_monthly_activity_and_ranks_is_remarked() -> None:
    weekly = "\n".join(summary(plan_with(f'{LEVELS}\nevery = "week"')))
    assert "The run of a week asks who is active in the month of its last day" in weekly
    assert "The run of a week takes the ranks of the last month" in weekly
    assert "The run of" not in "\n".join(summary(plan_with(LEVELS)))


def test_a_summary_says_what_each_rank_asks_for() -> None:
    top = TOP.replace(
        "group_points = 9000",
        'group_points = 10000\nlegs = [{count = 2, rank = "Silver"}]\n'
        'directs = [{count = 1, rank = "Gold"}, {count = 3}]\ncustomers = 4\nperiods = 2\n'
        "personal_points = 50.5\nleg_limit = 40\nactive = false",
    )
    said = summary(parse(with_bonus(LEVELS, top), "plan.toml"))
    assert "  ranks     Silver: 1,000 group points" in said
    assert (
        "            Diamond: 50.50 own points, 10,000 group points, 4,000 points a leg at most, "
        "2 legs of Silver, 1 direct of Gold, 3 active directs, 4 customer orders, in 2 months, "
        "active or not"
    ) in said
