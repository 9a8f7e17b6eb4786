"""What is carried over, as JSON that `files/carry_file.py` reads again.

All numbers are integers: minor units of the currency, hundredths of a point, pairs. What is
nothing is not written. docs/plans/files.md tells what is in it.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.names import Names
from upline.explanations.texts import Texts, counts, joined
from upline.plans.arrays import Array, Flags
from upline.plans.carry import BoardCarry, LegCarry, TaxCarry
from upline.plans.company import NOBODY
from upline.plans.periods import date_of
from upline.trials.output.destination import in_pieces
from upline.trials.output.outcome import TrialOutcome

SEPARATOR = b",\n"


def carry_as_json(outcome: TrialOutcome, names: Names) -> bytes:
    """An object with all that the next run has to know. `names` are escaped for JSON."""
    carry, text = outcome.carry, _Text(names)
    words = [step.name for step in outcome.plan.ranks.steps]
    return _object({
        "until": f'"{date_of(outcome.until)}"'.encode(),
        "decimals": str(outcome.plan.decimals).encode(),
        "rank": text.words(carry.rank, words),
        "title": text.words(carry.title, words),
        "held": text.numbers(carry.held),
        "legs": _object({
            name: text.of_positions().legs(legs) for name, legs in carry.legs.items()
        }),
        "full_levels": _object({k: text.full_levels(v) for k, v in carry.full_levels.items()}),
        "boards": _object({name: text.boards(some) for name, some in carry.boards.items()}),
        "tax": text.tax(carry.tax) if carry.tax else b"null",
        "paid": json.dumps([_days_and_amount(*run) for run in carry.paid]).encode(),
    })  # fmt: skip


class _Text:
    """Values by member as JSON."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def of_positions(self) -> _Text:
        """The same by position."""
        names = self.names
        return _Text(names if names.positions is None else replace(names, members=names.positions))

    def numbers(self, values: Array, nothing: int = 0) -> bytes:
        """An object of members and integers, but for those that are nothing."""
        members = np.flatnonzero(values != nothing)
        return self._entries(members, counts(values[members]))

    def words(self, indexes: Array, words: list[str]) -> bytes:
        """An object of members and words, numbered from 1."""
        members = np.flatnonzero(indexes)
        quoted = pa.array([json.dumps(word) for word in words], pa.string())
        return self._entries(members, quoted.take(pa.array(indexes[members].astype(np.int32) - 1)))

    def _entries(self, members: Array, values: Texts) -> bytes:
        return b"{%b}" % entries(self.names, members, values)

    def listed(self, flags: Flags) -> bytes:
        """A list of members."""
        members = np.flatnonzero(flags)

        def text_of(part: slice) -> Texts:
            return joined(',\n"', self.names.of_members(members[part]), '"')

        return b"[%b]" % b"".join(in_pieces(len(members), text_of))[len(SEPARATOR) :]

    def legs(self, legs: LegCarry) -> bytes:
        """Of a binary bonus."""
        since = (f'"{date_of(day)}"'.encode() for day in legs.used_since)
        caps = [
            _object({"since": day, "used": self.numbers(used)})
            for day, used in zip(since, legs.used, strict=True)
        ]
        return _object({
            "left": self.numbers(legs.left),
            "right": self.numbers(legs.right),
            "paired": self.listed(legs.paired),
            "caps": b"[" + b", ".join(caps) + b"]",
        })  # fmt: skip

    def full_levels(self, bits: Array) -> bytes:
        """Of a matrix: the levels that were paid, by member."""
        members = np.flatnonzero(bits)
        found = pa.array(bits[members]).dictionary_encode()
        lists = [json.dumps(_levels(mask)) for mask in found.dictionary.to_pylist()]
        return self._entries(members, pa.array(lists, pa.string()).take(found.indices))

    def boards(self, carry: BoardCarry) -> bytes:
        """Of a board bonus: who stands on which, and the board that each entered last."""
        rows = in_pieces(len(carry.boards), lambda part: self._rows(carry.boards[part]))
        return _object({
            "boards": b"[%b]" % b"".join(rows)[len(SEPARATOR) :],
            "entered": self.numbers(carry.board_of, nothing=NOBODY),
        })  # fmt: skip

    def _rows(self, boards: Array) -> Texts:
        """A list of members for each board."""
        taken = boards != NOBODY
        ends = np.append(0, np.cumsum(taken.sum(axis=1, dtype=np.int32), dtype=np.int32))
        names = joined('"', self.names.of_members(boards[taken]), '"')
        rows = pa.ListArray.from_arrays(pa.array(ends), names)
        return joined(",\n[", pc.binary_join(rows, ", "), "]")

    def tax(self, tax: TaxCarry) -> bytes:
        """Of the running tax year."""
        return _object({
            "year": str(tax.year).encode(),
            "gross": self.numbers(tax.gross),
            "untaxed": self.numbers(tax.untaxed),
        })  # fmt: skip


def entries(names: Names, members: Array, values: Texts) -> bytes:
    """The inside of an object of members and values, each of these JSON already."""

    def text_of(part: slice) -> Texts:
        return joined(',\n"', names.of_members(members[part]), '": ', values[part])

    return b"".join(in_pieces(len(members), text_of))[len(SEPARATOR) :]


def _days_and_amount(first_day: int, last_day: int, paid: int) -> tuple[str, str, int]:
    return str(date_of(first_day)), str(date_of(last_day)), paid


def _levels(mask: int) -> list[int]:
    return [level for level in range(1, mask.bit_length() + 1) if mask >> (level - 1) & 1]


def _object(parts: dict[str, bytes]) -> bytes:
    pairs = (json.dumps(name).encode() + b": " + text for name, text in parts.items())
    return b"{" + SEPARATOR.join(pairs) + b"}"
