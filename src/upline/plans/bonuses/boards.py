"""Boards (cyclers): filled seat by seat; who tops a full one is paid, and the rest split."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Indexes, Ints
from upline.plans.bonus import Board, Items
from upline.plans.carry import BoardCarry
from upline.plans.kernels.boards import fill
from upline.plans.lines import Lines, of_members
from upline.plans.situation import Situation
from upline.plans.terms import Spot, Stated


def pay(bonus: Board, now: Situation) -> tuple[list[Lines], BoardCarry]:
    """A line for each board that was filled, and the boards that are still open.

    By the rules of docs/plans/board.md.
    """
    seats = bonus.seats
    before = now.carry.boards.get(bonus.name)
    open_before = before.boards if before else np.empty((0, seats), np.int32)
    entries = _entries(bonus, now)
    most = _most_filled(bonus, (open_before < 0).sum(axis=1), len(entries))
    boards = np.full((len(open_before) + 1 + bonus.width * most, seats), -1, np.int32)
    boards[: len(open_before)] = open_before
    filled = (boards >= 0).sum(axis=1)
    board_of = before.board_of.copy() if before else np.full(len(now), -1, np.int32)
    topped, by = np.empty((2, most), np.int32)
    count, done = fill(
        entries, now.members.sponsor, bonus.width, bonus.re_entry, bonus.follow_sponsor,
        boards, filled, board_of, len(open_before), topped, by,
    )  # fmt: skip
    paid = now.qualified(bonus.needs)[topped[:done]] & (bonus.pays > 0)
    topped, by = topped[:done][paid], by[:done][paid]
    pays = now.stated(bonus.pays, Spot(bonus.name, Stated.AMOUNT), topped)
    lines = [of_members(bonus.name, topped, pays, source=by)]
    return lines if paid.any() else [], _what_is_open(boards[:count], filled[:count], board_of)


def _entries(bonus: Board, now: Situation) -> Indexes:
    """Who enters, in turn: by seniority, or by the order that opens the door."""
    if bonus.items is Items.JOININGS:
        return np.flatnonzero(now.joined_in_period).astype(np.int32)
    which, orders = now.in_period, now.orders
    enters = orders.first[which] & (orders.in_plan[which] >= bonus.price)
    return orders.member[which][enters]


def _most_filled(bonus: Board, missing: Ints, entries: int) -> int:
    """The most boards that can fill, if the entries went to those that miss the fewest members.

    A filled one gives back a seat where its top enters again; a new one misses its last level.
    """
    last_level, given_back = bonus.width**bonus.depth, int(bonus.re_entry)
    needed = np.cumsum(np.sort(np.minimum(missing, last_level)) - given_back)
    of_open = int(np.searchsorted(needed, entries, side="right"))
    rest = entries - int(needed[of_open - 1]) if of_open else entries
    return int(of_open + rest // (last_level - given_back) + 1)


def _what_is_open(boards: Indexes, filled: Indexes, board_of: Indexes) -> BoardCarry:
    is_open = filled >= 0
    renumbered = np.where(is_open, np.cumsum(is_open) - 1, -1).astype(np.int32)
    at = np.where(board_of >= 0, renumbered[board_of], -1) if len(boards) else board_of
    return BoardCarry(boards[is_open].copy(), at.astype(np.int32))
