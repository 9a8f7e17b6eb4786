"""How a simulated company grows, stays and spends."""

from __future__ import annotations

from dataclasses import dataclass

from upline.plans.plan import HUNDRED_PERCENT, HUNDREDTHS, Plan

USUAL_SPENDING = 100
"""Units of money that make the smallest order, where the plan does not say what makes active."""


@dataclass(frozen=True, slots=True)
class CompanyShape:
    """What is drawn from. Shares lie from 0 to 1; money is in minor units; months from 0.

    `points_rate`: what part of an order's value counts as points, in millionths.
    `spending` and `package_shares` have one entry for each package, or a single one. `width`: how
    many stand below each member at most; TWO_LEGS is a binary, 0 that all stand below the sponsor.
    `holders`: the share of members who hold three positions, in a binary alone.
    """

    members: int
    months: int
    first_day: int
    growth: float
    copying: float
    churn: float
    activity: float
    builder_activity: float
    first_orders: float
    spill_over: float
    outer_end: float
    power_leg: float
    package_shares: tuple[float, ...]
    spending: tuple[int, ...]
    spread: float
    points_rate: int
    point_value: int
    customers: float
    customers_each: float
    preferred: float
    width: int
    holders: float = 0.0


def usual_package_shares(plan: Plan) -> tuple[float, ...]:
    """Each package is bought half as often as the one below it."""
    return tuple(0.5**k for k in range(max(1, len(plan.packages))))


def usual_spending(plan: Plan, points_rate: int) -> tuple[int, ...]:
    """With the lowest package as much as makes active; with the next twice, three times as much.

    Where nothing has to be bought to be active: USUAL_SPENDING.
    """
    lowest = USUAL_SPENDING * 10**plan.decimals
    if plan.active.personal_points and points_rate:
        money = plan.active.personal_points * plan.point_value * HUNDRED_PERCENT
        lowest = -(-money // (HUNDREDTHS * points_rate)) or lowest
    return tuple(lowest * (k + 1) for k in range(max(1, len(plan.packages))))
