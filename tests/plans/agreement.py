"""Running a plan twice, by the core and by the oracle, and comparing all that they give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from random import Random

from plans.currencies import as_arrays, at_other_rates
from plans.oracle import run as oracle
from plans.oracle.company import Answer, Company, Kept, Line
from upline.plans import run as core
from upline.plans.carry import Carry
from upline.plans.periods import Every, Period, day_of, ending_within
from upline.plans.plan import Plan
from upline.plans.result import LegSums, Result, Side

Comparable = dict[str, object]

SHORTEST_FIRST = [Every.DAY, Every.WEEK, Every.MONTH]


def periods_of(plan: Plan, first_day: int, last_day: int) -> list[Period]:
    """The runs that a plan asks for within some days, in turn."""
    lengths = {bonus.every for bonus in plan.bonuses}
    lengths |= {plan.ranks.every} if plan.ranks.steps else set()
    periods = [
        period
        for every in lengths
        for period in ending_within(first_day, last_day, every, plan.week_starts)
    ]
    return sorted(periods, key=lambda p: (p.last_day, SHORTEST_FIRST.index(p.every)))


def agree(
    plan: Plan, company: Company, days: tuple[int, int], reached: Counter[str]
) -> list[Answer]:
    """Run all periods within these days in turn, both ways; both must give the same each time.
    RunRates rates are others each time."""
    chance = Random(len(company.orders))
    carry: Carry | None = None
    kept: Kept | None = None
    answers = []
    for period in periods_of(plan, *days):
        company = at_other_rates(chance, company)
        members, orders, exchange = as_arrays(plan, company)
        result = core.run(plan, members, orders, period, carry, exchange=exchange)
        answer = oracle.run(plan, company, period, kept, reached)
        must_be_same(plan, company, period, result, answer)
        carry, kept = result.carry, answer.kept
        answers.append(answer)
    return answers


def must_be_same(
    plan: Plan, company: Company, period: Period, result: Result, answer: Answer
) -> None:
    given, expected = told_by_core(result), told_by_oracle(answer)
    for name, value in expected.items():
        if given[name] != value:
            raise AssertionError(
                f"{name}: {difference(given[name], value)}\n{plan}\n{period}\n{described(company)}"
            )


def difference(given: object, expected: object) -> str:
    if isinstance(given, list) and isinstance(expected, list):
        extra = [entry for entry in given if entry not in expected]
        missing = [entry for entry in expected if entry not in given]
        return f"the core alone says {extra[:9]}, the oracle alone says {missing[:9]}"
    return f"the core says {given}, the oracle says {expected}"


def described(company: Company) -> str:
    rows = [f"{i}: {member}" for i, member in enumerate(company.members)]
    rows += [f"{i}: {position}" for i, position in enumerate(company.several)]
    rows += [f"{i}: {order}" for i, order in enumerate(company.orders)]
    return "\n".join(rows)


def told_by_core(result: Result) -> Comparable:
    carry = result.carry
    told: Comparable = {
        "lines": sorted(lines_of(result)),
        "active": result.active.tolist(),
        "rank": result.rank.tolist(),
        "title": result.title.tolist(),
        "turnover": result.turnover,
        "totals": result.totals.tolist(),
        "purchase": result.purchase.tolist(),
        "kept rank": carry.rank.tolist(),
        "kept title": carry.title.tolist(),
        "held": carry.held.tolist(),
        "paid": [tuple(map(int, entry)) for entry in carry.paid],
        "boards": {
            name: [kept.boards.tolist(), kept.board_of.tolist()]
            for name, kept in carry.boards.items()
        },
        "full levels": {name: bits.tolist() for name, bits in carry.full_levels.items()},
        "tax": carry.tax and [carry.tax.year, carry.tax.gross.tolist(), carry.tax.untaxed.tolist()],
    }
    told["legs"] = {
        name: [
            legs.left.tolist(),
            legs.right.tolist(),
            legs.paired.tolist(),
            [used.tolist() for used in legs.used],
            [int(day) for day in legs.used_since],
        ]
        for name, legs in carry.legs.items()
    }
    told["sides"] = {name: sums_of(legs) for name, legs in result.legs.items()}
    told["pairs"] = pairs_of(result)
    return told


def pairs_of(result: Result) -> dict[tuple[str, int], tuple[int, int]]:
    """By bonus and position: whom its pairs pay, and how much."""
    return {
        (lines.bonus, at): (member, amount)
        for lines in result.lines
        if lines.position is not None
        for at, member, amount in zip(
            *(column.tolist() for column in (lines.position, lines.member, lines.amount)),
            strict=True,
        )
    }


def lines_of(result: Result) -> Iterable[Line]:
    for lines in result.lines:
        columns = (lines.member, lines.source, lines.level, lines.rate, lines.base, lines.amount)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            yield (lines.bonus, *row)


def sums_of(legs: LegSums) -> list[object]:
    def side(values: Side) -> list[list[int]]:
        names = ("brought", "entered", "consumed", "flushed", "carried")
        return [getattr(values, name).tolist() for name in names]

    return [side(legs.left), side(legs.right), legs.pairs.tolist()]


def told_by_oracle(answer: Answer) -> Comparable:
    kept = answer.kept
    told: Comparable = {
        "lines": sorted(answer.lines),
        "active": answer.active,
        "rank": answer.rank,
        "title": answer.title,
        "turnover": answer.turnover,
        "totals": answer.totals,
        "purchase": answer.purchase,
        "kept rank": kept.rank,
        "kept title": kept.title,
        "held": kept.held,
        "paid": kept.paid,
        "boards": {
            name: [boards, [newest_board(boards, i) for i in range(len(answer.rank))]]
            for name, boards in kept.boards.items()
        },
        "full levels": {
            name: [sum(1 << (level - 1) for level in done) for done in paid]
            for name, paid in kept.full_levels.items()
        },
        "tax": kept.tax_year and [kept.tax_year, kept.tax_gross, kept.tax_untaxed],
    }
    told["legs"] = {
        name: [legs.left, legs.right, legs.paired, legs.used, legs.used_since]
        for name, legs in kept.legs.items()
    }
    told["pairs"] = {key: (line[1], line[6]) for key, line in answer.pair_lines.items()}
    told["sides"] = {}
    for name, rows in answer.legs.items():
        lefts, rights = [row[0] for row in rows], [row[1] for row in rows]
        sides = [[list(asdict(each).values()) for each in leg] for leg in (lefts, rights)]
        columns = [[list(column) for column in zip(*side, strict=True)] for side in sides]
        told["sides"][name] = [*columns, [row[2] for row in rows]]  # type: ignore[index]
    return told


def newest_board(boards: list[list[int]], member: int) -> int:
    return max((i for i, places in enumerate(boards) if member in places), default=-1)


def days_of(every: Every) -> tuple[int, int]:
    """Days that hold a few periods of a length, across the ends of longer ones."""
    first, last = {
        Every.DAY: (date(2026, 1, 29), date(2026, 2, 3)),
        Every.WEEK: (date(2026, 1, 12), date(2026, 2, 15)),
        Every.MONTH: (date(2026, 1, 1), date(2026, 3, 31)),
    }[every]
    return day_of(first), day_of(last)
