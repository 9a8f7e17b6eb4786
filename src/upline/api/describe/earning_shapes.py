"""What `data` looks like in the answers about earnings, activity and ranks (shapes.py)."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict  # pydantic reads it before Python 3.12

from upline.api.describe.shapes import Number, words
from upline.commissions.queries import APPROVED
from upline.explanations.activity import Reason
from upline.explanations.units import Unit
from upline.plans.periods import Every


class Activity(TypedDict):
    """Whether the caller is active for a period, and what is missing."""

    active: bool
    reason: Annotated[
        str,
        words(*Reason),
        Field(
            description="Why not: own points are missing, or the membership was blocked or ended; "
            "'' while active"
        ),
    ]
    wanted: Annotated[
        Number, Field(description="Own points that the plan asks for; 0 where it asks for none")
    ]
    reached: Annotated[Number, Field(description="Own points so far, since counts_from")]
    missing: Annotated[Number, Field(description="Own points that are still missing")]
    counts_from: Annotated[str, Field(description="The first day whose orders count")]
    sentence: str


class ActivityOfPeriod(Activity):
    period: Annotated[str, words(*Every)]
    first_day: str
    last_day: str


class ActivityNow(TypedDict):
    active: Annotated[bool | None, Field(description="Today; null where no plan is in force")]
    active_until: Annotated[
        str,
        Field(
            description="The last day up to which that stays so without another order; '' for no "
            "end, and while not active"
        ),
    ]
    sentence: str
    periods: Annotated[
        list[ActivityOfPeriod],
        Field(description="What the run of each running period would find as things are now"),
    ]


class BonusSoFar(TypedDict):
    name: str
    amount: Number


class LegsSoFar(TypedDict):
    bonus: str
    unit: Annotated[
        str, words("points", "money"), Field(description="Whether points or money is in the legs")
    ]
    left: Annotated[Number, Field(description="Brought over and entered so far")]
    right: Number
    position_id: Annotated[int, Field(description="The position whose legs these are")]
    currency: Annotated[str, Field(description="That of the plan; '' for points")]


class PeriodSoFar(TypedDict):
    period: Annotated[str, words(*Every)]
    first_day: str
    last_day: str
    computed_at: str
    basis: Annotated[str, Field(description="In words: what it was calculated on top of")]
    bonuses: list[BonusSoFar]
    total: Annotated[Number, Field(description="Gross: before ceiling, charges and tax")]
    rank_name: Annotated[str, Field(description="'' for none")]
    legs: list[LegsSoFar]
    currency: str


class CurrentEarnings(TypedDict):
    periods: list[PeriodSoFar]
    activity: ActivityNow


class EarningSums(TypedDict):
    id: int
    period: Annotated[str, words(*Every)]
    first_day: str
    last_day: str
    state: Annotated[str, words(*APPROVED)]
    rank_name: Annotated[str, Field(description="What the run pays the caller as; '' for no rank")]
    title_name: Annotated[str, Field(description="The highest rank ever held")]
    gross: Annotated[Number, Field(description="What all bonuses came to")]
    ceiling: Number
    charges: Number
    tax: Number
    deductions: Annotated[Number, Field(description="ceiling, charges and tax together")]
    carried: Annotated[Number, Field(description="Held earlier and paid now; below zero: held now")]
    total: Annotated[Number, Field(description="gross less deductions, with what is carried")]
    purchase: Annotated[Number, Field(description="The part of the total that can only buy")]


class EarningShape(EarningSums):
    currency: str


class Earnings(TypedDict):
    earnings: list[EarningShape]
    next_cursor: str | None


class FigureShape(TypedDict):
    name: str
    value: Number
    unit: Annotated[str, words(*Unit)]
    currency: Annotated[
        str,
        Field(
            description="Of money: the caller's, that of the order's seller, or the plan's; else ''"
        ),
    ]


class SourceOrderShape(TypedDict):
    order_id: Annotated[
        str, Field(description="'' for volume from before the runs that were looked at")
    ]
    username: Annotated[str, Field(description="Whose order it is; '' outside the caller's team")]
    day: str
    leg: Annotated[
        str, words("left", "right", ""), Field(description="Of pairs: the leg that it fed")
    ]
    counted: Number | None
    unit: Annotated[str, words(*Unit, "")]
    currency: Annotated[
        str, Field(description="Of money: the seller's; of pairs that of the plan; else ''")
    ]


class EarningLine(TypedDict):
    number: int
    bonus: str
    amount: Number
    sentence: str
    figures: Annotated[list[FigureShape], Field(description="What the amount was calculated from")]
    username: Annotated[
        str, Field(description="The member that the line came from, where it is one")
    ]
    orders: Annotated[
        list[SourceOrderShape],
        Field(description="What the line came from; of pairs only in the line's own call"),
    ]
    position_id: Annotated[
        int | None,
        Field(description="The position whose pairs are paid or taken back; null for other lines"),
    ]


class OwnEarningLine(EarningLine):
    currency: str


class BonusSum(TypedDict):
    name: str
    lines: int
    amount: Number


class EarningDetails(EarningSums):
    bonuses: list[BonusSum]
    lines: list[EarningLine]
    next_cursor: str | None
    activity: Annotated[
        Activity | None,
        Field(description="Whether the caller was active; null for a run of before this was kept"),
    ]
    currency: str


class ConditionShape(TypedDict):
    name: str
    wanted: Number
    reached: Number
    missing: Number
    unit: Annotated[str, words(*Unit)]
    sentence: str


class RankStep(TypedDict):
    rank_name: str
    conditions: list[ConditionShape]


class MyRanks(TypedDict):
    rank_name: Annotated[str, Field(description="What the caller is paid as now; '' for no rank")]
    title_name: str
    first_day: Annotated[str, Field(description="Of the run that says so; '' before the first")]
    last_day: str
    next: Annotated[list[RankStep], Field(description="Each rank above")]
    currency: Annotated[str, Field(description="Of conditions that count money: that of the plan")]
