"""What another membership package changes for a member, by the plan that is in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from upline.base.amounts import grouped
from upline.commissions import queries
from upline.commissions.models import PlanVersion
from upline.language import gettext, ngettext
from upline.plans.bonus import By, Cap, Levels, Pairs, Rates, Stairstep
from upline.plans.periods import Every
from upline.plans.plan import Plan
from upline.screens import shown

_RATES: dict[By, Callable[..., str]] = {
    By.PACKAGE: lambda **parts: gettext("{bonus}: {before} → {after}", **parts),
    By.LOWER_PACKAGE: lambda **parts: gettext(
        "{bonus} (of the lower package): {before} → {after}", **parts
    ),
    By.BUYER_PACKAGE: lambda **parts: gettext(
        "{bonus} (paid to others on the member's orders): {before} → {after}", **parts
    ),
}
_CAPS: dict[Every, Callable[..., str]] = {
    Every.DAY: lambda **parts: gettext("{bonus}, cap of the day: {before} → {after}", **parts),
    Every.WEEK: lambda **parts: gettext("{bonus}, cap of the week: {before} → {after}", **parts),
    Every.MONTH: lambda **parts: gettext("{bonus}, cap of the month: {before} → {after}", **parts),
}


def effects(before_id: int | None, after_id: int) -> list[str] | None:
    """A sentence for each rate and cap that differs between two packages, by their ids (None: no
    package counts); None where no plan is in force today."""
    held = queries.in_force()
    if held is None:
        return None
    version = PlanVersion.objects.get(pk=held.version_id)
    before, after = (_number(version, each) for each in (before_id, after_id))
    return list(_compared(held.plan, before, after))


def _number(version: PlanVersion, package_id: int | None) -> int:
    """The plan's number of a package; 0, the lowest, for one it does not name."""
    ids = enumerate(version.packages)
    return next((number for number, named in ids if package_id in named), 0)


def _compared(plan: Plan, before: int, after: int) -> Iterator[str]:
    for bonus in plan.bonuses:
        rates = bonus.rates if isinstance(bonus, Levels | Stairstep | Pairs) else None
        if rates and rates.by in _RATES:
            old, new = (_rates(rates, number) for number in (before, after))
            if old != new:
                yield _RATES[rates.by](bonus=bonus.name, before=old, after=new)
        for cap in bonus.caps if isinstance(bonus, Pairs) else ():
            if cap.by is By.PACKAGE:
                old, new = (_limit(cap, number) for number in (before, after))
                if old != new:
                    yield _CAPS[cap.per](bonus=bonus.name, before=old, after=new)


def _rates(rates: Rates, number: int) -> str:
    row = rates.table[number]
    if rates.flat:
        return ", ".join(shown.plan_money(amount) for amount in row)
    return ", ".join(f"{grouped(rate, 2)} %" for rate in row)


def _limit(cap: Cap, number: int) -> str:
    limit = cap.limits[number]
    if limit < 0:
        return gettext("no limit")
    if cap.in_pairs:
        return ngettext("{count} pair", "{count} pairs", limit)
    return shown.plan_money(limit)
