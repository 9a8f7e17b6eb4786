"""Members with several positions: legs pair at each of them, and people are seen at the first one
only."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from plans import random_plans as make
from plans.agreement import agree, days_of, periods_of
from plans.companies import (
    as_members,
    as_orders,
    as_positions,
    grow,
    random_shape,
    with_further_positions,
)
from plans.oracle import run as oracle
from plans.oracle.company import Company, Member, Order, Position
from plans.oracle.tracing import trace as traced_by_oracle
from plans.random_refunds import a_story
from plans.reaching import must_reach
from plans.refunding import (
    FURTHER,
    MONDAY,
    Chain,
    OracleChain,
    Sale,
    Turn,
    changes_of,
    order,
    told_changes,
)
from plans.test_agreement import BONUSES, hybrid
from plans.test_clawback import outcome, told_outcome
from upline.plans.bonus import Cap, Levels, Needs, Pairs, Rates, Tree, TreeKind
from upline.plans.carry import Carry, CarryMismatch
from upline.plans.company import LEFT, RIGHT, people_above
from upline.plans.counting import Basis, Volume
from upline.plans.periods import Every, period_of
from upline.plans.plan import Active, Plan
from upline.plans.run import run
from upline.plans.tracing import Parts, trace

COMPANIES = 40
HOLDER, ANNA, BERT = 0, 1, 2
FIRST, SECOND, THIRD, ON_THE_LEFT, ON_THE_RIGHT = range(5)
"""The holder's three positions, and those of the two members below the second and the third."""
POSITIONS = [
    Position(HOLDER, -1, LEFT),
    Position(HOLDER, FIRST, LEFT),
    Position(HOLDER, FIRST, RIGHT),
    Position(ANNA, SECOND, LEFT),
    Position(BERT, THIRD, LEFT),
]
MEMBERS = [Member(above, -1, 0, MONDAY, 0) for above in (-1, HOLDER, HOLDER)]
OF_POINTS = Volume(Basis.POINTS)
TWENTY = Pairs("pairs", Every.WEEK, rates=Rates(((200_000,),)), volume=OF_POINTS)
PLAN = Plan("three positions", (TWENTY,), active=Active(20_000, Every.WEEK))
"""20 % of the weaker leg, a point being worth 1.00; active with 200 points of one's own."""
WEEK = period_of(MONDAY, Every.WEEK)


def bought(member: int, points: int, position: int = -1) -> Order:
    return Order(member, MONDAY, 0, points * 100, 2, True, position)


def test_the_published_rule_of_three_positions() -> None:
    """Own orders of 200 points count once, at the first position: they make the member active and
    enter no leg of theirs. 1,000 points enter the second position's left leg and so the first one's
    left leg; 800 points the third one's left leg and so the first one's right leg. The first is
    paid 20 % of 800 = 160.00 and keeps 200 on the left; the second carries 1,000, the third 800."""
    orders = [bought(HOLDER, 200), bought(ANNA, 1_000), bought(BERT, 800)]
    company = Company(MEMBERS, orders, POSITIONS)
    result = run(PLAN, as_members(company), as_orders(company), WEEK)
    (paid,) = result.lines
    assert paid.position is not None
    assert (paid.member.tolist(), paid.position.tolist()) == ([HOLDER], [FIRST])
    assert (paid.base.tolist(), paid.rate.tolist(), paid.amount.tolist()) == (
        [80_000], [200_000], [16_000],
    )  # fmt: skip
    assert result.totals.tolist() == [16_000, 0, 0]
    carried = result.carry.legs["pairs"]
    assert carried.left.tolist() == [20_000, 100_000, 80_000, 0, 0]
    assert carried.right.tolist() == [0, 0, 0, 0, 0]
    assert result.active.tolist() == [True, True, True]


def test_an_order_counts_at_the_position_that_it_names() -> None:
    """At the third position the holder's own 200 points enter the first one's right leg: 20 % of
    1,000 = 200.00. They are the holder's own points all the same."""
    orders = [bought(HOLDER, 200, THIRD), bought(ANNA, 1_000), bought(BERT, 800)]
    company = Company(MEMBERS, orders, POSITIONS)
    result = run(PLAN, as_members(company), as_orders(company), WEEK)
    assert result.totals.tolist() == [20_000, 0, 0]
    assert result.carry.legs["pairs"].left.tolist() == [0, 100_000, 80_000, 0, 0]


def test_a_closed_position_is_not_paid_and_its_volume_counts_above() -> None:
    """The third position is closed. It would have paired 300 points; they wait there, and with the
    800 on its left they enter the first one's right leg: 20 % of 1,000 = 200.00."""
    positions = [replace(each, closed=at == THIRD) for at, each in enumerate(POSITIONS)]
    positions.append(Position(BERT, THIRD, RIGHT))
    orders = [bought(HOLDER, 200), bought(ANNA, 1_000), bought(BERT, 800), bought(BERT, 300, 5)]
    company = Company(MEMBERS, orders, positions)
    result = run(PLAN, as_members(company), as_orders(company), WEEK)
    (paid,) = result.lines
    assert paid.position is not None
    assert (paid.position.tolist(), paid.amount.tolist()) == ([FIRST], [20_000])
    carried = result.carry.legs["pairs"]
    assert (carried.left[THIRD], carried.right[THIRD]) == (80_000, 30_000)
    assert (carried.left[FIRST], carried.right[FIRST]) == (0, 10_000)


def test_each_position_has_a_cap_of_its_own() -> None:
    """50.00 for each position, where all three have more than enough on both sides."""
    positions = [*POSITIONS, Position(ANNA, SECOND, RIGHT), Position(BERT, THIRD, RIGHT)]
    orders = [bought(HOLDER, 200)]
    orders += [bought(ANNA, 1_000, at) for at in (3, 5)] + [
        bought(BERT, 1_000, at) for at in (4, 6)
    ]
    company = Company(MEMBERS, orders, positions)
    pairs = replace(TWENTY, caps=(Cap(Every.WEEK, (5_000,)),))
    plan = replace(PLAN, bonuses=(pairs,))
    result = run(plan, as_members(company), as_orders(company), WEEK)
    (paid,) = result.lines
    assert paid.position is not None
    assert paid.position.tolist() == [FIRST, SECOND, THIRD]
    assert paid.member.tolist() == [HOLDER] * 3
    assert paid.amount.tolist() == [5_000] * 3
    assert result.totals.tolist() == [15_000, 0, 0]


def test_people_are_counted_at_their_first_positions_only() -> None:
    """Up the placement tree bert's order passes the holder once, and not three times."""
    levels = Levels(
        "levels", Every.WEEK, Needs(False), rates=Rates(((100_000, 100_000),)),
        tree=Tree(TreeKind.PLACEMENT),
    )  # fmt: skip
    company = Company(MEMBERS, [Order(BERT, MONDAY, 10_000, 0, 2, True)], POSITIONS)
    result = run(Plan("p", (levels,)), as_members(company), as_orders(company), WEEK)
    (paid,) = result.lines
    assert paid.position is None
    assert list(zip(paid.member.tolist(), paid.level.tolist(), strict=True)) == [(HOLDER, 1)]


@pytest.mark.parametrize("kind", ["levels", "generation", "stairstep", "binary", "pool", "hybrid"])
def test_core_and_oracle_agree(kind: str) -> None:
    reached: Counter[str] = Counter()
    for number in range(COMPANIES):
        chance = Random(f"several positions {kind} {number}")
        every = chance.choice(list(Every))
        company = a_company(chance, every)
        if kind == "hybrid":
            plan = hybrid(chance, every, days_of(every))
        else:
            bonus = BONUSES[kind](chance, kind, every)
            plan = make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))
        reached["further positions"] += len(company.positions) > len(company.members)
        reached["an order at a further position"] += any(o.position >= 0 for o in company.orders)
        agree(plan, company, days_of(every), reached)
    must_reach(reached, "further positions", "an order at a further position")
    if kind == "binary":
        must_reach(reached, "pairs", "pairs at a further position")
        must_reach(reached, "a closed position has volume")


def a_company(chance: Random, every: Every) -> Company:
    return with_further_positions(chance, grow(chance, random_shape(chance), *days_of(every)))


def test_who_has_one_position_is_worked_out_as_if_nobody_could_have_more() -> None:
    """Positions told, one for each member, change nothing."""
    for number in range(COMPANIES):
        chance = Random(f"one each {number}")
        every = chance.choice(list(Every))
        company = grow(chance, random_shape(chance), *days_of(every))
        plan = hybrid(chance, every, days_of(every))
        told = Company(company.members, company.orders, company.positions)
        assert people_above(as_positions(told)).tolist() == [m.placement for m in company.members]
        agree(plan, told, days_of(every), Counter())


def test_each_pair_of_a_position_is_traced_to_its_orders() -> None:
    found = 0
    for number in range(COMPANIES // 2):
        chance = Random(f"traced positions {number}")
        every = chance.choice(list(Every))
        company = a_company(chance, every)
        bonus = make.binary(chance, "pairs", every)
        plan = make.random_plan(chance, (bonus,))
        members, orders = as_members(company), as_orders(company)
        results, runs, carry, kept = [], [], None, None
        for period in periods_of(plan, *days_of(every)):
            results.append(run(plan, members, orders, period, carry))
            runs.append((period, oracle.run(plan, company, period, kept)))
            carry, kept = results[-1].carry, runs[-1][1].kept
        for at in range(0, len(company.positions), 3):
            for side in (LEFT, RIGHT):
                told = trace(bonus, members, orders, results, at, side)
                expected = traced_by_oracle(plan, bonus, company, runs, at, side)
                assert [as_dict(each.consumed) for each in told] == [e.consumed for e in expected]
                found += sum(len(each.consumed) for each in expected)
    assert found > COMPANIES


def as_dict(parts: Parts) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for each, amount in zip(parts.order.tolist(), parts.amount.tolist(), strict=True):
        sums[each] += amount
    return dict(sums)


def test_core_and_oracle_take_back_the_same_of_the_same_positions() -> None:
    met: Counter[str] = Counter()
    for number in range(COMPANIES):
        story = a_story(Random(f"refunds of positions {number}"), several=1.0)
        core, books = Chain(story.ids), OracleChain(len(story.ids), met)
        for turn in story.turns:
            result, back = core.go_on(turn)
            answer, told = books.go_on(turn)
            assert changes_of(core, back) == told_changes(books, story.ids, told)
            assert core.waits == books.waits
            assert outcome(core, result) == told_outcome(story, core.present, answer, turn)
            for claim in back.claims.values():
                met["taken back at a further position"] += int((claim.position >= FURTHER).sum())
    assert min(met["pairs undone"], met["taken back at a further position"]) > 10, met


def test_what_a_position_was_paid_is_taken_back_of_that_position() -> None:
    """All three positions pair 1,000 points. What bert's right leg brought is refunded: the third
    position's pairs are gone, those of the first and the second stay, and the third one's left leg
    waits again."""
    positions = [*POSITIONS, Position(ANNA, SECOND, RIGHT), Position(BERT, THIRD, RIGHT)]
    members = [replace(member, active=True) for member in MEMBERS]
    orders = [at_position(order(number, member, 0, 100_000), at) for number, member, at in
              ((11, ANNA, 3), (12, ANNA, 5), (13, BERT, 4), (14, BERT, 6))]  # fmt: skip
    chain = Chain([1, 2, 3])
    chain.go_on(Turn(PLAN, WEEK, members, orders, {}, positions))
    week = period_of(MONDAY + 7, Every.WEEK)
    _, back = chain.go_on(Turn(PLAN, week, members, orders[:3], {(14, 2): (0, 0)}, positions))
    (claim,) = back.claims.values()
    assert claim.member.tolist() == [1, 1]
    assert dict(zip(claim.position.tolist(), claim.amount.tolist(), strict=True)) == {
        1: -20_000, FURTHER + THIRD: -20_000,
    }  # fmt: skip
    assert chain.waits["pairs"][THIRD] == (THIRD, 100_000, 0)
    assert chain.waits["pairs"][FIRST] == (FIRST, 100_000, 0)
    assert chain.waits["pairs"][SECOND] == (SECOND, 0, 0)


def at_position(sale: Sale, position: int) -> Sale:
    return replace(sale, order=replace(sale.order, position=position))


def test_a_carry_of_other_positions_is_refused() -> None:
    company = Company(MEMBERS, [bought(HOLDER, 200)], POSITIONS)
    members, orders = as_members(company), as_orders(company)
    carry: Carry = run(PLAN, members, orders, WEEK).carry
    alone = replace(members, positions=None, placement=np.array([-1, 0, 0], np.int32))
    plain = replace(orders, position=None)
    with pytest.raises(CarryMismatch, match="of other positions"):
        run(PLAN, alone, plain, period_of(MONDAY + 7, Every.WEEK), carry)
