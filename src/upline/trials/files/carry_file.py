"""What an earlier run handed on, read again from its output."""

from __future__ import annotations

import json
from collections.abc import Set
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.texts import Texts
from upline.language import gettext, ngettext
from upline.plan_documents.errors import quoted
from upline.plans.arrays import Ints, Small
from upline.plans.bonus import Board, Bonus, FullLevels, Pairs
from upline.plans.carry import BoardCarry, Carry, LegCarry, TaxCarry, nothing_carried
from upline.plans.company import NOBODY
from upline.plans.plan import Plan
from upline.trials.files.complaints import FileErrors
from upline.trials.files.dates import FIRST, LAST, day_in, no_date, outside

LARGEST = 2**62
"""Two of these still add up within 64 bits."""
NEEDED = {"until", "decimals"}
KEYS = NEEDED | {"rank", "title", "held", "legs", "full_levels", "boards", "tax", "paid"}


def read_carry(
    path: Path, plan: Plan, members: Texts, positions: Texts | None = None
) -> tuple[Carry, int]:
    """What is carried over, and the last day of the run it is of; `positions`: the ids of all, None
    where each member has one. Raises FileErrors."""
    document = _document(path)
    document = document.get("carry", document) if isinstance(document, dict) else document
    try:
        return _Reader(plan, members, positions).carry(document)
    except _Wrong as wrong:
        raise FileErrors([f"{path}: {wrong}"]) from None


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        sentence = gettext("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        raise FileErrors([sentence]) from None
    except json.JSONDecodeError as error:
        sentence = gettext("this is not JSON: {reason}", reason=error.msg)
        raise FileErrors([f"{path}:{error.lineno}: {sentence}"]) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise FileErrors([gettext("{path}: this is not JSON in UTF-8", path=path)]) from None


class _Wrong(Exception):
    """A sentence about what is wrong with the file."""


class _Reader:
    """Reads the parts of one document; `where` in a sentence is the way through its keys."""

    def __init__(self, plan: Plan, members: Texts, positions: Texts | None) -> None:
        self.plan, self.members = plan, members
        self.positions = members if positions is None else positions

    def carry(self, document: Any) -> tuple[Carry, int]:
        """All of it."""
        parts = _table(document, gettext("the file"), KEYS, optional=KEYS - NEEDED)
        if parts["decimals"] != self.plan.decimals:
            sentence = gettext(
                "is of a plan with {decimals} decimals, this one has {own}",
                decimals=quoted(str(parts["decimals"])),
                own=self.plan.decimals,
            )
            raise _Wrong(sentence)
        carry = nothing_carried(len(self.members))
        carry.rank = self._ranks(parts.get("rank", {}), "rank")
        carry.title = self._ranks(parts.get("title", {}), "title")
        carry.held = self._numbers(parts.get("held", {}), "held")
        carry.legs = self._bonuses(parts, "legs", Pairs, self._legs)
        carry.full_levels = self._bonuses(parts, "full_levels", FullLevels, self._full_levels)
        carry.boards = self._bonuses(parts, "boards", Board, self._boards)
        if parts.get("tax") is not None:
            carry.tax = self._tax(parts["tax"])
        carry.paid = tuple(_paid(run) for run in _list(parts.get("paid", []), "paid"))
        until = _day(parts["until"], "until")
        if not FIRST <= until <= LAST:
            raise _Wrong(outside("until:", quoted(parts["until"])))
        return carry, until

    def _bonuses(self, parts: Any, key: str, kind: type[Bonus], read: Any) -> dict[str, Any]:
        """A part that has an entry for each bonus of a kind."""
        known = {bonus.name: bonus for bonus in self.plan.bonuses if isinstance(bonus, kind)}
        found = _table(parts.get(key, {}), key)
        for name in found:
            if name not in known:
                sentence = gettext("this plan has no such bonus {name}", name=quoted(name))
                raise _Wrong(f"{key}: {sentence}")
        return {name: read(found[name], f"{key}.{name}", known[name]) for name in found}

    def _indexes(self, names: list[Any], where: str, among: Texts | None = None) -> Any:
        """The indexes of members, or of others `among` which they are."""
        for name in names:
            if not isinstance(name, str):
                sentence = gettext("{name} is not a member's id", name=quoted(str(name)))
                raise _Wrong(f"{where}: {sentence}")
        found = pc.index_in(
            pa.array(names, pa.string()), value_set=self.members if among is None else among
        )
        if found.null_count:
            unknown = names[int(np.flatnonzero(found.is_null())[0])]
            sentence = gettext("there is no member {name}", name=quoted(unknown))
            raise _Wrong(f"{where}: {sentence}")
        return found.to_numpy()

    def _numbers(
        self, document: Any, where: str, most: int = LARGEST, among: Texts | None = None
    ) -> Ints:
        """Integers by member, or by others `among` which they are."""
        table = _table(document, where)
        values = np.zeros(len(self.members if among is None else among), np.int64)
        for name, value in table.items():
            if type(value) is not int or not 0 <= value <= most:
                sentence = gettext(
                    "{value} of member {name} is not an integer in range",
                    value=quoted(str(value)),
                    name=quoted(name),
                )
                raise _Wrong(f"{where}: {sentence}")
        values[self._indexes(list(table), where, among)] = list(table.values())
        return values

    def _ranks(self, document: Any, where: str) -> Small:
        """Ranks by member, written by their names."""
        table = _table(document, where)
        numbers = {step.name: number for number, step in enumerate(self.plan.ranks.steps, 1)}
        for name in table.values():
            if not isinstance(name, str) or name not in numbers:
                sentence = gettext("this plan has no rank {name}", name=quoted(str(name)))
                raise _Wrong(f"{where}: {sentence}")
        ranks = np.zeros(len(self.members), np.int8)
        ranks[self._indexes(list(table), where)] = [numbers[name] for name in table.values()]
        return ranks

    def _legs(self, document: Any, where: str, bonus: Pairs) -> LegCarry:
        parts = _table(document, where, {"left", "right", "paired", "caps"})
        among = self.positions
        paired = np.zeros(len(among), np.bool_)
        names = _list(parts["paired"], f"{where}.paired")
        paired[self._indexes(names, f"{where}.paired", among)] = True
        caps = _list(parts["caps"], f"{where}.caps")
        if len(caps) != len(bonus.caps):
            sentence = ngettext(
                "has {count} cap, this plan's has {own}",
                "has {count} caps, this plan's has {own}",
                len(caps),
                own=len(bonus.caps),
            )
            raise _Wrong(f"{where}: {sentence}")
        used = [_table(cap, f"{where}.caps", {"since", "used"}) for cap in caps]
        return LegCarry(
            self._numbers(parts["left"], f"{where}.left", among=among),
            self._numbers(parts["right"], f"{where}.right", among=among),
            paired,
            np.array(
                [self._numbers(cap["used"], f"{where}.caps", among=among) for cap in used], np.int64
            ).reshape(len(used), len(among)),
            [_day(cap["since"], f"{where}.caps") for cap in used],
        )

    def _full_levels(self, document: Any, where: str, bonus: FullLevels) -> Ints:
        table = _table(document, where)
        known, bits = set(range(1, len(bonus.amounts) + 1)), np.zeros(len(self.members), np.int64)
        for name, levels in table.items():
            if not all(type(level) is int and level in known for level in _list(levels, where)):
                sentence = gettext(
                    "{name} has a level that this plan does not have", name=quoted(name)
                )
                raise _Wrong(f"{where}: {sentence}")
        masks = [sum(1 << (level - 1) for level in set(levels)) for levels in table.values()]
        bits[self._indexes(list(table), where)] = masks
        return bits

    def _boards(self, document: Any, where: str, bonus: Board) -> BoardCarry:
        parts = _table(document, where, {"boards", "entered"})
        rows = [_list(row, where) for row in _list(parts["boards"], where)]
        lengths = np.array([len(row) for row in rows], np.int32)
        if not ((lengths > 0) & (lengths < bonus.seats)).all():
            sentence = gettext(
                "an open board has 1 to {most} members in this plan", most=bonus.seats - 1
            )
            raise _Wrong(f"{where}: {sentence}")
        boards = np.full((len(rows), bonus.seats), NOBODY, np.int32)
        is_taken = np.arange(bonus.seats) < lengths[:, np.newaxis]
        boards[is_taken] = self._indexes(list(chain.from_iterable(rows)), where)
        entered = _table(parts["entered"], where)
        last = self._numbers(entered, where, most=len(rows) - 1).astype(np.int32)
        without = np.ones(len(self.members), np.bool_)
        without[self._indexes(list(entered), where)] = False
        return BoardCarry(boards, np.where(without, np.int32(NOBODY), last))

    def _tax(self, document: Any) -> TaxCarry:
        parts = _table(document, "tax", {"year", "gross", "untaxed"})
        if type(parts["year"]) is not int or not 1 <= parts["year"] <= date.max.year:
            raise _Wrong(gettext("tax: the year is not a year"))
        gross = self._numbers(parts["gross"], "tax.gross")
        return TaxCarry(parts["year"], gross, self._numbers(parts["untaxed"], "tax.untaxed"))


def _table(
    document: Any,
    where: str,
    keys: set[str] | None = None,
    optional: Set[str] = frozenset(),
) -> dict[str, Any]:
    """An object, with these keys where they are known."""
    if not isinstance(document, dict):
        sentence = gettext("an object is expected here, as an earlier run wrote it")
        raise _Wrong(f"{where}: {sentence}")
    if keys is not None:
        for name in sorted(keys - optional - set(document)):
            sentence = gettext("{name} is missing", name=name)
            raise _Wrong(f"{where}: {sentence}")
        for name in document:
            if name not in keys:
                sentence = gettext("{name} is nothing that an earlier run wrote", name=quoted(name))
                raise _Wrong(f"{where}: {sentence}")
    return document


def _paid(run: Any) -> tuple[int, int, int]:
    """First day, last day and amount of a run under a ceiling."""
    first_day, last_day, amount = _list(run, "paid") if len(_list(run, "paid")) == 3 else [0] * 3
    if type(amount) is not int or not 0 <= amount <= LARGEST:
        sentence = gettext("{value} is not an integer in range", value=quoted(str(amount)))
        raise _Wrong(f"paid: {sentence}")
    return _day(first_day, "paid"), _day(last_day, "paid"), amount


def _list(document: Any, where: str) -> list[Any]:
    if not isinstance(document, list):
        sentence = gettext("a list is expected here, as an earlier run wrote it")
        raise _Wrong(f"{where}: {sentence}")
    return document


def _day(text: Any, where: str) -> int:
    try:
        return day_in(text)
    except ValueError:
        raise _Wrong(no_date(f"{where}:", quoted(str(text)))) from None
