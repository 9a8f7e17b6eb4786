"""What a plan says, on one screen."""

from __future__ import annotations

from upline.language import gettext, lazy, ngettext
from upline.plan_documents import ladder
from upline.plan_documents.bounds import Bound, bounds, runs_of, whole
from upline.plan_documents.remarks import percent
from upline.plans.bonus import (
    Board,
    Bonus,
    Count,
    FullLevels,
    Items,
    Levels,
    Pairs,
    Pool,
    RankAdvancement,
    Stairstep,
    TreeKind,
)
from upline.plans.periods import Every
from upline.plans.plan import Plan

_LEVELS = {
    Items.ORDERS: lazy("{steps}, {tree} tree"),
    Items.FIRST_ORDERS: lazy("{steps} on first orders, {tree} tree"),
    Items.JOININGS: lazy("{steps} on joinings, {tree} tree"),
    Items.ACTIVE_MEMBERS: lazy("{steps} for active members, {tree} tree"),
}
_EVERY = {Every.DAY: lazy("day"), Every.WEEK: lazy("week"), Every.MONTH: lazy("month")}


def summary(plan: Plan) -> list[str]:
    """Lines: trees, periods, ranks, each bonus with the most that it can pay, the whole."""
    facts = {
        gettext("trees"): ", ".join(_trees(plan)),
        gettext("periods"): ", ".join(str(_EVERY[each]) for each in runs_of(plan)),
        gettext("currency"): plan.currency,
        gettext("packages"): ", ".join(plan.packages),
        gettext("markets"): ", ".join(f"{each.code} ({each.currency})" for each in plan.markets),
    }
    ranks = gettext("ranks")
    widest = max(map(len, [*facts, ranks]))
    found = bounds(plan)
    rows = [
        [bonus.name, str(_EVERY[bonus.every]), _what(bonus), in_words(found[bonus.name])]
        for bonus in plan.bonuses
    ]
    heads = [gettext("bonus"), gettext("every"), gettext("what"), gettext("at most")]
    return [
        *(f"  {word:<{widest}}  {said}" for word, said in facts.items() if said),
        *_ranks(plan, ranks, widest),
        "",
        *_aligned([heads, *rows]),
        *_remarks(plan),
        "",
        "  " + gettext("In all at most: {bound}.", bound=_in_all(plan)),
    ]


def in_words(bound: Bound | None) -> str:
    """A bound as an owner reads it."""
    if bound is None:
        return gettext("no bound of its own")
    parts = [
        sentence.format(percent=percent(share))
        for sentence, share in (
            (lazy("{percent} of turnover"), bound.value),
            (lazy("{percent} of points' worth"), bound.points),
            (lazy("{percent} of figures' worth"), bound.figures),
        )
        if share
    ]
    if not parts:
        return gettext("nothing")
    said = parts[0]
    for part in parts[1:]:
        said = gettext("{one} and {other}", one=said, other=part)
    return said


def _ranks(plan: Plan, word: str, widest: int) -> list[str]:
    """Each rank with its conditions, on a line each."""
    return [
        f"  {'' if number else word:<{widest}}  {said}"
        for number, said in enumerate(ladder.conditions(plan))
    ]


def _remarks(plan: Plan) -> list[str]:
    said = ladder.remarks(plan)
    return ["", *(f"  {each}" for each in said)] if said else []


def _in_all(plan: Plan) -> str:
    said, ceiling = in_words(whole(plan)), plan.settlement.ceiling
    if ceiling < 0:
        awards = any(isinstance(bonus, RankAdvancement) for bonus in plan.bonuses)
        return gettext("{bound}, beside the awards for ranks", bound=said) if awards else said
    return gettext("{bound}, with the ceiling of {percent}", bound=said, percent=percent(ceiling))


def _trees(plan: Plan) -> list[str]:
    kinds = {tree.kind for bonus in plan.bonuses if (tree := getattr(bonus, "tree", None))}
    if any(isinstance(bonus, Pairs) for bonus in plan.bonuses):
        kinds.add(TreeKind.PLACEMENT)
    if plan.ranks.steps:
        kinds.add(plan.ranks.tree.kind)
    return [ladder.tree_word(kind) for kind in TreeKind if kind in kinds]


def _what(bonus: Bonus) -> str:
    if isinstance(bonus, Levels):
        return _levels(bonus)
    if isinstance(bonus, FullLevels):
        return ngettext(
            "{count} full level, width {width}",
            "{count} full levels, width {width}",
            len(bonus.amounts),
            width=bonus.tree.number,
        )
    if isinstance(bonus, Board):
        return gettext("boards of {seats} places", seats=bonus.seats)
    if isinstance(bonus, Pairs):
        return gettext("pairs of two legs")
    if isinstance(bonus, Stairstep):
        return gettext("differences, {tree} tree", tree=ladder.tree_word(bonus.tree.kind))
    return gettext("pool") if isinstance(bonus, Pool) else gettext("once for a rank")


def _levels(bonus: Levels) -> str:
    steps = len(bonus.rates.table[0])
    said = _steps(bonus.count, steps)
    if bonus.items is Items.EARNINGS:
        return gettext("match of {bonuses}, {steps}", bonuses=", ".join(bonus.of), steps=said)
    if bonus.count is Count.LEVELS and steps == 1 and bonus.first_level == 0:
        return (
            ladder.salary(bonus) if ladder.is_salary(bonus) else gettext("the seller's own orders")
        )
    tree = ladder.tree_word(bonus.tree.kind)
    return _LEVELS[bonus.items].format(steps=said, tree=tree)


def _steps(count: Count, steps: int) -> str:
    if count is Count.GENERATIONS:
        return ngettext("{count} generation", "{count} generations", steps)
    return ngettext("{count} level", "{count} levels", steps)


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
