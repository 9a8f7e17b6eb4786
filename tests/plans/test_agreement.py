"""The core and a plain second implementation give the same, line by line, on random companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from plans import random_plans as make
from plans.agreement import agree, days_of, periods_of
from plans.companies import Shape, grow, random_shape, with_other_joining_days
from plans.currencies import with_markets
from plans.oracle.company import Company
from plans.random_counting import COUNTED
from plans.random_terms import with_terms
from plans.reaching import each, must_reach, note
from upline.plans.arrays import LARGEST, TooLarge
from upline.plans.bonus import (
    Bonus,
    By,
    Compression,
    Count,
    Items,
    Legs,
    Over,
    Pairs,
    Share,
    TreeKind,
)
from upline.plans.periods import Every
from upline.plans.plan import Plan
from upline.plans.run import runs

COMPANIES = 200
KEPT_TREES = [TreeKind.SPONSOR, TreeKind.PLACEMENT]
BONUSES: dict[str, make.Maker] = {
    "levels": make.levels,
    "levels per member": make.levels_per_member,
    "monoline": make.monoline,
    "x-up": make.x_up,
    "matrix": make.matrix_levels,
    "fast start": make.fast_start,
    "referral": make.referral,
    "retail margin": make.retail_margin,
    "generation": make.generation,
    "stairstep": make.stairstep,
    "binary": make.binary,
    "full levels": make.full_levels,
    "board": make.board,
    "pool": make.pool,
    "rank advancement": make.rank_advancement,
}

Days = tuple[int, int]
PlanFor = Callable[[Random, Every, Days], Plan]


def compare(
    name: str, plan_for: PlanFor, width: int = 2, smallest: int = 5, *,
    often: int = COMPANIES, several_markets: bool = False,
) -> Counter[str]:  # fmt: skip
    """Run both on many companies, several periods in turn; tell what was reached."""
    reached: Counter[str] = Counter()
    for number in range(often):
        chance = Random(f"{name} {number}")
        every = chance.choice(list(Every))
        days = days_of(every)
        company = grow(chance, random_shape(chance, width, smallest), *days)
        if several_markets:
            company = with_markets(chance, company)
        plan = plan_for(chance, every, days)
        if several_markets:
            plan = with_terms(chance, plan, company)
        note(reached, plan, agree(plan, company, days, reached))
    return reached


@pytest.mark.parametrize("kind", BONUSES)
def test_bonuses_agree_where_several_currencies_meet(kind: str) -> None:
    def plan_for(chance: Random, every: Every, days: Days) -> Plan:
        settlement = make.random_settlement(chance, *days)
        bonus = BONUSES[kind](chance, kind, every)
        return make.random_plan(chance, (bonus,), make.easy_ranks(chance, every), settlement)

    reached = compare(f"{kind} abroad", plan_for, often=60, several_markets=True)
    assert reached["companies that are paid"] > 0


def plain(kind: str) -> PlanFor:
    """A plan of one bonus, with ranks that many reach."""

    def plan_for(chance: Random, every: Every, days: Days) -> Plan:
        bonus = BONUSES[kind](chance, kind, every)
        return make.random_plan(chance, (bonus,), make.easy_ranks(chance, every))

    return plan_for


def paid_at(*levels: int) -> list[str]:
    return [f"paid at level {level}" for level in levels]


def test_levels_agree() -> None:
    reached = compare("levels", plain("levels"), width=3)
    must_reach(
        reached,
        *each("compression", Compression),
        *each("rates.by", By),
        *each("rates.flat", [True, False]),
        *each("tree.kind", KEPT_TREES),
        *each("volume.basis", COUNTED),
        *each("needs.active", [True, False]),
        *("volume.customers=some", "volume.within_days>0", "volume.after_days>0"),
        *("needs.rank>0", "needs.personal_points>0", "needs.directs>0"),
        *("passed over", "does not meet the needs"),
        *("an order came too late", "an order came too early"),
        *paid_at(0, 1, 2, 3, 4, 5),
    )


def test_amounts_for_each_active_member_agree() -> None:
    reached = compare("levels per member", plain("levels per member"))
    must_reach(
        reached,
        *each("compression", Compression),
        *each("rates.by", By),
        *each("tree.kind", [*KEPT_TREES, TreeKind.MATRIX]),
        *("spilled over in a matrix", *paid_at(0, 1, 2, 3)),
    )


@pytest.mark.parametrize(
    ("kind", "happens"),
    [("monoline", "passed over"), ("x-up", "passed up"), ("matrix", "spilled over in a matrix")],
)
def test_levels_on_derived_trees_agree(kind: str, happens: str) -> None:
    reached = compare(kind, plain(kind), width=3)
    must_reach(reached, happens, *each("compression", Compression), *paid_at(0, 1, 2, 3))


def test_fast_starts_agree() -> None:
    reached = compare("fast start", plain("fast start"))
    must_reach(reached, "an order came too late", *each("volume.basis", COUNTED), *paid_at(0, 1, 2))


def test_referrals_agree() -> None:
    reached = compare("referral", plain("referral"))
    must_reach(
        reached,
        *each("items", [Items.JOININGS, Items.FIRST_ORDERS]),
        *each("rates.flat", [True, False]),
        *each("rates.by", [By.NOTHING, By.RANK, By.PACKAGE, By.LOWER_PACKAGE, By.BUYER_PACKAGE]),
        "does not meet the needs",
    )


def test_retail_margins_agree() -> None:
    reached = compare("retail margin", plain("retail margin"))
    must_reach(reached, *paid_at(0), *each("volume.basis", COUNTED), *each("needs.active", [True]))


def test_generations_agree() -> None:
    reached = compare("generation", plain("generation"), width=3)
    must_reach(
        reached,
        *("heads>0", "heads=0", "first_level>0", "first_level=0", "does not meet the needs"),
        *each("rates.by", [By.NOTHING, By.RANK, By.TITLE]),
        *each("tree.kind", KEPT_TREES),
        *paid_at(0, 1, 2, 3),
    )


def test_matching_agrees() -> None:
    def plan_for(chance: Random, every: Every, days: Days) -> Plan:
        pairs = make.binary(chance, "binary", every)
        levels = replace(make.levels(chance, "levels", every), first_level=1)
        of = chance.choice([("binary",), ("levels",), ("binary", "levels")])
        matching = make.matching(chance, "matching", every, of)
        of = ("matching", "levels") if chance.random() < 0.3 else ("matching",)
        again = make.matching(chance, "matching of matching", every, of)
        ranks = make.easy_ranks(chance, every)
        return make.random_plan(chance, (pairs, levels, matching, again), ranks)

    reached = compare("matching", plan_for)
    must_reach(reached, "items=earnings", *each("count", Count), *each("compression", Compression))
    must_reach(reached, *each("rates.by", By), *paid_at(1, 2, 3))


def test_stairsteps_agree() -> None:
    reached = compare("stairstep", plain("stairstep"), width=3)
    must_reach(
        reached,
        *each("rates.by", [By.RANK, By.TITLE, By.PACKAGE]),
        *each("tree.kind", KEPT_TREES),
        *each("volume.basis", COUNTED),
        *("brackets.points>0", "first_level>0", "first_level=0", "volume.customers=some"),
        *("a difference is paid", "a leg broke away", "a walk stops at a breakaway"),
    )


def test_binaries_agree() -> None:
    reached: Counter[str] = Counter()
    for part in range(3):
        reached += compare(f"binary {part}", plain("binary"), smallest=25)
    assert reached["companies that are paid"] > 3 * COMPANIES / 2, "most companies have pairs"
    must_reach(
        reached,
        *("pairs", "carried to the next run", "a cap counts on", "a class that no pair is paid to"),
        *("a volume limit flushes", "a carry limit flushes"),
        *("a first pair", "a later pair", "first and later pairs at once"),
        *("an unqualified member's volume is flushed", "an unqualified member's volume is carried"),
        *(f"a cap cuts, {over}" for over in Over),
        *(f"ratio {ratio}, {legs}" for ratio in ("1:1", "2:1", "1:2") for legs in Legs),
        *each("ratio_on_first_pair_only", [True, False]),
        *each("rates.by", make.BY_RECEIVER),
        *each("rates.flat", [True, False]),
        *each("volume.basis", COUNTED),
        *each("caps.per", Every),
        *each("caps.by", [By.NOTHING, By.RANK, By.PACKAGE]),
        *each("caps.in_pairs", [True, False]),
        *("needs.directs_each_side>0", "volume.customers=some"),
    )


def test_full_levels_agree() -> None:
    reached = compare("full levels", plain("full levels"))
    reached += compare("full levels of a wider tree", plain("full levels"), width=3)
    must_reach(
        reached,
        *(f"level {level} is full" for level in (1, 2, 3)),
        *("a full level waits for the needs", "spilled over in a matrix"),
        *each("tree.kind", [TreeKind.MATRIX, TreeKind.PLACEMENT]),
    )


def test_boards_agree() -> None:
    reached = compare("board", plain("board"), width=3)
    must_reach(
        reached,
        *each("items", [Items.JOININGS, Items.FIRST_ORDERS]),
        *each("re_entry", [True, False]),
        *each("follow_sponsor", [True, False]),
        *("a board cycles", "a board cycles unpaid", "price>0"),
        "an entry follows the sponsor past the oldest board",
    )


def test_pools_agree() -> None:
    reached = compare("pool", plain("pool"))
    must_reach(
        reached,
        *each("share", Share),
        *each("volume.basis", COUNTED),
        *("a remainder is given out", "a pool's cap cuts", "volume.customers=some"),
    )


def test_rank_advancements_agree() -> None:
    reached = compare("rank advancement", plain("rank advancement"))
    must_reach(
        reached,
        *each("all_passed", [True, False]),
        *("several titles at once", "a title without the needs"),
    )


def test_ranks_agree() -> None:
    def plan_for(chance: Random, every: Every, days: Days) -> Plan:
        bonuses = (
            make.stairstep(chance, "stairstep", every),
            make.rank_advancement(chance, "rank advancement", every),
        )
        return make.random_plan(chance, bonuses, make.hard_ranks(chance, every))

    reached: Counter[str] = Counter()
    for part in range(2):
        reached += compare(f"ranks {part}", plan_for, width=2 + part)
    conditions = ("active", "personal", "group", "team", "customers", "buyers", "legs", "directs")
    must_reach(
        reached,
        *(f"a rank is missed by {condition} alone" for condition in conditions),
        *("a leg limit denies a rank", "a leg broke away", "a walk stops at a breakaway"),
        *("a rank falls and the title stays", "earlier periods count for a rank"),
        *(f"rank {step} is held" for step in (1, 2, 3)),
    )


def test_settlements_agree() -> None:
    def plan_for(chance: Random, every: Every, days: Days) -> Plan:
        bonuses = (
            make.levels(chance, "levels", every),
            make.retail_margin(chance, "retail margin", every),
        )
        ranks, settlement = make.easy_ranks(chance, every), make.random_settlement(chance, *days)
        return make.random_plan(chance, bonuses, ranks, settlement)

    reached = compare("settlement", plan_for)
    must_reach(
        reached,
        *("ceiling -", "service charge -", "tax -", "carried over -", "carried over +"),
        *("a tax year begins", "below the tax threshold", "a tax of earlier gross"),
        *("a tax takes all that is left", "a remainder stays", "a purchase share"),
    )


def hybrid(chance: Random, every: Every, days: Days) -> Plan:
    """Some bonuses of any kinds, not all calculated as often as the ranks."""
    ranks_every = chance.choice(list(Every))
    bonuses: list[Bonus] = []
    for kind in chance.sample(list(BONUSES), chance.randint(2, 5)):
        is_bound = kind == "rank advancement"
        often = ranks_every if is_bound else chance.choice([every, every, *Every])
        bonuses.append(BONUSES[kind](chance, kind, often))
    earlier = tuple(bonus.name for bonus in bonuses if bonus.every is every)
    if earlier and chance.random() < 0.5:
        bonuses.append(make.matching(chance, "matching", every, earlier))
    ranks = chance.choice([make.easy_ranks, make.hard_ranks])(chance, ranks_every)
    settlement = make.random_settlement(chance, *days) if chance.random() < 0.5 else None
    return make.random_plan(chance, tuple(bonuses), ranks, settlement)


def test_hybrids_agree() -> None:
    reached = compare("hybrid", hybrid)
    kinds = ["Levels", "Stairstep", "Pairs", "FullLevels", "Board", "Pool", "RankAdvancement"]
    must_reach(reached, *each("kind", kinds), *each("every", Every), "items=earnings")
    must_reach(reached, "an earlier run used the ceiling up")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_smallest_companies_agree(size: int) -> None:
    for number in range(5):
        chance = Random(f"smallest {size} {number}")
        every = chance.choice(list(Every))
        company = grow(chance, Shape(size, depth=0.5), *days_of(every))
        without_orders = Company(company.members, [])
        for plan in (plain(kind)(chance, every, days_of(every)) for kind in BONUSES):
            agree(plan, company, days_of(every), Counter())
            agree(plan, without_orders, days_of(every), Counter())


def test_long_chains_agree() -> None:
    reached: Counter[str] = Counter()
    for number, kind in enumerate(BONUSES):
        chance = Random(f"chain {number}")
        days = days_of(Every.MONTH)
        company = grow(chance, Shape(200, depth=1.0, roots=0), *days)
        company = Company(company.members, company.orders[::5])
        plan = plain(kind)(chance, Every.MONTH, days)
        note(reached, plan, agree(plan, company, days, reached))
    assert reached["companies that are paid"] > len(BONUSES) / 2


@pytest.mark.parametrize("kind", BONUSES)
def test_members_below_somebody_who_joined_later_agree(kind: str) -> None:
    """A sponsor who is not there yet is nobody: what stands below counts all the same."""
    for number in range(20):
        chance = Random(f"later {kind} {number}")
        every = chance.choice(list(Every))
        company = grow(chance, random_shape(chance), *days_of(every))
        company = with_other_joining_days(chance, company)
        agree(plain(kind)(chance, every, days_of(every)), company, days_of(every), Counter())


def test_the_runs_come_in_the_order_of_their_last_day() -> None:
    for number in range(COMPANIES):
        chance = Random(f"runs {number}")
        days = days_of(chance.choice(list(Every)))
        plan = hybrid(chance, chance.choice(list(Every)), days)
        assert list(runs(plan, *days)) == periods_of(plan, *days)


def test_numbers_of_any_size_agree_or_are_refused() -> None:
    """What would not fit 64 bits on the way is said so, and never comes out as another number."""
    refused, agreed = 0, 0
    for number in range(COMPANIES):
        chance = Random(f"size {number}")
        every = chance.choice(list(Every))
        company = grow(chance, random_shape(chance), *days_of(every))
        scale = 10 ** chance.randint(6, 14)
        orders = [
            order.times(scale)
            for order in company.orders
            if max(order.value, order.points, order.figure) * scale <= LARGEST
        ]
        plan = in_large_units(hybrid(chance, every, days_of(every)), scale)
        try:
            agree(plan, Company(company.members, orders), days_of(every), Counter())
            agreed += 1
        except TooLarge:
            refused += 1
    assert min(refused, agreed) > COMPANIES / 10


def in_large_units(plan: Plan, scale: int) -> Plan:
    """The oracle counts pairs one by one, so that there may not be too many."""
    bonuses = [
        replace(bonus, unit=bonus.unit * scale) if isinstance(bonus, Pairs) else bonus
        for bonus in plan.bonuses
    ]
    return replace(plan, bonuses=tuple(bonuses))
