"""What another membership package changes for a member, by the plan that is in force."""

from __future__ import annotations

from collections.abc import Iterator

from upline.base.amounts import as_text
from upline.commissions import queries
from upline.commissions.models import PlanVersion
from upline.plans.plan import By, Cap, Levels, Pairs, Plan, Rates, Stairstep
from upline.screens import shown

_WHOSE = {
    By.PACKAGE: "",
    By.LOWER_PACKAGE: " (of the lower package)",
    By.BUYER_PACKAGE: " (paid to others on the member's orders)",
}


def effects(before_id: int | None, after_id: int) -> list[str] | None:
    """A sentence for each rate and cap that differs between two packages, by their ids (None: no
    package counts); None where no plan is in force today."""
    held = queries.in_force()
    if held is None:
        return None
    version = PlanVersion.objects.get(pk=held.version_id)
    before, after = (_number(version, each) for each in (before_id, after_id))
    return [
        f"{what}: {old} → {new}"
        for what, old, new in _compared(held.plan, before, after)
        if old != new
    ]


def _number(version: PlanVersion, package_id: int | None) -> int:
    """The plan's number of a package; 0, the lowest, for one it does not name."""
    ids = enumerate(version.packages)
    return next((number for number, named in ids if package_id in named), 0)


def _compared(plan: Plan, before: int, after: int) -> Iterator[tuple[str, str, str]]:
    for bonus in plan.bonuses:
        rates = bonus.rates if isinstance(bonus, Levels | Stairstep | Pairs) else None
        if rates and rates.by in _WHOSE:
            old, new = (_rates(rates, number) for number in (before, after))
            yield f"{bonus.name}{_WHOSE[rates.by]}", old, new
        for cap in bonus.caps if isinstance(bonus, Pairs) else ():
            if cap.by is By.PACKAGE:
                old, new = (_limit(cap, number) for number in (before, after))
                yield f"{bonus.name}, cap of the {cap.per}", old, new


def _rates(rates: Rates, number: int) -> str:
    row = rates.table[number]
    if rates.flat:
        return ", ".join(shown.plan_money(amount) for amount in row)
    return ", ".join(f"{as_text(rate, 2)} %" for rate in row)


def _limit(cap: Cap, number: int) -> str:
    limit = cap.limits[number]
    if limit < 0:
        return "no limit"
    return f"{limit} pairs" if cap.in_pairs else shown.plan_money(limit)
