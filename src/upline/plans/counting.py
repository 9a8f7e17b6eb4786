"""Which orders count, and what of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Customer(IntEnum):
    """The class of an order's buyer. Laws ask how much was sold to people who are not members; see
    docs/reports.md."""

    RETAIL = 0
    PREFERRED = 1
    MEMBER = 2


EVERYBODY = frozenset(Customer)
OUTSIDE = frozenset({Customer.RETAIL, Customer.PREFERRED})


class Basis(StrEnum):
    """What of an order counts: its commissionable value, or its points."""

    VALUE = "value"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class FurtherFigure:
    """One of the further figures that orders have, by the company's name for it. It is counted like
    points: in hundredths, and each is worth a point's value where a bonus pays on it."""

    name: str


Counted = Basis | FurtherFigure
"""What of an order counts."""


def figure_of(counted: Counted) -> str:
    """The name of a further figure; '' for value and points."""
    return counted.name if isinstance(counted, FurtherFigure) else ""


def called(counted: Counted) -> str:
    """What people call it: points, or the company's name for a figure."""
    return counted.name if isinstance(counted, FurtherFigure) else str(counted)


@dataclass(frozen=True, slots=True)
class LeastOrder:
    """An order of a customer that makes the customer count: at least so many minor units, or
    hundredths of points or of a figure."""

    amount: int = 0
    counted: Counted = Basis.POINTS


ANY_ORDER = LeastOrder()
"""An order of any size."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Which orders count for a bonus, and what of them.

    `within_days`: only orders of a buyer who joined fewer days before; `after_days`: only the
    later ones. None: no limit.
    """

    basis: Counted = Basis.VALUE
    customers: frozenset[Customer] = EVERYBODY
    within_days: int | None = None
    after_days: int | None = None


ALL_ORDERS = Volume()
"""The value of all orders."""
