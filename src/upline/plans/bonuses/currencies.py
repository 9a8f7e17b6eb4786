"""Lines of items in the currencies of whom they pay, where a run meets several.

The kernels that carry items up a tree find who is paid at which rate; what each line comes to in
the receiver's currency follows from its base, its rate, and the two markets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from upline.plans.arrays import Ints
from upline.plans.counting import Basis, Counted
from upline.plans.exchange import RunRates
from upline.plans.lines import Lines
from upline.plans.plan import Items, Levels, Stairstep
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
        return [replace(some, amount=now.shared(some.amount, some.member)) for some in lines]
    return [replace(some, amount=_amounts(bonus, some, now, exchange)) for some in lines]


def _amounts(bonus: Levels | Stairstep, lines: Lines, now: Situation, exchange: RunRates) -> Ints:
    sold = now.order_market if comes_from_orders(bonus) else now.market
    received = now.market[lines.member]
    return exchange.amounts(lines.base, lines.rate, basis_of(bonus), sold[lines.source], received)


def basis_of(bonus: Levels | Stairstep) -> Counted:
    """What the base of a line counts; earnings are money."""
    is_earned = isinstance(bonus, Levels) and bonus.items is Items.EARNINGS
    return Basis.VALUE if is_earned else bonus.volume.basis
