"""positions.csv: the further positions (business centres) of members who hold several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.texts import Texts
from upline.language import gettext
from upline.plan_documents.errors import quoted
from upline.plans.arranging import arrangement, inverse, moved
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.bonus import Pairs
from upline.plans.company import LEFT, NOBODY, RIGHT, Positions
from upline.plans.kernels.trees import preorder
from upline.plans.plan import Plan
from upline.trials.files.columns import check_ids, choices, indexes_in
from upline.trials.files.complaints import Complaints, FileErrors
from upline.trials.files.csv_table import Columns, read_table

COLUMNS = Columns(("id", "member", "placement", "position"), ("closed",))
CLOSED = {"": 0, "false": 0, "true": 1}
SIDES = {"L": LEFT, "R": RIGHT, "left": LEFT, "right": RIGHT}


@dataclass(frozen=True, slots=True)
class Further:
    """Further positions in the order of the file. `member`: the row of whose each is. `placement`:
    the position above, among the first positions of all members and then these. `closed`: which
    are never paid."""

    path: Path
    ids: Texts
    member: Indexes
    placement: Indexes
    side: Small
    closed: Flags

    def all_ids(self, members: Texts) -> Texts:
        """The ids of all positions: a first one has its member's."""
        return pa.concat_arrays([members, self.ids])


@dataclass(frozen=True, slots=True)
class NamedPositions:
    """How all positions stand, members by their rows; their ids, and by which number each is told
    (0 where it is its member's only one)."""

    stand: Positions
    ids: Texts
    numbers: Ints


def read_further(path: Path, plan: Plan, members: Texts) -> Further:
    """The further positions of a file. Raises FileErrors."""
    if not any(isinstance(bonus, Pairs) for bonus in plan.bonuses):
        sentence = gettext(
            "{path}: this plan has no binary bonus, so nobody has several positions", path=path
        )
        raise FileErrors([sentence])
    complaints = Complaints(path)
    table = read_table(path, COLUMNS, complaints)
    ids = table["id"]
    among = pa.concat_arrays([members, ids])
    first = indexes_in(ids, among) - len(members)
    check_ids(ids, first, _is_there, complaints)
    member = indexes_in(table["member"], members)
    _must_be_known(member, table["member"], _no_member, complaints)
    placement = indexes_in(table["placement"], among)
    _must_be_known(placement, table["placement"], _no_placement, complaints)
    side = choices(table["position"], SIDES, "position", complaints)
    closed = np.zeros(len(ids), np.bool_)
    if "closed" in table:
        closed = choices(table["closed"], CLOSED, "closed", complaints) == 1
    complaints.stop_if_any()
    return Further(path, ids, member, placement, side, closed)


def _is_there(name: str) -> str:
    return gettext("the position or member {name} is there already", name=name)


def _no_member(name: str) -> str:
    return gettext("member {name} is not a member in the members' file", name=name)


def _no_placement(name: str) -> str:
    return gettext("placement {name} is not a member or position of the files", name=name)


def _must_be_known(
    found: Indexes, texts: Texts, say: Callable[[str], str], complaints: Complaints
) -> None:
    complaints.rows(found < 0, lambda row: say(quoted(texts[row].as_py())))


def arranged(
    further: Further, members: Texts, placement: Indexes, side: Small, joined: Indexes
) -> NamedPositions:
    """All positions, parents before children; a further one is as old as its member. `placement`,
    `side` and `joined` are those of the members' first positions. Raises FileErrors, Cycle."""
    ids, rows = further.all_ids(members), np.arange(len(members), dtype=np.int32)
    owner = np.concatenate((rows, further.member)).astype(np.int32)
    above = np.concatenate((placement, further.placement)).astype(np.int32)
    sides = np.concatenate((side, further.side)).astype(np.int8)
    _check_taken(further, ids, above, sides)
    order = arrangement(above, above, by_seniority(joined[owner], ids))
    put = inverse(order)
    closed = np.concatenate((np.zeros(len(members), np.bool_), further.closed))
    stand = Positions(
        owner[order],
        moved(above, order),
        sides[order],
        put[rows],
        closed=closed[order] if closed.any() else None,
    )
    _check_teams(further, ids, stand, put)
    return NamedPositions(stand, ids.take(pa.array(order)), _numbers(owner)[order])


def by_seniority(joined: Indexes, ids: Texts) -> Indexes:
    """The rows by joining, then id as text."""
    table = pa.table({"joined": pa.array(joined), "id": ids})
    order = pc.sort_indices(table, [("joined", "ascending"), ("id", "ascending")])
    return order.to_numpy().astype(np.int32)  # type: ignore[no-any-return]


def _check_taken(further: Further, ids: Texts, above: Indexes, side: Small) -> None:
    """No two stand at one place, whichever file names them."""
    rows = np.flatnonzero(above != NOBODY)
    key = above[rows].astype(np.int64) * 2 + side[rows]
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    others = dict(zip(rows[order[again]], rows[order[again - 1]], strict=True))
    before = len(ids) - len(further.ids)

    def say(row: int) -> str:
        here = row + before
        return gettext(
            "{one} and {other} both stand at position {position} below {above}",
            one=quoted(ids[int(others[here])].as_py()),
            other=quoted(ids[here].as_py()),
            position="L" if side[here] == LEFT else "R",
            above=quoted(ids[int(above[here])].as_py()),
        )

    _complain(further, rows[order[again]] - before, say)


def _check_teams(further: Further, ids: Texts, stand: Positions, put: Indexes) -> None:
    """Each further position stands below its member's first one."""
    enter, size, _ = preorder(stand.placement, stand.side)
    at = put[len(ids) - len(further.ids) :]
    top = stand.first[further.member]
    is_within = (enter[at] > enter[top]) & (enter[at] < enter[top] + size[top])

    def say(row: int) -> str:
        return gettext(
            "{position} does not stand below the first one of {member}",
            position=quoted(further.ids[row].as_py()),
            member=quoted(ids[int(further.member[row])].as_py()),
        )

    _complain(further, np.flatnonzero(~is_within), say)


def _complain(further: Further, rows: Array, say: Callable[[int], str]) -> None:
    complaints = Complaints(further.path)
    complaints.rows(rows, say)
    complaints.stop_if_any()


def _numbers(owner: Indexes) -> Ints:
    """1 for a first position, then in the order of the file; 0 where it is the only one."""
    order = np.argsort(owner, kind="stable")
    grouped = owner[order]
    number = np.empty(len(owner), np.int64)
    number[order] = np.arange(len(owner)) - np.searchsorted(grouped, grouped, "left") + 1
    numbers: Ints = np.where(np.bincount(owner)[owner] > 1, number, 0)
    return numbers
