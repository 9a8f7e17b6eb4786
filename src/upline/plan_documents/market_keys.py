"""The keys of a plan's tables by market: what it states there in the market's own currency.

Each key's words below are also what the published JSON Schema says of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Discriminator,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    WrapValidator,
)

from upline.language import gettext
from upline.plan_documents.bonus_keys import AmountLimit, MoneyList
from upline.plan_documents.errors import quoted
from upline.plan_documents.keys import Every, Keys, ServiceCharge, TaxKeys
from upline.plan_documents.numbers import (
    DECIMALS,
    DEFAULT_DECIMALS,
    Decimals,
    Money,
    Percent,
    refused,
    too_exact_in_market,
)


def _three_letters(said: object) -> object:
    if not isinstance(said, str) or not CURRENCY.fullmatch(said):
        raise refused(
            gettext(
                'must be a currency in three letters, such as "CHF", not {said}.', said=quoted(said)
            )
        )
    return said


CURRENCY = re.compile(r"[A-Z]{3}")
Currency = Annotated[
    str,
    BeforeValidator(_three_letters),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"}),
]


def _shape(said: Any) -> str:
    if not isinstance(said, dict):
        return "same for all"
    is_list = any(isinstance(entry, list) for entry in said.values())
    return "lists by class" if is_list else "by class"


MoneyTable = Annotated[
    Annotated[MoneyList, Tag("same for all")]
    | Annotated[dict[str, MoneyList], Tag("lists by class")]
    | Annotated[dict[str, Money], Tag("by class")],
    Discriminator(_shape),
]


class MarketBonusKeys(Keys):
    """Amounts of one bonus. Each key that the bonus itself has, in the same shape."""

    amounts: MoneyTable | None = None
    """Money for each level; or a table for each class; or for each rank."""
    amount: Money | None = None
    """Money, the same for all."""
    pair_amount: Money | None = None
    """Money for each pair."""
    pair_amounts: dict[str, Money] | None = None
    """Money for each pair, for each class."""
    full_levels: MoneyList | None = None
    """Money, once, for each level that is full."""
    caps: dict[Every, AmountLimit] | None = None
    """The most money that pairs pay in a day, week or month."""
    cap: Money | None = None
    """The most of a pool for one member."""


class MarketSettlementKeys(Keys):
    """What is taken off earnings in this market, and how the rest is paid."""

    service_charge: Percent | None = None
    """Percent of gross earnings, on any day."""
    service_charges: list[ServiceCharge] | None = None
    """The same, where it changed over time: the oldest first."""
    taxes: list[TaxKeys] | None = None
    """Taxes, the oldest first; an empty list for none."""
    minimum_payout: Money | None = None
    """Less than this is carried over to the next run."""
    remainder: Money | None = None
    """What stays carried over when something is paid."""


class MarketKeys(Keys):
    """What the plan states for a market, in its currency."""

    currency: Currency
    """The market's currency, which all amounts here are in."""
    decimals: Decimals = 2
    """How many decimals its money has."""
    bonuses: dict[str, MarketBonusKeys] = {}
    """Amounts of bonuses, by their names."""
    settlement: MarketSettlementKeys = MarketSettlementKeys()
    """What is taken off earnings, and how the rest is paid."""


def _in_own_decimals(
    said: Any, read: Callable[[Any], MarketKeys], info: ValidationInfo
) -> MarketKeys:
    """Amounts have the decimals of the market's currency."""
    context = info.context
    if context is None or not isinstance(said, dict):
        return read(said)
    before = dict(context)
    decimals = said.get("decimals", DEFAULT_DECIMALS)
    context["decimals"] = decimals if decimals in DECIMALS else max(DECIMALS)
    context["too_exact"] = too_exact_in_market
    try:
        return read(said)
    finally:
        context.clear()
        context.update(before)


Code = Annotated[str, StringConstraints(min_length=1, max_length=10)]
Markets = dict[Code, Annotated[MarketKeys, WrapValidator(_in_own_decimals)]]
