"""members.csv to the core's members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upline.explanations.texts import Texts
from upline.language import gettext, ngettext
from upline.language.writing import whole
from upline.plan_documents.errors import quoted
from upline.plan_documents.placement import places_below
from upline.plans.arranging import Cycle, arrangement, inverse, moved
from upline.plans.arrays import Array, Flags, Indexes, Ints, Small
from upline.plans.company import LEFT, NOBODY, RIGHT, Members, people_above
from upline.plans.plan import Plan
from upline.trials.files.columns import check_ids, choices, days, indexes_in
from upline.trials.files.complaints import HEADER_LINE, Complaints, FileErrors
from upline.trials.files.csv_table import Columns, read_table
from upline.trials.files.demands import bonus_by_package, bonus_by_side, matrix_on_placement
from upline.trials.files.positions_file import Further, arranged, by_seniority, read_further

COLUMNS = Columns(("id", "sponsor", "joined"), ("placement", "position", "package", "active"))
LARGEST_POSITION = 127
NO_POSITION = -2
POSITIONS = {"": NOBODY, "L": LEFT, "R": RIGHT, "left": LEFT, "right": RIGHT} | {
    str(number): number - 1 for number in range(1, LARGEST_POSITION + 1)
}
NAMED_ON_A_CYCLE = 8


@dataclass(frozen=True, slots=True)
class NamedMembers:
    """The members, and their ids in the same order. Where some hold several positions, the ids of
    all positions, and by which number each is told (0 where it is its member's only one)."""

    names: Texts
    members: Members
    positions: Texts | None = None
    numbers: Ints | None = None

    @property
    def of_positions(self) -> Texts:
        """The ids of all positions."""
        return self.names if self.positions is None else self.positions


@dataclass(frozen=True, slots=True)
class _Rows:
    """The file's columns as numbers, in the order of its rows."""

    ids: Texts
    sponsor: Indexes
    placement: Indexes
    side: Small
    joined: Indexes
    package: Small
    active: Flags | None
    known: Flags | None


def read_members(path: Path, plan: Plan, positions: Path | None = None) -> NamedMembers:
    """The members of a file, parents before children in both trees; `positions` is the file of
    further positions. Raises FileErrors."""
    complaints = Complaints(path)
    table = read_table(path, COLUMNS, complaints)
    further = read_further(positions, plan, table["id"]) if positions else None
    rows = _rows(table, plan, complaints, further)
    complaints.stop_if_any()
    ids = further.all_ids(rows.ids) if further else rows.ids
    try:
        return _arranged_with(rows, further) if further else _arranged(rows, rows.placement)
    except Cycle as cycle:
        sentence = _cycle_in_words(cycle, ids)
        if cycle.members[0] < len(rows.ids):
            complaints.rows(cycle.members[:1], lambda _row: sentence)
        else:
            complaints.line(None, sentence)
        raise FileErrors(complaints.sentences()) from None


def _rows(
    table: dict[str, Texts], plan: Plan, complaints: Complaints, further: Further | None
) -> _Rows:
    ids, count = table["id"], len(table["id"])
    sponsor, placement = _links(table, complaints, further)
    active, known = _activity(table.get("active"), complaints)
    above = further.all_ids(ids) if further else ids
    _check_room(ids, placement, plan, complaints)
    return _Rows(
        ids=ids,
        sponsor=sponsor,
        placement=placement,
        side=_sides(table, placement, above, plan, complaints),
        joined=days(table["joined"], "joined", complaints),
        package=_packages(table.get("package"), count, plan, complaints),
        active=active,
        known=known,
    )


def _links(
    table: dict[str, Texts], complaints: Complaints, further: Further | None
) -> tuple[Indexes, Indexes]:
    """Sponsor and placement, which may be a further position; where no placement is said the member
    stands below the sponsor."""
    ids, names = table["id"], [name for name in ("sponsor", "placement") if name in table]
    # One look-up for all columns builds the hash table of ids once.
    found = indexes_in(pa.concat_arrays([ids, *(table[name] for name in names)]), ids)
    first, *links = np.split(found, range(len(ids), len(found), len(ids)))
    if further and "placement" in names:
        links[-1] = indexes_in(table["placement"], further.all_ids(ids))
    check_ids(ids, first, _is_there, complaints)
    known = [
        _known(table[name], link, name, complaints) for name, link in zip(names, links, strict=True)
    ]
    sponsor, placement = known[0], known[-1]
    return sponsor, np.where(placement == NOBODY, sponsor, placement)


def _is_there(name: str) -> str:
    return gettext("member {name} is there already", name=name)


def _known(texts: Texts, link: Indexes, name: str, complaints: Complaints) -> Indexes:
    """The links; nobody where nothing is said."""
    said = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    complaints.rows(
        said & (link == NOBODY),
        lambda row: gettext(
            "{column} {name} is not a member in this file",
            column=name,
            name=quoted(texts[row].as_py()),
        ),
    )
    return np.where(said, link, np.int32(NOBODY))


def _sides(
    table: dict[str, Texts], placement: Indexes, above: Texts, plan: Plan, complaints: Complaints
) -> Small:
    """Each member's place among those who stand below the same one of `above`; 0 where none is
    said."""
    asks, texts = bonus_by_side(plan), table.get("position")
    if texts is None:
        if asks:
            sentence = _missing("position", asks)
            complaints.line(HEADER_LINE, sentence)
        return np.zeros(len(placement), np.int8)
    side = _position(texts, complaints)
    placed = placement != NOBODY
    _check_taken(above, placement, side, placed & (side >= 0), texts, complaints)
    if asks:
        complaints.rows(
            placed & (side == NOBODY),
            lambda _row: gettext(
                "position is empty; the bonus {bonus} asks for L or R", bonus=quoted(asks)
            ),
        )
        complaints.rows(
            placed & (side > RIGHT),
            lambda row: gettext(
                "position {position}: the bonus {bonus} knows L and R",
                position=texts[row].as_py(),
                bonus=quoted(asks),
            ),
        )
    if matrix := matrix_on_placement(plan):
        room = places_below(matrix)
        name = quoted(matrix.name)
        complaints.rows(
            placed & (side >= room),
            lambda row: gettext(
                "position {position}: the bonus {bonus} has room for {room}",
                position=texts[row].as_py(),
                bonus=name,
                room=room,
            ),
        )
    return np.maximum(side, 0)


def _check_room(ids: Texts, placement: Indexes, plan: Plan, complaints: Complaints) -> None:
    """No more stand below one member than a matrix on the placement tree has room for."""
    matrix = matrix_on_placement(plan)
    if matrix is None:
        return
    room, rows = places_below(matrix), np.flatnonzero(placement != NOBODY)
    rows = rows[np.argsort(placement[rows], kind="stable")]
    above = placement[rows]
    before = np.arange(len(rows)) - np.searchsorted(above, above, "left")

    def say(row: int) -> str:
        who, whom = (quoted(ids[index].as_py()) for index in (row, int(placement[row])))
        return gettext(
            "{member} is number {number} below {other}: the bonus {bonus} has room for {room}",
            member=who,
            number=room + 1,
            other=whom,
            bonus=quoted(matrix.name),
            room=room,
        )

    complaints.rows(rows[before >= room], say)


def _position(texts: Texts, complaints: Complaints) -> Small:
    """L and R, left and right, or a number from 1; -1 where nothing is said, -2 for nonsense."""
    found = indexes_in(texts, pa.array(POSITIONS, pa.string()))
    complaints.rows(
        found < 0,
        lambda row: gettext(
            "position {position} must be L, R, left, right or a number from 1 to {most}",
            position=quoted(texts[row].as_py()),
            most=LARGEST_POSITION,
        ),
    )
    return np.array([*POSITIONS.values(), NO_POSITION], np.int8)[found]


def _check_taken(
    ids: Texts, placement: Indexes, side: Small, said: Flags, texts: Texts, complaints: Complaints
) -> None:
    """No two members stand at one position."""
    rows = np.flatnonzero(said)
    key = placement[rows].astype(np.int64) * (LARGEST_POSITION + 1) + side[rows]
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    others = dict(zip(rows[order[again]], rows[order[again - 1]], strict=True))

    def say(row: int) -> str:
        return gettext(
            "{one} and {other} both stand at position {position} below {above}",
            one=quoted(ids[int(others[row])].as_py()),
            other=quoted(ids[row].as_py()),
            position=texts[row].as_py(),
            above=quoted(ids[int(placement[row])].as_py()),
        )

    complaints.rows(rows[order[again]], say)


def _missing(column: str, bonus: str) -> str:
    return gettext(
        "the column {column} is missing; the bonus {bonus} asks for it",
        column=column,
        bonus=quoted(bonus),
    )


def _packages(texts: Texts | None, count: int, plan: Plan, complaints: Complaints) -> Small:
    """The number of each member's package; 0 where the plan does not ask."""
    if not plan.packages:
        return np.zeros(count, np.int8)
    asks, known = bonus_by_package(plan), {name: i for i, name in enumerate(plan.packages)}
    if texts is None:
        if asks:
            sentence = _missing("package", asks)
            complaints.line(HEADER_LINE, sentence)
        return np.zeros(count, np.int8)
    return choices(texts, known if asks else {**known, "": 0}, "package", complaints)


def _activity(texts: Texts | None, complaints: Complaints) -> tuple[Flags | None, Flags | None]:
    """Who is active, and of whom it is known; for the others the plan's rule says."""
    if texts is None:
        return None, None
    said = choices(texts, {"": NOBODY, "false": 0, "true": 1}, "active", complaints)
    known = said != NOBODY
    if not known.any():
        return None, None
    return said == 1, None if known.all() else known


def _cycle_in_words(cycle: Cycle, ids: Texts) -> str:
    count = len(cycle.members)
    named = [quoted(ids[int(row)].as_py()) for row in cycle.members[:NAMED_ON_A_CYCLE]]
    if count == 1:
        return gettext("{member} stands below itself", member=named[0])
    left_out = count - len(named)
    more = ngettext("{number} more", "{number} more", left_out, number=whole(left_out))
    members = ", ".join([*named, *([more] if left_out else []), named[0]])
    return gettext("sponsors and placements lead in a circle: {members}", members=members)


def _arranged_with(rows: _Rows, further: Further) -> NamedMembers:
    """Where some members hold several positions."""
    found = arranged(further, rows.ids, rows.placement, rows.side, rows.joined)
    people = _arranged(rows, people_above(found.stand))
    # The row of each member, in the order in which they stand now.
    order = indexes_in(people.names, rows.ids).astype(np.int32)
    stand = replace(
        found.stand,
        member=inverse(order)[found.stand.member],
        first=found.stand.first[order],
    )
    members = replace(people.members, positions=stand)
    return NamedMembers(people.names, members, found.ids, found.numbers)


def _arranged(rows: _Rows, placement: Indexes) -> NamedMembers:
    """`placement`: the member above each one among people. Raises Cycle."""
    order = arrangement(rows.sponsor, placement, by_seniority(rows.joined, rows.ids))

    def put(column: Array) -> Array:
        return np.ascontiguousarray(column[order])

    members = Members(
        sponsor=moved(rows.sponsor, order),
        placement=moved(placement, order),
        side=put(rows.side),
        joined=put(rows.joined),
        package=put(rows.package),
        active=None if rows.active is None else put(rows.active),
        known=None if rows.known is None else put(rows.known),
    )
    return NamedMembers(rows.ids.take(pa.array(order)), members)
