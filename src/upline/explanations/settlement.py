"""Sentences for what is taken off, and for what is kept for a later run."""

from __future__ import annotations

import numpy as np

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, chosen, joined, percent, percents
from upline.plans.arrays import Ints
from upline.plans.lines import Lines
from upline.plans.plan import HUNDRED_PERCENT
from upline.plans.settlement import CARRIED, CEILING, CHARGE, TAX


def why(lines: Lines, facts: RunFacts) -> Texts:
    """A sentence for each deduction or carry-over."""
    tell = {CEILING: _ceiling, CHARGE: _charge, TAX: _tax, CARRIED: _carried}
    return tell[lines.bonus](lines, facts)


def _ceiling(lines: Lines, facts: RunFacts) -> Texts:
    rate = percent(facts.plan.settlement.ceiling)
    most, before = facts.ceiling.share, facts.ceiling.paid_before
    limit, turnover = facts.one(facts.ceiling.limit), facts.one(facts.result.turnover)
    paid = f"{facts.one(most)}, less {facts.one(before)} paid by shorter runs = " if before else ""
    all_earned = facts.one(facts.ceiling.gross)
    return joined(
        f"Ceiling: {rate} of the turnover of {turnover} = {paid}{limit}; all members together "
        f"earned {all_earned}, so ",
        facts.money(lines.base), f" times {limit} / {all_earned} = ",
        facts.money(lines.base + lines.amount), " remains",
    )  # fmt: skip


def _charge(lines: Lines, facts: RunFacts) -> Texts:
    return joined("Service charge: ", percents(lines.rate), " of ", facts.money(lines.base))


def _tax(lines: Lines, facts: RunFacts) -> Texts:
    """Of what was not taxed yet; or given back, where what was taxed is taken back."""
    tax = facts.result.carry.tax
    year = facts.money(tax.gross[lines.member]) if tax else ""
    full = lines.base * lines.rate // HUNDRED_PERCENT
    limited = joined("; limited to the ", facts.money(-lines.amount), " that remains")
    less = chosen(-lines.amount < full, limited, "")
    taken = joined(
        "Tax: ", percents(lines.rate), " of ", facts.money(lines.base),
        " not yet taxed; earnings this year: ", year, less,
    )  # fmt: skip
    back = joined(
        "Tax refunded: ", percents(lines.rate), " of ", facts.money(-lines.base),
        ", which was taxed and is now taken back; earnings this year: ", year,
    )  # fmt: skip
    return chosen(lines.base < 0, back, taken)


def _carried(lines: Lines, facts: RunFacts) -> Texts:
    """Paid out of what was held, or held together with it."""
    after = facts.result.carry.held[lines.member]
    before = after + lines.amount
    terms, earned = facts.plan.settlement, before + lines.base
    held = chosen(
        earned < terms.minimum, _below(lines, before, facts), _rest(before, earned, facts)
    )
    net, kept = facts.money(lines.base), facts.money(before)
    paid = joined("Held from earlier runs: ", kept, ", paid now with ", net)
    debt = joined("Repayment of ", facts.money(-before), " owed from earlier runs, out of ", net)
    return chosen(before < 0, debt, chosen(after > 0, held, paid))


def _below(lines: Lines, before: Ints, facts: RunFacts) -> Texts:
    """All is held."""
    kept = chosen(
        before > 0, joined(", plus ", facts.money(before), " held from earlier runs,"), ""
    )
    minimum = f" is below the minimum payout of {facts.one(facts.plan.settlement.minimum)}"
    return joined("Held for a later run: ", facts.money(lines.base), kept, minimum)


def _rest(before: Ints, earned: Ints, facts: RunFacts) -> Texts:
    """The remainder is held, the rest is paid."""
    remainder = np.minimum(earned, facts.plan.settlement.remainder)
    of = joined(", of which ", facts.money(before), " was held from earlier runs")
    return joined(
        "Held for a later run: ", facts.money(remainder), " of ", facts.money(earned),
        chosen(before > 0, of, ""),
    )  # fmt: skip
