"""The whole of a plan's file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upline.plan_documents.keys import (
    ActiveKeys,
    FigureName,
    Keys,
    RanksKeys,
    SettlementKeys,
    Weekday,
)
from upline.plan_documents.kinds import AnyBonus
from upline.plan_documents.market_keys import Markets
from upline.plan_documents.numbers import Decimals, Money, Name

MOST_PACKAGES = 100
MOST_BONUSES = 200
MOST_FIGURES = 8


class Document(Keys):
    """A compensation plan."""

    name: Name
    """The plan's name."""
    currency: Annotated[str, Field(max_length=20)] = ""
    """The currency, only shown."""
    decimals: Decimals = 2
    """How many decimals its money has."""
    point_value: Money | None = None
    """What a point is worth, where a bonus pays on points: 1 at first."""
    week_starts: Weekday = "monday"
    """The first day of a week."""
    packages: Annotated[list[Name], Field(max_length=MOST_PACKAGES)] = []
    """The packages members can hold, the lowest first."""
    figures: Annotated[list[FigureName], Field(max_length=MOST_FIGURES)] = []
    """Names of further figures of orders that the plan counts, as the company calls them."""
    active: ActiveKeys | None = None
    """Who is active. Without it everybody is."""
    ranks: RanksKeys | None = None
    """The ladder of ranks."""
    settlement: SettlementKeys = SettlementKeys()
    """What is taken off earnings, and how the rest is paid."""
    markets: Markets = {}
    """What the plan states for markets in their own currencies, by their codes."""
    bonuses: Annotated[list[AnyBonus], Field(min_length=1, max_length=MOST_BONUSES)]
    """What is paid, in the order in which it is calculated."""
