"""A branch as the list and the drawing show it: each position with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from upline.company import current as company
from upline.company.models import PlanKind
from upline.design.faces import Face, face
from upline.genealogy.models import PositionStatus
from upline.genealogy.queries import SIDE_LETTERS
from upline.language import gettext, ngettext, writing
from upline.members.models import Standing
from upline.screens import shown
from upline.screens.branch import TeamBranch, Twig

_PAGES = {False: "tree", True: "tree-sponsored"}


class PlaceShown(NamedTuple):
    """A free place below a position. `side` 1 is left and 2 right, 0 the first free one of a
    matrix."""

    side: int
    said: str
    address: str


@dataclass(frozen=True)
class NodeShown:
    """A position. `facts` stand in one line; `own` are its own points of this month, `volumes`
    those in its legs, both in hundredths; `legs` says these, None where no plan counts them.
    `hidden` is how many hang directly below it and are not in `below`, in words, and `chip` as a
    figure; `after` the key of the last one in `below` where others follow it. `is_open`: all of a
    page hang below it here."""

    id: int
    side: int
    name: str
    address: str
    face: Face
    facts: str
    since: str
    statuses: str
    own: int
    volumes: tuple[int, int]
    legs: tuple[str, str] | None
    below: list[NodeShown]
    hidden: str
    chip: str
    after: int
    is_open: bool
    places: list[PlaceShown]

    def fields(self, above: int | None = None) -> list[dict[str, Any]]:
        """This node and all below it, one after the other, for the script that draws them."""
        own = {
            "id": self.id, "above": above, "side": self.side, "at": self.name,
            "address": self.address, "name": self.face.name, "initials": self.face.initials,
            "tint": self.face.tint, "picture": self.face.picture, "facts": self.facts,
            "since": self.since, "statuses": self.statuses, "own": self.own,
            "volumes": self.volumes, "legs": self.legs, "hidden": self.hidden, "chip": self.chip,
            "isOpen": self.is_open, "after": self.after,
            "places": [each._asdict() for each in self.places],
        }  # fmt: skip
        return [own, *(each for node in self.below for each in node.fields(self.id))]


def address_of(name: str, *, by_sponsor: bool, **more: str) -> str:
    """Where the tree below a position is shown."""
    return f"{reverse(_PAGES[by_sponsor])}?{urlencode({'at': name, **more})}"


@dataclass(frozen=True)
class _Shown:
    """What of each position is shown; `levels` and `wide` is how far the branch goes."""

    key: str
    by_sponsor: bool
    with_legs: bool
    with_places: bool
    levels: int
    wide: int


def nodes(
    branch: TeamBranch, *, by_sponsor: bool, levels: int, wide: int, with_places: bool
) -> NodeShown:
    """The branch as it is shown. Free places are shown below whoever is open, which is above the
    last of `levels`."""
    with_legs = branch.legs_at is not None and not by_sponsor
    with_places = with_places and not by_sponsor
    return _node(branch.top, _Shown(branch.key, by_sponsor, with_legs, with_places, levels, wide))


def _node(twig: Twig, of: _Shown) -> NodeShown:
    node = twig.node
    somebody = face(node.member_id, node.firstname, node.lastname, node.picture)
    if not somebody.name:
        somebody = somebody._replace(name=node.name, initials=node.name[:1].upper())
    last = twig.below[-1].node if twig.below and twig.has_more else None
    is_open = node.level < of.levels and bool(twig.below or not twig.has_more)
    hidden, chip = _hidden(twig, of.wide)
    return NodeShown(
        id=node.position_id,
        side=node.side or 0,
        name=node.name,
        address="" if node.place_by else address_of(node.name, by_sponsor=of.by_sponsor),
        face=somebody,
        facts=_facts(twig),
        since=gettext("Joined on {day}", day=shown.day(node.member_since.date())),
        statuses=_statuses(twig),
        own=node.own_points,
        volumes=(twig.left, twig.right) if of.with_legs else (0, 0),
        legs=(_points(twig.left), _points(twig.right)) if of.with_legs else None,
        below=[_node(each, of) for each in twig.below],
        hidden=hidden,
        chip=chip,
        after=(last.side or 0 if of.key == "side" else last.position_id) if last else 0,
        is_open=is_open,
        places=_places(twig) if of.with_places and is_open else [],
    )


def _facts(twig: Twig) -> str:
    points = gettext("{points} points", points=_points(twig.node.own_points))
    number = twig.node.number
    parts = [twig.node.rank_name, points] if number == 1 else [
        gettext("Position {number}", number=number), points
    ]  # fmt: skip
    return " · ".join(each for each in parts if each)


def _statuses(twig: Twig) -> str:
    node = twig.node
    words = [
        shown.status_word(node.standing) if node.standing != Standing.ACTIVE else "",
        shown.status_word(node.status) if node.status == PositionStatus.CLOSED else "",
        gettext("waits for a place until {moment}", moment=shown.moment(node.place_by))
        if node.place_by
        else "",
    ]
    return " · ".join(each for each in words if each)


def _hidden(twig: Twig, wide: int) -> tuple[str, str]:
    """How many hang directly below that are not here, in words and as a figure. More than fit on a
    page are not counted."""
    count = twig.node.below - len(twig.below)
    if count <= 0:
        return "", ""
    if twig.node.below > wide:
        return gettext("more than {count}", count=wide), f"{wide}+"
    counted = writing.whole(count)
    return ngettext(
        "{count} directly below", "{count} directly below", count, count=counted
    ), counted


def _points(hundredths: int) -> str:
    """Points for people: `100`, or `97.82`."""
    whole, part = divmod(hundredths, 100)
    return shown.points(hundredths) if part else writing.whole(whole)


def _places(twig: Twig) -> list[PlaceShown]:
    """The free places directly below a position whose others are all known."""
    node, facts = twig.node, company.current()
    if twig.has_more or node.place_by or node.standing == Standing.CLOSED:
        return []
    taken = {each.node.side for each in twig.below}
    if facts.plan_kind == PlanKind.BINARY:
        return [_place(node.name, side) for side in SIDE_LETTERS if side not in taken]
    if facts.plan_kind == PlanKind.MATRIX and len(taken) < (facts.matrix_width or 0):
        return [_place(node.name, 0)]
    return []


def _place(above: str, side: int) -> PlaceShown:
    said = {1: gettext("Free on the left"), 2: gettext("Free on the right")}
    asked = {"below": above} | ({"side": SIDE_LETTERS[side]} if side else {})
    address = f"{reverse('tree-place')}?{urlencode(asked)}"
    return PlaceShown(side, said.get(side, gettext("Free place")), address)
