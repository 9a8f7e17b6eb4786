"""Output as CSV: the lines; in a folder also totals, ranks, and what is carried over."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.plans.periods import name_of
from upline.trials.carry_text import carry_as_json
from upline.trials.csv_table import Texts
from upline.trials.destination import bytes_of, whole_file
from upline.trials.facts import Facts
from upline.trials.figures import amounts, joined
from upline.trials.line_blocks import Block, rendered
from upline.trials.names import Names, for_csv
from upline.trials.outcome import Outcome

LINES = "lines.csv"
TOTALS, RANKS, CARRY = "totals.csv", "ranks.csv", "carry.json"


class CsvWriter:
    """Writes the lines as it goes; all names are escaped for CSV."""

    def __init__(self, file: BinaryIO, names: Names) -> None:
        self.file, self.names = file, names
        file.write(b"period,member,bonus,amount,source,level,why\n")

    def lines(self, facts: Facts) -> None:
        """The lines of a run."""
        period = f'{name_of(facts.result.period)},"'
        for text in rendered(facts, lambda block: bytes_of(_lines(block, period))):
            self.file.write(text)

    def end(self, outcome: Outcome) -> None:
        """The lines are all that is in this file."""


class FolderWriter(CsvWriter):
    """Lines, totals, ranks and the carry-over, each in a file of its own in one folder."""

    def __init__(self, folder: Path, files: ExitStack, names: Names, for_json: Names) -> None:
        self.for_json = for_json
        lines, *self.others = (
            files.enter_context(whole_file(folder / name)) for name in (LINES, TOTALS, RANKS, CARRY)
        )
        super().__init__(lines, names)

    def end(self, outcome: Outcome) -> None:
        """Totals, ranks and the carry-over."""
        totals, ranks, carry = self.others
        totals.write(b"member,total,purchase\n")
        totals.write(bytes_of(self._totals(outcome)))
        ranks.write(b"member,rank,title\n")
        ranks.write(bytes_of(self._ranks(outcome)))
        carry.write(carry_as_json(outcome, self.for_json) + b"\n")

    def _totals(self, outcome: Outcome) -> Texts:
        listed, decimals = outcome.listed(), outcome.plan.decimals
        totals = amounts(outcome.totals[listed], decimals)
        purchase = amounts(outcome.purchase[listed], decimals)
        return joined('"', self.names.of_members(listed), '",', totals, ",", purchase, "\n")

    def _ranks(self, outcome: Outcome) -> Texts:
        ranked = outcome.ranked()
        words = ["", *(f'"{for_csv(step.name)}"' for step in outcome.plan.ranks.steps)]
        ranks, names = pa.array(words), self.names.of_members(ranked)
        paid_as = ranks.take(pa.array(outcome.rank[ranked]))
        title = ranks.take(pa.array(outcome.title[ranked]))
        return joined('"', names, '",', paid_as, ",", title, "\n")


def _lines(block: Block, period: str) -> Texts:
    source = pc.fill_null(joined('"', block.source, '"'), "")
    return joined(
        period, block.member, '","', block.bonus, '",', block.amount, ",", source, ",",
        block.level, ',"', block.why, '"\n',
    )  # fmt: skip
