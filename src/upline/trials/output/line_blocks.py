"""A run's lines in the order in which they are shown, in blocks of text columns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from upline.explanations.facts import RunFacts
from upline.explanations.texts import Texts, amounts, counts, labels
from upline.explanations.why import bonus_of, why
from upline.plans.arrays import Array, Indexes
from upline.plans.company import NOBODY
from upline.plans.kernels import kernel
from upline.plans.lines import Lines
from upline.plans.settlement import NAMES as SETTLEMENT
from upline.plans.sources import comes_from_orders

BLOCK = 100_000
"""Lines that are text at the same time: some 30 MB."""
THREADS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Lines as text, column by column; a source is null where there is none."""

    member: Texts
    bonus: Texts
    amount: Texts
    source: Texts
    level: Texts
    why: Texts


@dataclass(frozen=True, slots=True)
class InOrder:
    """All lines of a run by member, then the plan's order of bonuses, then source.

    The k-th line is line `row[k]` of `bonuses[which[k]]`.
    """

    bonuses: list[Lines]
    which: Indexes
    row: Indexes

    def __len__(self) -> int:
        return len(self.row)


def in_order(facts: RunFacts) -> InOrder:
    """The lines of a run in the order in which they are shown."""
    bonuses = _by_bonus(facts)
    sizes = [len(lines) for lines in bonuses]
    which = np.repeat(np.arange(len(bonuses), dtype=np.int32), sizes)
    row = np.concatenate([np.arange(size, dtype=np.int32) for size in sizes] or [which])
    order = np.arange(len(row), dtype=np.int32)
    for key in (_column(bonuses, "source"), which, _column(bonuses, "member")):
        order = _sorted_by(key, order, int(key.max(initial=0)))
    return InOrder(bonuses, which[order], row[order])


@kernel
def _sorted_by(keys: Indexes, order: Indexes, largest: int) -> Indexes:
    """The order, put in that of the keys (from -1) with equal ones left as they were.

    Counts instead of comparing, which takes a fifth of the time for some million lines.
    """
    starts = np.zeros(largest + 3, np.int64)
    for key in keys:
        starts[key + 2] += 1
    starts = np.cumsum(starts)
    after = np.empty_like(order)
    for index in order:
        after[starts[keys[index] + 1]] = index
        starts[keys[index] + 1] += 1
    return after


def _by_bonus(facts: RunFacts) -> list[Lines]:
    """The lines of each bonus in one piece, in the plan's order, then the settlement's."""
    names = [*(bonus.name for bonus in facts.plan.bonuses), *SETTLEMENT]
    pieces: dict[str, list[Lines]] = {name: [] for name in names}
    for lines in facts.result.lines:
        pieces[lines.bonus].append(lines)
    return [_in_one(name, some) for name, some in pieces.items() if some]


def _in_one(name: str, pieces: list[Lines]) -> Lines:
    columns = ("member", "source", "level", "rate", "base", "amount")
    of_positions = all(piece.position is not None for piece in pieces)
    position = _column(pieces, "position") if of_positions else None
    member, source, level, rate, base, amount = (_column(pieces, column) for column in columns)
    return Lines(name, member, source, level, rate, base, amount, position)


def _column(pieces: list[Lines], name: str) -> Array:
    if not pieces:
        return np.zeros(0, np.int32)
    return np.concatenate([getattr(piece, name) for piece in pieces])


def rendered(facts: RunFacts, render: Callable[[Block], bytes]) -> Iterator[bytes]:
    """Block after block as text in the language that is spoken, some at once, but never more than
    fit the memory."""
    lines = in_order(facts)
    starts = range(0, len(lines), BLOCK)
    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(THREADS) as threads:
        for start in starts:
            part = slice(start, start + BLOCK)
            waiting.append(threads.submit(copy_context().run, _render, render, facts, lines, part))
            if len(waiting) > THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _render(
    render: Callable[[Block], bytes], facts: RunFacts, lines: InOrder, part: slice
) -> bytes:
    return render(block(facts, lines, part))


def block(facts: RunFacts, lines: InOrder, part: slice) -> Block:
    """Some of the lines as text. Each bonus is told at once, then all are put in order."""
    which, row = lines.which[part], lines.row[part]
    told, indexes = [], []
    for number in np.unique(which):
        at = np.flatnonzero(which == number)
        told.append(_told(some(lines.bonuses[number], row[at]), facts))
        indexes.append(at)
    back = np.argsort(np.concatenate(indexes))
    columns = (pa.concat_arrays(column).take(pa.array(back)) for column in zip(*told, strict=True))
    member, amount, source, level, sentence = columns
    names = tuple(facts.names.escape(bonus.bonus) for bonus in lines.bonuses)
    return Block(member, labels(names, which), amount, source, level, sentence)


def some(lines: Lines, rows: Array) -> Lines:
    """Some of the lines of a bonus; one of them is an array of length 1."""
    return Lines(
        lines.bonus, lines.member[rows], lines.source[rows], lines.level[rows],
        lines.rate[rows], lines.base[rows], lines.amount[rows],
        None if lines.position is None else lines.position[rows],
    )  # fmt: skip


def _told(lines: Lines, facts: RunFacts) -> tuple[Texts, ...]:
    """Member, amount, source, level and sentence of lines of one bonus."""
    return (
        facts.names.of_members(lines.member),
        amounts(lines.amount, facts.plan.decimals),
        _sources(lines, facts),
        counts(lines.level),
        why(lines, facts),
    )


def _sources(lines: Lines, facts: RunFacts) -> Texts:
    bonus = None if lines.bonus in SETTLEMENT else bonus_of(lines, facts)
    names = facts.names.orders if comes_from_orders(bonus) else facts.names.members
    return names.take(pa.array(lines.source, mask=lines.source == NOBODY))
