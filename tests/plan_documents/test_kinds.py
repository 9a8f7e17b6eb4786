"""Each kind of bonus becomes what the core understands by it."""

from __future__ import annotations

import pytest

from plan_documents.documents import TOP, bonus_with, with_bonus
from upline.plan_documents import parse
from upline.plans import bonus, plan
from upline.plans.bonus import By, Items, Needs, Rates, Tree, TreeKind
from upline.plans.counting import OUTSIDE, Basis, Customer, Volume
from upline.plans.periods import Every
from upline.plans.terms import Charge, Tax

TWO = Rates(((1000,), (2000,)))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            'kind = "levels"\npercents = [10, 5]\ntree = "placement"\ncompression = "generous"',
            bonus.Levels(
                "b",
                rates=Rates(((100_000, 50_000),)),
                tree=Tree(TreeKind.PLACEMENT),
                compression=bonus.Compression.GENEROUS,
            ),
        ),
        (
            'kind = "levels"\namounts = ["3.00"]\nper = "active member"\nfirst_level = 0',
            bonus.Levels(
                "b", rates=Rates(((300,),), flat=True), items=Items.ACTIVE_MEMBERS, first_level=0
            ),
        ),
        (
            'kind = "levels"\npercents = [1]\nwithin_days = 9\nafter_days = 3\npays_on = "points"',
            bonus.Levels(
                "b",
                rates=Rates(((10_000,),)),
                volume=Volume(basis=Basis.POINTS, within_days=9, after_days=3),
            ),
        ),
        (
            'kind = "monoline"\npercents = [1]',
            bonus.Levels("b", rates=Rates(((10_000,),)), tree=Tree(TreeKind.MONOLINE)),
        ),
        (
            'kind = "x_up"\npercents = [1]\npass_up = 2',
            bonus.Levels("b", rates=Rates(((10_000,),)), tree=Tree(TreeKind.X_UP, 2)),
        ),
        (
            'kind = "fast_start"\npercents = [20]\nwithin_days = 60\nevery = "week"',
            bonus.Levels(
                "b", Every.WEEK, rates=Rates(((200_000,),)), volume=Volume(within_days=60)
            ),
        ),
        (
            'kind = "retail_margin"\npercent = 25',
            bonus.Levels(
                "b",
                needs=Needs(active=False),
                rates=Rates(((250_000,),)),
                volume=Volume(customers=OUTSIDE),
                first_level=0,
            ),
        ),
        (
            'kind = "referral"\non = "joining"\namounts = {Pro = 5}\nby = "buyer package"',
            bonus.Levels(
                "b",
                rates=Rates(((0,), (500,), (500,)), flat=True, by=By.BUYER_PACKAGE),
                items=Items.JOININGS,
            ),
        ),
        (
            'kind = "referral"\non = "first order"\npercent = 10',
            bonus.Levels("b", rates=Rates(((100_000,),)), items=Items.FIRST_ORDERS),
        ),
        (
            'kind = "generation"\npercents = [4, 2]\nheads = "Gold"\nfirst_generation = 0',
            bonus.Levels(
                "b",
                rates=Rates(((40_000, 20_000),)),
                first_level=0,
                count=bonus.Count.GENERATIONS,
                heads=2,
            ),
        ),
        (
            'kind = "stairstep"\nbrackets = [{points = 200, percent = 3}]\nfirst_level = 1',
            bonus.Stairstep("b", brackets=(bonus.Bracket(20_000, 30_000),), first_level=1),
        ),
        (
            'kind = "stairstep"\npercents = {Silver = 3, Diamond = 9}\nby = "title"',
            bonus.Stairstep("b", rates=Rates(((0,), (30_000,), (30_000,), (90_000,)), by=By.TITLE)),
        ),
        (
            'kind = "binary"\npercent = 10',
            bonus.Pairs("b", rates=Rates(((100_000,),))),
        ),
        (
            'kind = "matrix"\nwidth = 3\ndepth = 2\npercents = [5, 4]',
            bonus.Levels("b", rates=Rates(((50_000, 40_000),)), tree=Tree(TreeKind.MATRIX, 3)),
        ),
        (
            'kind = "matrix"\nwidth = 3\ndepth = 2\nfull_levels = [1, 2]\ntree = "placement"',
            bonus.FullLevels("b", tree=Tree(TreeKind.PLACEMENT, 3), amounts=(100, 200)),
        ),
        (
            'kind = "board"\nwidth = 2\ndepth = 2\namount = 50\nentry = "first order"\nprice = 9',
            bonus.Board("b", needs=Needs(active=False), pays=5000, price=900),
        ),
        (
            'kind = "pool"\npercent = 2\nshare = "group points"\ncap = 5\ncustomers = "retail"',
            bonus.Pool(
                "b",
                rate=20_000,
                volume=Volume(customers=frozenset({Customer.RETAIL})),
                share=bonus.Share.GROUP_POINTS,
                cap=500,
            ),
        ),
        (
            'kind = "rank_advancement"\namounts = {Silver = 5}\nall_passed = false',
            bonus.RankAdvancement(
                "b", needs=Needs(active=False), amounts=(0, 500, 0, 0), all_passed=False
            ),
        ),
    ],
)
def test_a_bonus_is_what_its_keys_say(keys: str, expected: bonus.Bonus) -> None:
    assert bonus_with(f'name = "b"\n{keys}') == expected


def test_a_binary_keeps_every_limit() -> None:
    found = bonus_with(
        """
name = "b"
kind = "binary"
every = "day"
pays_on = "points"
unit = 200
pair_amounts = {Basic = 10, Elite = 20}
by = "package"
ratio = "1:2"
legs = "left:right"
ratio_on = "first pair"
over_cap = "both flushed"
unqualified = "flushed"
volume_limit = 3000
carry_limit = 0
needs = {rank = "Gold", directs = 2, directs_each_side = 1, personal_points = 50}
[[bonuses.caps]]
per = "week"
pairs = {Pro = 5, Elite = "no limit"}
by = "package"
[[bonuses.caps]]
per = "month"
amount = "100.00"
"""
    )
    assert found == bonus.Pairs(
        "b",
        Every.DAY,
        Needs(rank=2, personal_points=5000, directs=2, directs_each_side=1),
        rates=Rates(((1000,), (1000,), (2000,)), flat=True, by=By.PACKAGE),
        volume=Volume(basis=Basis.POINTS),
        unit=20_000,
        first=1,
        second=2,
        legs=bonus.Legs.LEFT_FIRST,
        ratio_on_first_pair_only=True,
        caps=(
            bonus.Cap(Every.WEEK, (5, 5, -1), By.PACKAGE, in_pairs=True),
            bonus.Cap(Every.MONTH, (10_000,)),
        ),
        over_cap=bonus.Over.BOTH_FLUSHED,
        unqualified=bonus.Over.FLUSHED,
        volume_limit=300_000,
        carry_limit=0,
    )


def test_volume_is_money_where_a_binary_pays_on_value() -> None:
    found = bonus_with('name = "b"\nkind = "binary"\nunit = "200.00"\npair_amount = 20')
    assert isinstance(found, bonus.Pairs)
    assert found.unit == 20_000


def test_matching_names_the_bonuses_before_it() -> None:
    text = with_bonus('name = "levels"\nkind = "levels"\npercents = [10]')
    text += (
        '[[bonuses]]\nname = "match"\nkind = "matching"\nof = ["levels"]\n'
        'count = "generations"\npercents = {Gold = [10, 5]}\n'
    )
    assert parse(text, "plan.toml").bonuses[1] == bonus.Levels(
        "match",
        rates=Rates(((0, 0), (0, 0), (100_000, 50_000), (100_000, 50_000)), by=By.RANK),
        items=Items.EARNINGS,
        count=bonus.Count.GENERATIONS,
        of=("levels",),
    )


def test_a_rank_award_is_worked_out_as_often_as_the_ranks() -> None:
    weekly = TOP.replace("[[ranks.steps]]", '[ranks]\nevery = "week"\n[[ranks.steps]]', 1)
    award = 'name = "a"\nkind = "rank_advancement"\namounts = {Silver = 5}'
    assert parse(with_bonus(award, weekly), "plan.toml").bonuses[0].every == "week"


def test_ranks_are_what_their_keys_say() -> None:
    text = """
name = "Ranks"
[ranks]
tree = "placement"
every = "week"
breakaway = "Gold"
[[ranks.steps]]
name = "Silver"
active = false
personal_points = 10
directs = [{count = 3}]
[[ranks.steps]]
name = "Gold"
group_points = 20_000
team_points = 30_000
leg_limit = "80 %"
legs = [{count = 2, rank = "Silver"}]
directs = [{count = 1, rank = "Silver"}]
customers = 5
periods = 3
[[ranks.steps]]
name = "Diamond"
team_points = 50_000
leg_limit_points = 99.5
[[bonuses]]
name = "pool"
kind = "pool"
percent = 1
"""
    assert parse(text, "plan.toml").ranks == plan.Ranks(
        steps=(
            plan.Rank("Silver", active=False, personal_points=1000, directs=(plan.Have(3, 0),)),
            plan.Rank(
                "Gold",
                group_points=2_000_000,
                team_points=3_000_000,
                leg_limit=1_600_000,
                legs=(plan.Have(2, 1),),
                directs=(plan.Have(1, 1),),
                customers=5,
                periods=3,
            ),
            plan.Rank("Diamond", team_points=5_000_000, leg_limit=9950),
        ),
        tree=Tree(TreeKind.PLACEMENT),
        every=Every.WEEK,
        breakaway=2,
    )


def test_the_settlement_is_what_its_keys_say() -> None:
    text = with_bonus(
        'name = "pool"\nkind = "pool"\npercent = 1',
        """
name = "Settlement"
week_starts = "sunday"
decimals = 0
[settlement]
purchase_share = 20
minimum_payout = 50
remainder = 30
ceiling = 60
year_starts = "04-01"
[[settlement.service_charges]]
from = 1970-01-02
percent = 10
[[settlement.taxes]]
from = "1970-01-11"
percent = 5
threshold = 15000
""",
    )
    found = parse(text, "plan.toml")
    assert found.week_starts == 6
    assert found.settlement == plan.Settlement(
        charges=(Charge(1, 100_000),),
        taxes=(Tax(10, 50_000, 15000),),
        year_starts=(4, 1),
        purchase_share=200_000,
        minimum=50,
        remainder=30,
        ceiling=600_000,
    )


def test_a_plan_can_have_several_bonuses_of_one_kind() -> None:
    binary = 'kind = "binary"\nunit = {}\npair_amount = 10\n'
    text = with_bonus(f'name = "small"\n{binary.format(100)}')
    text += f'[[bonuses]]\nname = "large"\n{binary.format(500)}'
    units = [getattr(each, "unit", 0) for each in parse(text, "plan.toml").bonuses]
    assert units == [10_000, 50_000]
