"""Members are arranged so that whoever stands above comes first, and circles are found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upline.plans.arranging import Cycle, arrangement, moved
from upline.plans.arrays import Indexes
from upline.plans.company import NOBODY

MOST = 12
Links = st.lists(st.integers(NOBODY, MOST - 1), min_size=MOST, max_size=MOST)


def indexes(*values: int) -> Indexes:
    return np.array(values, np.int32)


@given(Links, Links, st.permutations(range(MOST)))
def test_parents_come_first_or_a_circle_is_named(
    sponsors: list[int], placements: list[int], seniority: list[int]
) -> None:
    sponsor, placement = indexes(*sponsors), indexes(*placements)
    try:
        order = arrangement(sponsor, placement, indexes(*seniority))
    except Cycle as cycle:
        around = [*cycle.members, cycle.members[0]]
        for member, above in pairwise(around):
            assert above in (sponsor[member], placement[member])
        return
    assert sorted(order) == list(range(MOST))
    for links in (moved(sponsor, order), moved(placement, order)):
        assert (links < np.arange(MOST)).all()


def test_seniority_is_kept_where_parents_joined_first() -> None:
    sponsor, by_seniority = indexes(NOBODY, 2, 0, 0), indexes(0, 3, 2, 1)
    assert arrangement(sponsor, sponsor, by_seniority) is by_seniority


def test_who_stands_above_a_senior_member_comes_right_before() -> None:
    sponsor = indexes(NOBODY, NOBODY, 3, NOBODY)
    assert list(arrangement(sponsor, sponsor, indexes(0, 1, 2, 3))) == [0, 1, 3, 2]


@pytest.mark.parametrize("length", [1, 2, 300_000])
def test_a_circle_of_any_length_is_found(length: int) -> None:
    around = np.roll(np.arange(length, dtype=np.int32), 1)
    with pytest.raises(Cycle) as raised:
        arrangement(around, np.full(length, NOBODY, np.int32), np.arange(length, dtype=np.int32))
    assert len(raised.value.members) == length


def test_a_chain_upside_down_of_any_length_is_arranged() -> None:
    above = np.append(np.arange(1, 300_000, dtype=np.int32), np.int32(NOBODY))
    order = arrangement(above, above, np.arange(300_000, dtype=np.int32))
    assert (order == np.arange(300_000)[::-1]).all()
