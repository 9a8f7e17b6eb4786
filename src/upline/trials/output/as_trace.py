"""Output that follows the volume of one position's legs: which orders fed which pairs."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
import pyarrow as pa

from upline.explanations.facts import RunFacts
from upline.explanations.names import Names
from upline.explanations.texts import Texts
from upline.language import gettext, lazy
from upline.plans.bonus import Pairs
from upline.plans.company import LEFT, RIGHT
from upline.plans.periods import name_of
from upline.plans.tracing import BEFORE, Leg, Parts
from upline.trials.output.outcome import TrialOutcome
from upline.trials.output.tables import Column, write_table

SIDES = {LEFT: lazy("{period}: {bonus}, left leg"), RIGHT: lazy("{period}: {bonus}, right leg")}
BROUGHT = lazy("(before)")
"""Stands for the orders of runs before the first one."""


class TraceWriter:
    """Writes, for each run and binary bonus, what became of each order in the legs."""

    def __init__(self, file: BinaryIO, names: Names, position: int) -> None:
        self.file, self.names, self.position = file, names, position
        self._legs: dict[tuple[str, int], Leg] = {}

    def lines(self, facts: RunFacts) -> None:
        """What became of the volume in a run."""
        for bonus in facts.plan.bonuses:
            if isinstance(bonus, Pairs) and bonus.name in facts.result.legs:
                for side in SIDES:
                    self._side(facts, bonus, side)

    def end(self, outcome: TrialOutcome) -> None:
        """All has been said run by run."""

    def _side(self, facts: RunFacts, bonus: Pairs, side: int) -> None:
        key = bonus.name, side
        if key not in self._legs:
            members, orders = facts.members, facts.orders
            self._legs[key] = Leg(bonus, members, orders, self.position, side)
        traced = self._legs[key].after(facts.result)
        became = {
            gettext("paired"): traced.consumed,
            gettext("flushed"): traced.flushed,
            gettext("carried"): traced.carried,
        }
        columns = _columns(became, facts, bonus)
        if len(columns[0][1]):
            period = name_of(facts.result.period)
            name = self.names.escape(bonus.name)
            write_table(self.file, SIDES[side].format(period=period, bonus=name), columns)


def _columns(became: dict[str, Parts], facts: RunFacts, bonus: Pairs) -> list[Column]:
    order = np.concatenate([parts.order for parts in became.values()])
    amount = np.concatenate([parts.amount for parts in became.values()])
    of = np.where(order < 0, order, facts.orders.member[order])
    words = [word for word, parts in became.items() for _ in range(len(parts.order))]
    return [
        (gettext("Order"), _names(order, facts.names.orders), False),
        (gettext("Of"), _names(of, facts.names.members), False),
        (gettext("Volume"), facts.volume(amount, bonus.volume.basis), True),
        (gettext("Became"), pa.array(words, pa.string()), False),
    ]


def _names(indexes: np.ndarray, names: Texts) -> Texts:
    """The names at these indexes; those of BEFORE have none."""
    known = pa.array(np.maximum(indexes, 0), mask=indexes == BEFORE)
    return names.take(known).fill_null(str(BROUGHT))
