"""Random companies with refunds: who sells what when, what is refunded when, under which plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from plans import random_plans as make
from plans.agreement import periods_of
from plans.companies import Shape, grow, with_further_positions
from plans.currencies import at_other_rates, with_markets
from plans.oracle.clawback import Remaining
from plans.oracle.company import Company, Member
from plans.random_terms import with_terms
from plans.refunding import MONDAY, Sale, Turn, loaded
from upline.plans.bonus import Bonus, Items, Levels, Needs, Pairs, Rates
from upline.plans.counting import Customer
from upline.plans.periods import Every
from upline.plans.plan import Plan, Settlement

SIZES = (4, 8, 15, 25, 40)
RUNS_OF_A_STORY = (3, 8)


@dataclass(frozen=True)
class Story:
    """A company's runs to come, and its members' ids."""

    ids: list[int]
    turns: list[Turn]


def a_story(chance: Random, several: float = 0.0, *, abroad: bool = False) -> Story:
    """Three to eight runs of days or of weeks, or two weeks of both; `several`: how likely some
    members have several positions; `abroad`: whether there are several markets."""
    every, longer = chance.choice(
        [(Every.DAY, Every.DAY), (Every.WEEK, Every.WEEK), (Every.DAY, Every.WEEK)]
    )
    length = 14 if longer is not every else chance.randint(*RUNS_OF_A_STORY)
    days = MONDAY, MONDAY + length * (7 if every is Every.WEEK else 1) - 1
    company = grow(chance, Shape(chance.choice(SIZES), chance.choice([0.05, 0.3, 0.6])), *days)
    is_fine = chance.random() < 0.2
    if is_fine:
        company = in_small_sums(company)
    one, other = chance.sample([every, longer], 2)
    plan = a_plan(chance, one, other, days)
    if is_fine:
        plan = replace(plan, bonuses=tuple(map(by_the_cent, plan.bonuses)))
    if several and chance.random() < several:
        company = with_further_positions(chance, company)
    if abroad:
        company = with_markets(chance, company)
        plan = with_terms(chance, plan, company)
    ids = chance.sample(range(1_000, 1_000 + 3 * len(company.members)), len(company.members))
    return Story(ids, list(turns_of(chance, plan, company, days)))


def in_small_sums(company: Company) -> Company:
    orders = [
        replace(
            order,
            value=order.value // 100,
            points=order.points // 100,
            figure=order.figure // 100,
        )
        for order in company.orders
    ]
    return replace(company, orders=orders)


def by_the_cent(bonus: Bonus) -> Bonus:
    """Pairs of the smallest unit there is, as a percentage without a unit has them."""
    return replace(bonus, unit=1) if isinstance(bonus, Pairs) else bonus


def a_plan(chance: Random, every: Every, other: Every, days: tuple[int, int]) -> Plan:
    """Pairs, what orders pay in these or in other periods, and what is matched on both, in two
    tiers."""
    bonuses: list[Bonus] = [pairs(chance, "pairs", every)]
    if chance.random() < 0.25:
        bonuses.append(pairs(chance, "more pairs", every))
    makers = [make.levels, make.levels, make.generation, make.stairstep, make.referral]
    for number, maker in enumerate(chance.sample(makers, chance.randint(1, 2))):
        bonus = maker(chance, f"by orders {number}", other)
        bonuses.append(eased(chance, bonus))
    for tier in ("matching", "matching of matching"):
        for length in dict.fromkeys((every, other)):
            of = [bonus.name for bonus in bonuses if bonus.every is length]
            if of and chance.random() < 0.8:
                chosen = tuple(chance.sample(of, chance.randint(1, len(of))))
                bonuses.append(matching(chance, f"{tier} by the {length}", length, chosen))
    settles = chance.random() < 0.6
    settlement = make.random_settlement(chance, *days) if settles else Settlement()
    plan = make.random_plan(chance, tuple(bonuses), make.easy_ranks(chance, every), settlement)
    return replace(plan, week_starts=0)


def pairs(chance: Random, name: str, every: Every) -> Pairs:
    bonus = make.binary(chance, name, every)
    if chance.random() < 0.7:
        is_flat = bonus.rates.flat
        rate = chance.choice([500, 1_000, 3_333] if is_flat else [50_000, 100_000, 333_333])
        bonus = replace(bonus, rates=Rates(((rate,),), bonus.rates.flat), needs=Needs(False))
    if chance.random() < 0.2:
        bonus = replace(bonus, carry_limit=chance.choice([10_000, 30_000]))
    return bonus


def eased(chance: Random, bonus: Bonus) -> Bonus:
    return replace(bonus, needs=Needs(active=False)) if chance.random() < 0.7 else bonus


def matching(chance: Random, name: str, every: Every, of: tuple[str, ...]) -> Levels:
    bonus = make.matching(chance, name, every, of)
    if chance.random() < 0.6:
        rates = Rates((tuple(chance.choice([100_000, 333_333, 500_000]) for _ in range(3)),))
        bonus = replace(bonus, rates=rates, needs=Needs(False))
    return bonus


def another_plan(chance: Random, plan: Plan) -> Plan:
    """The same bonuses at other rates, pairs that are made otherwise, and maybe no pairs at all."""

    def changed(bonus: Bonus) -> Bonus:
        if isinstance(bonus, Pairs):
            other = pairs(chance, bonus.name, bonus.every)
            return replace(other, caps=bonus.caps, volume=bonus.volume)
        if isinstance(bonus, Levels):
            table = tuple(tuple(rate // 2 for rate in row) for row in bonus.rates.table)
            return replace(bonus, rates=replace(bonus.rates, table=table))
        return bonus

    bonuses = tuple(map(changed, plan.bonuses))
    other = replace(plan, bonuses=bonuses)
    return without(other, "pairs") if chance.random() < 0.5 else other


def without(plan: Plan, name: str) -> Plan:
    """A bonus is dropped, and what is matched on nothing then."""
    kept: list[Bonus] = []
    for bonus in plan.bonuses:
        if isinstance(bonus, Levels) and bonus.items is Items.EARNINGS:
            bonus = replace(bonus, of=tuple(of for of in bonus.of if of in {b.name for b in kept}))
        matches_nothing = (
            isinstance(bonus, Levels) and bonus.items is Items.EARNINGS and not bonus.of
        )
        if bonus.name != name and not matches_nothing:
            kept.append(bonus)
    return replace(plan, bonuses=tuple(kept))


def turns_of(chance: Random, plan: Plan, company: Company, days: tuple[int, int]) -> Iterator[Turn]:
    """Run by run what is refunded; what is refunded before a run is calculated, but after its
    last day, the next one takes to task."""
    sales, remaining, early = sales_of(chance, company), Remaining(), Remaining()
    members, periods = company.members, periods_of(plan, *days)
    changes = chance.sample(range(1, len(periods)), 2) if chance.random() < 0.3 else []
    plans = {min(changes): another_plan(chance, plan), max(changes): plan} if changes else {}
    moves = chance.randrange(len(periods)) if chance.random() < 0.2 else -1
    moves = -1 if company.several else moves
    often = chance.choice([0.03, 0.1, 0.3])
    for number, period in enumerate(periods):
        plan = plans.get(number, plan)
        members = with_a_move(chance, members) if number == moves else members
        refunds = early | some_refunds(chance, sales, remaining | early, period.last_day, often)
        remaining |= refunds
        early = some_refunds(chance, sales, remaining, period.last_day, often / 5)
        orders = loaded(sales, period.last_day, remaining | early)
        if company.markets:
            company = at_other_rates(chance, company)
        yield Turn(plan, period, members, orders, refunds, company.several, company.markets)
        remaining |= early


def sales_of(chance: Random, company: Company) -> list[Sale]:
    """Orders are known by numbers that do not tell the day; some have two classes of buyers."""
    numbers = chance.sample(range(1, 10 * len(company.orders) + 1), len(company.orders))
    sales = []
    for number, order in zip(numbers, company.orders, strict=True):
        order = replace(order, points=order.points or 100 * (not order.value))
        sales.append(Sale((number, order.customer), order))
        if chance.random() < 0.1:
            other = Customer((order.customer + 1) % len(Customer))
            rest = replace(order, customer=int(other), value=order.value // 2 + 1)
            sales.append(Sale((number, int(other)), rest))
    return sorted(sales, key=lambda sale: (sale.order.day, sale.key))


def some_refunds(
    chance: Random, sales: list[Sale], remaining: Remaining, last_day: int, often: float
) -> Remaining:
    """Whole orders and parts; where something is refunded, all of the order is told."""
    refunds = Remaining()
    chosen = {s.key[0] for s in sales if s.order.day <= last_day and chance.random() < often}
    for sale in sales:
        if sale.key[0] in chosen:
            whole = sale.order.value, sale.order.points, sale.order.figure
            rest = remaining.get(sale.key, whole)
            stays = chance.choice([0, 0, 0.3, 0.5, 0.95, 1])
            refunds[sale.key] = tuple(int(part * stays) for part in rest)
    return refunds


def with_a_move(chance: Random, members: list[Member]) -> list[Member]:
    """Somebody with nobody below moves to a free place below somebody who stood there before."""
    heads = {member.placement for member in members} | {0}
    free = [i for i in range(1, len(members)) if i not in heads]
    if not free:
        return members
    mover = chance.choice(free)
    taken = {(member.placement, member.side) for member in members}
    seniors = [i for i in range(mover) if members[i].joined <= members[mover].joined]
    places = [(i, s) for i in seniors for s in (0, 1) if (i, s) not in taken]
    if not places or members[mover].placement < 0:
        return members
    place, side = chance.choice(places)
    moved = replace(members[mover], placement=place, side=side)
    return [*members[:mover], moved, *members[mover + 1 :]]
