"""From what bonuses pay to what members get: ceiling, charges, taxes, minimum payout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Indexes, Ints, must_fit
from upline.plans.carry import TaxCarry
from upline.plans.in_force import TaxRules, charge_rates, tax_rules
from upline.plans.line_numbers import LineNumber
from upline.plans.lines import Lines, of_members
from upline.plans.periods import Every, Period, period_of, year_of
from upline.plans.plan import HUNDRED_PERCENT
from upline.plans.result import CeilingFigures
from upline.plans.rounding import divided
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated

CEILING, CHARGE, TAX, CARRIED = "ceiling", "service charge", "tax", "carried over"
TAKEN_BACK = "taken back"
NAMES = (CEILING, CHARGE, TAX, CARRIED, TAKEN_BACK)
"""What these lines are called; no bonus may have such a name."""
NUMBERS = dict(zip(NAMES, LineNumber, strict=True))

MINIMUM, REMAINDER = Spot("", Stated.MINIMUM), Spot("", Stated.REMAINDER)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What earlier runs' earnings change by for each member, since orders were refunded, none
    above zero. `capped`: before charges and taxes; `net`: with the charges given back."""

    capped: Ints
    net: Ints


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines of the settlement, what each member gets in all, the part of it that goes to the
    purchase account; what is held for a later run, the year's sums for the tax, what was paid
    under the ceiling, and what that was."""

    lines: list[Lines]
    totals: Ints
    purchase: Ints
    held: Ints
    tax: TaxCarry | None
    paid: tuple[tuple[int, int, int], ...]
    ceiling: CeilingFigures | None


def settle(
    now: Situation, gross_of_all: Ints, turnover: int, taken: TakenBack | None = None
) -> Settled:
    """Settle everybody's gross of one run, by the rules of docs/plans/settlement.md; where
    something is taken back, totals may be below zero."""
    terms, n = now.plan.settlement, len(now)
    nothing = np.zeros(n, np.int64)
    taken = taken or TakenBack(nothing, nothing)
    touched = (gross_of_all > 0) | (now.carry.held != 0) | (taken.capped != 0)
    who = np.flatnonzero(touched).astype(np.int32)
    gross, held_before = gross_of_all[who], now.carry.held[who]
    most = int(gross.max(initial=0)) + int(held_before.max(initial=0))
    must_fit(most, "a member's earnings with what was held")
    ceiling = _ceiling(now, turnover, now.spent(gross, who))
    capped = _scaled(gross, ceiling) if ceiling else gross
    lines = [_lines(CEILING, who, capped - gross, gross)]
    net = capped + taken.net[who]
    charge = charge_rates(now.plan, now.exchange, now.period.last_day)
    if charge.any():
        rate = now.by_market(charge, who)
        charged = divided(capped, rate, HUNDRED_PERCENT, "a service charge")
        lines.append(_lines(CHARGE, who, -charged, capped, rate))
        net = net - charged
    rules = tax_rules(now.plan, now.exchange, now.period.last_day)
    taxable, tax = _taxable(now, who, capped, taken.capped[who], rules)
    if rules.is_taken.any():
        rate = now.by_market(rules.rate, who)
        taxed = part_of(taxable, rate)
        # Where something is taken back, a total may be below zero, and no tax is waived.
        whole = (taxed <= 0) | (taken.capped[who] != 0)
        taxed = np.where(whole, taxed, np.minimum(taxed, np.maximum(net, 0)))
        lines.append(_lines(TAX, who, -taxed, taxable, rate))
        net = net - taxed
    earned = held_before + net
    # A debt that was carried in stays one; what is taken back now is asked for at once.
    least = np.maximum(earned, np.minimum(held_before, 0))
    minimum = now.stated(terms.minimum, MINIMUM, who)
    remainder = now.stated(terms.remainder, REMAINDER, who)
    held = np.where(earned < minimum, least, np.minimum(earned, remainder))
    lines.append(_lines(CARRIED, who, held_before - held, net))
    paid = earned - held
    purchase = part_of(paid, terms.purchase_share)
    return Settled(
        [some for some in lines if len(some)],
        _of_all(n, who, paid), _of_all(n, who, purchase), _of_all(n, who, held), tax,
        _still_asked_for(now, now.spent(capped, who)) if ceiling else (), ceiling,
    )  # fmt: skip


def part_of(amounts: Ints, rate: Array | int) -> Ints:
    """A rate of amounts, rounded towards nothing."""
    parts = divided(np.abs(amounts), rate, HUNDRED_PERCENT, "a part of earnings")
    return np.sign(amounts) * parts


def _lines(name: str, who: Indexes, amounts: Ints, base: Ints, rate: Array | int = 0) -> Lines:
    """A line for everybody whose amount is not nothing."""
    some = np.flatnonzero(amounts)
    rates = rate if isinstance(rate, int) else rate[some]
    return of_members(name, who[some], amounts[some], rate=rates, base=base[some])


def _still_asked_for(now: Situation, paid: int) -> tuple[tuple[int, int, int], ...]:
    """What runs paid that a longer run can ask for: those of this month and of this week."""
    period, week_starts = now.period, now.plan.week_starts
    since = min(
        period_of(period.last_day, every, week_starts).first_day
        for every in (Every.WEEK, Every.MONTH)
    )
    recent = (one for one in now.carry.paid if one[1] >= since)
    return (*recent, (period.first_day, period.last_day, paid))


def _of_all(members: int, who: Indexes, amounts: Ints) -> Ints:
    """The amounts of these members, and nothing for the others."""
    of_all = np.zeros(members, np.int64)
    of_all[who] = amounts
    return of_all


def _ceiling(now: Situation, turnover: int, gross: int) -> CeilingFigures | None:
    """What a run may pay, None without a ceiling: its share of the turnover, less what the
    shorter runs that ended within its period have paid."""
    ceiling = now.plan.settlement.ceiling
    if ceiling < 0:
        return None
    share = turnover * ceiling // HUNDRED_PERCENT
    return CeilingFigures(share, _paid_before(now.carry.paid, now.period), gross)


def _paid_before(paid_by_runs: tuple[tuple[int, int, int], ...], period: Period) -> int:
    """What runs that were shorter, and ended within a period, have paid."""
    length = period.last_day - period.first_day
    return sum(
        paid
        for first_day, last_day, paid in paid_by_runs
        if last_day >= period.first_day and last_day - first_day < length
    )


def _scaled(gross: Ints, ceiling: CeilingFigures) -> Ints:
    """The gross, scaled down for all alike where together it exceeds the limit."""
    sum_of_all, limit = ceiling.gross, ceiling.limit
    if sum_of_all <= limit:
        return gross
    return divided(gross, limit, sum_of_all, "earnings under the ceiling")


def _taxable(
    now: Situation, who: Indexes, gross: Ints, taken: Ints, rules: TaxRules
) -> tuple[Ints, TaxCarry | None]:
    """What a tax is taken of, and the year's sums from now on.

    Nothing is taken until the year's gross exceeds the threshold; then of all of it. What is taken
    back lessens the year's gross: below zero, tax is given back.
    """
    before, nothing = now.carry.tax, np.zeros_like(gross)
    if not now.plan.has_taxes:
        return nothing, before
    year, n = year_of(now.period.last_day, now.plan.settlement.year_starts), len(now)
    if before is None or before.year != year:
        before = TaxCarry(year, np.zeros(n, np.int64), np.zeros(n, np.int64))
    must_fit(int(before.gross.max(initial=0)) + int(gross.max(initial=0)), "a year's earnings")
    after = TaxCarry(year, before.gross.copy(), before.untaxed.copy())
    after.gross[who] += gross + taken
    after.untaxed[who] += gross + taken
    if not rules.is_taken.any():
        return nothing, after
    exceeds = after.gross[who] > now.by_market(rules.threshold, who)
    due = exceeds & ((gross > 0) | (taken < 0))
    taxed_before = (before.gross - before.untaxed)[who]
    taxable = np.where(due, after.untaxed[who], 0)
    # The year's gross fell to the threshold: nothing of it is taxed any more.
    taxable = np.where((taken < 0) & ~exceeds, -taxed_before, taxable)
    taxable = np.where(now.by_market(rules.is_taken, who), taxable, 0)
    after.untaxed[who] -= taxable
    return taxable, after
