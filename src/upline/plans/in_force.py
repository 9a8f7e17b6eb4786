"""Charges and taxes of the day on which a run ends, by market: those that the plan states for a
market replace its own there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from upline.plans.arrays import Flags, Ints
from upline.plans.exchange import RunRates
from upline.plans.plan import Plan
from upline.plans.terms import Charge, MarketTerms, Tax

Dated = TypeVar("Dated", Charge, Tax)


@dataclass(frozen=True, slots=True)
class TaxRules:
    """The tax in force in each market: its rate, the threshold in the market's currency, and
    whether there is one; a single entry for all where a run met one currency."""

    rate: Ints
    threshold: Ints
    is_taken: Flags


def in_force(rules: Sequence[Dated], day: int) -> Dated | None:
    """The latest of the rules that begin on this day or before."""
    return max(
        (rule for rule in rules if rule.from_day <= day), key=lambda r: r.from_day, default=None
    )


def charge_rates(plan: Plan, exchange: RunRates | None, day: int) -> Ints:
    """The service charge in force in each market, 0 for none; a single entry for all where a run
    met one currency."""
    found = []
    for terms in _markets(exchange):
        own = terms.charges if terms else None
        rule = in_force(plan.settlement.charges if own is None else own, day)
        found.append(rule.rate if rule else 0)
    return np.array(found, np.int64)


def tax_rules(plan: Plan, exchange: RunRates | None, day: int) -> TaxRules:
    """The taxes in force in each market."""
    rates, thresholds, is_taken = [], [], []
    for market, terms in enumerate(_markets(exchange)):
        own = terms.taxes if terms else None
        rule = in_force(plan.settlement.taxes if own is None else own, day)
        threshold = rule.threshold if rule else 0
        if exchange is not None and own is None:
            threshold = int(exchange.of_plan(threshold)[market])
        rates.append(rule.rate if rule else 0)
        thresholds.append(threshold)
        is_taken.append(rule is not None)
    return TaxRules(np.array(rates, np.int64), np.array(thresholds, np.int64), np.array(is_taken))


def _markets(exchange: RunRates | None) -> Sequence[MarketTerms | None]:
    """What the plan states for each market that a run met."""
    return (None,) if exchange is None else exchange.terms
