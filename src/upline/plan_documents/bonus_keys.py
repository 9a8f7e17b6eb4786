"""The keys that kinds of bonus share (`kinds.py`), and the values that those take.

Each key's words below are also what the published JSON Schema says of it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from upline.plan_documents.keys import Every, Keys
from upline.plan_documents.needs import NeedsKeys
from upline.plan_documents.numbers import (
    CountLimit,
    Money,
    MoneyLimit,
    Name,
    Percent,
    ZeroOrOne,
    money_of,
    points_of,
)

MOST_LEVELS = 1000
LONGEST_DAYS = 36_500

By = Literal["rank", "title", "package", "lower package", "buyer package"]
OwnBy = Literal["rank", "title", "package"]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


def _shape(said: Any) -> str:
    return "by class" if isinstance(said, dict) else "same for all"


def _volume_of(said: object, info: ValidationInfo) -> int:
    """Points or money, by what the bonus pays on."""
    return money_of(said, info) if info.data.get("pays_on", "value") == "value" else points_of(said)


VolumeFigure = Annotated[
    int,
    BeforeValidator(_volume_of),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9.]+$"}]}
    ),
]
"""In hundredths of a point or in minor units, by what the bonus pays on."""

PercentList = Annotated[list[Percent], Field(min_length=1, max_length=MOST_LEVELS)]
MoneyList = Annotated[list[Money], Field(min_length=1, max_length=MOST_LEVELS)]
Percents = Annotated[
    Annotated[PercentList, Tag("same for all")]
    | Annotated[dict[str, PercentList], Tag("by class")],
    Discriminator(_shape),
]
Amounts = Annotated[
    Annotated[MoneyList, Tag("same for all")] | Annotated[dict[str, MoneyList], Tag("by class")],
    Discriminator(_shape),
]
PairLimit = Annotated[
    Annotated[CountLimit, Tag("same for all")] | Annotated[dict[str, CountLimit], Tag("by class")],
    Discriminator(_shape),
]
AmountLimit = Annotated[
    Annotated[MoneyLimit, Tag("same for all")] | Annotated[dict[str, MoneyLimit], Tag("by class")],
    Discriminator(_shape),
]


class BonusKeys(Keys):
    """What all bonuses have."""

    kind: str
    """Which kind of bonus it is."""
    name: Name
    """The bonus's own name; each bonus of a plan has another one."""
    every: Every = "month"
    """How often it is calculated."""
    needs: NeedsKeys = NeedsKeys()


class OnOrders(BonusKeys):
    """A bonus that pays on orders."""

    pays_on: Name = "value"
    """What of an order it pays on: its commissionable value, its points, or one of the plan's
    figures."""
    customers: Literal["all", "outside", "retail", "preferred", "member"] = "all"
    """Whose orders count; outside: retail and preferred customers."""


class ByLevel(OnOrders):
    """A bonus that is carried up a tree, level by level."""

    percents: Percents | None = None
    """Percent for each level; or a table with such a list for each class."""
    amounts: Amounts | None = None
    """Money for each level; or a table with such a list for each class."""
    by: By | None = None
    """Whose class chooses the list, where there is one for each class: rank at first."""
    first_level: ZeroOrOne = 1
    """The level of the list's first entry: 1 is the one above the seller, 0 the seller."""
    compression: Literal["none", "standard", "generous"] = "none"
    """Which members are skipped without using up a level: `none`; those who are not active
    (`standard`); those whom the bonus does not pay (`generous`)."""
    within_days: Days | None = None
    """Only orders dated fewer days than this after their member joined."""
    after_days: Days | None = None
    """Only orders dated so many days or more after their member joined."""


class ByLevelOrHead(ByLevel):
    """As above, on orders or for each active member."""

    per: Literal["order", "active member"] = "order"
    """What an amount is paid for: each order, or each active member once a period."""
