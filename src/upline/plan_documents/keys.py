"""The keys of a plan's file, but for its bonuses (`kinds.py`).

Each key's words below are also what the published JSON Schema says of it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)

from upline.language import gettext
from upline.plan_documents.errors import quoted
from upline.plan_documents.numbers import (
    Date,
    Money,
    Name,
    Percent,
    Points,
    money_of,
    number_schema,
    points_of,
    refused,
)

MOST_COUNTED = 255
"""Legs and directs are counted up to here."""
MOST_RANKS = 100
MOST_PERIODS = 120

Every = Literal["day", "week", "month"]
KeptTree = Literal["sponsor", "placement"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Count = Annotated[int, Field(ge=1, le=MOST_COUNTED)]
OF_ORDERS = ("value", "points")
"""What every order has that a plan counts."""
ORDER_COLUMNS = ("id", "member", "date", "amount", "pv", "customer", "buyer")
"""The columns of orders.csv, in which each figure has one of its own."""


def _other_name(said: str) -> str:
    if said.casefold() in (*OF_ORDERS, *ORDER_COLUMNS):
        raise refused(
            gettext(
                "{name} is something that every order has: use another name.", name=quoted(said)
            )
        )
    return said


FigureName = Annotated[Name, AfterValidator(_other_name)]
MeasuredIn = Name
"""`points`, or one of the plan's figures."""


class Keys(BaseModel):
    """A table of the file: no other keys, nothing converted silently."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


class ActiveKeys(Keys):
    """Who is active. Without it everybody is."""

    personal_points: Points
    """Own points a member needs to be active."""
    periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 1
    """Over how many periods, the running one included."""
    every: Every = "month"
    """How long such a period is."""
    measured_in: MeasuredIn = "points"
    """What the points are: points, or one of the plan's figures."""


class LegsKeys(Keys):
    """So many legs in which somebody holds at least a rank."""

    count: Count
    """How many legs."""
    rank: Name
    """The rank that somebody in each of them holds, or a higher one."""


class Directs(Keys):
    """So many recruits of at least a rank; without `rank`, active ones."""

    count: Count
    """How many recruits."""
    rank: Name | None = None
    """The rank that each of them holds, or a higher one."""


def _least_of(said: object, info: ValidationInfo) -> int:
    """Points or money, by what the order is measured in."""
    is_money = info.data.get("measured_in") == "value"
    return money_of(said, info) if is_money else points_of(said)


class CustomersWithOrders(Keys):
    """So many retail and preferred customers of the member, each with an order."""

    count: Annotated[int, Field(ge=1, le=10**6)]
    """How many customers."""
    measured_in: Name = "points"
    """What the least order is measured in: points, value, or one of the plan's figures."""
    least: Annotated[int, BeforeValidator(_least_of), WithJsonSchema(number_schema())] = 0
    """The least that one of their orders must have; without it any order counts."""


class RankStepKeys(Keys):
    """One rank: whoever meets all its conditions holds it."""

    name: Name
    """The rank's name."""
    active: bool = True
    """Whether the member must be active."""
    personal_points: Points = 0
    """Own points."""
    group_points: Points = 0
    """Own points and those of all below, without the legs that broke away."""
    team_points: Points = 0
    """Own points and those of all below."""
    leg_limit: Percent | None = None
    """The most that one leg counts, in percent of the group (else team) points asked for."""
    leg_limit_points: Points | None = None
    """The most points that one leg counts."""
    legs: list[LegsKeys] = []
    """Legs with somebody of a rank in them."""
    directs: list[Directs] = []
    """Recruits of a rank."""
    customers: Annotated[int, Field(ge=0, le=10**6)] = 0
    """Orders by retail and preferred customers."""
    customers_with_orders: CustomersWithOrders | None = None
    """Retail and preferred customers with an order."""
    periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)] = 1
    """Over how many periods points and customers are counted, the running one included."""


class RanksKeys(Keys):
    """The ladder of ranks."""

    steps: Annotated[list[RankStepKeys], Field(min_length=1, max_length=MOST_RANKS)]
    """The ranks, the lowest first."""
    tree: KeptTree = "sponsor"
    """The tree in which group points, team points and legs are measured."""
    every: Every = "month"
    """How often ranks are calculated."""
    breakaway: Name | None = None
    """The rank from which a leg breaks away from the group above it."""
    measured_in: MeasuredIn = "points"
    """What all points of the steps are: points, or one of the plan's figures."""


class ServiceCharge(Keys):
    """A service charge from a day on."""

    from_: Annotated[Date, Field(alias="from")]
    """The first day on which it is in force."""
    percent: Percent
    """Percent of gross earnings."""


class TaxKeys(Keys):
    """A tax from a day on."""

    from_: Annotated[Date, Field(alias="from")]
    """The first day on which it is in force."""
    percent: Percent
    """Percent of gross earnings."""
    threshold: Money = 0
    """Taken once a year's gross earnings exceed this."""


class SettlementKeys(Keys):
    """What is taken off earnings, and how the rest is paid."""

    service_charge: Percent | None = None
    """Percent of gross earnings, on any day."""
    service_charges: list[ServiceCharge] = []
    """The same, where it changed over time: the oldest first."""
    taxes: list[TaxKeys] = []
    """Taxes, the oldest first; the newest that is in force is taken."""
    year_starts: Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")] = "01-01"
    """Month and day on which the tax year starts."""
    purchase_share: Percent = 0
    """Percent of the payout that goes to the purchase account."""
    minimum_payout: Money = 0
    """Less than this is carried over to the next run."""
    remainder: Money = 0
    """What stays carried over when something is paid."""
    ceiling: Percent | None = None
    """The most that a period pays, in percent of its turnover; above it all are scaled down."""
