"""What a plan asks of the files."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain

from upline.plan_documents.placement import asks_for_legs, places_below
from upline.plans.bonus import Bonus, By, Cap, Rates
from upline.plans.counting import Basis, Volume
from upline.plans.plan import Plan

PACKAGES = (By.PACKAGE, By.LOWER_PACKAGE, By.BUYER_PACKAGE)


def bonus_by_side(plan: Plan) -> str | None:
    """The first bonus that has to know who stands left and who right."""
    return next((bonus.name for bonus in plan.bonuses if asks_for_legs(bonus)), None)


def matrix_on_placement(plan: Plan) -> Bonus | None:
    """The first bonus that says how many may stand below one member."""
    says = (bonus for bonus in plan.bonuses if places_below(bonus) and not asks_for_legs(bonus))
    return next(says, None)


def bonus_by_package(plan: Plan) -> str | None:
    """The first bonus that pays by package."""
    return next((bonus.name for bonus in plan.bonuses if _by_package(bonus)), None)


def _by_package(bonus: Bonus) -> bool:
    parts = (getattr(bonus, field.name) for field in fields(bonus))
    tables = chain.from_iterable(part if isinstance(part, tuple) else (part,) for part in parts)
    return any(part.by in PACKAGES for part in tables if isinstance(part, Rates | Cap))


def asks_for_buyers(plan: Plan) -> bool:
    """Whether a rank or a bonus asks how many customers have ordered."""
    return bool(plan.ranks.buyers()) or any(bonus.needs.buyers for bonus in plan.bonuses)


def pays_on_points(plan: Plan) -> bool:
    """Whether some bonus pays on points or a figure instead of value."""
    volumes = (getattr(bonus, "volume", None) for bonus in plan.bonuses)
    return any(isinstance(v, Volume) and v.basis is not Basis.VALUE for v in volumes)
