"""A company grows as it is asked to, and its trees are what a company's trees have to be."""

from collections import Counter

import numpy as np
import pytest

from simulation.shapes import SMALL, above, depths, grown
from upline.plan_documents import parse
from upline.plan_documents.placement import placement_width
from upline.plans.company import NOBODY
from upline.plans.periods import name_of

SEEDS = range(1, 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_recruits_stand_in_their_sponsors_team(seed: int) -> None:
    members = grown(seed).members
    for member in range(1, len(members)):
        assert members.sponsor[member] in above(members.placement, member)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_stand_at_one_position(seed: int) -> None:
    members = grown(seed).members
    taken = Counter(zip(members.placement[1:], members.side[1:], strict=True))
    assert max(taken.values()) == 1
    assert {side for _, side in taken} == {0, 1}


def test_who_holds_three_positions_has_them_below_the_first() -> None:
    members = grown(holders=0.2).members
    stand = members.positions
    assert stand is not None
    held = np.bincount(stand.member)
    assert set(held) == {1, 3}
    assert 30 < (held == 3).sum() < 90
    taken = Counter(zip(stand.placement[1:], stand.side[1:], strict=True))
    assert max(taken.values()) == 1
    for member in np.flatnonzero(held == 3):
        first, second, third = np.flatnonzero(stand.member == member)
        assert (stand.placement[second], stand.side[second]) == (first, 0)
        assert (stand.placement[third], stand.side[third]) == (first, 1)
        assert stand.first[member] == first
    for each in range(1, len(members)):
        sponsor = stand.first[members.sponsor[each]]
        assert sponsor in above(stand.placement, int(stand.first[each]))


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_above_joined_before(seed: int) -> None:
    members = grown(seed).members
    assert members.sponsor[0] == members.placement[0] == NOBODY
    places = np.arange(1, len(members))
    assert (members.sponsor[1:] < places).all()
    assert (members.placement[1:] < places).all()
    assert (np.diff(members.joined) >= 0).all()


def test_nobody_recruits_after_leaving() -> None:
    company = grown(churn=0.4)
    month_of_recruits = company.month_joined[1:]
    assert (company.month_gone[company.members.sponsor[1:]] > month_of_recruits).all()
    assert (company.month_gone < SMALL.months).any()


def test_more_join_each_month_than_the_month_before() -> None:
    company = grown(growth=0.5)
    joined = np.bincount(company.month_joined)
    assert joined.sum() == SMALL.members
    assert (np.diff(joined) > 0).all()
    assert joined[-1] / joined[0] == pytest.approx(1.5**5, rel=0.15)


def test_days_of_joining_lie_in_the_month_of_joining() -> None:
    company = grown()
    assert [name_of(month) for month in company.months][::5] == ["2026-01", "2026-06"]
    for number, month in enumerate(company.months):
        days = company.members.joined[company.month_joined == number]
        assert month.first_day <= days.min()
        assert days.max() <= month.last_day
    assert company.members.joined[0] == company.months[0].first_day


def test_the_same_seed_grows_the_same_company_and_another_one_another() -> None:
    one, same, other = grown(7).members, grown(7).members, grown(8).members
    for column in ("sponsor", "placement", "side", "joined", "package"):
        assert np.array_equal(getattr(one, column), getattr(same, column))
        assert not np.array_equal(getattr(one, column), getattr(other, column))


def test_copying_lets_few_recruit_many() -> None:
    def most_recruits(copying: float) -> int:
        return max(Counter(grown(members=3_000, copying=copying).members.sponsor).values())

    assert most_recruits(0.8) > 3 * most_recruits(0.0)


def test_without_spill_over_recruits_take_a_free_position_of_their_sponsor() -> None:
    members = grown(spill_over=0.0).members
    for member in range(1, len(members)):
        sponsor = members.sponsor[member]
        if (members.placement[:member] == sponsor).sum() < 2:
            assert members.placement[member] == sponsor


def test_spill_over_puts_recruits_below_others() -> None:
    def below_others(spill_over: float) -> int:
        members = grown(spill_over=spill_over).members
        return int((members.placement != members.sponsor).sum())

    assert below_others(1.0) > below_others(0.5) > below_others(0.0)


def test_outer_ends_make_long_legs() -> None:
    at_outer_ends = max(depths(grown(outer_end=1.0).members.placement))
    assert at_outer_ends > 2 * max(depths(grown(outer_end=0.0).members.placement))


def test_who_is_put_at_the_outer_end_of_a_leg_has_only_one_side_above() -> None:
    """With spill-over at outer ends only, the way up to the sponsor keeps to one side, but for
    the first step below the sponsor's own position."""
    members = grown(spill_over=1.0, outer_end=1.0).members
    for member in range(1, len(members)):
        way, at = [], member
        while at != members.sponsor[member]:
            way.append(int(members.side[at]))
            at = int(members.placement[at])
        assert len(set(way)) == 1


def test_a_power_leg_is_the_larger_one() -> None:
    def smaller_leg(power_leg: float) -> int:
        members = grown(power_leg=power_leg, spill_over=1.0).members
        ways = [[m, *above(members.placement, m)] for m in range(1, len(members))]
        sides = Counter(int(members.side[way[-2]]) for way in ways)
        return min(sides[0], sides[1])

    assert smaller_leg(1.0) == 0
    assert smaller_leg(0.5) > 0


def test_nobody_leaves_without_churn_and_everybody_but_the_founder_with_all_of_it() -> None:
    assert grown(churn=0.0).month_gone.min() > SMALL.months
    company = grown(churn=1.0)
    assert (company.month_gone[1:] == company.month_joined[1:] + 1).all()
    assert company.month_gone[0] > SMALL.months


def test_members_stand_below_their_sponsors_where_a_plan_has_no_legs() -> None:
    members = grown(width=0).members
    assert np.array_equal(members.placement, members.sponsor)


def test_a_matrix_is_no_wider_than_the_plan_says() -> None:
    members = grown(width=3).members
    assert max(Counter(members.placement[1:]).values()) == 3
    for member in range(1, len(members)):
        assert members.sponsor[member] in above(members.placement, member)


def test_packages_are_bought_as_often_as_asked() -> None:
    packages = np.bincount(grown(package_shares=(6.0, 3.0, 1.0), members=3_000).members.package)
    assert packages / 3_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.05)
    assert set(grown(package_shares=(0.0, 1.0)).members.package) == {1}


ON_PLACEMENT = """
name = "Three wide"

[[bonuses]]
name = "matrix"
kind = "matrix"
tree = "placement"
width = 3
depth = 2
percents = [10, 5]
"""


@pytest.mark.parametrize("pays", ["percents = [10, 5]", 'full_levels = ["10.00", "30.00"]'])
def test_a_matrix_on_the_placement_tree_says_how_wide_that_grows(pays: str) -> None:
    plan = parse(ON_PLACEMENT.replace("percents = [10, 5]", pays), "plan.toml")
    assert placement_width(plan) == 3
    below = Counter(grown(width=placement_width(plan)).members.placement[1:])
    assert max(below.values()) == 3


def test_a_matrix_of_its_own_says_nothing_of_the_placement_tree() -> None:
    plan = parse(ON_PLACEMENT.replace('"placement"', '"matrix"'), "plan.toml")
    assert placement_width(plan) == 0
