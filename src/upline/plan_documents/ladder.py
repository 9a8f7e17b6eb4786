"""The ladder of ranks in words: what each asks for, and what its owner may not have meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from upline.language import gettext, lazy, ngettext
from upline.language.writing import marks, whole
from upline.plan_documents.bounds import runs_of
from upline.plan_documents.errors import quoted
from upline.plan_documents.scope import OF_RANKS
from upline.plans.bonus import Bonus, By, Items, Levels, TreeKind
from upline.plans.counting import Basis, Counted, called
from upline.plans.periods import Every
from upline.plans.plan import Have, Plan, Rank

HUNDREDTHS = 100
OWN, GROUP = lazy("{points} own {what}"), lazy("{points} group {what}")
TEAM, OF_A_LEG = lazy("{points} team {what}"), lazy("{points} {what} a leg at most")
_TREES = {
    TreeKind.SPONSOR: lazy("sponsor"),
    TreeKind.PLACEMENT: lazy("placement"),
    TreeKind.MONOLINE: lazy("monoline"),
    TreeKind.X_UP: lazy("x-up"),
    TreeKind.MATRIX: lazy("matrix"),
}
_CLASSES = {
    By.RANK: lazy("rank"),
    By.TITLE: lazy("title"),
    By.PACKAGE: lazy("package"),
    By.LOWER_PACKAGE: lazy("lower package"),
    By.BUYER_PACKAGE: lazy("buyer package"),
}
_ACTIVE_IN_LONGER = {
    (Every.DAY, Every.WEEK): lazy(
        "The run of a day asks who is active in the week of its last day, up to that day."
    ),
    (Every.DAY, Every.MONTH): lazy(
        "The run of a day asks who is active in the month of its last day, up to that day."
    ),
    (Every.WEEK, Every.MONTH): lazy(
        "The run of a week asks who is active in the month of its last day, up to that day."
    ),
}
_RANKS_OF_LONGER = {
    (Every.DAY, Every.WEEK): lazy(
        "The run of a day takes the ranks of the last week that was calculated before."
    ),
    (Every.DAY, Every.MONTH): lazy(
        "The run of a day takes the ranks of the last month that was calculated before."
    ),
    (Every.WEEK, Every.MONTH): lazy(
        "The run of a week takes the ranks of the last month that was calculated before."
    ),
}


def conditions(plan: Plan) -> list[str]:
    """Each rank: `Director: 10,000 group points, 2 legs of Silver`."""
    return [f"{step.name}: {', '.join(_asked(step, plan))}" for step in plan.ranks.steps]


def _asked(step: Rank, plan: Plan) -> list[str]:
    names = [rank.name for rank in plan.ranks.steps]
    what = point_word(plan.ranks.measured_in)
    asked = [
        sentence.format(points=_points(figure), what=what)
        for sentence, figure in (
            (OWN, step.personal_points),
            (GROUP, step.group_points),
            (TEAM, step.team_points),
            (OF_A_LEG, max(0, step.leg_limit)),
        )
        if figure
    ]
    asked += [_legs(have, names) for have in step.legs]
    asked += [_directs(have, names) for have in step.directs]
    asked += [_orders(step.customers)] if step.customers else []
    asked += [_buyers(step, plan)] if step.buyers else []
    asked += [_within(step.periods, plan.ranks.every)] if step.periods > 1 else []
    asked += [gettext("active or not")] if plan.active.personal_points and not step.active else []
    if asked:
        return asked
    return [gettext("whoever is active") if plan.active.personal_points else gettext("everybody")]


def point_word(counted: Counted) -> str:
    """What people call what points are measured in; a figure by the company's name for it."""
    return gettext("points") if counted is Basis.POINTS else called(counted)


def tree_word(kind: TreeKind) -> str:
    """What people call a tree: `x-up`."""
    return str(_TREES[kind])


def _points(hundredths: int) -> str:
    units, rest = divmod(hundredths, HUNDREDTHS)
    return whole(units) + (f"{marks().decimal}{rest:02}" if rest else "")


def _orders(count: int) -> str:
    return ngettext(
        "{number} customer order", "{number} customer orders", count, number=whole(count)
    )


def _within(periods: int, every: Every) -> str:
    """`in 3 months`."""
    if every is Every.MONTH:
        return ngettext("in {count} month", "in {count} months", periods)
    if every is Every.WEEK:
        return ngettext("in {count} week", "in {count} weeks", periods)
    return ngettext("in {count} day", "in {count} days", periods)


def _buyers(step: Rank, plan: Plan) -> str:
    """`3 customers with an order of 50 points`."""
    order, number = step.buyers_order, whole(step.buyers)
    if not order.amount:
        return ngettext(
            "{number} customer with an order",
            "{number} customers with an order",
            step.buyers,
            number=number,
        )
    if order.counted is Basis.VALUE:
        units, rest = divmod(order.amount, 10**plan.decimals)
        part = f"{marks().decimal}{rest:0{plan.decimals}}" if plan.decimals else ""
        least = f"{whole(units)}{part}"
    else:
        least = f"{_points(order.amount)} {point_word(order.counted)}"
    return ngettext(
        "{number} customer with an order of {least}",
        "{number} customers with an order of {least}",
        step.buyers,
        number=number,
        least=least,
    )


def _legs(have: Have, names: list[str]) -> str:
    number = whole(have.count)
    if not have.rank:
        return ngettext("{number} active leg", "{number} active legs", have.count, number=number)
    rank = names[have.rank - 1]
    return ngettext(
        "{number} leg of {rank}", "{number} legs of {rank}", have.count, number=number, rank=rank
    )


def _directs(have: Have, names: list[str]) -> str:
    number = whole(have.count)
    if not have.rank:
        return ngettext(
            "{number} active direct", "{number} active directs", have.count, number=number
        )
    rank = names[have.rank - 1]
    return ngettext(
        "{number} direct of {rank}",
        "{number} directs of {rank}",
        have.count,
        number=number,
        rank=rank,
    )


def is_salary(bonus: Bonus) -> bool:
    """Whether a member is paid for being what they are, and for nobody below."""
    return (
        isinstance(bonus, Levels)
        and bonus.items is Items.ACTIVE_MEMBERS
        and bonus.first_level == 0
        and len(bonus.rates.table[0]) == 1
    )


def salary(bonus: Levels) -> str:
    """What a salary is, in short."""
    by = bonus.rates.by
    if by is By.NOTHING:
        return gettext("an amount for being active")
    return gettext("an amount by {class_word}", class_word=class_word(by))


def class_word(by: By) -> str:
    """What people call what chooses a rate: `lower package`."""
    return str(_CLASSES[by])


def ranks_sell(bonus: Bonus, plan: Plan) -> bool:
    """Whether a salary goes by rank, and nobody holds a paid rank without any sale."""
    if not isinstance(bonus, Levels) or bonus.rates.by not in OF_RANKS:
        return False
    paid = [number for number, row in enumerate(bonus.rates.table) if row[0]]
    return all(number and _sells(number, plan, frozenset()) for number in paid)


def _sells(number: int, plan: Plan, asked: frozenset[int]) -> bool:
    """Whether a rank asks for sales: its own, or of others whose ranks do.

    Those stand further down, so a rank that asks for itself has somebody lowest who meets it
    otherwise: what is asked about already does not speak against it.
    """
    if number in asked:
        return True
    step = plan.ranks.steps[number - 1]
    if step.personal_points or step.group_points or step.team_points:
        return True
    if step.customers or step.buyers:
        return True
    if step.active and plan.active.personal_points:
        return True
    higher = range(1, len(plan.ranks.steps) + 1)
    return any(
        all(_sells(rank, plan, asked | {number}) for rank in higher if rank >= have.rank)
        for have in (*step.legs, *step.directs)
        if have.rank
    )


def falling_steps(plan: Plan) -> Iterator[str]:
    """A sentence for each higher rank that asks for fewer points than a lower one."""
    said = set()
    for (_, low), (_, high) in combinations(enumerate(plan.ranks.steps, 1), 2):
        for kind, sentence in _fewer(low, high, point_word(plan.ranks.measured_in)):
            if (high.name, kind) not in said:
                said.add((high.name, kind))
                yield sentence


def _fewer(low: Rank, high: Rank, points: str) -> Iterator[tuple[str, str]]:
    """What the higher asks fewer of: which points, and a sentence.

    Group and team points that are not asked for are left to legs, directs and customers.
    """
    if high.periods < low.periods:
        return
    for key, own in (("personal_points", OWN), ("group_points", GROUP), ("team_points", TEAM)):
        fewer, more = getattr(high, key), getattr(low, key)
        if fewer < more and (fewer or key == "personal_points"):
            yield key, _asks_fewer(high.name, low.name, fewer, more, own, points)


def _asks_fewer(high: str, low: str, fewer: int, more: int, own: str, points: str) -> str:
    parts = {"high": quoted(high), "low": quoted(low), "more": _points(more)}
    if not fewer:
        return gettext(
            "{high} asks for no own {what} and {low} for {more}: each rank stands alone, so repeat "
            "what the higher one should ask for.",
            what=points, **parts,
        )  # fmt: skip
    return gettext(
        "{high} asks for {fewer} and {low} for {more}: each rank stands alone, so repeat what "
        "the higher one should ask for.",
        fewer=own.format(points=_points(fewer), what=points), **parts,
    )  # fmt: skip


def remarks(plan: Plan) -> list[str]:
    """What a run of a shorter period takes from a longer one."""
    runs = runs_of(plan)
    return [*_of_active(plan, runs), *_of_ranks(plan, runs)]


def _of_active(plan: Plan, runs: list[Every]) -> list[str]:
    every = plan.active.every
    if not plan.active.personal_points or not any(_shorter(run, every) for run in runs):
        return []
    run = next(run for run in runs if _shorter(run, every))
    return [str(_ACTIVE_IN_LONGER[run, every])]


def _of_ranks(plan: Plan, runs: list[Every]) -> list[str]:
    every = plan.ranks.every
    if not plan.ranks.steps or not any(_shorter(run, every) for run in runs):
        return []
    run = next(run for run in runs if _shorter(run, every))
    return [str(_RANKS_OF_LONGER[run, every])]


def _shorter(run: Every, every: Every) -> bool:
    order = list(Every)
    return order.index(run) < order.index(every)
