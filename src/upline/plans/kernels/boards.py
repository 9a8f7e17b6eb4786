"""Boards that fill, split and fill again."""

from __future__ import annotations

import numpy as np

from upline.plans.arrays import Indexes, Ints
from upline.plans.kernels import kernel, part


@part
def _enter(
    member: int, sponsor: Indexes, follows: bool, boards: Indexes, filled: Ints, board_of: Indexes,
    oldest: int, count: int,
) -> int:  # fmt: skip
    """The board that a member enters: the sponsor's, else the oldest that is open; -1 for none."""
    if follows and sponsor[member] >= 0:
        board = board_of[sponsor[member]]
        if board >= 0 and 0 <= filled[board] < boards.shape[1]:
            return int(board)
    return oldest if oldest < count else -1


@kernel
def fill(
    entries: Indexes, sponsor: Indexes, width: int, re_entry: bool, follows: bool,
    boards: Indexes, filled: Ints, board_of: Indexes, count: int,
    paid: Indexes, by: Indexes,
) -> tuple[int, int]:  # fmt: skip
    """Seat the entries, one after the other; gives how many boards there are and were filled.

    A row of `boards` is a board, level by level from the top; `filled` says how many stand on
    it, -1 where it has split. `board_of`: the board that a member entered last. `paid[k]` topped
    the k-th board that was filled, and `by[k]` filled it.
    """
    seats, done, oldest = boards.shape[1], 0, 0
    waiting = np.empty(2, np.int32)
    for k in range(len(entries)):
        waiting[0], number = entries[k], 1
        while number > 0:
            number -= 1
            member = waiting[number]
            while oldest < count and filled[oldest] < 0:
                oldest += 1
            board = _enter(member, sponsor, follows, boards, filled, board_of, oldest, count)
            if board < 0:
                board, count = count, count + 1
                filled[board] = 0
            boards[board, filled[board]] = member
            filled[board] += 1
            board_of[member] = board
            if filled[board] < seats:
                continue
            filled[board] = -1
            paid[done], by[done] = boards[board, 0], member
            done += 1
            for head in range(1, width + 1):
                split(boards, board, head, width, count, filled, board_of)
                count += 1
            if re_entry:
                waiting[0], number = paid[done - 1], 1
    return count, done


@part
def split(
    boards: Indexes, full: int, head: int, width: int, board: int, filled: Ints, board_of: Indexes
) -> None:
    """Make a new board of one of the second level and all below, level by level."""
    seats = boards.shape[1]
    first, length, to = head, 1, 0
    while first < seats:
        for seat in range(first, first + length):
            member = boards[full, seat]
            boards[board, to] = member
            if board_of[member] == full:
                board_of[member] = board
            to += 1
        first, length = first * width + 1, length * width
    filled[board] = to
