"""What a plan states by day or by market: charges, taxes, amounts in place of converted ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Charge:
    """A service charge in percent of gross, from a day on."""

    from_day: int
    rate: int


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax in percent of gross, from a day on, where the year's gross exceeds a threshold."""

    from_day: int
    rate: int
    threshold: int = 0


class Stated(StrEnum):
    """What of a plan states amounts that a market may state in its own currency."""

    RATES = "rates"
    CAP = "cap"
    AMOUNT = "amount"
    MINIMUM = "minimum"
    REMAINDER = "remainder"


class Spot(NamedTuple):
    """Where an amount stands in a plan: of which bonus, '' for the settlement; and, where it has a
    table, in which row (a class, a cap, a level, a rank) and column."""

    bonus: str
    what: Stated
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class MarketTerms:
    """What a plan states for one market. `amounts`: in minor units of its `currency`, which has
    `decimals`, in place of what the plan states there, converted; -1 for no limit. `charges` and
    `taxes` replace the plan's, None where they do not; thresholds are in the market's currency."""

    code: str
    currency: str
    decimals: int
    amounts: Mapping[Spot, int] = field(default_factory=dict)
    charges: tuple[Charge, ...] | None = None
    taxes: tuple[Tax, ...] | None = None
