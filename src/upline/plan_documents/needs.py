"""The keys that say what a member must be to be paid by a bonus.

Each key's words below are also what the published JSON Schema says of it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upline.plan_documents.keys import MOST_COUNTED, CustomersWithOrders, Keys, MeasuredIn
from upline.plan_documents.numbers import Name, Points


class NeedsKeys(Keys):
    """What a member must be to be paid by this bonus."""

    active: bool = True
    """Whether the member must be active."""
    rank: Name | None = None
    """The rank the member must hold, or a higher one."""
    personal_points: Points = 0
    """Own points in the period."""
    measured_in: MeasuredIn = "points"
    """What these points are: points, or one of the plan's figures."""
    customers_with_orders: CustomersWithOrders | None = None
    """Retail and preferred customers with an order in the period."""
    directs: Annotated[int, Field(ge=0, le=MOST_COUNTED)] = 0
    """Active recruits."""


class NeedsNothing(NeedsKeys):
    """What a member must be to be paid by this bonus; nothing at first."""

    active: bool = False
    """Whether the member must be active."""


class NeedsOnBothSides(NeedsKeys):
    """What a member must be to be paid for pairs."""

    directs_each_side: Annotated[int, Field(ge=0, le=MOST_COUNTED)] = 0
    """Active recruits in each of the two legs."""
