"""The ladder of ranks in words: what each asks for, and what its owner may not have meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from upline.plan_documents.bounds import runs_of
from upline.plan_documents.errors import quoted
from upline.plan_documents.scope import OF_RANKS
from upline.plans.counting import Basis, called
from upline.plans.plan import Bonus, By, Every, Have, Items, Levels, Plan, Rank

HUNDREDTHS = 100


def conditions(plan: Plan) -> list[str]:
    """Each rank: `Director: 10,000 group points, 2 legs of Silver`."""
    return [f"{step.name}: {', '.join(_asked(step, plan))}" for step in plan.ranks.steps]


def _asked(step: Rank, plan: Plan) -> list[str]:
    names = [rank.name for rank in plan.ranks.steps]
    what = called(plan.ranks.measured_in)
    points = {
        f"own {what}": step.personal_points,
        f"group {what}": step.group_points,
        f"team {what}": step.team_points,
        f"{what} a leg at most": max(0, step.leg_limit),
    }
    asked = [f"{_points(figure)} {what}" for what, figure in points.items() if figure]
    asked += [_have(have, "leg", names) for have in step.legs]
    asked += [_have(have, "direct", names) for have in step.directs]
    asked += [_so_many(step.customers, "customer order")] if step.customers else []
    asked += [_buyers(step, plan)] if step.buyers else []
    asked += [f"in {step.periods} {plan.ranks.every}s"] if step.periods > 1 else []
    asked += ["active or not"] if plan.active.personal_points and not step.active else []
    return asked or ["whoever is active" if plan.active.personal_points else "everybody"]


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"


def _so_many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _buyers(step: Rank, plan: Plan) -> str:
    """`3 customers with an order of 50 points`."""
    order = step.buyers_order
    with_order = f"{_so_many(step.buyers, 'customer')} with an order"
    if not order.amount:
        return with_order
    if order.counted is Basis.VALUE:
        whole, rest = divmod(order.amount, 10**plan.decimals)
        part = f".{rest:0{plan.decimals}}" if plan.decimals else ""
        return f"{with_order} of {whole:,}{part}"
    return f"{with_order} of {_points(order.amount)} {called(order.counted)}"


def _have(have: Have, what: str, names: list[str]) -> str:
    if not have.rank:
        return _so_many(have.count, f"active {what}")
    return f"{_so_many(have.count, what)} of {names[have.rank - 1]}"


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
    return "an amount for being active" if by is By.NOTHING else f"an amount by {by}"


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
        for what, fewer, more in _fewer(low, high, called(plan.ranks.measured_in)):
            if (high.name, what) not in said:
                said.add((high.name, what))
                yield (
                    f"{quoted(high.name)} asks for {fewer} {what} and {quoted(low.name)} for "
                    f"{more}: each step stands alone, so repeat in the higher what it shall ask."
                )


def _fewer(low: Rank, high: Rank, points: str) -> Iterator[tuple[str, str, str]]:
    """What the higher asks fewer of: its name, and the points of the higher and the lower.

    Group and team points that are not asked for are left to legs, directs and customers.
    """
    if high.periods < low.periods:
        return
    for key, what in (
        ("personal_points", f"own {points}"),
        ("group_points", f"group {points}"),
        ("team_points", f"team {points}"),
    ):
        fewer, more = getattr(high, key), getattr(low, key)
        if fewer < more and (fewer or key == "personal_points"):
            yield what, _points(fewer) if fewer else "no", _points(more)


def remarks(plan: Plan) -> list[str]:
    """What a run of a shorter period takes from a longer one."""
    runs = runs_of(plan)
    return [*_of_active(plan, runs), *_of_ranks(plan, runs)]


def _of_active(plan: Plan, runs: list[Every]) -> list[str]:
    every = plan.active.every
    if not plan.active.personal_points or not any(_shorter(run, every) for run in runs):
        return []
    run = next(run for run in runs if _shorter(run, every))
    return [
        f"The run of a {run} asks who is active in the {every} of its last day, up to that day."
    ]


def _of_ranks(plan: Plan, runs: list[Every]) -> list[str]:
    every = plan.ranks.every
    if not plan.ranks.steps or not any(_shorter(run, every) for run in runs):
        return []
    run = next(run for run in runs if _shorter(run, every))
    return [f"The run of a {run} takes the ranks of the last {every} that was calculated before."]


def _shorter(run: Every, every: Every) -> bool:
    order = list(Every)
    return order.index(run) < order.index(every)
