"""What a run refuses to take up from another one, and what it does not refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from upline.plans.bonus import Board, Cap, Items, Levels, Pairs, Pool, Rates
from upline.plans.carry import BoardCarry, CarryMismatch, nothing_carried
from upline.plans.company import Members, Orders
from upline.plans.counting import Basis, Volume
from upline.plans.periods import Every, period_of
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run

PERIOD = period_of(20_000, Every.MONTH)
PAIRS = Pairs("pairs", rates=Rates(((100_000,),)), caps=(Cap(Every.MONTH, (500,)),))
BOARD = Board("board", pays=100, items=Items.JOININGS)


def members(count: int, joined: int = 0) -> Members:
    """A chain, all on the left."""
    above = np.arange(-1, count - 1, dtype=np.int32)
    return Members(
        sponsor=above,
        placement=above,
        side=np.zeros(count, np.int8),
        joined=np.full(count, joined, np.int32),
        package=np.zeros(count, np.int8),
    )


def orders(*values: int) -> Orders:
    """One order of each member."""
    count = len(values)
    return Orders(
        member=np.arange(count, dtype=np.int32),
        day=np.full(count, PERIOD.first_day, np.int32),
        value=np.array(values, np.int64),
        points=np.array(values, np.int64),
        customer=np.full(count, 2, np.int8),
        first=np.ones(count, np.bool_),
    )


def run_of(plan: Plan, count: int) -> Result:
    return run(plan, members(count, PERIOD.first_day), orders(100, 200), PERIOD)


def test_a_carry_of_other_members_is_refused() -> None:
    with pytest.raises(CarryMismatch, match="of 3 members, and there are 4"):
        run(Plan("p", (PAIRS,)), members(4), orders(1), PERIOD, nothing_carried(3))


def test_a_carry_of_other_caps_is_refused() -> None:
    carry = run_of(Plan("p", (PAIRS,)), 3).carry
    other = replace(PAIRS, caps=(*PAIRS.caps, Cap(Every.MONTH, (9,), in_pairs=True)))
    with pytest.raises(CarryMismatch, match="pairs: the carry is of a plan with other caps"):
        run(Plan("p", (other,)), members(3), orders(1), PERIOD, carry)


def test_a_carry_of_other_boards_is_refused() -> None:
    carry = run_of(Plan("p", (BOARD,)), 3).carry
    with pytest.raises(CarryMismatch, match="board: the carry is of a plan with other boards"):
        run(Plan("p", (replace(BOARD, width=3),)), members(3), orders(1), PERIOD, carry)


def test_many_open_boards_need_no_room_that_nobody_fills() -> None:
    """Wide boards with one member each, and nobody who enters: a hundredfold of room would be
    twelve gigabytes."""
    count, wide = 300_000, replace(BOARD, width=100, depth=1)
    boards = np.full((count, wide.seats), -1, np.int32)
    boards[:, 0] = np.arange(count)
    carry = nothing_carried(count)
    carry.boards["board"] = BoardCarry(boards, np.arange(count, dtype=np.int32))
    result = run(Plan("p", (wide,)), members(count), orders(1), PERIOD, carry)
    assert len(result.carry.boards["board"].boards) == count


def test_a_fund_is_refused_only_where_it_does_not_fit() -> None:
    """The worth of a point counts once."""
    pool = Pool("pool", rate=1_000_000, volume=Volume(Basis.POINTS))
    plan = Plan("p", (pool,), point_value=1_500_100)
    assert run(plan, members(1), orders(5 * 10**10), PERIOD).paid() == 5 * 10**10 * 15_001


@pytest.mark.parametrize(
    ("earned", "paid", "remaining"), [(3000, 0, -2000), (0, 0, -5000), (8000, 3000, 0)]
)
def test_62_what_was_taken_back_is_paid_from_the_next_earnings(
    earned: int, paid: int, remaining: int
) -> None:
    """https://askthecat.mypurium.com/support/solutions/articles/6000031568-clawbacks-from-returns:
    -$50 to the enroller; next week's earnings x below 50 leave -(50 - x). Ranks stay."""
    levels = Levels("levels", rates=Rates(((1_000_000,),)))
    carry = nothing_carried(2)
    carry.held[0], carry.title[0] = -5000, 1
    result = run(Plan("p", (levels,)), members(2), orders(0, earned), PERIOD, carry)
    assert (int(result.totals[0]), int(result.carry.held[0])) == (paid, remaining)
    assert result.title[0] == 1
    assert sum(int(some.amount.sum()) for some in result.lines) == paid
