"""Sentences for what is taken off, and for what is kept for a later run."""

from __future__ import annotations

import numpy as np

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, chosen, percent, percents, told
from upline.plans.arrays import Ints
from upline.plans.lines import Lines
from upline.plans.settlement import (
    CARRIED,
    CEILING,
    CHARGE,
    MINIMUM,
    REMAINDER,
    TAX,
    part_of,
)


def why(lines: Lines, facts: RunFacts) -> Texts:
    """A sentence for each deduction or carry-over."""
    tell = {CEILING: _ceiling, CHARGE: _charge, TAX: _tax, CARRIED: _carried}
    return tell[lines.bonus](lines, facts)


def _ceiling(lines: Lines, facts: RunFacts) -> Texts:
    limit, before = facts.one(facts.ceiling.limit), facts.ceiling.paid_before
    parts: dict[str, Texts | str] = {
        "percent": percent(facts.plan.settlement.ceiling),
        "turnover": facts.one(facts.result.turnover),
        "limit": limit,
        "earned": facts.one(facts.ceiling.gross),
        "amount": facts.earned(lines.base, lines),
        "rest": facts.earned(lines.base + lines.amount, lines),
    }
    if not before:
        return told(
            "Ceiling: {percent} of the turnover of {turnover} = {limit}; all members together "
            "earned {earned}, so {amount} times {limit} / {earned} = {rest} remains", **parts,
        )  # fmt: skip
    return told(
        "Ceiling: {percent} of the turnover of {turnover} = {share}, less {before} paid by shorter "
        "runs = {limit}; all members together earned {earned}, so {amount} times {limit} / "
        "{earned} = {rest} remains",
        share=facts.one(facts.ceiling.share), before=facts.one(before), **parts,
    )  # fmt: skip


def _charge(lines: Lines, facts: RunFacts) -> Texts:
    charge = told(
        "Service charge: {percent} of {amount}",
        percent=percents(lines.rate),
        amount=facts.earned(lines.base, lines),
    )
    return facts.currencies.of_market(charge, lines, lambda terms: terms.charges is not None)


def _tax(lines: Lines, facts: RunFacts) -> Texts:
    """Of what was not taxed yet; or given back, where what was taxed is taken back."""
    tax = facts.result.carry.tax
    year = facts.earned(tax.gross[lines.member], lines) if tax else ""
    full = part_of(lines.base, lines.rate)
    rate = percents(lines.rate)
    taken = told(
        "Tax: {percent} of {amount} not yet taxed; earnings this year: {year}",
        percent=rate, amount=facts.earned(lines.base, lines), year=year,
    )  # fmt: skip
    taken = facts.currencies.of_market(taken, lines, lambda terms: terms.taxes is not None)
    limited = told(
        "{sentence}; limited to the {amount} that remains",
        sentence=taken, amount=facts.earned(-lines.amount, lines),
    )  # fmt: skip
    back = told(
        "Tax refunded: {percent} of {amount}, which was taxed and is now taken back; earnings this "
        "year: {year}",
        percent=rate, amount=facts.earned(-lines.base, lines), year=year,
    )  # fmt: skip
    return chosen(lines.base < 0, back, chosen(-lines.amount < full, limited, taken))


def _carried(lines: Lines, facts: RunFacts) -> Texts:
    """Paid out of what was held, or held together with it."""
    after = facts.result.carry.held[lines.member]
    before = after + lines.amount
    earned = before + lines.base
    of_plan = facts.plan.settlement.minimum
    minimum = facts.currencies.stated(of_plan, MINIMUM, lines)
    below = _below(lines, before, minimum, facts)
    held = chosen(
        earned < minimum,
        facts.currencies.at_stated(below, lines, of_plan, minimum, MINIMUM),
        _rest(lines, before, earned, facts),
    )
    net = facts.earned(lines.base, lines)
    paid = told(
        "Held from earlier runs: {held}, paid now with {amount}",
        held=facts.earned(before, lines),
        amount=net,
    )
    debt = told(
        "Repayment of {debt} owed from earlier runs, out of {amount}",
        debt=facts.earned(-before, lines),
        amount=net,
    )
    return chosen(before < 0, debt, chosen(after > 0, held, paid))


def _below(lines: Lines, before: Ints, least: Ints, facts: RunFacts) -> Texts:
    """All is held."""
    minimum, amount = facts.earned(least, lines), facts.earned(lines.base, lines)
    with_more = told(
        "Held for a later run: {amount}, plus {held} held from earlier runs, is below the minimum "
        "payout of {minimum}",
        amount=amount, held=facts.earned(before, lines), minimum=minimum,
    )  # fmt: skip
    alone = told(
        "Held for a later run: {amount} is below the minimum payout of {minimum}",
        amount=amount,
        minimum=minimum,
    )
    return chosen(before > 0, with_more, alone)


def _rest(lines: Lines, before: Ints, earned: Ints, facts: RunFacts) -> Texts:
    """The remainder is held, the rest is paid."""
    of_plan = facts.plan.settlement.remainder
    stated = facts.currencies.stated(of_plan, REMAINDER, lines)
    remainder = facts.earned(np.minimum(earned, stated), lines)
    parts = {"rest": remainder, "earned": facts.earned(earned, lines)}
    alone = told("Held for a later run: {rest} of {earned}", **parts)
    with_more = told(
        "Held for a later run: {rest} of {earned}, of which {held} was held from earlier runs",
        held=facts.earned(before, lines), **parts,
    )  # fmt: skip
    rest = chosen(before > 0, with_more, alone)
    return facts.currencies.in_place(rest, lines, of_plan, stated, REMAINDER)
