"""What a plan asks of the files."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain

from upline.plans.plan import Basis, Bonus, By, Cap, Pairs, Plan, Rates, Volume

PACKAGES = (By.PACKAGE, By.LOWER_PACKAGE, By.BUYER_PACKAGE)


def bonus_by_side(plan: Plan) -> str | None:
    """The first bonus that has to know who stands left and who right."""
    asks = (b.name for b in plan.bonuses if isinstance(b, Pairs) or b.needs.directs_each_side)
    return next(asks, None)


def bonus_by_package(plan: Plan) -> str | None:
    """The first bonus that pays by package."""
    return next((bonus.name for bonus in plan.bonuses if _by_package(bonus)), None)


def _by_package(bonus: Bonus) -> bool:
    parts = (getattr(bonus, field.name) for field in fields(bonus))
    tables = chain.from_iterable(part if isinstance(part, tuple) else (part,) for part in parts)
    return any(part.by in PACKAGES for part in tables if isinstance(part, Rates | Cap))


def highest_rate(plan: Plan) -> int:
    """The highest rate of the plan in basis points, a whole at least."""
    tables = [getattr(bonus, "rates", None) for bonus in plan.bonuses]
    rows = chain.from_iterable(t.table for t in tables if isinstance(t, Rates) and not t.flat)
    return max(10_000, *chain.from_iterable(rows), 0)


def pays_on_points(plan: Plan) -> bool:
    """Whether some bonus pays on points instead of value."""
    volumes = (getattr(bonus, "volume", None) for bonus in plan.bonuses)
    return any(isinstance(v, Volume) and v.basis is Basis.POINTS for v in volumes)
