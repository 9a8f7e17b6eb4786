"""Output as CSV: the lines; in a folder also totals, ranks, and what is carried over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from upline.base.csv_cells import csv_cell
from upline.explanations.facts import RunFacts
from upline.explanations.names import Names, escaped, for_csv
from upline.explanations.texts import Texts, amounts, joined
from upline.plans.periods import name_of
from upline.trials.output.carry_text import carry_as_json
from upline.trials.output.destination import bytes_of, in_pieces, whole_file
from upline.trials.output.line_blocks import Block, rendered
from upline.trials.output.outcome import TrialOutcome

LINES = "lines.csv"
TOTALS, RANKS, CARRY = "totals.csv", "ranks.csv", "carry.json"


class CsvWriter:
    """Writes the lines as it goes, after `start`; all names are escaped for CSV."""

    def __init__(self, file: BinaryIO, names: Names, start: str = "") -> None:
        self.file, self.names = file, names
        file.write(start.encode())
        file.write(b"period,member,bonus,amount,source,level,why\n")

    def lines(self, facts: RunFacts) -> None:
        """The lines of a run."""
        period = f"{name_of(facts.result.period)},"
        for text in rendered(facts, lambda block: bytes_of(_lines(block, period))):
            self.file.write(text)

    def end(self, outcome: TrialOutcome) -> None:
        """The lines are all that is in this file."""


class FolderWriter(CsvWriter):
    """Lines, totals, ranks and the carry-over, each in a file of its own in one folder."""

    def __init__(
        self, folder: Path, files: ExitStack, names: Names, for_json: Names, start: str = ""
    ) -> None:
        self.for_json, self.start = for_json, start
        lines, *self.others = (
            files.enter_context(whole_file(folder / name)) for name in (LINES, TOTALS, RANKS, CARRY)
        )
        super().__init__(lines, names, start)

    def end(self, outcome: TrialOutcome) -> None:
        """Totals, ranks and the carry-over."""
        totals, ranks, carry = self.others
        totals.write(f"{self.start}member,total,purchase\n".encode())
        totals.writelines(self._totals(outcome))
        ranks.write(f"{self.start}member,rank,title\n".encode())
        ranks.writelines(self._ranks(outcome))
        carry.write(carry_as_json(outcome, self.for_json) + b"\n")

    def _totals(self, outcome: TrialOutcome) -> Iterator[pa.Buffer]:
        listed, decimals = outcome.listed(), outcome.plan.decimals

        def text_of(part: slice) -> Texts:
            members = listed[part]
            totals = amounts(outcome.totals[members], decimals)
            purchase = amounts(outcome.purchase[members], decimals)
            return joined(_quoted(self.names.of_members(members)), ",", totals, ",", purchase, "\n")

        return in_pieces(len(listed), text_of)

    def _ranks(self, outcome: TrialOutcome) -> Iterator[pa.Buffer]:
        ranked = outcome.ranked()
        words = pa.array(
            ["", *(f'"{csv_cell(for_csv(s.name))}"' for s in outcome.plan.ranks.steps)]
        )

        def text_of(part: slice) -> Texts:
            members = ranked[part]
            paid_as = words.take(pa.array(outcome.rank[members]))
            title = words.take(pa.array(outcome.title[members]))
            return joined(_quoted(self.names.of_members(members)), ",", paid_as, ",", title, "\n")

        return in_pieces(len(ranked), text_of)


def _lines(block: Block, period: str) -> Texts:
    return joined(
        period, _quoted(block.member), ",", _quoted(block.bonus), ",", block.amount, ",",
        pc.fill_null(_quoted(block.source), ""), ",", block.level, ",", _quoted(block.why), "\n",
    )  # fmt: skip


def _quoted(texts: Texts) -> Texts:
    """Cells that no spreadsheet evaluates, of texts that are escaped already."""
    return joined('"', escaped(texts, csv_cell), '"')
