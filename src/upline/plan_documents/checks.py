"""What has no sense although each part by itself has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from upline.language import gettext
from upline.plan_documents.errors import Path, Problems, often, quoted, unknown
from upline.plan_documents.placement import asks_for_legs, places_below
from upline.plans.bonus import Levels, RankAdvancement
from upline.plans.counting import LeastOrder
from upline.plans.plan import Have, Plan, Rank

RESERVED = ("ceiling", "service charge", "tax", "carried over", "taken back")
"""What `upline.plans.settlement` calls its lines; importing it would take the compiler along."""
HARDER = ("personal_points", "group_points", "team_points", "customers", "buyers")


def check_names(data: Mapping[str, Any], problems: Problems) -> None:
    """Names that are given twice, and names of the settlement's own lines. Works on any data."""
    _once(_texts(data.get("packages"), ("packages",)), _package_exists, problems)
    _once(_texts(data.get("figures"), ("figures",)), _figure_exists, problems)
    _once(_texts(steps_of(data), ("ranks", "steps"), "name"), _rank_exists, problems)
    markets = data.get("markets")
    codes = list(markets) if isinstance(markets, dict) else []
    _once([(("markets", code), code) for code in codes], _market_exists, problems)
    names = _texts(data.get("bonuses"), ("bonuses",), "name")
    _once(names, _bonus_exists, problems)
    for path, name in names:
        if name in RESERVED:
            sentence = gettext("{name} is the name of a line of the settlement.", name=quoted(name))
            problems.add(path, sentence)


def _package_exists(name: str) -> str:
    return gettext("a package {name} already exists.", name=name)


def _figure_exists(name: str) -> str:
    return gettext("a figure {name} already exists.", name=name)


def _rank_exists(name: str) -> str:
    return gettext("a rank {name} already exists.", name=name)


def _market_exists(code: str) -> str:
    return gettext("a market {code} already exists.", code=code)


def _bonus_exists(name: str) -> str:
    return gettext("a bonus {name} already exists.", name=name)


def steps_of(data: Mapping[str, Any]) -> object:
    """What stands where the ranks' steps should."""
    ranks = data.get("ranks")
    return ranks.get("steps") if isinstance(ranks, dict) else None


def _texts(said: object, path: Path, key: str | None = None) -> list[tuple[Path, str]]:
    found = []
    for number, entry in enumerate(said if isinstance(said, list) else []):
        name = entry.get(key) if key and isinstance(entry, dict) else entry
        if isinstance(name, str):
            found.append(((*path, number, key) if key else (*path, number), name))
    return found


def _once(
    names: Iterable[tuple[Path, str]], exists: Callable[[str], str], problems: Problems
) -> None:
    seen: dict[str, str] = {}
    for path, name in names:
        if name.casefold() in seen:
            problems.add(path, exists(quoted(seen[name.casefold()])))
        seen.setdefault(name.casefold(), name)


def check_matching(data: Mapping[str, Any], problems: Problems) -> None:
    """What matchings name: bonuses before them that are calculated as often."""
    before: dict[str, Any] = {}
    bonuses = data.get("bonuses")
    for index, bonus in enumerate(bonuses if isinstance(bonuses, list) else []):
        if not isinstance(bonus, dict):
            continue
        path, every = ("bonuses", index), bonus.get("every", "month")
        named = bonus.get("of") if bonus.get("kind") == "matching" else None
        for number, name in enumerate(named if isinstance(named, list) else []):
            if isinstance(name, str):
                sentence = _not_to_match(name, every, before, bonuses or [])
                if sentence:
                    problems.add((*path, "of", number), sentence)
        if isinstance(bonus.get("name"), str):
            before[bonus["name"]] = every


def _not_to_match(
    name: str, every: object, before: Mapping[str, Any], all_of_them: Sequence[Any]
) -> str:
    if name in before:
        if before[name] == every:
            return ""
        return gettext(
            "{name} is calculated {often}, and this bonus {otherwise}: they must be the same.",
            name=quoted(name),
            often=often(before[name]),
            otherwise=often(every),
        )
    if any(isinstance(bonus, dict) and bonus.get("name") == name for bonus in all_of_them):
        return gettext(
            "{name} must stand before this bonus, to be calculated before it.", name=quoted(name)
        )
    if not before:
        return gettext("there is no bonus before this one.")
    sentence = gettext("there is no bonus before this one called {name}", name=quoted(name))
    return unknown(sentence, name, before)


def check_plan(plan: Plan, indexes: Sequence[int], problems: Problems) -> None:
    """What only the whole plan shows: ranks without sense, bonuses that never come up."""
    _ranks_differ(plan.ranks.steps, problems)
    _ranks_can_be_reached(plan.ranks.steps, problems)
    _placement_has_one_width(plan, indexes, problems)
    for index, bonus in zip(indexes, plan.bonuses, strict=True):
        path = ("bonuses", index)
        if isinstance(bonus, RankAdvancement) and bonus.every != plan.ranks.every:
            problems.add(
                (*path, "every"),
                gettext(
                    "ranks are calculated {often}, and so must this bonus be.",
                    often=often(plan.ranks.every),
                ),
            )
        if isinstance(bonus, Levels) and bonus.count == "generations" and bonus.heads:
            _heads_are_paid(bonus, path, problems)


def _placement_has_one_width(plan: Plan, indexes: Sequence[int], problems: Problems) -> None:
    """A company has one placement tree: the first bonus that says its width says it for all."""
    say = [(index, b) for index, b in zip(indexes, plan.bonuses, strict=True) if places_below(b)]
    for index, bonus in say[1:]:
        first, own = say[0][1], places_below(bonus)
        if own != places_below(first):
            problems.add(
                ("bonuses", index) if asks_for_legs(bonus) else ("bonuses", index, "width"),
                gettext(
                    "the placement tree has {places} places below each member, as {name} says: "
                    "{own} cannot be.",
                    places=places_below(first),
                    name=quoted(first.name),
                    own=own,
                ),
            )


def _heads_are_paid(bonus: Levels, path: Path, problems: Problems) -> None:
    """Receivers are heads: rates for lower ranks alone would pay nobody."""
    if bonus.rates.by == "rank" and not any(map(any, bonus.rates.table[bonus.heads :])):
        sentence = gettext("pays nobody: only `heads` and higher ranks receive.")
        problems.add((*path, "percents"), sentence)


def _ranks_differ(steps: Sequence[Rank], problems: Problems) -> None:
    for number, (low, high) in enumerate(pairwise(steps), 1):
        if _implied(high, low):
            problems.add(
                ("ranks", "steps", number),
                gettext(
                    "asks for no more than {name}, so nobody would ever hold {name}.",
                    name=quoted(low.name),
                ),
            )


def _implied(high: Rank, low: Rank) -> bool:
    """Whether whoever meets the lower rank's conditions always meets the higher one's."""
    asked = any(getattr(high, name) for name in HARDER)
    points = high.group_points or high.team_points
    looser_legs = high.leg_limit < 0 or 0 <= low.leg_limit <= high.leg_limit or not points
    return (
        (low.active or not high.active)
        and all(getattr(high, name) <= getattr(low, name) for name in HARDER)
        and (high.periods >= low.periods or not asked)
        and looser_legs
        and (not high.buyers or _looser_order(high.buyers_order, low.buyers_order))
        and all(any(_covers(have, want) for have in low.legs) for want in high.legs)
        and all(any(_covers(have, want) for have in low.directs) for want in high.directs)
    )


def _looser_order(high: LeastOrder, low: LeastOrder) -> bool:
    return not high.amount or (high.counted == low.counted and high.amount <= low.amount)


def _covers(have: Have, want: Have) -> bool:
    return have.count >= want.count and have.rank >= want.rank and (have.rank > 0 or not want.rank)


def _ranks_can_be_reached(steps: Sequence[Rank], problems: Problems) -> None:
    """A rank that asks for its own or for one that asks for it has no first holder."""
    reached: set[int] = {0}
    grown = True
    while grown:
        more = {
            number
            for number, step in enumerate(steps, 1)
            if all(max(reached) >= have.rank for have in (*step.legs, *step.directs))
        }
        grown = not more <= reached
        reached |= more
    for number, step in enumerate(steps, 1):
        if number not in reached:
            problems.add(
                ("ranks", "steps", number - 1),
                gettext(
                    "nobody could be the first {name}: it asks for others who hold it already, or "
                    "who need it themselves.",
                    name=quoted(step.name),
                ),
            )
