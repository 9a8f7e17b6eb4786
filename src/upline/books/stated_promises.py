"""What must always hold of amounts and percentages that a plan states, where a run met several
currencies: each line has what the plan states for the market of whom it pays, or that converted.

All is worked out again from the plan's text and the rates that the run kept as rows."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from upline.base import sql
from upline.books.invariant import LINE_OF_RUN, Breach, Invariant, LineInRun
from upline.commissions.models import Run
from upline.commissions.queries import plan_of
from upline.language import lazy
from upline.plans.bonus import Board, Bonus, FullLevels, Levels, RankAdvancement
from upline.plans.line_numbers import LineNumber
from upline.plans.periods import day_of
from upline.plans.plan import Plan
from upline.plans.terms import Charge, MarketTerms, Spot, Stated, Tax

Allowed = set[tuple[int, int, int]]
"""Markets by id, levels, and what may stand there."""

_MARKETS = """
SELECT met.market_id, market.code, met.per_unit, currency.exponent
FROM commissions_runmarket met JOIN markets_market market ON market.id = met.market_id
JOIN markets_currency currency ON currency.code = met.currency WHERE run_id = %s
"""
_OTHERWISE = """
SELECT line.run_id AS run, line.number AS line
FROM commissions_line line JOIN commissions_earning earning USING (run_id, member_id)
LEFT JOIN unnest(%(markets)s::int[], %(levels)s::int[], %(values)s::bigint[])
          AS allowed (market_id, level, value)
     ON allowed.market_id = earning.market_id AND allowed.level = line.level
        AND allowed.value = {column}
WHERE line.run_id = %(run)s AND line.bonus = %(bonus)s {which} AND allowed.value IS NULL
"""
_AMOUNTS = _OTHERWISE.format(column="line.amount", which="")
# Those with a source give back what an earlier run took.
_PERCENTAGES = _OTHERWISE.format(column="line.rate", which="AND line.source_id = 0")


class _Met(NamedTuple):
    """A market that a run met, with its rate and the decimals of its currency."""

    market_id: int
    code: str
    per_unit: int
    exponent: int


def _lines_with_other_amounts() -> Iterator[Breach]:
    """Lines of flat amounts whose amount is not stated, and charges and taxes at other rates."""
    found = Run.objects.filter(markets__isnull=False).select_related("plan").distinct()
    for run in found.order_by("pk"):
        plan, met = plan_of(run.plan), sql.rows(_Met, _MARKETS, [run.pk])
        for number, bonus in enumerate(plan.bonuses):
            spots = dict(_spots(bonus))
            if spots:
                yield from _breaches(_AMOUNTS, run, number, _amounts(plan, spots, met))
        day = day_of(run.last_day)
        for line, allowed in (
            (LineNumber.CHARGE, _percentages(plan.settlement.charges, plan, met, day, _charges)),
            (LineNumber.TAX, _percentages(plan.settlement.taxes, plan, met, day, _taxes)),
        ):
            yield from _breaches(_PERCENTAGES, run, line, allowed)


def _breaches(statement: str, run: Run, number: int, allowed: Allowed) -> Iterator[Breach]:
    markets, levels, values = zip(*allowed, strict=True) if allowed else ((), (), ())
    asked = {
        "run": run.pk, "bonus": number, "markets": list(markets), "levels": list(levels),
        "values": list(values),
    }  # fmt: skip
    yield from (each._asdict() for each in sql.rows(LineInRun, statement, asked))


def _spots(bonus: Bonus) -> Iterator[tuple[Spot, tuple[int, int]]]:
    """Where a bonus states flat amounts: at each spot the level of its lines, and the amount."""
    if isinstance(bonus, Levels) and bonus.rates.flat:
        for row, amounts in enumerate(bonus.rates.table):
            for column, amount in enumerate(amounts):
                level = bonus.first_level + column
                yield Spot(bonus.name, Stated.RATES, row, column), (level, amount)
    elif isinstance(bonus, FullLevels | RankAdvancement):
        first = 1 if isinstance(bonus, FullLevels) else 0
        for row, amount in enumerate(bonus.amounts):
            yield Spot(bonus.name, Stated.AMOUNT, row), (first + row, amount)
    elif isinstance(bonus, Board):
        yield Spot(bonus.name, Stated.AMOUNT), (0, bonus.pays)


def _amounts(plan: Plan, spots: dict[Spot, tuple[int, int]], met: Iterable[_Met]) -> Allowed:
    """In each market and at each level the amounts that the bonus may pay."""
    allowed: Allowed = set()
    for market in met:
        terms = _terms(plan, market)
        for spot, (level, amount) in spots.items():
            above = amount * market.per_unit * 10**market.exponent
            converted = above // (10 ** (6 + plan.decimals))
            value = terms.amounts.get(spot, converted) if terms else converted
            allowed.add((market.market_id, level, value))
    return allowed


Dated = tuple[Charge, ...] | tuple[Tax, ...]


def _percentages(
    of_plan: Dated, plan: Plan, met: Iterable[_Met], day: int,
    own_of: Callable[[MarketTerms], Dated | None],
) -> Allowed:  # fmt: skip
    """In each market the percentage that is in force on a day; lines have level 0."""
    allowed: Allowed = set()
    for market in met:
        terms = _terms(plan, market)
        own = own_of(terms) if terms else None
        rules = [each for each in (of_plan if own is None else own) if each.from_day <= day]
        if rules:
            allowed.add((market.market_id, 0, max(rules, key=lambda each: each.from_day).rate))
    return allowed


def _charges(terms: MarketTerms) -> Dated | None:
    return terms.charges


def _taxes(terms: MarketTerms) -> Dated | None:
    return terms.taxes


def _terms(plan: Plan, market: _Met) -> MarketTerms | None:
    """What the plan states for a market."""
    return next((each for each in plan.markets if each.code == market.code), None)


STATED = [
    Invariant(
        lazy("Each flat amount, charge and tax is what the plan states for the member's market"),
        LINE_OF_RUN,
        _lines_with_other_amounts,
    ),
]
