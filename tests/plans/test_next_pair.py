"""What a member is told of the next pair is just enough for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upline.plans.bonus import Legs, Pairs
from upline.plans.bonuses.next_pair import Missing, missing

ONE_TO_ONE = Pairs("pairs", unit=100)
TWO_TO_ONE = Pairs("pairs", unit=100, first=2)
LEFT_TWICE = Pairs("pairs", unit=100, first=2, legs=Legs.LEFT_FIRST)
ONCE_TWICE = Pairs("pairs", unit=100, first=2, ratio_on_first_pair_only=True)
BONUSES = st.sampled_from([ONE_TO_ONE, TWO_TO_ONE, LEFT_TWICE, ONCE_TWICE])
VOLUME = st.integers(0, 5000)


@pytest.mark.parametrize(
    ("bonus", "left", "right", "told"),
    [
        (ONE_TO_ONE, 0, 0, Missing(100, 100)),
        (ONE_TO_ONE, 1240, 880, Missing(0, 20)),
        (ONE_TO_ONE, 120, 90, Missing(0, 10)),
        (TWO_TO_ONE, 150, 400, Missing(50, 0)),
        (TWO_TO_ONE, 190, 90, Missing(10, 10)),
        (LEFT_TWICE, 150, 400, Missing(50, 0)),
        (ONCE_TWICE, 200, 150, Missing(100, 50)),
    ],
)
def test_both_legs_are_told_what_they_lack(
    bonus: Pairs, left: int, right: int, told: Missing
) -> None:
    assert missing(bonus, left, right) == told


def pairs(bonus: Pairs, left: int, right: int) -> int:
    """How many pairs there are, counted one by one."""
    strong, weak = (left, right) if bonus.legs == Legs.LEFT_FIRST else sorted((left, right))[::-1]
    found = 0
    while True:
        is_first = found == 0 or not bonus.ratio_on_first_pair_only
        strong -= bonus.unit * (bonus.first if is_first else 1)
        weak -= bonus.unit * (bonus.second if is_first else 1)
        if min(strong, weak) < 0:
            return found
        found += 1


@given(BONUSES, VOLUME, VOLUME)
def test_with_it_there_is_one_more_pair_and_with_any_less_there_is_not(
    bonus: Pairs, left: int, right: int
) -> None:
    now, need = pairs(bonus, left, right), missing(bonus, left, right)
    assert need.left + need.right > 0
    assert pairs(bonus, left + need.left, right + need.right) > now
    for less in range(1, 3):
        if need.left >= less:
            assert pairs(bonus, left + need.left - less, right + need.right) == now
        if need.right >= less:
            assert pairs(bonus, left + need.left, right + need.right - less) == now
