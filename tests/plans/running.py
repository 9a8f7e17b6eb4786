"""Running the core on random companies, and what a property must have met to mean anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from plans import random_plans as make
from plans.agreement import days_of, periods_of
from plans.companies import as_members, as_orders, grow, random_shape
from plans.oracle.company import Company
from upline.plans.company import Members, Orders
from upline.plans.periods import Every
from upline.plans.plan import Plan
from upline.plans.result import Result
from upline.plans.run import run

Met = Counter[str]
Property = Callable[[Random, Every, Met], None]

EXAMPLES = 80
OFTEN = 10
"""How many examples must have met what a property speaks of."""


def for_all(holds: Property, *must_meet: str) -> None:
    """Hypothesis tries a property; each of these must have been met in a good many examples."""
    met: Met = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**32), st.sampled_from(Every))
    def tried(seed: int, every: Every) -> None:
        here: Met = Counter()
        holds(Random(seed), every, here)
        met.update(name for name, times in here.items() if times)

    tried()
    seldom = {name: met[name] for name in must_meet if met[name] < OFTEN}
    assert not seldom, f"met too seldom: {seldom}"


def a_company(chance: Random, every: Every, smallest: int = 5) -> Company:
    return grow(chance, random_shape(chance, 2, smallest), *days_of(every))


def all_runs(plan: Plan, members: Members, orders: Orders, every: Every) -> list[Result]:
    """The runs of some periods in turn, the carry passed on."""
    results: list[Result] = []
    for period in periods_of(plan, *days_of(every)):
        carry = results[-1].carry if results else None
        results.append(run(plan, members, orders, period, carry))
    return results


def runs_of(plan: Plan, company: Company, every: Every) -> list[Result]:
    return all_runs(plan, as_members(company), as_orders(company), every)


def any_plan(chance: Random, every: Every) -> Plan:
    """Some bonuses of several kinds over ranks of every condition."""
    makers = [make.levels, make.x_up, make.generation, make.stairstep, make.binary, make.pool]
    makers += [make.monoline, make.matrix_levels, make.full_levels, make.board]
    bonuses = tuple(
        maker(chance, maker.__name__, every)
        for maker in chance.sample(makers, chance.randint(2, 4))
    )
    settlement = make.random_settlement(chance, *days_of(every))
    return make.random_plan(chance, bonuses, make.hard_ranks(chance, every), settlement)
