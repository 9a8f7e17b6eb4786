"""From what bonuses pay to what members get: ceiling, charges, taxes, minimum payout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from upline.plans.arrays import LARGEST, Ints, must_fit, total
from upline.plans.carry import TaxCarry
from upline.plans.lines import Lines, of_members
from upline.plans.periods import year_of
from upline.plans.plan import HUNDRED_PERCENT, Charge, Tax
from upline.plans.situation import Situation

CEILING, CHARGE, TAX, CARRIED = "ceiling", "service charge", "tax", "carried over"
NAMES = (CEILING, CHARGE, TAX, CARRIED)
"""What these lines are called; no bonus may have such a name."""

Dated = TypeVar("Dated", Charge, Tax)


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines of the settlement, what each member gets in all, the part of it that goes to the
    purchase account, what is held for a later run, and the year's sums for the tax."""

    lines: list[Lines]
    totals: Ints
    purchase: Ints
    held: Ints
    tax: TaxCarry | None


def settle(now: Situation, gross: Ints, turnover: int) -> Settled:
    """Settle everybody's gross of one run, by the rules of docs/plans/settlement.md."""
    terms = now.plan.settlement
    must_fit(int(gross.max(initial=0)) * HUNDRED_PERCENT, "a member's earnings times the rate")
    capped = _under_ceiling(gross, turnover, terms.ceiling)
    lines = [_of_some(CEILING, capped - gross, base=gross)]
    charge = _in_force(terms.charges, now.period.last_day)
    charged = capped * charge.rate // HUNDRED_PERCENT if charge else np.zeros_like(capped)
    lines.append(_of_some(CHARGE, -charged, rate=charge.rate if charge else 0, base=capped))
    taxed, taxable, tax = _tax(now, capped)
    taxed = np.minimum(taxed, capped - charged)
    rule = _in_force(terms.taxes, now.period.last_day)
    lines.append(_of_some(TAX, -taxed, rate=rule.rate if rule else 0, base=taxable))
    net = capped - charged - taxed
    earned = now.carry.held + net
    held = np.where(earned < terms.minimum, earned, np.minimum(earned, terms.remainder))
    lines.append(_of_some(CARRIED, now.carry.held - held, base=net))
    totals = earned - held
    purchase = totals * terms.purchase_share // HUNDRED_PERCENT
    return Settled([some for some in lines if len(some)], totals, purchase, held, tax)


def _of_some(name: str, amounts: Ints, *, rate: int = 0, base: Ints) -> Lines:
    """A line for everybody whose amount is not nothing."""
    who = np.flatnonzero(amounts)
    return of_members(name, who, amounts[who], rate=rate, base=base[who])


def _under_ceiling(gross: Ints, turnover: int, ceiling: int) -> Ints:
    """The gross, scaled down for all alike where together it exceeds its share of the turnover."""
    limit, sum_of_all = turnover * ceiling // HUNDRED_PERCENT, total(gross)
    if ceiling < 0 or sum_of_all <= limit:
        return gross
    if limit * int(gross.max()) <= LARGEST:
        return gross * limit // sum_of_all
    return np.array([one * limit // sum_of_all for one in gross.tolist()], np.int64)


def _in_force(rules: tuple[Dated, ...], day: int) -> Dated | None:
    """The latest of the rules that begin on this day or before."""
    return max(
        (rule for rule in rules if rule.from_day <= day), key=lambda r: r.from_day, default=None
    )


def _tax(now: Situation, gross: Ints) -> tuple[Ints, Ints, TaxCarry | None]:
    """The tax on each member's gross, what it is taken of, and the year's sums from now on.

    Nothing is taken until the year's gross exceeds the threshold; then of all of it.
    """
    terms, nothing = now.plan.settlement, np.zeros_like(gross)
    if not terms.taxes:
        return nothing, nothing, None
    year, before = year_of(now.period.last_day, terms.year_starts), now.carry.tax
    goes_on = before is not None and before.year == year
    of_year = (before.gross if before and goes_on else nothing) + gross
    untaxed = (before.untaxed if before and goes_on else nothing) + gross
    rule = _in_force(terms.taxes, now.period.last_day)
    if rule is None:
        return nothing, nothing, TaxCarry(year, of_year, untaxed)
    taxable = np.where((of_year > rule.threshold) & (gross > 0), untaxed, 0)
    must_fit(int(taxable.max(initial=0)) * rule.rate, "a member's taxable earnings times the rate")
    return (
        taxable * rule.rate // HUNDRED_PERCENT,
        taxable,
        TaxCarry(year, of_year, untaxed - taxable),
    )
