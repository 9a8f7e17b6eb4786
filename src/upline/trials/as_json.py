"""Output as JSON: lines, totals, ranks, what is carried over, purchase accounts."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.plans.arrays import Array
from upline.plans.periods import name_of
from upline.trials.carry_text import carry_as_json
from upline.trials.csv_table import Texts
from upline.trials.destination import bytes_of
from upline.trials.facts import Facts
from upline.trials.figures import amounts, joined
from upline.trials.line_blocks import Block, rendered
from upline.trials.names import Names
from upline.trials.outcome import Outcome

SEPARATOR = b",\n"


class JsonWriter:
    """Writes as it goes; all names are escaped for JSON."""

    def __init__(self, file: BinaryIO, names: Names) -> None:
        self.file, self.names, self.is_first = file, names, True
        file.write(b'{"lines": [\n')

    def lines(self, facts: Facts) -> None:
        """The lines of a run."""
        period = f', "period": "{name_of(facts.result.period)}"}}'
        for text in rendered(facts, lambda block: bytes_of(_lines(block, period))):
            self.file.write(text[len(SEPARATOR) :] if self.is_first else text)
            self.is_first = False

    def end(self, outcome: Outcome) -> None:
        """What all runs come to."""
        write, decimals = self.file.write, outcome.plan.decimals
        listed, buys = outcome.listed(), outcome.purchase.nonzero()[0]
        write(b'\n],\n"totals": {')
        write(self._by_member(listed, amounts(outcome.totals[listed], decimals)))
        write(b'},\n"ranks": {')
        write(self._ranks(outcome))
        write(b'},\n"carry": ')
        write(carry_as_json(outcome, self.names))
        write(b',\n"purchase": {')
        write(self._by_member(buys, amounts(outcome.purchase[buys], decimals)))
        write(b"}}\n")

    def _by_member(self, members: Array, values: Texts) -> pa.Buffer:
        entries = joined(',\n"', self.names.of_members(members), '": ', values)
        return bytes_of(entries)[len(SEPARATOR) :]

    def _ranks(self, outcome: Outcome) -> pa.Buffer:
        members = outcome.ranked()
        words = (None, *(self.names.escape(step.name) for step in outcome.plan.ranks.steps))
        names = pc.fill_null(joined('"', pa.array(words, pa.string()), '"'), "null")
        rank = names.take(pa.array(outcome.rank[members]))
        title = names.take(pa.array(outcome.title[members]))
        return self._by_member(members, joined('{"rank": ', rank, ', "title": ', title, "}"))


def _lines(block: Block, period: str) -> Texts:
    source = pc.fill_null(joined('"', block.source, '"'), "null")
    return joined(
        ',\n{"member": "', block.member, '", "bonus": "', block.bonus,
        '", "amount": ', block.amount, ', "source": ', source, ', "level": ', block.level,
        ', "why": "', block.why, '"' + period,
    )  # fmt: skip
