"""Output for people: aligned columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.base.amounts import POINT_DECIMALS
from upline.explanations.facts import RunFacts
from upline.explanations.names import Names
from upline.explanations.texts import Texts, amounts, joined
from upline.language import gettext, lazy, ngettext
from upline.language.writing import whole
from upline.plans.arrays import Array
from upline.plans.bonus import Pairs
from upline.plans.carry import Carry
from upline.plans.counting import Basis
from upline.plans.periods import date_of, name_of
from upline.trials.output.destination import bytes_of
from upline.trials.output.line_blocks import Block, rendered
from upline.trials.output.outcome import TrialOutcome
from upline.trials.output.tables import GAP, Column, longest, write_table

_HEADINGS = (
    lazy("Member"), lazy("Bonus"), lazy("Amount"), lazy("Source"), lazy("Level"), lazy("Why")
)  # fmt: skip


class TableWriter:
    """Writes as it goes; all names are escaped for a terminal."""

    def __init__(self, file: BinaryIO, names: Names) -> None:
        self.file, self.names = file, names
        self.longest = longest(names.members)
        self.longest_source = max(self.longest, longest(names.orders))

    def lines(self, facts: RunFacts) -> None:
        """The lines of a run."""
        result = facts.result
        count = result.number_of_lines()
        if not count:
            return
        said = ngettext(
            "{period}: {number} line",
            "{period}: {number} lines",
            count,
            period=name_of(result.period),
            number=whole(count),
        )
        self._say(said)
        widths = self._widths(facts)
        titles = (pa.array([str(title)]) for title in _HEADINGS)
        self.file.write(bytes_of(_lines(Block(*titles), widths)))
        for text in rendered(facts, lambda block: bytes_of(_lines(block, widths))):
            self.file.write(text)
        self._say("")

    def _widths(self, facts: RunFacts) -> list[int]:
        """How wide the columns are; the last one is as wide as it is."""
        lines = [some for some in facts.result.lines if len(some)]
        bonuses = [facts.names.escape(some.bonus) for some in lines]
        ends = np.array([f(some.amount) for some in lines for f in (np.min, np.max)])
        widest = longest(amounts(ends, facts.plan.decimals))
        wide = (self.longest, max(map(len, bonuses)), widest, self.longest_source, 0)
        headings = [len(str(each)) for each in _HEADINGS]
        return [max(pair) for pair in zip(wide, headings[:-1], strict=True)]

    def end(self, outcome: TrialOutcome) -> None:
        """Totals, ranks, and what is carried over."""
        self._totals(outcome)
        self._ranks(outcome)
        tables = [*self._legs(outcome), *self._held(outcome.carry, outcome.plan.decimals)]
        if tables or outcome.carry.boards:
            until = date_of(outcome.until)
            self._say(gettext("Carried over from {day}", day=until))
        for title, columns in tables:
            self._table(title, columns)
        for name, some in outcome.carry.boards.items():
            said = ngettext(
                "{bonus}: {number} open board",
                "{bonus}: {number} open boards",
                len(some.boards),
                bonus=self.names.escape(name),
                number=whole(len(some.boards)),
            )
            self._say(said)

    def _totals(self, outcome: TrialOutcome) -> None:
        listed, decimals = outcome.listed(), outcome.plan.decimals
        columns = [
            self._members(listed),
            (gettext("Total"), amounts(outcome.totals[listed], decimals), True),
        ]
        if outcome.purchase.any():
            purchase = amounts(outcome.purchase[listed], decimals)
            columns.append((gettext("Purchase"), purchase, True))
        self._table(gettext("Totals"), columns)

    def _ranks(self, outcome: TrialOutcome) -> None:
        ranked = outcome.ranked()
        words = pa.array(["-", *(self.names.escape(s.name) for s in outcome.plan.ranks.steps)])
        paid_as = words.take(pa.array(outcome.rank[ranked]))
        title = words.take(pa.array(outcome.title[ranked]))
        if len(ranked):
            columns = [(gettext("Rank"), paid_as, False), (gettext("Title"), title, False)]
            self._table(gettext("Ranks"), [self._members(ranked), *columns])

    def _legs(self, outcome: TrialOutcome) -> Iterator[tuple[str, list[Column]]]:
        bonuses = {b.name: b for b in outcome.plan.bonuses if isinstance(b, Pairs)}
        for name, legs in outcome.carry.legs.items():
            who = np.flatnonzero((legs.left > 0) | (legs.right > 0))
            on_value = bonuses[name].volume.basis is Basis.VALUE
            decimals = outcome.plan.decimals if on_value else POINT_DECIMALS
            sides = [
                (side, amounts(volume[who], decimals), True)
                for side, volume in ((gettext("Left"), legs.left), (gettext("Right"), legs.right))
            ]
            if len(who):
                title = self.names.escape(name)
                if not on_value:
                    title = gettext("{bonus} (points)", bonus=title)
                yield title, [self._positions(who), *sides]

    def _held(self, carry: Carry, decimals: int) -> Iterator[tuple[str, list[Column]]]:
        who = np.flatnonzero(carry.held)
        if len(who):
            held = (gettext("Amount"), amounts(carry.held[who], decimals), True)
            yield gettext("held"), [self._members(who), held]

    def _members(self, members: Array) -> Column:
        return gettext("Member"), self.names.of_members(members), False

    def _positions(self, positions: Array) -> Column:
        title = gettext("Member") if self.names.positions is None else gettext("Position")
        return title, self.names.of_positions(positions), False

    def _table(self, title: str, columns: list[Column]) -> None:
        write_table(self.file, title, columns)

    def _say(self, text: str) -> None:
        self.file.write(f"{text}\n".encode())


def _lines(block: Block, widths: list[int]) -> Texts:
    source = pc.fill_null(block.source, "-")
    member, bonus, amount, wide, level = widths
    return joined(
        pc.utf8_rpad(block.member, member), GAP, pc.utf8_rpad(block.bonus, bonus), GAP,
        pc.utf8_lpad(block.amount, amount), GAP, pc.utf8_rpad(source, wide), GAP,
        pc.utf8_lpad(block.level, level), GAP, block.why, "\n",
    )  # fmt: skip
