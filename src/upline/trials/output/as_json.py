"""Output as JSON: lines, totals, ranks, what is carried over, purchase accounts."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.facts import RunFacts
from upline.explanations.names import Names
from upline.explanations.texts import Texts, amounts, joined
from upline.plans.periods import name_of
from upline.trials.output.carry_text import SEPARATOR, carry_as_json, entries
from upline.trials.output.destination import bytes_of
from upline.trials.output.line_blocks import Block, rendered
from upline.trials.output.outcome import TrialOutcome


class JsonWriter:
    """Writes as it goes; all names are escaped for JSON."""

    def __init__(self, file: BinaryIO, names: Names) -> None:
        self.file, self.names, self.is_first = file, names, True
        file.write(b'{"lines": [\n')

    def lines(self, facts: RunFacts) -> None:
        """The lines of a run."""
        period = f', "period": "{name_of(facts.result.period)}"}}'
        for text in rendered(facts, lambda block: bytes_of(_lines(block, period))):
            self.file.write(text[len(SEPARATOR) :] if self.is_first else text)
            self.is_first = False

    def end(self, outcome: TrialOutcome) -> None:
        """What all runs come to."""
        write, decimals = self.file.write, outcome.plan.decimals
        listed, buys = outcome.listed(), outcome.purchase.nonzero()[0]
        write(b'\n],\n"totals": {')
        write(entries(self.names, listed, amounts(outcome.totals[listed], decimals)))
        write(b'},\n"ranks": {')
        write(self._ranks(outcome))
        write(b'},\n"carry": ')
        write(carry_as_json(outcome, self.names))
        write(b',\n"purchase": {')
        write(entries(self.names, buys, amounts(outcome.purchase[buys], decimals)))
        write(b"}}\n")

    def _ranks(self, outcome: TrialOutcome) -> bytes:
        members = outcome.ranked()
        words = (None, *(self.names.escape(step.name) for step in outcome.plan.ranks.steps))
        names = pc.fill_null(joined('"', pa.array(words, pa.string()), '"'), "null")
        rank = names.take(pa.array(outcome.rank[members]))
        title = names.take(pa.array(outcome.title[members]))
        return entries(self.names, members, joined('{"rank": ', rank, ', "title": ', title, "}"))


def _lines(block: Block, period: str) -> Texts:
    source = pc.fill_null(joined('"', block.source, '"'), "null")
    return joined(
        ',\n{"member": "', block.member, '", "bonus": "', block.bonus,
        '", "amount": ', block.amount, ', "source": ', source, ', "level": ', block.level,
        ', "why": "', block.why, '"' + period,
    )  # fmt: skip
