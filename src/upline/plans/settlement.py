"""From what bonuses pay to what members get: ceiling, charges, taxes, minimum payout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from upline.plans.arrays import LARGEST, Indexes, Ints, must_fit, total
from upline.plans.carry import TaxCarry
from upline.plans.lines import Lines, of_members
from upline.plans.periods import Period, period_of, year_of
from upline.plans.plan import HUNDRED_PERCENT, Charge, Every, Tax
from upline.plans.situation import Situation

CEILING, CHARGE, TAX, CARRIED = "ceiling", "service charge", "tax", "carried over"
NAMES = (CEILING, CHARGE, TAX, CARRIED)
"""What these lines are called; no bonus may have such a name."""

Dated = TypeVar("Dated", Charge, Tax)


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines of the settlement, what each member gets in all, the part of it that goes to the
    purchase account; what is held for a later run, the year's sums for the tax, and what was
    paid under the ceiling."""

    lines: list[Lines]
    totals: Ints
    purchase: Ints
    held: Ints
    tax: TaxCarry | None
    paid: tuple[tuple[int, int, int], ...]


def settle(now: Situation, gross_of_all: Ints, turnover: int) -> Settled:
    """Settle everybody's gross of one run, by the rules of docs/plans/settlement.md."""
    terms = now.plan.settlement
    who = np.flatnonzero((gross_of_all > 0) | (now.carry.held != 0)).astype(np.int32)
    gross, held_before = gross_of_all[who], now.carry.held[who]
    most = int(gross.max(initial=0)) + int(held_before.max(initial=0))
    must_fit(most * HUNDRED_PERCENT, "a member's earnings times the rate")
    limit = _ceiling(now, turnover)
    capped = gross if limit is None else _scaled(gross, limit)
    lines = [_lines(CEILING, who, capped - gross, gross)]
    charge = _in_force(terms.charges, now.period.last_day)
    net = capped
    if charge:
        charged = capped * charge.rate // HUNDRED_PERCENT
        lines.append(_lines(CHARGE, who, -charged, capped, charge.rate))
        net = net - charged
    taxable, tax = _taxable(now, who, capped)
    rule = _in_force(terms.taxes, now.period.last_day)
    if rule:
        must_fit(int(taxable.max(initial=0)) * rule.rate, "taxable earnings times the rate")
        taxed = np.minimum(taxable * rule.rate // HUNDRED_PERCENT, net)
        lines.append(_lines(TAX, who, -taxed, taxable, rule.rate))
        net = net - taxed
    earned = held_before + net
    held = np.where(earned < terms.minimum, earned, np.minimum(earned, terms.remainder))
    lines.append(_lines(CARRIED, who, held_before - held, net))
    paid = earned - held
    purchase = paid * terms.purchase_share // HUNDRED_PERCENT
    n = len(now)
    return Settled(
        [some for some in lines if len(some)],
        _of_all(n, who, paid), _of_all(n, who, purchase), _of_all(n, who, held), tax,
        _still_asked_for(now, total(capped)) if limit is not None else (),
    )  # fmt: skip


def _lines(name: str, who: Indexes, amounts: Ints, base: Ints, rate: int = 0) -> Lines:
    """A line for everybody whose amount is not nothing."""
    some = np.flatnonzero(amounts)
    return of_members(name, who[some], amounts[some], rate=rate, base=base[some])


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


def _ceiling(now: Situation, turnover: int) -> int | None:
    """What a run may pay, None without a ceiling: its share of the turnover, less what the
    shorter runs that ended within its period have paid."""
    ceiling = now.plan.settlement.ceiling
    if ceiling < 0:
        return None
    return max(turnover * ceiling // HUNDRED_PERCENT - paid_before(now.carry.paid, now.period), 0)


def paid_before(paid_by_runs: tuple[tuple[int, int, int], ...], period: Period) -> int:
    """What runs that were shorter, and ended within a period, have paid."""
    length = period.last_day - period.first_day
    return sum(
        paid
        for first_day, last_day, paid in paid_by_runs
        if last_day >= period.first_day and last_day - first_day < length
    )


def _scaled(gross: Ints, limit: int) -> Ints:
    """The gross, scaled down for all alike where together it exceeds the limit."""
    sum_of_all = total(gross)
    if sum_of_all <= limit:
        return gross
    if limit * int(gross.max()) <= LARGEST:
        return gross * limit // sum_of_all
    return np.array([one * limit // sum_of_all for one in gross.tolist()], np.int64)


def _in_force(rules: tuple[Dated, ...], day: int) -> Dated | None:
    """The latest of the rules that begin on this day or before."""
    return max(
        (rule for rule in rules if rule.from_day <= day), key=lambda r: r.from_day, default=None
    )


def _taxable(now: Situation, who: Indexes, gross: Ints) -> tuple[Ints, TaxCarry | None]:
    """What a tax is taken of, and the year's sums from now on.

    Nothing is taken until the year's gross exceeds the threshold; then of all of it.
    """
    terms, before, nothing = now.plan.settlement, now.carry.tax, np.zeros_like(gross)
    if not terms.taxes:
        return nothing, before
    year, n = year_of(now.period.last_day, terms.year_starts), len(now)
    if before is None or before.year != year:
        before = TaxCarry(year, np.zeros(n, np.int64), np.zeros(n, np.int64))
    must_fit(int(before.gross.max(initial=0)) + int(gross.max(initial=0)), "a year's earnings")
    after = TaxCarry(year, before.gross.copy(), before.untaxed.copy())
    after.gross[who] += gross
    after.untaxed[who] += gross
    rule = _in_force(terms.taxes, now.period.last_day)
    if rule is None:
        return nothing, after
    due = (after.gross[who] > rule.threshold) & (gross > 0)
    taxable = np.where(due, after.untaxed[who], 0)
    after.untaxed[who] -= taxable
    return taxable, after
