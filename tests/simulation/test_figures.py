"""Figures on earnings, against what is calculated by hand or the long way."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upline.simulation.figures import Spread, share, spread_of

AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


def spread(*earned: int) -> Spread:
    return spread_of(np.array(earned, np.int64))


def test_where_one_of_four_earns_all() -> None:
    found = spread(0, 0, 1_000, 0)
    assert (found.people, found.earners, found.total, found.mean) == (4, 1, 1_000, 250)
    assert (found.median, found.most, found.top) == (0, 1_000, 1.0)
    assert found.gini == pytest.approx(0.75)


def test_where_all_earn_the_same() -> None:
    found = spread(*[500] * 200)
    assert found.gini == pytest.approx(0.0)
    assert found.top == pytest.approx(0.01)
    assert set(found.tenths) == {500}


def test_where_earnings_go_up_evenly() -> None:
    found = spread(*range(1, 101))
    assert found.tenths == (10, 20, 30, 40, 50, 60, 70, 80, 90)
    assert found.top == pytest.approx(100 / 5_050)
    assert found.gini == pytest.approx(0.33)


def test_of_nobody_and_of_people_who_earn_nothing() -> None:
    assert spread() == Spread(0, 0, 0, (0,) * 9, 0, 0.0, 0.0)
    assert (spread(0, 0).gini, spread(0, 0).top, spread(0, 0).earners) == (0.0, 0.0, 0)
    assert share(1, 0) == 0.0


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_between_two_people(earned: list[int]) -> None:
    differences = sum(abs(one - other) for one in earned for other in earned)
    expected = differences / (2 * len(earned) * sum(earned)) if sum(earned) else 0.0
    assert spread(*earned).gini == pytest.approx(expected, abs=1e-9)


@given(AMOUNTS, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(earned: list[int], random: Random) -> None:
    turned = list(earned)
    random.shuffle(turned)
    assert spread(*turned) == spread(*earned)


@given(AMOUNTS)
def test_a_tenth_is_earned_at_most_by_so_many(earned: list[int]) -> None:
    found = spread(*earned)
    for tenths, amount in enumerate(found.tenths, 1):
        at_most = sum(one <= amount for one in earned)
        assert 10 * at_most >= tenths * len(earned)
        assert amount in earned
