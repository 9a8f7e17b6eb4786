"""What `data` looks like in the answers about earnings, activity and ranks (shapes.py)."""

from typing import Literal

from pydantic import Field

from upline.api.describe.shapes import Number, Shape


class Activity(Shape):
    """Whether the caller is active for a period, and what is missing."""

    active: bool
    reason: Literal["", "points", "stopped"] = Field(
        description="Why not: own points are missing, or the membership was blocked or ended; "
        "'' while active"
    )
    wanted: Number = Field(
        description="Own points that the plan asks for; 0 where it asks for none"
    )
    reached: Number = Field(description="Own points so far, since counts_from")
    missing: Number = Field(description="Own points that are still missing")
    counts_from: str = Field(description="The first day whose orders count")
    sentence: str


class ActivityOfPeriod(Activity):
    period: Literal["day", "week", "month"]
    first_day: str
    last_day: str


class ActivityNow(Shape):
    active: bool | None = Field(description="Today; null where no plan is in force")
    active_until: str = Field(
        description="The last day up to which that stays so without another order; '' for no end, "
        "and while not active"
    )
    sentence: str
    periods: list[ActivityOfPeriod] = Field(
        description="What the run of each running period would find as things are now"
    )


class BonusSoFar(Shape):
    name: str
    amount: Number


class LegsSoFar(Shape):
    bonus: str
    unit: Literal["points", "money"] = Field(description="Whether points or money is in the legs")
    left: Number = Field(description="Brought over and entered so far")
    right: Number


class PeriodSoFar(Shape):
    period: Literal["day", "week", "month"]
    first_day: str
    last_day: str
    computed_at: str
    basis: str = Field(description="In words: what it was worked out on top of")
    bonuses: list[BonusSoFar]
    total: Number = Field(description="Gross: before ceiling, charges and tax")
    rank_name: str = Field(description="'' for none")
    legs: list[LegsSoFar]


class CurrentEarnings(Shape):
    periods: list[PeriodSoFar]
    activity: ActivityNow


class Earning(Shape):
    id: int
    period: Literal["day", "week", "month"]
    first_day: str
    last_day: str
    state: Literal["approved", "paid", "closed"]
    rank_name: str = Field(description="What the run pays the caller as; '' for no rank")
    title_name: str = Field(description="The highest rank ever held")
    gross: Number = Field(description="What all bonuses came to")
    ceiling: Number
    charges: Number
    tax: Number
    deductions: Number = Field(description="ceiling, charges and tax together")
    carried: Number = Field(description="Held earlier and paid now; below zero: held now")
    total: Number = Field(description="gross less deductions, with what is carried")
    purchase: Number = Field(description="The part of the total that can only buy")


class Earnings(Shape):
    earnings: list[Earning]
    next_cursor: str | None


Unit = Literal["money", "points", "count", "percent"]


class FigureShape(Shape):
    name: str
    value: Number
    unit: Unit


class SourceOrderShape(Shape):
    order_id: str = Field(description="'' for volume from before the runs that were looked at")
    username: str = Field(description="Whose order it is; '' outside the caller's team")
    day: str
    leg: Literal["left", "right", ""] = Field(description="Of pairs: the leg that it fed")
    counted: Number | None
    unit: Unit | Literal[""]


class EarningLine(Shape):
    number: int
    bonus: str
    amount: Number
    sentence: str
    figures: list[FigureShape] = Field(description="What the amount was worked out of")
    username: str = Field(description="The member that the line came from, where it is one")
    orders: list[SourceOrderShape] = Field(
        description="What the line came from; of pairs only in the line's own call"
    )


class BonusSum(Shape):
    name: str
    lines: int
    amount: Number


class EarningDetails(Earning):
    bonuses: list[BonusSum]
    lines: list[EarningLine]
    next_cursor: str | None
    activity: Activity | None = Field(
        description="Whether the caller was active; null for a run of before this was kept"
    )


class ConditionShape(Shape):
    name: str
    wanted: Number
    reached: Number
    missing: Number
    unit: Unit
    sentence: str


class RankStep(Shape):
    rank_name: str
    conditions: list[ConditionShape]


class MyRanks(Shape):
    rank_name: str = Field(description="What the caller is paid as now; '' for no rank")
    title_name: str
    first_day: str = Field(description="Of the run that says so; '' before the first")
    last_day: str
    next: list[RankStep] = Field(description="Each rank above")
