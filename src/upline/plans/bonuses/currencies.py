"""Lines of items in the currencies of whom they pay, where a run meets several.

The kernels that carry items up a tree find who is paid at which rate; what each line comes to in
the receiver's currency follows from its base, its rate, and the two markets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from upline.plans.arrays import Array, Ints
from upline.plans.bonus import By, Items, Levels, Stairstep
from upline.plans.counting import Basis, Counted
from upline.plans.exchange import RunRates
from upline.plans.lines import Lines
from upline.plans.rounding import ONLY_WHETHER, Scale
from upline.plans.situation import Situation
from upline.plans.sources import comes_from_orders


def for_kernel(base: Ints, scale: Scale, now: Situation) -> tuple[Ints, Scale]:
    """What a kernel multiplies: where amounts follow later, only whether a line pays anything."""
    if now.exchange is None or scale.divisor == 0:
        return base, scale
    return np.minimum(base, 1), ONLY_WHETHER


def in_currencies(bonus: Levels | Stairstep, lines: list[Lines], now: Situation) -> list[Lines]:
    """The lines, each amount in the currency of whom it pays."""
    exchange = now.exchange
    if exchange is None:
        return lines
    if isinstance(bonus, Levels) and bonus.rates.flat:
        table = exchange.stated_table(bonus.name, bonus.rates)
        return [replace(some, amount=_flat(bonus, some, now, table)) for some in lines]
    return [replace(some, amount=_amounts(bonus, some, now, exchange)) for some in lines]


def _flat(bonus: Levels, lines: Lines, now: Situation, table: Ints) -> Ints:
    """What the plan states for the receiver's market, else what it states converted."""
    converted = now.shared(lines.amount, lines.member)
    if table.max(initial=-1) < 0:
        return converted
    of_orders = comes_from_orders(bonus)
    origin = now.orders.member[lines.source] if of_orders else lines.source
    classes = now.classes(bonus.rates.by)
    rows = rows_of(bonus.rates.by, classes.__getitem__, lines.member, origin)
    stated = table[now.market[lines.member], rows, lines.level - bonus.first_level]
    return np.where(stated >= 0, stated, converted)


def rows_of(by: By, classes: Callable[[Array], Array], receiver: Array, origin: Array) -> Array:
    """The rows of a table of rates by which these receivers are paid for what comes from these
    members; `classes` tells those of members."""
    if by is By.BUYER_PACKAGE:
        return classes(origin)
    if by is By.LOWER_PACKAGE:
        return np.minimum(classes(receiver), classes(origin))
    return classes(receiver)


def _amounts(bonus: Levels | Stairstep, lines: Lines, now: Situation, exchange: RunRates) -> Ints:
    sold = now.order_market if comes_from_orders(bonus) else now.market
    received = now.market[lines.member]
    return exchange.amounts(lines.base, lines.rate, basis_of(bonus), sold[lines.source], received)


def basis_of(bonus: Levels | Stairstep) -> Counted:
    """What the base of a line counts; earnings are money."""
    is_earned = isinstance(bonus, Levels) and bonus.items is Items.EARNINGS
    return Basis.VALUE if is_earned else bonus.volume.basis
