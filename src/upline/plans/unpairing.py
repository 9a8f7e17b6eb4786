"""What pairs took of orders that were refunded later: the pairs are undone, and what they took
beside it waits in its leg again.

Nothing is stored for each pair. Both legs of all who stand above such an order are told again from
the first run on, by what entered, what pairs took and what stayed (tracing.py), with what earlier
runs took back in its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upline.plans.arrays import Array, Indexes, Ints, indexes_among
from upline.plans.bonus import Legs, Pairs
from upline.plans.bonuses.binary import pay_in, terms_of
from upline.plans.company import LEFT, RIGHT
from upline.plans.counting import Basis, Customer
from upline.plans.kernels import unpairing as kernels
from upline.plans.kernels.trees import preorder
from upline.plans.past import Past, Refunded, keys_of
from upline.plans.volumes import counting, in_plan, indexes_of

MOST_ROOM = 64


class RunsDisagree(Exception):
    """What is kept of the runs does not fit together. Says of which bonus."""


@dataclass(frozen=True, slots=True)
class Undone:
    """`waits[side]` is what waits now in the legs of these positions, given by id. A change:
    position, index of the run, what the base of the run's line becomes and what its amount changes
    by. `lost`: position, index of the run, an order that its pairs lost."""

    positions: Ints
    waits: Ints
    changes: list[tuple[int, int, int, int]]
    lost: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class _Entries:
    """The orders that entered legs in one run, by the tree's pre-order: the index of each among
    the run's orders, its position, its number among all entries, and both of each position's legs
    as stretches of the pre-order."""

    keys: Ints
    order: Indexes
    volume: Ints
    position: Indexes
    preorder_number: Indexes
    number: Indexes
    enter: Indexes
    size: Indexes
    left_size: Indexes


def undo(name: str, past: Sequence[Past], refunded: Refunded) -> Undone:
    """Undo the pairs of one bonus that refunded orders fed. Raises RunsDisagree."""
    entries, first = [], 0
    for run in past:
        entries.append(_entries(run, name, first))
        first += len(entries[-1].volume) if entries[-1] else 0
    told = [*(run.refunded for run in past), refunded]
    events = _events(name, past, entries, told)
    affected = np.unique(events[events[:, RUN] == len(past), POSITION])
    if not len(affected):
        return Undone(affected, np.zeros((2, 0), np.int64), [], [])
    grouped, waits = _grouped(events, affected), np.zeros((2, len(affected)), np.int64)
    room = 1
    while room == 1 or (room < MOST_ROOM and np.any(waits == -kernels.NO_ROOM)):
        room *= 2
        # Made anew each time: what pairs pay is written while they are undone.
        history = _history(name, past, entries, affected)
        changes, lost = kernels.take_out(history, grouped, room, waits)
    if np.any(waits < 0):
        raise RunsDisagree(f"{name}: what is kept of earlier runs does not fit together")
    orders = np.concatenate([each.keys for each in entries if each]) // len(Customer)
    return Undone(
        affected,
        waits,
        [(int(affected[index]), run, base, amount) for index, run, base, amount in changes],
        [(int(affected[index]), run, int(orders[entry])) for index, run, entry in lost],
    )


def _worked_out(run: Past, name: str) -> Pairs | None:
    bonus = run.bonus(name)
    if isinstance(bonus, Pairs) and run.works_out(bonus) and len(run.ids):
        return bonus
    return None


def _entries(run: Past, name: str, first: int) -> _Entries | None:
    """What entered legs in a run, None where the bonus was not due. `first`: the number of the
    first one."""
    bonus = _worked_out(run, name)
    if bonus is None:
        return None
    which = run.orders.between(run.period.first_day, run.period.last_day)
    chosen = indexes_of(counting(run.members, run.orders, which, bonus.volume))
    volume = in_plan(run.orders, bonus.volume.basis)[chosen]
    chosen, volume = chosen[volume > 0], volume[volume > 0]
    stand = run.members.in_positions()
    enter, size, left_size = preorder(stand.placement, stand.side)
    position = run.orders.at(stand)[chosen]
    by_tree = np.argsort(enter[position], kind="stable")
    return _Entries(
        keys_of(run.order_ids[chosen], run.orders.customer[chosen]), chosen, volume, position,
        enter[position][by_tree], (first + by_tree).astype(np.int32), enter, size, left_size,
    )  # fmt: skip


POSITION, RUN, ENTRY, SIDE, KEPT = range(5)
"""The columns of events; positions are by id."""


def _events(
    name: str, past: Sequence[Past], entries: Sequence[_Entries | None], told: Sequence[Refunded]
) -> Ints:
    """Which positions each refunded order stood below, and before which run it shrank."""
    keys = np.concatenate([refunded.keys() for refunded in told])
    by = np.repeat(np.arange(len(told)), [len(refunded.order) for refunded in told])
    found, first = [np.zeros((0, 5), np.int64)], 0
    for k, (run, entered) in enumerate(zip(past, entries, strict=True)):
        bonus = _worked_out(run, name)
        if entered is None or bonus is None:
            continue
        at, known = indexes_among(keys, entered.keys)
        some = np.flatnonzero(known & (by > k))
        if len(some):
            remaining = np.concatenate(
                [refunded.remaining(bonus.volume.basis) for refunded in told]
            )[some]
            if bonus.volume.basis is Basis.VALUE:
                remaining = run.in_plan(remaining, entered.order[at[some]])
            above, side, item = _climb(entered.position[at[some]], run)
            columns = (
                run.position_ids[above],
                by[some][item],
                first + at[some][item],
                side,
                remaining[item],
            )
            found.append(np.stack([np.asarray(column, np.int64) for column in columns], axis=1))
        first += len(entered.volume)
    return np.concatenate(found)


def _climb(start: Indexes, run: Past) -> tuple[Indexes, Indexes, Indexes]:
    stand = run.members.in_positions()
    placement, side = stand.placement, stand.side
    nothing = np.empty(0, np.int32)
    count = kernels.climb(start, placement, side, False, nothing, nothing, nothing)
    above, leg, item = (np.empty(count, np.int32) for _ in range(3))
    kernels.climb(start, placement, side, True, above, leg, item)
    return above, leg, item


def _grouped(events: Ints, affected: Ints) -> kernels.Events:
    """The events of those that the last ones affect, by position and in turn."""
    events = events[np.isin(events[:, POSITION], affected)]
    events = events[np.lexsort((events[:, ENTRY], events[:, RUN], events[:, POSITION]))]
    starts = np.append(np.searchsorted(events[:, POSITION], affected), len(events))
    run, entry, side = (events[:, column].astype(np.int32) for column in (RUN, ENTRY, SIDE))
    return kernels.Events(starts.astype(np.int32), run, entry, side, events[:, KEPT].copy())


def _history(
    name: str, past: Sequence[Past], entries: Sequence[_Entries | None], affected: Ints
) -> kernels.History:
    runs, n = len(past), len(affected)
    history = kernels.History(
        np.zeros(runs, np.int32), np.zeros((runs, 9), np.int64),
        np.zeros((runs, 2, 2, n), np.int64), np.zeros((runs, kernels.PAYS, n), np.int64),
        np.zeros((runs, 2, n, 2), np.int32),
        np.concatenate([each.number for each in entries if each]),
        np.concatenate([each.volume for each in entries if each]),
    )  # fmt: skip
    first = 0
    for k, (run, entered) in enumerate(zip(past, entries, strict=True)):
        bonus = _worked_out(run, name)
        if bonus is None or entered is None:
            ends = not isinstance(run.bonus(name), Pairs)
            history.does[k] = kernels.ENDS if ends else kernels.IDLE
            continue
        _tell(history, k, run, bonus, affected)
        _slice(history, k, run, entered, first, affected)
        first += len(entered.volume)
    return history


def _tell(history: kernels.History, k: int, run: Past, bonus: Pairs, affected: Ints) -> None:
    """What the run did with the bonus."""
    indexes, there = indexes_among(affected, run.position_ids)
    legs = run.legs[bonus.name]
    history.does[k], history.terms[k] = kernels.WORKS, terms_of(bonus)
    limit = bonus.volume_limit

    def available(side: int) -> Ints:
        leg = (legs.left, legs.right)[side]
        return leg.brought + (leg.entered if limit < 0 else np.minimum(leg.entered, limit))

    for side, leg in ((LEFT, legs.left), (RIGHT, legs.right)):
        history.volumes[k, side, kernels.TAKEN] = np.where(there, leg.consumed[indexes], 0)
        history.volumes[k, side, kernels.STAYS] = np.where(there, leg.carried[indexes], 0)
    pays = history.pays[k]
    swapped = (available(RIGHT) > available(LEFT)) & (bonus.legs is not Legs.LEFT_FIRST)
    pays[kernels.PAIRS] = np.where(there, legs.pairs[indexes], 0)
    _tell_rates(pays, run, bonus, indexes)
    pays[kernels.SWAPPED] = swapped[indexes]
    pays[kernels.HAD_A_PAIR] = ~legs.first[indexes]
    pays[kernels.AMOUNT] = np.where(there, run.paired[bonus.name][indexes], 0)


def _tell_rates(pays: Ints, run: Past, bonus: Pairs, indexes: Indexes) -> None:
    """What a pair paid each of these positions, in the market of its member."""
    classes = run.classes(bonus.rates.by)[run.members.in_positions().member[indexes]]
    markets = run.market_of_positions()[indexes]
    for market in np.unique(markets).tolist():
        at = markets == market
        scale, column = pay_in(bonus, run.plan, run.exchange, market)
        pays[kernels.RATE, at] = column[classes[at]]
        pays[kernels.MULTIPLIER, at], pays[kernels.DIVISOR, at] = scale.multiplier, scale.divisor


def _slice(
    history: kernels.History, k: int, run: Past, entered: _Entries, first: int, affected: Ints
) -> None:
    """Which entries stood in each leg."""
    indexes, there = indexes_among(affected, run.position_ids)
    start = entered.enter[indexes]
    middle = start + 1 + entered.left_size[indexes]
    bounds: list[Array] = [start + 1, middle, start + entered.size[indexes]]
    cuts = [first + np.searchsorted(entered.preorder_number, bound) for bound in bounds]
    for side in (LEFT, RIGHT):
        history.slices[k, side, :, 0] = np.where(there, cuts[side], first)
        history.slices[k, side, :, 1] = np.where(there, cuts[side + 1], first)
