"""Random plans: every kind of bonus with every switch, ladders of ranks, settlements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from plans.companies import FIGURE, PACKAGES
from plans.random_counting import COUNTED, random_least, random_measure
from upline.plans.bonus import (
    Board,
    Bonus,
    Bracket,
    By,
    Cap,
    Compression,
    Count,
    FullLevels,
    Items,
    Legs,
    Levels,
    Needs,
    Over,
    Pairs,
    Pool,
    RankAdvancement,
    Rates,
    Share,
    Stairstep,
    Tree,
    TreeKind,
)
from upline.plans.counting import EVERYBODY, OUTSIDE, Basis, Customer, Volume
from upline.plans.periods import Every, date_of
from upline.plans.plan import Active, Have, Plan, Rank, Ranks, Settlement
from upline.plans.terms import Charge, Tax

STEPS = 3
"""How many ranks a random ladder has."""
BY_RECEIVER = (By.NOTHING, By.RANK, By.TITLE, By.PACKAGE)
PERCENTS = (0, 100, 25_000, 71_250, 100_000, 333_333)
"""In millionths."""
AMOUNTS = (0, 1, 500, 2_500)

Maker = Callable[[Random, str, Every], Bonus]


def maybe(chance: Random, likely: float, *values: int) -> int:
    """Mostly nothing."""
    return chance.choice(values) if chance.random() < likely else 0


def random_needs(chance: Random, *, active: bool | None = None) -> Needs:
    return Needs(
        active=chance.random() < 0.6 if active is None else active,
        rank=maybe(chance, 0.2, 1, 2),
        personal_points=maybe(chance, 0.25, 5_000, 10_000),
        measured_in=random_measure(chance),
        directs=maybe(chance, 0.2, 1, 2),
        buyers=maybe(chance, 0.1, 1, 2),
        buyers_order=random_least(chance),
    )


def random_volume(chance: Random, **limits: int) -> Volume:
    return Volume(
        basis=chance.choice(COUNTED),
        customers=chance.choice(
            [
                EVERYBODY,
                EVERYBODY,
                OUTSIDE,
                frozenset({Customer.MEMBER}),
                frozenset({Customer.RETAIL}),
            ]
        ),
        within_days=limits.get("within_days"),
        after_days=limits.get("after_days"),
    )


def rows_of(by: By) -> int:
    if by is By.NOTHING:
        return 1
    return STEPS + 1 if by in (By.RANK, By.TITLE) else PACKAGES


def random_rates(chance: Random, by: By, *, columns: int = 0, flat: bool = False) -> Rates:
    """`columns` is 0 for any number."""
    values = AMOUNTS if flat else PERCENTS
    width = columns or chance.randint(1, 5)
    table = tuple(tuple(chance.choice(values) for _ in range(width)) for _ in range(rows_of(by)))
    return Rates(table, flat, by)


def random_days(chance: Random) -> Volume:
    limit = chance.choice(["", "", "", "within_days", "after_days"])
    return random_volume(chance, **({limit: chance.choice([1, 20, 60])} if limit else {}))


def levels(chance: Random, name: str, every: Every, tree: Tree | None = None) -> Levels:
    by = chance.choice(list(By))
    return Levels(
        name,
        every,
        random_needs(chance),
        rates=random_rates(chance, by, flat=chance.random() < 0.2),
        tree=tree or Tree(chance.choice([TreeKind.SPONSOR, TreeKind.PLACEMENT])),
        volume=random_days(chance),
        first_level=chance.randrange(2),
        compression=chance.choice(list(Compression)),
    )


def levels_per_member(chance: Random, name: str, every: Every) -> Levels:
    bonus = levels(chance, name, every, chance.choice([None, Tree(TreeKind.MATRIX, 2)]))
    rates = random_rates(chance, bonus.rates.by, flat=True)
    return replace(bonus, rates=rates, items=Items.ACTIVE_MEMBERS, volume=Volume())


def monoline(chance: Random, name: str, every: Every) -> Levels:
    return levels(chance, name, every, Tree(TreeKind.MONOLINE))


def x_up(chance: Random, name: str, every: Every) -> Levels:
    return levels(chance, name, every, Tree(TreeKind.X_UP, chance.randint(1, 3)))


def matrix_levels(chance: Random, name: str, every: Every) -> Levels:
    return levels(chance, name, every, Tree(TreeKind.MATRIX, chance.randint(1, 4)))


def fast_start(chance: Random, name: str, every: Every) -> Levels:
    bonus = levels(chance, name, every)
    return replace(bonus, volume=random_volume(chance, within_days=chance.choice([5, 30, 60])))


def referral(chance: Random, name: str, every: Every) -> Levels:
    by = chance.choice([By.NOTHING, By.RANK, By.PACKAGE, By.LOWER_PACKAGE, By.BUYER_PACKAGE])
    on_joining = chance.random() < 0.5
    flat = on_joining or chance.random() < 0.5
    return Levels(
        name,
        every,
        random_needs(chance),
        rates=random_rates(chance, by, columns=1, flat=flat),
        items=Items.JOININGS if on_joining else Items.FIRST_ORDERS,
        volume=Volume() if on_joining else random_volume(chance),
    )


def retail_margin(chance: Random, name: str, every: Every) -> Levels:
    return Levels(
        name,
        every,
        random_needs(chance, active=chance.random() < 0.2),
        rates=random_rates(chance, chance.choice(BY_RECEIVER), columns=1),
        volume=Volume(chance.choice(COUNTED), OUTSIDE),
        first_level=0,
    )


def generation(chance: Random, name: str, every: Every) -> Levels:
    return Levels(
        name,
        every,
        random_needs(chance),
        rates=random_rates(chance, chance.choice([By.NOTHING, By.RANK, By.RANK, By.TITLE])),
        tree=Tree(chance.choice([TreeKind.SPONSOR, TreeKind.PLACEMENT])),
        volume=random_volume(chance),
        first_level=chance.randrange(2),
        count=Count.GENERATIONS,
        heads=maybe(chance, 0.5, 1, 2),
    )


def matching(chance: Random, name: str, every: Every, of: tuple[str, ...]) -> Levels:
    base = generation if chance.random() < 0.4 else levels
    bonus = base(chance, name, every)
    rates = random_rates(chance, bonus.rates.by)
    return replace(
        bonus, tree=Tree(), rates=rates, items=Items.EARNINGS, volume=Volume(), of=of, first_level=1
    )


def stairstep(chance: Random, name: str, every: Every) -> Stairstep:
    points = sorted(chance.sample([0, 5_000, 10_000, 20_000, 50_000, 100_000], 3))
    rates = sorted(chance.sample([10_000, 30_000, 60_000, 90_001, 150_000], 3))
    uses_brackets = chance.random() < 0.6
    by = chance.choice([By.RANK, By.TITLE, By.PACKAGE])
    return Stairstep(
        name,
        every,
        random_needs(chance),
        tree=Tree(chance.choice([TreeKind.SPONSOR, TreeKind.SPONSOR, TreeKind.PLACEMENT])),
        volume=random_volume(chance),
        brackets=tuple(map(Bracket, points, rates)) if uses_brackets else (),
        measured_in=random_measure(chance) if uses_brackets else Basis.POINTS,
        rates=None if uses_brackets else random_rates(chance, by, columns=1),
        first_level=chance.randrange(2),
    )


def binary(chance: Random, name: str, every: Every) -> Pairs:
    first, second = chance.choice([(1, 1), (2, 1), (1, 2)])
    is_plain = chance.random() < 0.6
    by = By.NOTHING if is_plain else chance.choice(BY_RECEIVER)
    rates = random_rates(chance, by, columns=1, flat=chance.random() < 0.5)
    if is_plain:
        rates = replace(rates, table=((chance.choice([1, 50_000, 100_000, 333_333]),),))
    needs = random_needs(chance) if chance.random() < 0.3 else Needs(active=False)
    return Pairs(
        name,
        every,
        replace(needs, directs_each_side=maybe(chance, 0.2, 1, 1, 2)),
        rates=random_rates(
            chance, chance.choice(BY_RECEIVER), columns=1, flat=chance.random() < 0.5
        ),
        volume=random_volume(chance) if chance.random() < 0.3 else Volume(chance.choice(COUNTED)),
        unit=chance.choice([1_000, 2_500, 5_000]),
        first=first,
        second=second,
        legs=chance.choice(list(Legs)),
        ratio_on_first_pair_only=chance.random() < 0.35,
        caps=tuple(random_cap(chance, every) for _ in range(chance.choice([0, 1, 1, 2]))),
        over_cap=chance.choice(list(Over)),
        unqualified=chance.choice([Over.CARRIED, Over.FLUSHED]),
        volume_limit=maybe(chance, 0.15, 1, 20_001, 50_001, 50_001) - 1,
        carry_limit=maybe(chance, 0.15, 1, 10_001, 30_001) - 1,
    )


def random_cap(chance: Random, every: Every) -> Cap:
    in_pairs = chance.random() < 0.5
    by = chance.choice([By.NOTHING, By.RANK, By.PACKAGE])
    values = (-1, 0, 1, 2, 3, 6) if in_pairs else (-1, 0, 1, 700, 2_600, 10_000)
    longer = {Every.DAY: list(Every), Every.WEEK: [Every.WEEK, Every.MONTH], Every.MONTH: [every]}
    limits = tuple(chance.choice(values) for _ in range(rows_of(by)))
    return Cap(chance.choice(longer[every]), limits, by, in_pairs)


def full_levels(chance: Random, name: str, every: Every) -> FullLevels:
    is_placement = chance.random() < 0.4
    tree = Tree(TreeKind.PLACEMENT if is_placement else TreeKind.MATRIX, 2)
    if not is_placement and chance.random() < 0.5:
        tree = Tree(TreeKind.MATRIX, chance.choice([1, 3]))
    amounts = tuple(chance.choice(AMOUNTS) for _ in range(chance.randint(1, 4)))
    needs = random_needs(chance) if chance.random() < 0.5 else Needs(active=False)
    return FullLevels(name, every, needs, tree=tree, amounts=amounts)


def board(chance: Random, name: str, every: Every) -> Board:
    needs = random_needs(chance) if chance.random() < 0.3 else Needs(active=False)
    return Board(
        name,
        every,
        needs,
        width=chance.choice([2, 2, 3]),
        depth=chance.choice([1, 2]),
        pays=chance.choice([1, 2_000]),
        items=chance.choice([Items.JOININGS, Items.FIRST_ORDERS]),
        price=chance.choice([0, 5_000, 10_000]),
        re_entry=chance.random() < 0.6,
        follow_sponsor=chance.random() < 0.6,
    )


def pool(chance: Random, name: str, every: Every) -> Pool:
    share = chance.choice(list(Share))
    return Pool(
        name,
        every,
        random_needs(chance),
        rate=chance.choice([100, 10_000, 33_333, 100_000]),
        volume=random_volume(chance),
        share=share,
        measured_in=random_measure(chance),
        shares=tuple(chance.choice([0, 1, 3]) for _ in range(STEPS + 1)) if share == "rank" else (),
        cap=maybe(chance, 0.3, 1, 501, 2_001) - 1,
    )


def rank_advancement(chance: Random, name: str, every: Every) -> RankAdvancement:
    needs = random_needs(chance) if chance.random() < 0.3 else Needs(active=False)
    amounts = (0, *(chance.choice(AMOUNTS) for _ in range(STEPS)))
    return RankAdvancement(name, every, needs, amounts=amounts, all_passed=chance.random() < 0.5)


def random_active(chance: Random) -> Active:
    return Active(
        personal_points=chance.choice([0, 5_000, 10_000]),
        every=chance.choice(list(Every)),
        periods=chance.choice([1, 2, 3]),
        measured_in=random_measure(chance),
    )


def easy_ranks(chance: Random, every: Every) -> Ranks:
    """A ladder on which many stand somewhere, for the bonuses that ask for ranks."""
    steps = [
        Rank("Silver", active=False, personal_points=chance.choice([0, 5_000])),
        Rank("Gold", active=False, group_points=chance.choice([10_000, 30_000])),
        Rank("Ruby", active=False, directs=(Have(chance.choice([1, 2]), 1),)),
    ]
    tree = Tree(chance.choice([TreeKind.SPONSOR, TreeKind.SPONSOR, TreeKind.PLACEMENT]))
    breakaway = maybe(chance, 0.3, 2, 3)
    return Ranks(tuple(steps), tree, every, breakaway, random_measure(chance))


def random_rank(chance: Random, number: int) -> Rank:
    wants_group, wants_team = chance.random() < 0.5, chance.random() < 0.3
    return Rank(
        f"Rank {number}",
        active=chance.random() < 0.4,
        personal_points=maybe(chance, 0.3, 5_000, 20_000),
        group_points=number * 10_000 if wants_group else 0,
        team_points=number * 15_000 if wants_team else 0,
        leg_limit=maybe(chance, 0.4, 5_001, 10_001, 20_001) - 1,
        legs=random_haves(chance, number, lowest=1),
        directs=random_haves(chance, number, lowest=0),
        customers=maybe(chance, 0.2, 1, 2),
        buyers=maybe(chance, 0.2, 1, 2),
        buyers_order=random_least(chance),
        periods=chance.choice([1, 1, 2, 3]),
    )


def random_haves(chance: Random, number: int, lowest: int) -> tuple[Have, ...]:
    """What is asked of others is a lower rank, or the rank itself."""
    if chance.random() < 0.65:
        return ()
    return tuple(
        Have(chance.choice([1, 1, 2]), chance.randint(lowest, number))
        for _ in range(chance.choice([1, 1, 2]))
    )


def hard_ranks(chance: Random, every: Every) -> Ranks:
    """Every condition that a rank can have."""
    return Ranks(
        tuple(random_rank(chance, number) for number in range(1, STEPS + 1)),
        Tree(chance.choice([TreeKind.SPONSOR, TreeKind.PLACEMENT])),
        every,
        breakaway=maybe(chance, 0.6, 1, 2, 3),
        measured_in=random_measure(chance),
    )


def random_settlement(chance: Random, first_day: int, last_day: int) -> Settlement:
    days = [first_day - 40, chance.randint(first_day, last_day - 1), last_day]
    charges = [Charge(day, chance.choice([0, 50_000, 71_250, 250_000])) for day in days]
    taxes = [
        Tax(day, chance.choice([0, 50_000, 200_000, 950_000]), chance.choice([0, 0, 1_500, 4_000]))
        for day in days
    ]
    minimum = maybe(chance, 0.5, 500, 3_000)
    starts = date_of(chance.randint(first_day + 1, last_day))
    return Settlement(
        charges=tuple(charges[chance.randrange(4) :]),
        taxes=tuple(taxes[chance.randrange(4) :]),
        year_starts=(starts.month, starts.day),
        purchase_share=maybe(chance, 0.5, 100_000, 333_333, 1_000_000),
        minimum=minimum,
        remainder=maybe(chance, 0.3, minimum, minimum // 2),
        ceiling=maybe(chance, 0.5, 1, 10_001, 100_001, 600_001) - 1,
    )


def random_plan(
    chance: Random,
    bonuses: tuple[Bonus, ...],
    ranks: Ranks | None = None,
    settlement: Settlement | None = None,
) -> Plan:
    return Plan(
        "Random",
        bonuses,
        packages=tuple(f"Package {i}" for i in range(PACKAGES)),
        figures=(FIGURE.name,),
        active=random_active(chance),
        ranks=ranks or Ranks(),
        settlement=settlement or Settlement(),
        point_value=chance.choice([100, 1, 73]),
        week_starts=chance.choice([0, 6]),
    )
