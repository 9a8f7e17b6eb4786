"""A small company's shape, and what is read from trees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from upline.plan_documents.placement import TWO_LEGS
from upline.plans.arrays import Indexes
from upline.simulation.growth import Grown, grow
from upline.simulation.shape import CompanyShape

FIRST_OF_2026 = 20_454

SMALL = CompanyShape(
    members=300,
    months=6,
    first_day=FIRST_OF_2026,
    growth=0.1,
    copying=0.5,
    churn=0.08,
    activity=0.5,
    builder_activity=0.9,
    first_orders=0.9,
    spill_over=0.25,
    outer_end=0.75,
    power_leg=0.6,
    package_shares=(4.0, 2.0, 1.0),
    spending=(10_000, 20_000, 30_000),
    spread=0.25,
    points_rate=1_000_000,
    point_value=100,
    customers=0.2,
    customers_each=3.0,
    preferred=0.5,
    width=TWO_LEGS,
)


def grown(seed: int = 1, **others: Any) -> Grown:
    """A small company, but for what is said."""
    return grow(replace(SMALL, **others), np.random.default_rng(seed))


def above(parent: Indexes, member: int) -> list[int]:
    """Everybody above a member."""
    found = []
    while parent[member] >= 0:
        member = int(parent[member])
        found.append(member)
    return found


def depths(parent: Indexes) -> list[int]:
    """How many stand above each member."""
    return [len(above(parent, member)) for member in range(len(parent))]
