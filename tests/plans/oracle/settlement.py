"""What is taken off, what waits, and where the rest goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plans.oracle.company import Company
from plans.oracle.money import spent, stated, terms_of
from plans.oracle.standing import Running
from upline.plans.periods import Every, period_of, year_of
from upline.plans.plan import Plan
from upline.plans.terms import Charge, Spot, Stated, Tax

CEILING, CHARGE, TAX, CARRIED_OVER = "ceiling", "service charge", "tax", "carried over"


@dataclass(frozen=True)
class Less:
    """By what a member's earnings of earlier runs are less, after the ceiling and after charges."""

    capped: int = 0
    net: int = 0

    def __add__(self, other: Less) -> Less:
        return Less(self.capped + other.capped, self.net + other.net)


def settle(run: Running, turnover: int, less: dict[int, Less] | None = None) -> None:
    gross = [0] * len(run.company.members)
    for line in run.lines:
        gross[line[1]] += line[6]
    gross = under_the_ceiling(run, gross, turnover)
    open_the_tax_year(run)
    for member, earned in enumerate(gross):
        back = (less or {}).get(member, Less())
        net = earned - charge(run, member, earned) + back.net
        net -= tax(run, member, earned, net, back.capped)
        hold(run, member, net)


def deduct(run: Running, name: str, member: int, rate: int, base: int, amount: int) -> None:
    if amount != 0:
        run.lines.append((name, member, -1, 0, rate, base, amount))
        run.reached[f"{name} {'-' if amount < 0 else '+'}"] += 1


def under_the_ceiling(run: Running, gross: list[int], turnover: int) -> list[int]:
    """What shorter runs of the same days have paid has used up its part."""
    ceiling, whole = run.plan.settlement.ceiling, spent(run.plan, run.company, gross)
    if ceiling < 0:
        return gross
    first, last = run.period.first_day, run.period.last_day
    used = sum(
        paid
        for began, ended, paid in run.before.paid
        if first <= ended <= last and ended - began < last - first
    )
    limit = max(0, turnover * ceiling // 1_000_000 - used)
    run.reached["an earlier run used the ceiling up"] += used > 0 and whole > limit
    if whole > limit:
        scaled = [earned * limit // whole for earned in gross]
        for member, (earned, remaining) in enumerate(zip(gross, scaled, strict=True)):
            deduct(run, CEILING, member, 0, earned, remaining - earned)
        gross = scaled
    run.kept.paid = [*still_asked_for(run), (first, last, spent(run.plan, run.company, gross))]
    return gross


def still_asked_for(run: Running) -> list[tuple[int, int, int]]:
    """Runs that end in the week or month of this one's last day."""
    starts = run.plan.week_starts
    since = min(period_of(run.period.last_day, every, starts).first_day for every in Every)
    return [earlier for earlier in run.before.paid if earlier[1] >= since]


def in_force(table: Sequence[Charge | Tax], day: int) -> Charge | Tax | None:
    begun = [entry for entry in table if entry.from_day <= day]
    return max(begun, key=lambda entry: entry.from_day) if begun else None


def charges_for(plan: Plan, company: Company, member: int) -> Sequence[Charge]:
    """The charges of the member's market, else those of the plan."""
    terms = terms_of(plan, company, member)
    own = terms.charges if terms else None
    return plan.settlement.charges if own is None else own


def charge(run: Running, member: int, earned: int) -> int:
    entry = in_force(charges_for(run.plan, run.company, member), run.period.last_day)
    if entry is None:
        return 0
    amount = earned * entry.rate // 1_000_000
    deduct(run, CHARGE, member, entry.rate, earned, -amount)
    return amount


def part_of(amount: int, rate: int) -> int:
    """Rounded down, also where it is given back."""
    part = abs(amount) * rate // 1_000_000
    return part if amount > 0 else -part


def is_anybody_taxed(plan: Plan) -> bool:
    return any([plan.settlement.taxes, *(terms.taxes for terms in plan.markets)])


def open_the_tax_year(run: Running) -> None:
    if not is_anybody_taxed(run.plan):
        return
    year = year_of(run.period.last_day, run.plan.settlement.year_starts)
    if run.kept.tax_year != year:
        run.reached["a tax year begins"] += run.kept.tax_year is not None
        run.kept.tax_year = year
        run.kept.tax_gross = [0] * len(run.company.members)
        run.kept.tax_untaxed = [0] * len(run.company.members)


def tax(run: Running, member: int, earned: int, remaining: int, back: int) -> int:
    if not is_anybody_taxed(run.plan) or earned == back == 0:
        return 0
    taxed = run.kept.tax_gross[member] - run.kept.tax_untaxed[member]
    run.kept.tax_gross[member] += earned + back
    run.kept.tax_untaxed[member] += earned + back
    terms = terms_of(run.plan, run.company, member)
    own = terms.taxes if terms else None
    entry = in_force(run.plan.settlement.taxes if own is None else own, run.period.last_day)
    if not isinstance(entry, Tax):
        return 0
    base, threshold = run.kept.tax_untaxed[member], entry.threshold
    if own is None:
        threshold = stated(run.plan, run.company, threshold, member)
    run.reached["a tax of a market"] += own is not None
    if run.kept.tax_gross[member] <= threshold:
        run.reached["below the tax threshold"] += 1
        base = -taxed if back else 0
        run.reached["the year falls to the threshold"] += base < 0
    run.reached["a tax of earlier gross"] += base > earned
    run.kept.tax_untaxed[member] -= base
    amount = part_of(base, entry.rate)
    amount = min(amount, max(remaining, 0)) if amount > 0 and not back else amount
    run.reached["a tax takes all that is left"] += 0 < amount == remaining
    deduct(run, TAX, member, entry.rate, base, -amount)
    return amount


def hold(run: Running, member: int, net: int) -> None:
    """Too little waits; of what is enough, the remainder stays behind. What is below zero is asked
    for at once, but for a debt of before."""
    held, rules = run.kept.held[member], run.plan.settlement
    minimum, remainder = (
        stated(run.plan, run.company, amount, member, Spot("", what))
        for amount, what in ((rules.minimum, Stated.MINIMUM), (rules.remainder, Stated.REMAINDER))
    )
    stays = held + net if held + net < minimum else remainder
    stays = max(stays, min(held, 0))
    run.reached["a remainder stays"] += 0 < stays == remainder
    deduct(run, CARRIED_OVER, member, 0, net, held - stays)
    run.kept.held[member] = stays
