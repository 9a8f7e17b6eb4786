"""What a compensation plan says, in the core's own units.

Money in minor units, points in hundredths, rates in millionths, days from 1970-01-01. A rank is
a number: 0 is no rank, 1 the lowest of `Plan.ranks`. A package is a number: 0 is the lowest.
`plan_documents` makes these out of a file and answers for their sense; nothing here is checked
again. docs/plans/ explains each key. What bonuses say is in `bonus.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from upline.plans.bonus import SPONSOR_TREE, Bonus, Tree
from upline.plans.counting import ANY_ORDER, Basis, Counted, LeastOrder
from upline.plans.periods import Every
from upline.plans.terms import Charge, MarketTerms, Tax

HUNDRED_PERCENT = 1_000_000
"""Millionths in a whole."""
PERCENT_DECIMALS = 4
"""How many decimals a percentage has in millionths: 71,250 are 7.1250 %."""
HUNDREDTHS = 100
"""Hundredths in a point."""


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
    tree: Tree = SPONSOR_TREE
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

    @property
    def lengths(self) -> set[Every]:
        """How long the periods are in which something is worked out."""
        wanted = {bonus.every for bonus in self.bonuses}
        return wanted | {self.ranks.every} if self.ranks.steps else wanted
