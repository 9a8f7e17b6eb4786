"""Each sentence holds the numbers that make its amount: here it is calculated from them again."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from trials.trial import Trial

CENT = Decimal("0.01")
N = r"([\d,]+(?:\.\d+)?)"
"""A number with its thousands."""
POINTS = rf"{N}(?: points at {N} each)?"
PERCENT = r"([\d.]+) %"
CLASS = r"(?: as [\w ]+| with [\w ]+| at the lower package, [\w ]+| for a buyer with [\w ]+)?"

Sum = Callable[[re.Match[str]], Decimal]


def number(text: str | None, otherwise: int = 1) -> Decimal:
    return Decimal(text.replace(",", "")) if text else Decimal(otherwise)


def part(percent: str, base: str, point: str | None = None) -> Decimal:
    """A percentage of a base, rounded down once."""
    exact = number(percent) * number(base) * number(point) / 100
    return exact.quantize(CENT, ROUND_FLOOR)


def of_a_ceiling(found: re.Match[str]) -> Decimal:
    percent, turnover, most, before, limit, all_earned, own, _, _, remaining = (
        number(text, 0) for text in found.groups()
    )
    share = (percent * turnover / 100).quantize(CENT, ROUND_FLOOR)
    assert (most or limit) == share
    assert limit == max(share - before, Decimal(0))
    assert remaining == (own * limit / all_earned).quantize(CENT, ROUND_FLOOR)
    return remaining - own


def of_a_pool(found: re.Match[str]) -> Decimal:
    share, shares, fund, percent, turnover, point, cap = found.groups()
    assert number(fund) == part(percent, turnover, point)
    exact = number(share) * number(fund) / number(shares)
    return min(exact.quantize(CENT, ROUND_FLOOR), number(cap) if cap else exact)


def of_a_stair(found: re.Match[str]) -> Decimal:
    percents = re.findall(r"([\d.]+) %", found[0])
    if len(percents) > 1:
        assert Decimal(percents[0]) - Decimal(percents[1]) == Decimal(percents[2])
    return part(percents[-1], *found.groups()[1:])


def of_pairs(found: re.Match[str]) -> Decimal:
    pairs, each, uncut, remaining = found.groups()
    exact = number(pairs) * number(each)
    assert uncut is None or number(uncut) == exact
    return number(remaining) if remaining else exact


def of_matched(found: re.Match[str]) -> Decimal:
    _, percent, base, point, uncut, remaining = found.groups()
    assert uncut is None or number(uncut) == part(percent, base, point)
    return number(remaining) if remaining else part(percent, base, point)


SUMS: dict[str, Sum] = {
    rf"(?:Level \d+|Own order){CLASS}: {PERCENT} of {POINTS} from (?:first )?order o\d+ of m\d+":
        lambda found: part(*found.groups()),
    rf"(?:Level \d+|Own order){CLASS}: {N} (?:for|because) .*": lambda found: number(found[1]),
    rf"(?:Generation \d+|Own group){CLASS}: {PERCENT} of {POINTS} from order o\d+ of m\d+":
        lambda found: part(*found.groups()),
    rf"(?:Matching \w+ \d+|Own group){CLASS}: {PERCENT} of {N} that m\d+ earned from [\w ]+":
        lambda found: part(*found.groups()),
    rf"Stairstep: [\d.]+ %(?: \({N} group points\)|{CLASS})"
    rf"(?:, less [\d.]+ % paid below = [\d.]+ %)? on {POINTS} from order o\d+ of m\d+": of_a_stair,
    rf"Binary{CLASS}: {N} pairs? of .*; {N} per pair(?: = {N}, capped at {N})?"
    rf"(?:; the rest of the .*? is above the cap)?": of_pairs,
    rf"Binary{CLASS}: {N} pairs? of .*; {PERCENT} of (?:the weaker leg \()?{POINTS}"
    rf"(?:\)| of the weaker leg)(?: = {N}, capped at {N})?"
    rf"(?:; the rest of the .*? is above the cap)?": of_matched,
    rf"Pool: {N} of {N} (?:shares|points|group points) of {N}, which is {PERCENT} of the turnover "
    rf"of {POINTS}(?:; capped at {N})?": of_a_pool,
    rf"[\w ]+ reached for the first time: {N}": lambda found: number(found[1]),
    rf"Level \d+ is full with {N} members: {N}, paid once": lambda found: number(found[2]),
    rf"Top of a board of \d+ that m\d+ filled: {N}": lambda found: number(found[1]),
    rf"Ceiling: {PERCENT} of the turnover of {N} = (?:{N}, less {N} paid by shorter runs = )?{N}; "
    rf"all members together earned {N}, so {N} times {N} / {N} = {N} "
    rf"remains": of_a_ceiling,
    rf"Service charge: {PERCENT} of {N}": lambda found: -part(*found.groups()),
    rf"Tax: {PERCENT} of {N} not yet taxed; earnings this year: {N}"
    rf"(?:; limited to the {N} that remains)?":
        lambda found: -(number(found[4]) if found[4] else part(found[1], found[2])),
    rf"Held for a later run: {N}(?:, plus {N} held from earlier runs,)? is below the minimum "
    rf"payout of {N}": lambda found: -number(found[1]),
    rf"Held for a later run: {N} of {N}(?:, of which {N} was held from earlier runs)?":
        lambda found: number(found[3], 0) - number(found[1]),
    rf"Held from earlier runs: {N}, paid now with {N}": lambda found: number(found[1]),
}  # fmt: skip


def worked_out(why: str) -> Decimal:
    found = ((re.fullmatch(pattern, why), sum_of) for pattern, sum_of in SUMS.items())
    sums = [sum_of(match) for match, sum_of in found if match]
    assert len(sums) == 1, why
    return sums[0]


READY = [
    "binary", "board", "generation", "hybrid", "matrix", "monoline", "party",
    "stairstep-breakaway", "unilevel", "x-up",
]  # fmt: skip
PACKAGES = {"binary": ["Starter", "Pro"], "hybrid": ["Silver kit", "Diamond kit"]}


def company(seed: int, packages: list[str], members: int = 60) -> tuple[str, str]:
    """A company that grows for two months and orders every few days."""
    chance, start = random.Random(seed), date(2026, 1, 1)
    joined = [start + timedelta(days=number * 59 // members) for number in range(members)]
    rows = list(_members(chance, joined, packages))
    orders = []
    for number in range(members * 4):
        member = chance.randrange(members)
        remaining = (date(2026, 2, 28) - joined[member]).days
        day = joined[member] + timedelta(days=chance.randrange(remaining + 1))
        value, points = chance.randrange(1000, 60000), chance.randrange(100, 90000)
        customer = chance.choice(["retail", "preferred", "member"])
        amounts = f"{value / 100:.2f},{points / 100:.2f}"
        orders.append(f"o{number},m{member},{day},{amounts},{customer}")
    chance.shuffle(rows)
    header = "id,sponsor,placement,position,joined,package"
    bought = "id,member,date,amount,pv,customer"
    return "\n".join([header, *rows, ""]), "\n".join([bought, *orders, ""])


def _members(chance: random.Random, joined: list[date], packages: list[str]) -> Iterator[str]:
    places = [("", "")]
    for number, day in enumerate(joined):
        above, side = places.pop(chance.randrange(min(len(places), 5)))
        places += [(f"m{number}", "L"), (f"m{number}", "R")]
        sponsor = f"m{chance.randrange(number)}" if number else ""
        yield f"m{number},{sponsor},{above},{side},{day},{chance.choice(packages)}"


def is_off_by(line: dict[str, Any]) -> Decimal:
    return Decimal(line["amount"]) - worked_out(line["why"])


@pytest.mark.parametrize("plan", READY)
def test_every_line_of_the_ready_made_plans_can_be_worked_out_by_hand(
    trial: Trial, plan: str
) -> None:
    trial.members, trial.orders = company(READY.index(plan), PACKAGES.get(plan, ["Basic"]))
    document = trial.json(plan=plan)
    assert len(document["lines"]) > 50
    # A pool is split without a rest: some are a cent above their share.
    off = {is_off_by(line) for line in document["lines"] if not line["why"].startswith("Pool")}
    assert off == {0}
    pools = {is_off_by(line) for line in document["lines"] if line["why"].startswith("Pool")}
    assert pools <= {0, CENT}


RARE = """
name = "What the ready-made plans leave out"
decimals = 2
point_value = "0.50"
packages = ["Basic", "Pro"]

[[ranks.steps]]
name = "Silver"
personal_points = 300

[[ranks.steps]]
name = "Gold"
personal_points = 600

[[bonuses]]
name = "capped percent"
kind = "binary"
pays_on = "points"
unit = 100
percent = 10
needs = { active = false }

[[bonuses.caps]]
per = "month"
amount = "40.00"

[[bonuses]]
name = "flat levels"
kind = "levels"
amounts = ["1.50", "0.75"]
first_level = 0

[[bonuses]]
name = "heads"
kind = "levels"
amounts = ["0.25"]
per = "active member"

[[bonuses]]
name = "joinings"
kind = "referral"
on = "joining"
amount = "2.00"

[[bonuses]]
name = "buyers"
kind = "levels"
by = "buyer package"
[bonuses.percents]
Basic = [2]
Pro = [3.25]

[[bonuses]]
name = "full"
kind = "matrix"
width = 2
depth = 3
full_levels = ["5.00", "10.00", "20.00"]

[[bonuses]]
name = "stairs by rank"
kind = "stairstep"
by = "rank"
percents = { Silver = 3, Gold = 5 }

[settlement]
service_charge = 90
minimum_payout = "5.00"
remainder = "2.00"

[[settlement.taxes]]
from = 2026-01-01
percent = 20
threshold = "30.00"
"""


def test_what_the_ready_made_plans_leave_out_can_be_worked_out_too(trial: Trial) -> None:
    trial.plan = RARE
    trial.members, trial.orders = company(7, ["Basic", "Pro"], 30)
    document = trial.json()
    assert {is_off_by(line) for line in document["lines"]} == {0}
    bonuses = set(re.findall(r'name = "([\w ]+)"', RARE)) - {"Silver", "Gold"}
    told = {line["bonus"] for line in document["lines"]}
    assert told == {*bonuses, "service charge", "tax", "carried over"} - {
        "What the ready-made plans leave out"
    }
