"""What each kind of bonus says, and what they say it with: trees, rates, needs.

In the core's own units, as in `plan.py`. How each is paid is in `bonuses/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from upline.plans.counting import ALL_ORDERS, ANY_ORDER, Basis, Counted, LeastOrder, Volume
from upline.plans.periods import Every


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


SPONSOR_TREE = Tree()


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
    """Which members are skipped on the way up without using up a level: nobody; those who are not
    active; those whom the bonus does not pay."""

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
    tree: Tree = SPONSOR_TREE
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

    tree: Tree = SPONSOR_TREE
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
