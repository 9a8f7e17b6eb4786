"""The ready-made plans are whole, say what their comments say, and warn of nothing."""

from __future__ import annotations

import re

import pytest

from upline.plan_documents import read, ready, warnings
from upline.plan_documents.bounds import Bound, bounds, whole
from upline.plans.bonus import (
    Board,
    Count,
    Items,
    Levels,
    Pairs,
    Pool,
    RankAdvancement,
    Stairstep,
    TreeKind,
)
from upline.plans.plan import Plan

KINDS = {
    "binary",
    "board",
    "generation",
    "hybrid",
    "matrix",
    "monoline",
    "party",
    "stairstep-breakaway",
    "unilevel",
    "x-up",
}


def plan_of(name: str) -> Plan:
    return read(ready()[name])


def test_there_is_one_for_each_kind_of_plan() -> None:
    assert set(ready()) == KINDS


@pytest.mark.parametrize("name", sorted(KINDS))
def test_it_is_whole_and_without_warnings(name: str) -> None:
    assert warnings(plan_of(name)) == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_it_is_explained_in_comments(name: str) -> None:
    text = ready()[name].read_text()
    assert text.startswith("# ")
    for before in re.findall(r"(.*)\n\[\[bonuses\]\]\n", text):
        assert before.startswith("# ")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_it_pays_is_bounded_below_what_is_sold(name: str) -> None:
    bound = whole(plan_of(name))
    assert bound is not None
    assert bound.value + bound.points < 1_000_000


def test_binary_pays_twenty_for_a_pair_of_two_hundred_points() -> None:
    plan = plan_of("binary")
    pairs, matching, welcome, award = plan.bonuses
    assert isinstance(pairs, Pairs)
    assert (pairs.unit, pairs.rates.table, pairs.every) == (20_000, ((2000,),), "week")
    assert pairs.caps[0].limits == (50_000, 250_000, 1_000_000)
    assert isinstance(matching, Levels)
    assert (matching.of, matching.every) == (("pairs",), "week")
    assert isinstance(welcome, Levels)
    assert welcome.items is Items.FIRST_ORDERS
    assert isinstance(award, RankAdvancement)
    assert plan.active.periods == 2


def test_unilevel_pays_seven_levels_and_never_both_bonuses_on_one_order() -> None:
    plan = plan_of("unilevel")
    fast, levels, pool = plan.bonuses
    assert isinstance(fast, Levels)
    assert isinstance(levels, Levels)
    assert isinstance(pool, Pool)
    assert (fast.volume.within_days, levels.volume.after_days) == (60, 60)
    assert levels.rates.table[-1] == (20_000, 30_000, 50_000, 50_000, 60_000, 60_000, 70_000)
    assert pool.shares == (0, 0, 1, 5, 10)
    assert bounds(plan)["fast start"] == Bound(points=350_000)
    assert whole(plan) == Bound(points=370_000)


def test_matrix_is_three_wide_and_five_deep() -> None:
    matrix = plan_of("matrix").bonuses[0]
    assert isinstance(matrix, Levels)
    assert (matrix.tree.kind, matrix.tree.number) == (TreeKind.MATRIX, 3)
    assert matrix.rates.table == ((50_000, 50_000, 40_000, 40_000, 100_000),)


def test_the_stairs_are_those_of_the_trade() -> None:
    plan = plan_of("stairstep-breakaway")
    _, stairs, leadership, _ = plan.bonuses
    assert isinstance(stairs, Stairstep)
    assert [(each.points // 100, each.rate) for each in stairs.brackets] == [
        (200, 30_000),
        (600, 60_000),
        (1200, 90_000),
        (2400, 120_000),
        (4000, 150_000),
        (7000, 180_000),
        (10_000, 210_000),
    ]
    assert isinstance(leadership, Levels)
    assert (leadership.count, leadership.heads) == (Count.GENERATIONS, plan.ranks.breakaway)
    assert bounds(plan)["stairs"] == Bound(value=210_000)


def test_generations_begin_at_gold() -> None:
    plan = plan_of("generation")
    generations = plan.bonuses[1]
    assert isinstance(generations, Levels)
    assert plan.ranks.steps[generations.heads - 1].name == "Gold"
    assert generations.rates.table[1] == (0, 0, 0, 0, 0)
    assert bounds(plan)["generations"] == Bound(value=150_000)


def test_the_line_is_one_line_and_two_up_passes_two_up() -> None:
    line, two_up = plan_of("monoline").bonuses[0], plan_of("x-up").bonuses[0]
    assert isinstance(line, Levels)
    assert (line.tree.kind, sum(line.rates.table[0])) == (TreeKind.MONOLINE, 100_000)
    assert isinstance(two_up, Levels)
    assert (two_up.tree.kind, two_up.tree.number) == (TreeKind.X_UP, 2)


def test_a_board_takes_first_orders_of_a_hundred() -> None:
    board = plan_of("board").bonuses[0]
    assert isinstance(board, Board)
    assert (board.items, board.price, board.pays) == (Items.FIRST_ORDERS, 10_000, 12_000)


def test_the_party_plan_pays_only_on_sales_to_customers() -> None:
    for bonus in plan_of("party").bonuses:
        if not isinstance(bonus, RankAdvancement):
            assert isinstance(bonus, Levels)
            assert bonus.volume.customers == {0, 1}


def test_the_hybrid_pairs_each_day_and_taxes_by_date() -> None:
    plan = plan_of("hybrid")
    pairs = plan.bonuses[0]
    assert isinstance(pairs, Pairs)
    assert (pairs.first, pairs.second, pairs.ratio_on_first_pair_only) == (2, 1, True)
    assert [cap.limits for cap in pairs.caps] == [(10,), (2_000_000, 6_000_000, -1)]
    assert [tax.rate for tax in plan.settlement.taxes] == [50_000, 20_000, 20_000]
    assert plan.settlement.year_starts == (4, 1)
