"""What holds for volume: it is paid once, traced to its orders, and more of it is never less."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from plans import random_plans as make
from plans.agreement import agree, days_of, lines_of, periods_of
from plans.companies import as_members, as_orders
from plans.oracle.company import Company, Order
from plans.oracle.tracing import trace as traced_by_oracle
from plans.running import Met, a_company, all_runs, for_all, runs_of
from upline.plans.bonus import Bonus, Cap, Over, Pairs, Rates
from upline.plans.carry import nothing_carried
from upline.plans.counting import Basis
from upline.plans.periods import Every
from upline.plans.plan import HUNDRED_PERCENT, Plan
from upline.plans.result import LegSums, Result
from upline.plans.run import run
from upline.plans.tracing import Traced, trace
from upline.plans.volumes import amounts


def a_binary_plan(chance: Random, every: Every) -> tuple[Pairs, Plan]:
    bonus = make.binary(chance, "binary", every)
    return bonus, make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))


def test_no_volume_is_paid_twice() -> None:
    """All that enters a leg is consumed once, or flushed, or left over in the end."""

    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus, plan = a_binary_plan(chance, every)
        results = runs_of(plan, a_company(chance, every, smallest=25), every)
        sums = [result.legs["binary"] for result in results]
        for side in ("left", "right"):
            balance(met, [getattr(legs, side) for legs in sums])
        for result, legs in zip(results, sums, strict=True):
            assert_paid_of_what_was_consumed(plan, bonus, result, legs)

    for_all(holds, "consumed", "flushed", "carried in the end", "brought over and consumed")


def balance(met: Met, sides: list[Any]) -> None:
    assert not sides[0].brought.any()
    for earlier, later in pairwise(sides):
        assert earlier.carried.tolist() == later.brought.tolist()
    for side in sides:
        assert min(side.consumed.min(), side.flushed.min(), side.carried.min()) >= 0
        met["brought over and consumed"] += (side.consumed > side.entered).any()
    consumed, flushed, entered = (
        sum(getattr(side, name) for side in sides) for name in ("consumed", "flushed", "entered")
    )
    assert (consumed + flushed + sides[-1].carried).tolist() == entered.tolist()
    met["consumed"] += consumed.any()
    met["flushed"] += flushed.any()
    met["carried in the end"] += sides[-1].carried.any()


def assert_paid_of_what_was_consumed(
    plan: Plan, bonus: Pairs, result: Result, legs: LegSums
) -> None:
    is_points = bonus.volume.basis is not Basis.VALUE
    value, parts = (plan.point_value, 100) if is_points else (1, 1)
    for _, member, _, _, rate, base, amount in lines_of(result):
        assert base <= min(int(legs.left.consumed[member]), int(legs.right.consumed[member]))
        if not bonus.rates.flat:
            assert amount <= base * value * rate // (parts * HUNDRED_PERCENT)


def test_each_pair_is_traced_to_its_orders() -> None:
    """Both tracings agree, and no order gives more than it has."""

    def holds(chance: Random, every: Every, met: Met) -> None:
        bonus, plan = a_binary_plan(chance, every)
        company = a_company(chance, every, smallest=12)
        members, orders = as_members(company), as_orders(company)
        results = all_runs(plan, members, orders, every)
        answers = agree(plan, company, days_of(every), Counter())
        runs = [(result.period, answer) for result, answer in zip(results, answers, strict=True)]
        volume = amounts(orders, bonus.volume.basis)
        for member in range(0, len(members), 4):
            for side in (0, 1):
                told = trace(bonus, members, orders, results, member, side)
                expected = traced_by_oracle(plan, bonus, company, runs, member, side)
                spent: Counter[int] = Counter()
                for one, other in zip(told, expected, strict=True):
                    assert parts_of(one) == [other.consumed, other.flushed, other.carried]
                    spent.update(other.consumed)
                    spent.update(other.flushed)
                    met["consumed"] += bool(other.consumed)
                    met["flushed"] += bool(other.flushed)
                    met["consumed in part"] += bool(other.consumed.keys() & other.carried.keys())
                assert all(amount <= volume[order] for order, amount in spent.items())

    for_all(holds, "consumed", "flushed", "consumed in part")


def parts_of(traced: Traced) -> list[dict[int, int]]:
    return [
        dict(zip(parts.order.tolist(), parts.amount.tolist(), strict=True))
        for parts in (traced.consumed, traced.flushed, traced.carried)
    ]


def test_a_cap_holds_over_all_runs_of_its_period() -> None:
    def holds(chance: Random, _: Every, met: Met) -> None:
        per, limit = chance.choice([Every.WEEK, Every.MONTH]), chance.choice([1, 700, 2_600])
        bonus, plan = a_binary_plan(chance, Every.DAY)
        over_cap = chance.choice(list(Over))
        bonus = replace(bonus, caps=(Cap(per, (limit,)),), over_cap=over_cap)
        plan = replace(plan, bonuses=(bonus,))
        paid: dict[int, Any] = {}
        for result in runs_of(plan, a_company(chance, Every.DAY, smallest=25), Every.DAY):
            since = int(result.carry.legs["binary"].used_since[0])
            paid[since] = paid.get(since, 0) + result.totals
        assert len(paid) == 2
        assert all((totals <= limit).all() for totals in paid.values())
        met["a cap that is reached"] += any((totals == limit).any() for totals in paid.values())

    for_all(holds, "a cap that is reached")


def grown(chance: Random, company: Company, days: tuple[int, int]) -> Company:
    """The same company with some orders larger, and some more of them."""
    orders = [
        order.plus(more) for order in company.orders for more in [chance.choice([0, 0, 1, 5_000])]
    ]
    buyers = [i for i, member in enumerate(company.members) if member.joined <= days[1]]
    for _ in range(chance.randint(1, 8)):
        buyer = chance.choice(buyers)
        day = chance.randint(max(company.members[buyer].joined, days[0]), days[1])
        orders.append(Order(buyer, day, 7_500, 7_500, chance.randrange(3), False))
    return Company(company.members, sorted(orders, key=lambda order: order.day))


def with_known_activity(chance: Random, company: Company) -> Company:
    members = [replace(member, active=chance.random() < 0.8) for member in company.members]
    return Company(members, company.orders)


def held_fixed(chance: Random, bonus: Bonus) -> Plan:
    """No need of a bonus rests on volume, and no rank is calculated."""
    needs = replace(bonus.needs, personal_points=0)
    return make.random_plan(chance, (replace(bonus, needs=needs),))


def one_run(chance: Random, plan: Plan, company: Company, every: Every) -> Result:
    """A run on ranks that were handed on."""
    size, period = len(company.members), periods_of(plan, *days_of(every))[0]
    carry = nothing_carried(size)
    carry.rank[:] = carry.title[:] = [chance.randrange(make.STEPS + 1) for _ in range(size)]
    return run(plan, as_members(company), as_orders(company), period, carry)


def without_caps(chance: Random, every: Every) -> Pairs:
    bonus = make.binary(chance, "binary", every)
    return replace(bonus, caps=(), volume_limit=-1, carry_limit=-1)


def test_more_volume_below_never_lowers_a_commission_of_a_run() -> None:
    for maker in (without_caps, lambda chance, every: make.levels(chance, "levels", every)):

        def holds(chance: Random, every: Every, met: Met, maker: Any = maker) -> None:
            company = with_known_activity(chance, a_company(chance, every, smallest=25))
            more = grown(chance, company, days_of(every))
            plan, seed = held_fixed(chance, maker(chance, every)), chance.random()
            first, second = (one_run(Random(seed), plan, c, every) for c in (company, more))
            assert (second.totals >= first.totals).all()
            met["payout"] += first.paid() > 0
            met["more payout"] += second.paid() > first.paid()

        for_all(holds, "payout", "more payout")


def test_more_volume_never_lowers_what_a_one_to_one_binary_pays_over_all_runs() -> None:
    def holds(chance: Random, every: Every, met: Met) -> None:
        company = with_known_activity(chance, a_company(chance, every, smallest=25))
        more = grown(chance, company, days_of(every))
        rates = Rates(((7,),), flat=True)
        bonus = replace(without_caps(chance, every), first=1, second=1, rates=rates)
        plan = held_fixed(chance, bonus)
        first, second = (
            np.sum([result.totals for result in runs_of(plan, c, every)], axis=0)
            for c in (company, more)
        )
        assert (second >= first).all()
        met["more payout"] += bool((second > first).any())

    for_all(holds, "more payout")
