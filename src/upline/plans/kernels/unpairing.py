"""A leg told again run by run, with each order in it apart: what pairs took of an order is taken
out of them, and what they took beside it waits again.

A leg is a row of entries, one for each order, the oldest first. Of each entry some waits in the
leg, some was taken by the pairs of this run or that, and the rest was flushed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from upline.plans.arrays import Array, Flags, Indexes, Ints
from upline.plans.kernels import kernel
from upline.plans.kernels.pairs import UNIT, base_of, count_of, pay_of, ratio_of

LEFT, RIGHT, SIDES = 0, 1, 2
TAKEN, STAYS = 0, 1
"""Of `volumes[run, side]`: what pairs took, and what stays after the run."""
PAIRS, AMOUNT, RATE, MULTIPLIER, DIVISOR, SWAPPED, HAD_A_PAIR, PAYS = range(8)
"""Of `pays[run]`: pairs paid, what for, the rate and how it becomes an amount; whether the right
leg was the stronger one, and whether there was a pair before."""
IDLE, WORKS, ENDS = 0, 1, 2
"""What a run did with the bonus: nothing, worked it out, or dropped it with all that it carried."""
AGREES, DISAGREES, NO_ROOM = 0, 1, 2


class History(NamedTuple):
    """What runs did with a bonus. `slices[run, side, position]`: which of `entries`, in the order
    of the tree, stood in a leg of the position then; `entered`: the volume of each entry."""

    does: Indexes
    terms: Ints
    volumes: Ints
    pays: Ints
    slices: Indexes
    entries: Indexes
    entered: Ints


class Events(NamedTuple):
    """By position, in turn: before which run the volume of an entry shrinks to `kept`."""

    starts: Indexes
    run: Indexes
    entry: Indexes
    side: Indexes
    kept: Ints


class LegQueues(NamedTuple):
    """Both legs of one position. `begins[side, run]`: the first entry of a run. `records`: which
    entry a run's pairs took of, and `parts` how much; `ends[side, run]` is behind a run's last.
    `front`: nothing waits before this entry."""

    entry: Indexes
    volume: Ints
    waiting: Ints
    begins: Indexes
    taken: Ints
    records: Indexes
    parts: Ints
    ends: Indexes
    front: Indexes


@kernel
def climb(
    start: Indexes, placement: Indexes, side: Array, fill: bool,
    above: Indexes, leg: Indexes, item: Indexes,
) -> int:  # fmt: skip
    """All positions above each of these, in which leg of theirs, and of which item. Returns how
    many; writes them where asked to."""
    count = 0
    for k in range(len(start)):
        i = start[k]
        while placement[i] >= 0:
            if fill:
                above[count], leg[count], item[count] = placement[i], side[i], k
            count += 1
            i = placement[i]
    return count


@kernel
def _sum(amounts: Ints, start: int, stop: int) -> int:
    found = 0
    for index in range(start, stop):
        found += amounts[index]
    return found


@kernel
def _index_of(wanted: int, rising: Indexes, low: int, high: int) -> int:
    """The first index from `low` on, and before `high`, of a number that is no smaller."""
    while low < high:
        middle = (low + high) // 2
        if rising[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _ended(does: Indexes, start: int, stop: int) -> bool:
    while start < stop and does[start] != ENDS:
        start += 1
    return start < stop


@kernel
def _legs_of(history: History, position: int, room: int) -> LegQueues:
    runs, slices = len(history.does), history.slices
    begins = np.zeros((SIDES, runs + 1), np.int32)
    for side in range(SIDES):
        for run in range(runs):
            low, high = slices[run, side, position]
            begins[side, run + 1] = begins[side, run] + high - low
    size = max(begins[LEFT, runs], begins[RIGHT, runs])
    entry, volume = np.zeros((SIDES, size), np.int32), np.zeros((SIDES, size), np.int64)
    for side in range(SIDES):
        for run in range(runs):
            low, high = slices[run, side, position]
            inside, begin = np.sort(history.entries[low:high]), begins[side, run]
            # One by one: to compile a stretch written at once takes seconds.
            for index in range(len(inside)):
                entry[side, begin + index] = inside[index]
                volume[side, begin + index] = history.entered[inside[index]]
    space = room * (size + runs)
    return LegQueues(
        entry, volume, np.zeros((SIDES, size), np.int64), begins,
        np.zeros((SIDES, runs), np.int64), np.zeros((SIDES, space), np.int32),
        np.zeros((SIDES, space), np.int64), np.zeros((SIDES, runs + 1), np.int32),
        np.zeros(SIDES, np.int32),
    )  # fmt: skip


@kernel
def _match(legs: LegQueues, side: int, run: int, want: int, stays: int) -> int:
    """Let the orders of a run enter, pairs take the oldest, and a flush the newest."""
    waiting, begin, until = legs.waiting[side], legs.begins[side, run], legs.begins[side, run + 1]
    for index in range(begin, until):
        waiting[index] = legs.volume[side, index]
    legs.taken[side, run] = want
    at, index = legs.ends[side, run], legs.front[side]
    while want > 0 and index < until:
        step = min(want, waiting[index])
        if step > 0:
            if at == legs.records.shape[1]:
                return NO_ROOM
            legs.records[side, at], legs.parts[side, at] = index, step
            at += 1
            waiting[index] -= step
            want -= step
        if waiting[index] == 0:
            index += 1
    legs.front[side], legs.ends[side, run + 1] = index, at
    drop = _sum(waiting, index, until) - stays
    if want > 0 or drop < 0:
        return DISAGREES
    newest = until - 1
    while drop > 0:
        step = min(drop, waiting[newest])
        waiting[newest] -= step
        drop -= step
        newest -= 1
    return AGREES


@kernel
def _go_on(history: History, legs: LegQueues, run: int, position: int) -> int:
    """What a run does with both legs.

    A function of its own: in one with a list comprehension numba 0.68 drops what is stored in the
    arrays of a tuple, silently (tests/plans/test_clawback.py would tell).
    """
    outcome = AGREES
    for side in range(SIDES):
        legs.ends[side, run + 1] = legs.ends[side, run]
        if history.does[run] == ENDS:
            for index in range(legs.begins[side, run]):
                legs.waiting[side, index] = 0
        if history.does[run] == WORKS:
            want, stays = history.volumes[run, side, :, position]
            outcome = max(outcome, _match(legs, side, run, want, stays))
    return outcome


@kernel
def _record(legs: LegQueues, side: int, run: int, index: int) -> int:
    """Where it is noted what a run's pairs took of an entry, -1 for nothing."""
    low, high = legs.ends[side, run], legs.ends[side, run + 1]
    at = _index_of(index, legs.records[side], low, high)
    return at if at < high and legs.records[side, at] == index else -1


@kernel
def _wait_again(legs: LegQueues, side: int, run: int, spare: int, may_wait: bool) -> None:
    """The newest of what a run's pairs took; where the leg has ended since, it is gone."""
    at = legs.ends[side, run + 1] - 1
    legs.taken[side, run] -= spare
    while spare > 0:
        step = min(spare, legs.parts[side, at])
        legs.parts[side, at] -= step
        spare -= step
        if step > 0 and may_wait:
            index = legs.records[side, at]
            legs.waiting[side, index] += step
            legs.front[side] = min(legs.front[side], index)
        at -= 1


@kernel
def _unpair(
    history: History, legs: LegQueues, run: int, position: int, may_wait: bool
) -> tuple[int, int]:
    """As many pairs as what is left of both sides makes. Returns what the base of the run's line
    becomes and what its amount changes by."""
    terms, pays = history.terms[run], history.pays[run, :, position]
    unit, stronger = terms[UNIT], RIGHT if pays[SWAPPED] else LEFT
    first, second, more_first, more_second = ratio_of(terms, pays[HAD_A_PAIR] != 0)
    one, other = legs.taken[stronger, run] // unit, legs.taken[1 - stronger, run] // unit
    pairs = count_of(one, other, first, second, more_first, more_second)
    for side in range(SIDES):
        of_first, of_more = (first, more_first) if side == stronger else (second, more_second)
        need = 0 if pairs == 0 else unit * (of_first + (pairs - 1) * of_more)
        _wait_again(legs, side, run, legs.taken[side, run] - need, may_wait)
    of_first, of_more = min(first, second) * unit, min(more_first, more_second) * unit
    paid, rate = min(pays[PAIRS], pairs), pays[RATE]
    most = pay_of(paid, of_first, of_more, rate, pays[MULTIPLIER], pays[DIVISOR])
    amount = min(pays[AMOUNT], most)
    base, change = base_of(paid, of_first, of_more), amount - pays[AMOUNT]
    pays[PAIRS], pays[AMOUNT] = paid, amount
    return base, change


@kernel
def _shrink(legs: LegQueues, side: int, index: int, run: int, kept: int, fed: Flags) -> None:
    """Let no more than `kept` remain of an entry: first what was flushed goes, then what waits,
    then what pairs took, the latest run's first. `fed`: the runs whose pairs lose some."""
    rest = int(legs.volume[side, index] - kept)
    if rest <= 0:
        return
    waits = int(legs.waiting[side, index])
    flushed = int(legs.volume[side, index]) - waits
    for before in range(run):
        at = _record(legs, side, before, index)
        flushed -= legs.parts[side, at] if at >= 0 else 0
    legs.volume[side, index] = kept
    rest -= min(rest, flushed)
    step = min(rest, waits)
    legs.waiting[side, index] -= step
    rest -= step
    for before in range(run - 1, -1, -1):
        at = _record(legs, side, before, index) if rest > 0 else -1
        step = min(rest, int(legs.parts[side, at])) if at >= 0 else 0
        if step > 0:
            rest -= step
            legs.parts[side, at] -= step
            legs.taken[side, before] -= step
            fed[before] = True


@kernel
def take_out(
    history: History, events: Events, room: int, waits: Ints
) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int, int]]]:
    """Tell both legs of each position through all runs, and take out what was refunded.

    Of the events after the last run it returns two lists: position, run, what the base of the run's
    line becomes and its amount changes by; and position, run, an entry that its pairs lose. `waits`
    becomes what waits in both legs in the end, or below zero which of DISAGREES and NO_ROOM it was
    that ended it.
    """
    changes, lost = [(0, 0, 0, 0)], [(0, 0, 0)]
    runs = len(history.does)
    for position in range(waits.shape[1]):
        legs, event, outcome = _legs_of(history, position, room), events.starts[position], AGREES
        for run in range(runs + 1):
            any_fed = np.zeros(run, np.bool_)
            while event < events.starts[position + 1] and events.run[event] == run:
                side, entry = events.side[event], events.entry[event]
                index = _index_of(entry, legs.entry[side], 0, legs.begins[side, runs])
                fed = np.zeros(run, np.bool_)
                _shrink(legs, side, index, run, events.kept[event], fed)
                for before in range(run):
                    any_fed[before] |= fed[before]
                    if run == runs and fed[before]:
                        lost.append((position, before, int(entry)))
                event += 1
            for before in range(run):
                if not any_fed[before]:
                    continue
                may_wait = not _ended(history.does, before, run)
                base, amount = _unpair(history, legs, before, position, may_wait)
                if run == runs and amount != 0:
                    changes.append((position, before, base, amount))
            if run < runs and outcome == AGREES:
                outcome = _go_on(history, legs, run, position)
        for side in range(SIDES):
            held = _sum(legs.waiting[side], 0, legs.begins[side, runs])
            waits[side, position] = held if outcome == AGREES else -outcome
    # What stood first only said what kind of list it is.
    return changes[1:], lost[1:]
