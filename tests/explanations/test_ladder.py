"""What a rank is said to miss gives it, once it is there; and a hundredth less does not."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upline.explanations.ladder import Condition, OnLadder, Rung, above
from upline.explanations.units import Unit
from upline.plan_documents import parse
from upline.plans.company import Members, Orders, firsts
from upline.plans.counting import Customer
from upline.plans.nearness import Climbers, nearness
from upline.plans.periods import Every, day_of, period_of
from upline.plans.result import Result
from upline.plans.run import run

DAY = day_of(date(2026, 5, 10))
MONTH = period_of(DAY, Every.MONTH)
PLAN = parse(
    """
name = "Ladder"
[active]
personal_points = 50
[ranks]
[[ranks.steps]]
name = "Silver"
personal_points = 100
group_points = 500
[[ranks.steps]]
name = "Gold"
team_points = 1000
leg_limit = "40 %"
directs = [{count = 2}]
customers = 2
[[ranks.steps]]
name = "Crown"
active = false
legs = [{count = 2, rank = "Silver"}]
directs = [{count = 1, rank = "Silver"}]
[[bonuses]]
name = "levels"
kind = "levels"
percents = [1]
""",
    "ladder.toml",
)
POINTS = ("own points", "group points", "team points")


@dataclass
class Company:
    """Members by their sponsors, and orders: member, hundredths of points, buyer's class."""

    sponsors: list[int]
    orders: list[tuple[int, int, Customer]] = field(default_factory=list)

    def result(self) -> tuple[Members, Result]:
        sponsor = np.array(self.sponsors, np.int32)
        n, count = len(sponsor), len(self.orders)
        small, days = np.zeros(n, np.int8), np.full(n, DAY - 30, np.int32)
        members = Members(sponsor, sponsor, small, days, small)
        member = np.array([order[0] for order in self.orders], np.int32)
        points = np.array([order[1] for order in self.orders], np.int64)
        customer = np.array([order[2] for order in self.orders], np.int8)
        day = np.full(count, DAY, np.int32)
        orders = Orders(member, day, points, points, customer, firsts(member))
        return members, run(PLAN, members, orders, MONTH)

    def above(self, member: int) -> list[Rung]:
        """The ranks above the member's."""
        return above(PLAN, member, self.on_ladder())

    def on_ladder(self) -> OnLadder:
        members, result = self.result()
        assert result.figures.ranks is not None
        return OnLadder(
            members.sponsor, members.sponsor, result.active, result.rank, result.figures.ranks
        )

    def rank(self, member: int) -> int:
        return int(self.result()[1].rank[member])

    def with_all(self, member: int, missing: list[Condition], less: int = 0) -> "Company":
        """The same with all that is missing; of points so much less."""
        made = replace(self, sponsors=self.sponsors.copy(), orders=self.orders.copy())
        by_name = {each.what.partition(",")[0]: each.missing for each in missing}
        points = max(by_name.get(what, 0) for what in POINTS)
        made.orders.append((member, max(points - less, 0), Customer.MEMBER))
        if by_name.get("being active"):
            made.orders.append((member, 5_000, Customer.MEMBER))
        for _ in range(by_name.get("orders of customers", 0)):
            made.orders.append((member, 0, Customer.RETAIL))
        for _ in range(by_name.get("active directs", 0)):
            made.recruit(member, 5_000)
        # Who is recruited stands in a leg of their own.
        for _ in range(max(by_name.get("legs of Silver", 0), by_name.get("directs of Silver", 0))):
            made.recruit(member, 60_000)
        return made

    def recruit(self, sponsor: int, points: int) -> None:
        self.sponsors.append(sponsor)
        self.orders.append((len(self.sponsors) - 1, points, Customer.MEMBER))


@st.composite
def companies(draw: st.DrawFn) -> Company:
    n = draw(st.integers(1, 8))
    sponsors = [-1] + [draw(st.integers(0, k - 1)) for k in range(1, n)]
    order = st.tuples(
        st.integers(0, n - 1), st.integers(0, 60_000), st.sampled_from(list(Customer))
    )
    return Company(sponsors, draw(st.lists(order, max_size=10)))


@given(companies(), st.data())
def test_what_is_missing_gives_the_rank(company: Company, data: st.DataObject) -> None:
    member = data.draw(st.integers(0, len(company.sponsors) - 1))
    for step in company.above(member):
        given_all = company.with_all(member, step.conditions)
        number = [each.name for each in PLAN.ranks.steps].index(step.rank) + 1
        assert given_all.rank(member) >= number, step


@given(companies(), st.data())
def test_a_hundredth_of_a_point_less_does_not(company: Company, data: st.DataObject) -> None:
    member = data.draw(st.integers(0, len(company.sponsors) - 1))
    for step in company.above(member):
        points = [each for each in step.conditions if each.what.startswith(POINTS)]
        others = [each for each in step.conditions if each not in points]
        if any(each.missing for each in points) and not any(each.missing for each in others):
            less = company.with_all(member, step.conditions, less=1)
            number = [each.name for each in PLAN.ranks.steps].index(step.rank) + 1
            assert less.rank(member) != number, step


@given(companies())
def test_of_a_rank_that_is_held_nothing_is_missing(company: Company) -> None:
    standing = company.on_ladder()
    held = standing.rank.copy()
    nobody = replace(standing, rank=np.zeros_like(held))
    for member in np.flatnonzero(held).tolist():
        # Asked as if the member alone had no rank yet.
        before = held.copy()
        before[member] = 0
        steps = above(PLAN, member, replace(nobody, rank=before))
        assert [each.missing for each in steps[held[member] - 1].conditions if each.missing] == []


@given(companies())
def test_how_near_somebody_is_follows_from_what_the_next_rank_asks(company: Company) -> None:
    ladder = company.on_ladder()
    everybody = np.ones(len(ladder.rank), np.bool_)
    facts = (ladder.parent, ladder.sponsor, everybody, ladder.active, ladder.rank, ladder.figures)
    found = nearness(PLAN, Climbers(*facts)).tolist()
    for member, percent in enumerate(found):
        steps = above(PLAN, member, ladder)
        asked = steps[0].conditions if steps else []
        shares = [each.reached * 100 // each.wanted for each in asked]
        assert percent == (min(99, *shares) if shares else 0)


def test_a_leg_has_the_highest_rank_of_anybody_in_it() -> None:
    """Whoever heads the first leg has no rank, and a Silver stands below."""
    company = Company([-1, 0, 1, 0], [(2, 60_000, Customer.MEMBER)])
    assert company.result()[1].rank.tolist() == [0, 0, 1, 0]
    crown = {each.what: each for each in company.above(0)[2].conditions}
    assert crown["legs of Silver"].sentence == "Crown: 1 of 2 legs of Silver; 1 to go"
    assert crown["directs of Silver"].reached == 0


def test_each_rank_counts_its_own_periods() -> None:
    plan = parse(
        """
name = "Windows"
[[ranks.steps]]
name = "Silver"
personal_points = 300
[[ranks.steps]]
name = "Gold"
personal_points = 900
periods = 3
[[bonuses]]
name = "levels"
kind = "levels"
percents = [1]
""",
        "windows.toml",
    )
    nobody, small = np.full(1, -1, np.int32), np.zeros(1, np.int8)
    days = np.array([DAY - 70, DAY - 35, DAY], np.int32)
    points = np.array([50_000, 20_000, 10_000])
    orders = Orders(
        np.zeros(3, np.int32), days, points, points, np.full(3, 2, np.int8), np.zeros(3, np.bool_)
    )
    result = run(plan, Members(nobody, nobody, small, days[:1] - 90, small), orders, MONTH)
    assert result.figures.ranks is not None
    found = OnLadder(nobody, nobody, result.active, result.rank, result.figures.ranks)
    silver, gold = (step.conditions[0].sentence for step in above(plan, 0, found))
    assert silver == "Silver: 100.00 of 300.00 own points; 200.00 to go"
    assert gold == "Gold: 800.00 of 900.00 own points in 3 months; 100.00 to go"


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("being active", "Silver: active"),
        ("own points", "Silver: 60.00 of 100.00 own points; 40.00 to go"),
        ("group points", "Silver: 1,260.00 of 500.00 group points"),
    ],
)
def test_what_is_missing_is_a_sentence(what: str, sentence: str) -> None:
    silver = Company([-1, 0], [(0, 6_000, Customer.MEMBER), (1, 120_000, Customer.MEMBER)]).above(0)
    found = {each.what: each.sentence for each in silver[0].conditions}
    assert found[what] == sentence


def test_a_leg_counts_up_to_its_limit() -> None:
    company = Company([-1, 0, 0], [(0, 6_000, Customer.MEMBER), (1, 120_000, Customer.MEMBER)])
    gold = {each.what: each for each in company.above(0)[1].conditions}
    points = gold["team points, each leg counting 400.00 at most"]
    assert (points.reached, points.missing, points.unit) == (46_000, 54_000, Unit.POINTS)
    directs = gold["active directs"]
    assert directs.sentence == "Gold: 1 of 2 active directs; 1 to go"
