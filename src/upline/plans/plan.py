"""What a compensation plan says, in the core's own units.

Money in minor units, points in hundredths, rates in millionths, days from 1970-01-01. A rank is
a number: 0 is no rank, 1 the lowest of `Plan.ranks`. A package is a number: 0 is the lowest.
`plan_documents` makes these out of a file and answers for their sense; nothing here is checked
again. docs/plans/ explains each key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from upline.plans.counting import ALL_ORDERS, ANY_ORDER, Basis, Counted, LeastOrder, Volume
from upline.plans.terms import Charge, MarketTerms, Tax

HUNDRED_PERCENT = 1_000_000
"""Millionths in a whole."""
PERCENT_DECIMALS = 4
"""How many decimals a percentage has in millionths: 71,250 are 7.1250 %."""
HUNDREDTHS = 100
"""Hundredths in a point."""


class Every(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class TreeKind(StrEnum):
    """The two trees that are kept, and those that are derived from the sponsor tree."""

    SPONSOR = "sponsor"
    PLACEMENT = "placement"
    X_UP = "x_up"
    MATRIX = "matrix"
    MONOLINE = "monoline"


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree; `number` is how many recruits an x-up passes up, or a matrix's width."""

    kind: TreeKind = TreeKind.SPONSOR
    number: int = 0


class By(StrEnum):
    """Whose class chooses the row of a table of rates."""

    NOTHING = "nothing"
    RANK = "rank"
    TITLE = "title"
    PACKAGE = "package"
    LOWER_PACKAGE = "lower package"
    BUYER_PACKAGE = "buyer package"


@dataclass(frozen=True, slots=True)
class Rates:
    """What is paid: `table[class][step]`, in millionths, or in minor units where it is flat.

    One row for each rank (0 first) or package, or a single row where `by` is NOTHING; all of one
    length.
    """

    table: tuple[tuple[int, ...], ...]
    flat: bool = False
    by: By = By.NOTHING


@dataclass(frozen=True, slots=True)
class Needs:
    """What a member must be to be paid by a bonus.

    `directs` are active recruits; `directs_each_side` are active recruits in each leg of a
    binary tree. `personal_points`: own points in the period, of what `measured_in` names.
    `buyers`: customers with an order in the period like `buyers_order`.
    """

    active: bool = True
    rank: int = 0
    personal_points: int = 0
    measured_in: Counted = Basis.POINTS
    directs: int = 0
    directs_each_side: int = 0
    buyers: int = 0
    buyers_order: LeastOrder = ANY_ORDER


class Items(StrEnum):
    """What is carried up."""

    ORDERS = "orders"
    FIRST_ORDERS = "first orders"
    JOININGS = "joinings"
    ACTIVE_MEMBERS = "active members"
    EARNINGS = "earnings"


class Compression(StrEnum):
    """Who is passed over on the way up without using up a level."""

    NONE = "none"
    STANDARD = "standard"
    GENEROUS = "generous"


class Count(StrEnum):
    """What a step up is: a level, or a generation (docs/plans/generation.md)."""

    LEVELS = "levels"
    GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class Bonus:
    """What all bonuses have: a name, how often they are calculated, and whom they pay."""

    name: str
    every: Every = Every.MONTH
    needs: Needs = field(default_factory=Needs)


@dataclass(frozen=True, slots=True)
class Levels(Bonus):
    """Each item is carried up a tree and pays by a table, step by step.

    The first column of `rates` is step `first_level`; level 0 is the seller, generation 0 the
    own group. `of` names the bonuses whose earnings are the items (matching). `heads`: the rank
    from which a member begins a new generation, 0 where it is the receiver's own.
    """

    rates: Rates = Rates(())
    tree: Tree = Tree()
    items: Items = Items.ORDERS
    volume: Volume = ALL_ORDERS
    first_level: int = 1
    compression: Compression = Compression.NONE
    count: Count = Count.LEVELS
    heads: int = 0
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bracket:
    """From so many group points on, this rate."""

    points: int
    rate: int


@dataclass(frozen=True, slots=True)
class Stairstep(Bonus):
    """The differential: each upline member is paid what their rate exceeds those below.

    The rate is chosen by the group's points (`brackets`, lowest first, points of what `measured_in`
    names), or by `rates`, where these are given: one column by rank, title or package.
    """

    tree: Tree = Tree()
    volume: Volume = ALL_ORDERS
    brackets: tuple[Bracket, ...] = ()
    measured_in: Counted = Basis.POINTS
    rates: Rates | None = None
    first_level: int = 0


class Legs(StrEnum):
    """Which leg the first number of a ratio speaks of."""

    STRONGER_FIRST = "stronger:weaker"
    LEFT_FIRST = "left:right"


class Over(StrEnum):
    """What happens to volume above a cap, or of a member who is not qualified."""

    CARRIED = "carried"
    FLUSHED = "flushed"
    BOTH_FLUSHED = "both flushed"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that pairs pay in a day, week or month: pairs, or money in minor units. `limits`
    has one entry for each class, -1 where there is no limit."""

    per: Every
    limits: tuple[int, ...]
    by: By = By.NOTHING
    in_pairs: bool = False


@dataclass(frozen=True, slots=True)
class Pairs(Bonus):
    """The binary: volume of the two legs of the placement tree is matched.

    A pair takes `first` units of one leg and `second` of the other; the percentage is paid on
    the smaller part of what is matched. -1 is no limit.
    """

    rates: Rates = Rates(())
    volume: Volume = ALL_ORDERS
    unit: int = 1
    first: int = 1
    second: int = 1
    legs: Legs = Legs.STRONGER_FIRST
    ratio_on_first_pair_only: bool = False
    caps: tuple[Cap, ...] = ()
    over_cap: Over = Over.FLUSHED
    unqualified: Over = Over.CARRIED
    volume_limit: int = -1
    carry_limit: int = -1


@dataclass(frozen=True, slots=True)
class FullLevels(Bonus):
    """A flat amount, once, for each level of a matrix below the member that is full."""

    tree: Tree = Tree(TreeKind.MATRIX, 2)
    amounts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Board(Bonus):
    """Boards of `width` and `depth` below the top, filled one by one; who tops a full one is paid.
    Members enter by joining, or by their first order of at least `price`."""

    width: int = 2
    depth: int = 2
    pays: int = 0
    items: Items = Items.FIRST_ORDERS
    price: int = 0
    re_entry: bool = True
    follow_sponsor: bool = True

    @property
    def seats(self) -> int:
        """How many stand on a full board, the top included."""
        return sum(self.width**level for level in range(self.depth + 1))


@dataclass(frozen=True, slots=True)
class RankAdvancement(Bonus):
    """A flat amount, once, when a title is reached: `amounts[rank]`. `all_passed`: who rises by
    several ranks at once is paid for each."""

    amounts: tuple[int, ...] = ()
    all_passed: bool = True


class Share(StrEnum):
    """What a pool is shared by."""

    EQUAL = "equal"
    PERSONAL_POINTS = "personal points"
    GROUP_POINTS = "group points"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Pool(Bonus):
    """A share of the period's turnover, split among who qualifies by the largest remainder.

    `rate` of the turnover in millionths; `shares[rank]` where it is shared by rank; by points
    those of what `measured_in` names; `cap` the most for one member (-1: none), what it cuts stays
    with the company.
    """

    rate: int = 0
    volume: Volume = ALL_ORDERS
    share: Share = Share.EQUAL
    measured_in: Counted = Basis.POINTS
    shares: tuple[int, ...] = ()
    cap: int = -1


@dataclass(frozen=True, slots=True)
class Active:
    """Who is active: own points over the last `periods` periods, the running one included."""

    personal_points: int = 0
    every: Every = Every.MONTH
    periods: int = 1
    measured_in: Counted = Basis.POINTS


@dataclass(frozen=True, slots=True)
class Have:
    """So many legs or directs of at least a rank."""

    count: int
    rank: int


@dataclass(frozen=True, slots=True)
class Rank:
    """What a member must have reached in `periods` periods to hold a rank.

    `group_points` leaves out the legs that broke away, `team_points` counts everybody below.
    `leg_limit`: the most points that one leg counts, -1 for no limit (docs/plans/ranks.md).
    `customers`: orders of retail and preferred customers in these periods; `buyers`: how many such
    customers have one like `buyers_order`.
    """

    name: str
    active: bool = True
    personal_points: int = 0
    group_points: int = 0
    team_points: int = 0
    leg_limit: int = -1
    legs: tuple[Have, ...] = ()
    directs: tuple[Have, ...] = ()
    customers: int = 0
    buyers: int = 0
    buyers_order: LeastOrder = ANY_ORDER
    periods: int = 1


@dataclass(frozen=True, slots=True)
class Ranks:
    """The ladder, lowest first; `breakaway`: the rank from which a leg breaks away, 0 for none.
    All its points are of what `measured_in` names."""

    steps: tuple[Rank, ...] = ()
    tree: Tree = Tree()
    every: Every = Every.MONTH
    breakaway: int = 0
    measured_in: Counted = Basis.POINTS

    def buyers(self) -> list[tuple[int, LeastOrder]]:
        """Over how many periods customers are counted, and with which order: each once."""
        asked = ((step.periods, step.buyers_order) for step in self.steps if step.buyers)
        return list(dict.fromkeys(asked))


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is taken off, and where the rest goes.

    `ceiling`: the most that a period pays, in millionths of its turnover, -1 for none;
    `purchase_share` of what is paid goes to the purchase account; under `minimum` all is carried
    over, from there on all but `remainder`.
    """

    charges: tuple[Charge, ...] = ()
    taxes: tuple[Tax, ...] = ()
    year_starts: tuple[int, int] = (1, 1)
    purchase_share: int = 0
    minimum: int = 0
    remainder: int = 0
    ceiling: int = -1


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. `point_value`: a point's worth in minor units. `currency` is only shown.
    `figures`: names of further figures of orders that it may count. `markets`: what it states for
    some of them."""

    name: str
    bonuses: tuple[Bonus, ...]
    packages: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    active: Active = Active()
    ranks: Ranks = Ranks()
    settlement: Settlement = Settlement()
    point_value: int = 100
    decimals: int = 2
    currency: str = ""
    week_starts: int = 0
    markets: tuple[MarketTerms, ...] = ()

    @property
    def has_taxes(self) -> bool:
        """Whether anybody may be taxed, so that the year's earnings are kept."""
        return bool(self.settlement.taxes) or any(each.taxes for each in self.markets)
