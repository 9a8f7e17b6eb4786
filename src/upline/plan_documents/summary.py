"""What a plan says, on one screen."""

from __future__ import annotations

from upline.plan_documents import ladder
from upline.plan_documents.bounds import Bound, bounds, runs_of, whole
from upline.plan_documents.remarks import percent
from upline.plans.plan import (
    Board,
    Bonus,
    Count,
    FullLevels,
    Items,
    Levels,
    Pairs,
    Plan,
    Pool,
    RankAdvancement,
    Stairstep,
    TreeKind,
)

NO_BOUND = "no bound of its own"
ON = {
    Items.ORDERS: "",
    Items.FIRST_ORDERS: " on first orders",
    Items.JOININGS: " on joinings",
    Items.ACTIVE_MEMBERS: " for active members",
}


def summary(plan: Plan) -> list[str]:
    """Lines: trees, periods, ranks, each bonus with the most that it can pay, the whole."""
    facts = {
        "trees": ", ".join(_trees(plan)),
        "periods": ", ".join(runs_of(plan)),
        "currency": plan.currency,
        "packages": ", ".join(plan.packages),
        "markets": ", ".join(f"{each.code} ({each.currency})" for each in plan.markets),
    }
    found = bounds(plan)
    rows = [
        [bonus.name, str(bonus.every), _what(bonus), in_words(found[bonus.name])]
        for bonus in plan.bonuses
    ]
    return [
        *(f"  {word:<9} {said}" for word, said in facts.items() if said),
        *_ranks(plan),
        "",
        *_aligned([["bonus", "every", "what", "at most"], *rows]),
        *_remarks(plan),
        "",
        f"  In all at most: {_in_all(plan)}.",
    ]


def in_words(bound: Bound | None) -> str:
    """A bound as an owner reads it."""
    if bound is None:
        return NO_BOUND
    of_value = [f"{percent(bound.value)} of turnover"] if bound.value else []
    of_points = [f"{percent(bound.points)} of points' worth"] if bound.points else []
    of_figures = [f"{percent(bound.figures)} of figures' worth"] if bound.figures else []
    return " and ".join([*of_value, *of_points, *of_figures]) or "nothing"


def _ranks(plan: Plan) -> list[str]:
    """Each rank with its conditions, on a line each."""
    return [
        f"  {'' if number else 'ranks':<9} {said}"
        for number, said in enumerate(ladder.conditions(plan))
    ]


def _remarks(plan: Plan) -> list[str]:
    said = ladder.remarks(plan)
    return ["", *(f"  {each}" for each in said)] if said else []


def _in_all(plan: Plan) -> str:
    said, ceiling = in_words(whole(plan)), plan.settlement.ceiling
    if ceiling < 0:
        awards = any(isinstance(bonus, RankAdvancement) for bonus in plan.bonuses)
        return f"{said}, beside the awards for ranks" if awards else said
    return f"{said}, with the ceiling of {percent(ceiling)}"


def _trees(plan: Plan) -> list[str]:
    kinds = {tree.kind for bonus in plan.bonuses if (tree := getattr(bonus, "tree", None))}
    if any(isinstance(bonus, Pairs) for bonus in plan.bonuses):
        kinds.add(TreeKind.PLACEMENT)
    if plan.ranks.steps:
        kinds.add(plan.ranks.tree.kind)
    return [kind.replace("_", "-") for kind in TreeKind if kind in kinds]


def _what(bonus: Bonus) -> str:
    if isinstance(bonus, Levels):
        return _levels(bonus)
    if isinstance(bonus, FullLevels):
        return f"{len(bonus.amounts)} full levels, width {bonus.tree.number}"
    if isinstance(bonus, Board):
        return f"boards of {bonus.seats} places"
    if isinstance(bonus, Pairs):
        return "pairs of two legs"
    if isinstance(bonus, Stairstep):
        return f"differences, {bonus.tree.kind} tree"
    return "pool" if isinstance(bonus, Pool) else "once for a rank"


def _levels(bonus: Levels) -> str:
    steps = len(bonus.rates.table[0])
    word = str(bonus.count) if steps > 1 else str(bonus.count)[:-1]
    if bonus.items is Items.EARNINGS:
        return f"match of {', '.join(bonus.of)}, {steps} {word}"
    if bonus.count is Count.LEVELS and steps == 1 and bonus.first_level == 0:
        return ladder.salary(bonus) if ladder.is_salary(bonus) else "the seller's own orders"
    tree = bonus.tree.kind.replace("_", "-")
    return f"{steps} {word}{ON[bonus.items]}, {tree} tree"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
