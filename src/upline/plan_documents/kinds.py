"""The keys of each kind of bonus.

Each key's words below are also what the published JSON Schema says of it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from upline.plan_documents.bonus_keys import (
    MOST_LEVELS,
    AmountLimit,
    BonusKeys,
    By,
    ByLevel,
    ByLevelOrHead,
    Days,
    MoneyList,
    OnOrders,
    OwnBy,
    PairLimit,
    Percents,
    VolumeFigure,
)
from upline.plan_documents.keys import Every, KeptTree, Keys, MeasuredIn
from upline.plan_documents.needs import NeedsNothing, NeedsOnBothSides
from upline.plan_documents.numbers import Money, Name, Percent, Points, ZeroOrOne

WIDEST = 100


class LevelsKeys(ByLevelOrHead):
    """Percent or money for each level of a tree (unilevel)."""

    kind: Literal["levels"]
    tree: KeptTree = "sponsor"
    """The tree it is carried up."""


class Monoline(ByLevelOrHead):
    """Levels of one line, in which everybody stands below who joined just before."""

    kind: Literal["monoline"]


class XUp(ByLevelOrHead):
    """Levels of a tree in which each member passes the first recruits up."""

    kind: Literal["x_up"]
    pass_up: Annotated[int, Field(ge=1, le=100)]
    """How many recruits each member passes up."""


class FastStart(ByLevel):
    """Levels on the orders of a member's first days."""

    kind: Literal["fast_start"]
    tree: KeptTree = "sponsor"
    """The tree it is carried up."""
    within_days: Days
    """Only orders dated fewer days than this after their member joined."""


class RetailMargin(OnOrders):
    """Percent of the seller's own sales."""

    kind: Literal["retail_margin"]
    customers: Literal["all", "outside", "retail", "preferred", "member"] = "outside"
    """Whose orders count; outside: retail and preferred customers."""
    percent: Percent
    """Percent of each order."""
    needs: NeedsNothing = NeedsNothing()


class Referral(OnOrders):
    """What a sponsor is paid once for a recruit."""

    kind: Literal["referral"]
    on: Literal["joining", "first order"]
    """What it is paid for."""
    percent: Percent | None = None
    """Percent of the first order."""
    amount: Money | None = None
    """Money, the same for all."""
    percents: dict[str, Percent] | None = None
    """Percent of the first order for each class."""
    amounts: dict[str, Money] | None = None
    """Money for each class."""
    by: By | None = None
    """Whose class chooses, where there is an entry for each class: rank at first."""


class Matching(BonusKeys):
    """Percent of what others earned by other bonuses."""

    kind: Literal["matching"]
    of: Annotated[list[str], Field(min_length=1)]
    """The bonuses that are matched; they stand before this one."""
    percents: Percents
    """Percent for each level or generation; or a table with such a list for each class."""
    by: By | None = None
    """Whose class chooses the list, where there is one for each class: rank at first."""
    count: Literal["levels", "generations"] = "levels"
    """What a step up the sponsor tree is."""
    compression: Literal["none", "standard", "generous"] = "none"
    """Which members are skipped without using up a level: `none`; those who are not active
    (`standard`); those whom the bonus does not pay (`generous`)."""
    heads: Name | None = None
    """The rank from which a member begins a generation; the receiver's own at first."""
    first_generation: ZeroOrOne = 1
    """The generation of the list's first entry, which in matching is always 1."""


class Generation(OnOrders):
    """Percent for each generation of ranks."""

    kind: Literal["generation"]
    tree: KeptTree = "sponsor"
    """The tree it is carried up."""
    percents: Percents
    """Percent for each generation; or a table with such a list for each class."""
    by: By | None = None
    """Whose class chooses the list, where there is one for each class: rank at first."""
    heads: Name | None = None
    """The rank from which a member begins a generation; the receiver's own at first."""
    first_generation: ZeroOrOne = 1
    """The generation of the list's first entry; 0 is the receiver's own group."""


class BracketKeys(Keys):
    """From so many group points on, this percent."""

    points: Points
    """Group points from which it holds."""
    percent: Percent
    """Percent of each order, less what those below are paid."""


class StairstepKeys(OnOrders):
    """The differential: each one above is paid what their percent exceeds those below."""

    kind: Literal["stairstep"]
    tree: KeptTree = "sponsor"
    """The tree it is carried up, in which group points are measured."""
    brackets: Annotated[list[BracketKeys], Field(max_length=MOST_LEVELS)] = []
    """Percent by group points, the lowest first."""
    measured_in: MeasuredIn = "points"
    """What the brackets' points are: points, or one of the plan's figures."""
    percents: dict[str, Percent] | None = None
    """Percent for each class, instead of brackets."""
    by: OwnBy | None = None
    """Whose class chooses: rank at first."""
    first_level: ZeroOrOne = 0
    """0: the seller is paid first; 1: the one above."""


class CapKeys(Keys):
    """The most that pairs pay in a day, week or month."""

    per: Every
    """How long the cap's own period is."""
    pairs: PairLimit | None = None
    """The most pairs; or a table with a number for each class."""
    amount: AmountLimit | None = None
    """The most money; or a table with an amount for each class."""
    by: OwnBy | None = None
    """Whose class chooses, where there is an entry for each class: rank at first."""


class Binary(OnOrders):
    """The volume of the two legs of the placement tree is matched in pairs."""

    kind: Literal["binary"]
    unit: VolumeFigure = 1
    """The volume that one side of a pair takes; without it every hundredth is matched."""
    percent: Percent | None = None
    """Percent of the smaller part of what is matched."""
    pair_amount: Money | None = None
    """Money for each pair."""
    percents: dict[str, Percent] | None = None
    """Percent for each class."""
    pair_amounts: dict[str, Money] | None = None
    """Money for each pair, for each class."""
    by: OwnBy | None = None
    """Whose class chooses, where there is an entry for each class: rank at first."""
    ratio: Literal["1:1", "2:1", "1:2"] = "1:1"
    """How many units of one leg and of the other make a pair."""
    legs: Literal["stronger:weaker", "left:right"] = "stronger:weaker"
    """Which legs the two numbers of the ratio speak of."""
    ratio_on: Literal["every pair", "first pair"] = "every pair"
    """Whether the ratio is for every pair, or for a member's first ever, all others being 1:1."""
    caps: list[CapKeys] = []
    """The most that pairs pay in a day, week or month."""
    over_cap: Literal["flushed", "carried", "both flushed"] = "flushed"
    """What happens to volume above a cap."""
    volume_limit: VolumeFigure | None = None
    """The most new volume that counts on a side in a period."""
    carry_limit: VolumeFigure | None = None
    """The most volume that a side carries over."""
    unqualified: Literal["carried", "flushed"] = "carried"
    """What happens to the volume of who does not meet the needs."""
    needs: NeedsOnBothSides = NeedsOnBothSides()


class Matrix(ByLevelOrHead):
    """Levels of a tree of fixed width, or an amount for each level that is full."""

    kind: Literal["matrix"]
    width: Annotated[int, Field(ge=1, le=WIDEST)]
    """How many stand directly below each member."""
    depth: Annotated[int, Field(ge=1, le=MOST_LEVELS)]
    """How many levels below a member pay."""
    tree: Literal["matrix", "placement"] = "matrix"
    """Filled by this bonus in the order of joining, or the company's own placement tree."""
    full_levels: MoneyList | None = None
    """Money, once, for each level that is full."""


class BoardKeys(BonusKeys):
    """Boards that are filled one by one; whoever tops a full one is paid."""

    kind: Literal["board"]
    width: Annotated[int, Field(ge=2, le=WIDEST)]
    """How many stand directly below each place."""
    depth: Annotated[int, Field(ge=1, le=10)]
    """How many levels stand below the top."""
    amount: Money
    """What the top of a full board is paid."""
    entry: Literal["joining", "first order"]
    """What enters a member into a board."""
    price: Money = 0
    """The least value of a first order that enters."""
    re_entry: bool = True
    """Whether the one who was paid enters again."""
    follow_sponsor: bool = True
    """Whether a member enters the sponsor's board; else the oldest open one."""
    needs: NeedsNothing = NeedsNothing()


class PoolKeys(OnOrders):
    """A share of the turnover, split among those who qualify."""

    kind: Literal["pool"]
    percent: Percent
    """Percent of the period's turnover."""
    share: Literal["equal", "personal points", "group points", "rank"] = "equal"
    """What it is split by."""
    measured_in: MeasuredIn = "points"
    """What personal and group points are: points, or one of the plan's figures."""
    shares: dict[str, Annotated[int, Field(ge=0, le=10**6)]] | None = None
    """How many shares each rank has, where it is split by rank."""
    cap: Money | None = None
    """The most for one member; what it cuts stays with the company."""


class RankAdvancementKeys(BonusKeys):
    """Money, once, when a rank is reached for the first time."""

    kind: Literal["rank_advancement"]
    amounts: dict[str, Money]
    """Money for each rank."""
    all_passed: bool = True
    """Whether who rises by several ranks at once is paid for each of them."""
    needs: NeedsNothing = NeedsNothing()


AnyBonus = Annotated[
    LevelsKeys
    | Monoline
    | XUp
    | FastStart
    | RetailMargin
    | Referral
    | Matching
    | Generation
    | StairstepKeys
    | Binary
    | Matrix
    | BoardKeys
    | PoolKeys
    | RankAdvancementKeys,
    Field(discriminator="kind"),
]
